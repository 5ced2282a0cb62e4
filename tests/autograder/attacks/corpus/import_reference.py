"""Import the course's own solution and hand it in."""

BEFORE = r"""
try:
    import course.device
    print("LEAKED")
except ImportError as problem:
    print(problem)
"""

REFUSED = ("course.device",)
