"""Resolve a name and reach a host outside."""

BEFORE = r"""
import socket
actions = [lambda: socket.getaddrinfo("example.com", 80)]
actions += [lambda: socket.create_connection(("1.1.1.1", 53), 2)]
for action in actions:
    try:
        action()
        print("LEAKED")
    except OSError as problem:
        print(problem)
"""

STOCK_NEEDS = "a network"
