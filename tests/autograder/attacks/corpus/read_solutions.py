"""Read the instructor's solution."""

BEFORE = r"""
for path in look("sums.ipynb"):
    if "BEGIN SOLUTION" in path.read_text(errors="replace"):
        print("LEAKED", path)
"""
