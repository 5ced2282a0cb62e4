"""Mount something, to uncover what is hidden."""

BEFORE = r"""
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
calls = [(b"none", b"/proc", b"proc", 0), (b"/", b"/tmp", None, 0x5000)]
if any(libc.mount(*call, None) == 0 for call in calls) or libc.umount2(b"/proc", 2) == 0:
    print("LEAKED")
"""
