"""Change the Python environment for those who come after."""

BEFORE = r"""
import json, os
for path in (json.__file__, os.path.join(os.path.dirname(os.__file__), "sitecustomize.py")):
    try:
        with open(path, "r+"):
            print("LEAKED", path)
    except OSError:
        pass
"""
