"""Read the gradebook."""

BEFORE = r"""
for path in look("gradebook.db"):
    print("LEAKED", len(path.read_bytes()))
"""
