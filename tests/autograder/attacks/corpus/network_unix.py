"""Connect to a unix socket of this machine, by path and by abstract name."""

BEFORE = r"""
import socket
for address in (UNIX, "\0" + UNIX):
    try:
        with socket.socket(socket.AF_UNIX) as s:
            s.connect(address)
        print("LEAKED")
    except OSError as problem:
        print(problem)
"""
