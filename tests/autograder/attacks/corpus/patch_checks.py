"""Replace the check engine and the checks."""

TASK = "arrays"

BEFORE = r"""
import course.checking
from course.convolution import checks
course.checking.Task.__call__ = lambda self, function, points=1, hidden=None: points
course.checking.Task.examine = None
for name in ("_judged", "_values", "_close", "_same", "_plain"):
    setattr(course.checking, name, lambda *arguments, **keywords: True)
checks.cross_correlate = lambda function, points=1, hidden=None: points
"""
