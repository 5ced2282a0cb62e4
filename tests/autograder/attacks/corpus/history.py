"""Read the hidden checks from the cell history."""

AFTER = r"""
for cell in globals().get("In", []):
    if "HIDDEN" in cell and "cell in globals" not in cell:
        print("LEAKED")
"""
