"""Take descriptors and memory of the other processes in sight, by their numbers."""

AFTER = r"""
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
buffer = ctypes.create_string_buffer(64)
class Part(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]
mine = Part(ctypes.addressof(buffer), 64)
theirs = Part(ctypes.addressof(buffer), 64)
for process in [n for n in range(1, 40) if n != os.getpid()]:
    handle = libc.syscall(434, process, 0)  # pidfd_open
    for number in range(40):
        if handle >= 0 and libc.syscall(438, handle, number, 0) >= 0:  # pidfd_getfd
            print("LEAKED a descriptor of", process)
    if libc.process_vm_readv(process, ctypes.byref(mine), 1, ctypes.byref(theirs), 1, 0) > 0:
        print("LEAKED memory of", process)
"""

STOCK_IS = "other processes are within reach"
