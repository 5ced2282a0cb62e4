"""Send messages of 60 MB, and of a thousand parts."""

BEFORE = r"""
socket = get_ipython().kernel.iopub_socket
socket = getattr(socket, "io_thread", socket)
socket = getattr(socket, "socket", socket)
for _ in range(20):
    try:
        socket.send_multipart([b"x"] + [bytes(60 << 20)] * 2)
        socket.send_multipart([b"x"] + [bytes(1 << 20)] * 1000)
    except Exception:
        pass
"""
STATUS = ("died", "timed out", "tampered", "out of memory", "malformed")
WAITS = True
STOCK_NEEDS = "a class that nobody waits for: it stops at this submission"
