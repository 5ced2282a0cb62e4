"""Send the examiner one byte a second."""

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
    import signal
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    send(b"", b"", (100, 0))
    while True:
        for end in ends():
            try: end.send(b" ")
            except OSError: pass
        time.sleep(1)
"""

WAITS = True
STATUS = ("timed out",)
STOCK_IS = "there is no channel"
