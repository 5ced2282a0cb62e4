"""Send a forged idle message, so that what the check puts out comes too late."""

ANSWER = r"""
def add(a, b):
    kernel = get_ipython().kernel
    kernel.send_response(kernel.iopub_socket, "status", {"execution_state": "idle"})
    raise ValueError
"""
