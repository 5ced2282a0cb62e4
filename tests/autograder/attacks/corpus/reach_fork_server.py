"""Talk to the fork server, or to another submission's kernel."""

BEFORE = r"""
import os, socket, pathlib
for place in ("/spool", "/kernel", "/tmp", "/run"):
    try:
        for path in pathlib.Path(place).rglob("*"):
            if path.is_socket() and not str(path).startswith("/kernel/s-"):
                try:
                    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as s:
                        s.connect(str(path))
                        print("LEAKED", path)
                except OSError:
                    pass
    except OSError:
        pass
"""
