"""Hand in a file that takes the place of a library."""

BEFORE = r"""
import json, numpy
"""

STOCK_IS = "the student's own kernel"


FILES = {
    "numpy.py": b"print('LEAKED: numpy replaced')",
    "json.py": b"1/0",
    "sitecustomize.py": b"1/0",
}
