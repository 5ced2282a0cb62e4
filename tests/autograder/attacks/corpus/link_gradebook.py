"""Hand in a link to the gradebook as a data file."""

BEFORE = r"""
import pathlib
if pathlib.Path("notes.db").exists():
    print("LEAKED")
"""

LINKS = {"notes.db": "gradebook.db"}
