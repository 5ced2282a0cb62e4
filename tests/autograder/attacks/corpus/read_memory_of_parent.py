"""Read the memory of the parent process by ptrace and process_vm_readv."""

BEFORE = r"""
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
parent = os.getppid()
if libc.ptrace(16, parent, 0, 0) == 0:
    print("LEAKED ptrace")
try:
    open(f"/proc/{parent or 1}/mem", "rb")
    print("LEAKED mem")
except OSError:
    pass
"""
