"""Read /etc/shadow and root's home."""

BEFORE = r"""
import os
for path in ("/etc/shadow", "/etc/hostname", "/root/.bashrc", "/root/.profile"):
    try:
        open(path).read()
        print("LEAKED", path)
    except OSError:
        pass
"""
