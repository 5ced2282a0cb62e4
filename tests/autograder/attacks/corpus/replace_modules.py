"""Put modules of one's own into sys.modules."""

TASK = "arrays"

BEFORE = r"""
import sys
from unittest.mock import MagicMock
for name in list(sys.modules):
    if name.startswith(("course", "numpy.testing", "torch.testing", "autograder")):
        sys.modules[name] = MagicMock()
import course.convolution
course.convolution.checks.cross_correlate = lambda function, points=1, hidden=None: points
"""
