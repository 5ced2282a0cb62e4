"""Send half an emoji: as a message's type, as a key, as an exception's text and name."""

BEFORE = r"""
kernel = get_ipython().kernel
for kind in ("stream\ud83d", "\ud83d"):
    kernel.send_response(kernel.iopub_socket, kind, {"name": "stdout", "text": "x\ud83d"})
kernel.send_response(kernel.iopub_socket, "stream", {"name": "stdout", "text": "x\ud83d"})
raise type("Strange\udc80", (Exception,), {})("half \ud83d\x00 and \x1b[2J")
"""
ANSWER = r"""
def add(a, b):
    raise ValueError("half \ud83d\x00")
"""
STATUS = ("graded", "tampered")
STOCK_NEEDS = "a class that nobody waits for: it stops at this submission"
