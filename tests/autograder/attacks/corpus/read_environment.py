"""Read the instructor's environment variables."""

BEFORE = r"""
import os, glob
print({k: "LEAKED" for k, v in os.environ.items() if v == "an instructor's secret"})
for path in glob.glob("/proc/[0-9]*/environ"):
    try:
        if b"an instructor's secret" in open(path, "rb").read():
            print("LEAKED", path)
    except OSError:
        pass
"""
