"""Reach the host of this virtual machine through a vsock."""

BEFORE = r"""
import socket
try:
    socket.socket(socket.AF_VSOCK)
    print("LEAKED")
except OSError as problem:
    print(problem)
"""
