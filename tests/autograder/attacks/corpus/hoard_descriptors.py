"""Keep as many descriptors on their way as Linux allows a user."""

BEFORE = r"""
import socket
kept = []
try:
    for _ in range(200):
        pair = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        kept += pair
        for _ in range(10):
            socket.send_fds(pair[0], [b"x"], [0] * 250)
except OSError:
    pass
"""
STOCK_IS = "the grader hands nothing over"
