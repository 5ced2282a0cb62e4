"""Use up what Linux counts by user: watches, keys, queues, signals, locked memory."""

BEFORE = r"""
import ctypes, os, resource, signal, threading
libc = ctypes.CDLL(None, use_errno=True)
held = 0
for number in range(400):
    held += libc.inotify_init1(0) >= 0
    held += libc.add_key(b"user", b"k%d" % number, b"x" * 1000, 1000, -3) >= 0
    held += libc.mq_open(b"/q%d" % number, os.O_CREAT | os.O_RDWR, 0o600, None) >= 0
page = ctypes.create_string_buffer(1 << 16)
if libc.mlock(page, 1 << 16) == 0 or held:
    print("LEAKED", held)
"""
STOCK_IS = "it has no sandbox to share a quota with"
