"""Send answers over the examiner's channel before it asks."""

TASK = "arrays"

BEFORE = r"""
import os, socket, struct, threading, time
def ends():
    for number in range(3, 200):
        try:
            end = socket.socket(fileno=os.dup(number))
            if end.family == socket.AF_UNIX and not end.getsockname() and not end.getpeername():
                yield end
        except OSError:
            continue
def send(header, arrays=b"", lengths=None):
    for end in ends():
        try:
            lengths = lengths or (len(header), len(arrays))
            end.setblocking(False)
            end.send(struct.pack("!QQ", *lengths) + header + arrays)
        except OSError:
            pass

for number in range(1, 60):
    value = '["dict",[["result",null],["seconds",0.1]]]'
    send(f'["dict",[["number",{number}],["value",{value}]]]'.encode())
"""

STATUS = ("graded", "tampered")
STOCK_IS = "there is no channel"
