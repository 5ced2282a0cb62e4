"""Connect to a service on this machine."""

BEFORE = r"""
import socket
try:
    socket.create_connection(("127.0.0.1", PORT), timeout=2)
    print("LEAKED")
except OSError as problem:
    print(problem)
"""
