"""Read the source of the checks, and what Python compiled of it."""

TASK = "arrays"

BEFORE = r"""
import pathlib, course, importlib.util
for path in pathlib.Path(course.__file__).parent.rglob("*checks*"):
    if b"Misunderstanding" in path.read_bytes():
        print("LEAKED", path)
try:
    spec = importlib.util.find_spec("course.convolution.checks")
    if "oracle" in spec.loader.get_source(spec.name):
        print("LEAKED")
except Exception:
    pass
from course.convolution import checks
if hasattr(checks.cross_correlate, "oracle"):
    print("LEAKED")
"""

STOCK_IS = "students have the checks, though not the hidden seeds"
