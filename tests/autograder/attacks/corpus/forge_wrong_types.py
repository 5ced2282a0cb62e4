"""Send messages with wrong types in them."""

BEFORE = r"""
kernel = get_ipython().kernel
contents = {"stream": {"name": 1, "text": []}, "error": {}, "display_data": {"data": []}}
for kind, content in contents.items():
    kernel.send_response(kernel.iopub_socket, kind, content)
"""

STATUS = ("tampered", "graded")
