"""Send a forged execute_result before the check's own."""

ANSWER = r"""
def add(a, b):
    kernel = get_ipython().kernel
    content = {"data": {"text/plain": "2"}, "metadata": {}, "execution_count": 1}
    kernel.send_response(kernel.iopub_socket, "execute_result", content)
    raise ValueError
"""
