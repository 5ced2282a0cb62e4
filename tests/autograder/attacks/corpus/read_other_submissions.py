"""Read another student's submission."""

BEFORE = r"""
for path in look("*.ipynb"):
    try:
        small = path.is_file() and path.stat().st_size < 10**6
        if small and b"# A VICTIM'S OWN" + b" WORDS" in path.read_bytes():
            print("LEAKED", path)
    except OSError:
        continue
"""
