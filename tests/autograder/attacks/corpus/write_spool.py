"""Fill the disk through the folder of the kernel's sockets."""

BEFORE = r"""
import os
for place in ("/kernel", "/spool", "/", "/home", "/submission/.."):
    try:
        with open(os.path.join(place, "filler"), "w") as file:
            file.write("x")
        print("LEAKED", place)
    except OSError:
        pass
"""

STOCK_IS = "no such folder"
