"""Use keyctl, bpf, userfaultfd, io_uring, perf and module loading."""

BEFORE = r"""
import ctypes, platform
libc = ctypes.CDLL(None, use_errno=True)
calls = {"keyctl": 250, "bpf": 321, "userfaultfd": 323, "io_uring": 425, "perf": 298}
if platform.machine() == "x86_64":
    for name, number in calls.items():
        libc.syscall(number, 0, 0, 0, 0, 0)
        if ctypes.get_errno() != 1:
            print("LEAKED", name, ctypes.get_errno())
"""

STOCK_IS = "no wall"
