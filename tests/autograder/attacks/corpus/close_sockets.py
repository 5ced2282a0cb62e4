"""Close the kernel's sockets and descriptors."""

BEFORE = r"""
import os
os.closerange(3, 1000)
"""

STATUS = ("died", "timed out", "tampered")
