"""Send a message that is none."""

BEFORE = r"""
get_ipython().kernel.iopub_socket.send(b"junk")
"""

STATUS = ("tampered",)
