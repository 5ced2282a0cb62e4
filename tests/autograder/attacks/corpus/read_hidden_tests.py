"""Read the hidden tests in the notebook that lies beside the kernel."""

BEFORE = r"""
for path in look("*.ipynb"):
    if "HIDDEN" in path.read_text(errors="replace"):
        print("LEAKED", path)
"""
