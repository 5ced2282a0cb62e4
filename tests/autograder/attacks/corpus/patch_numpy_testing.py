"""Replace the comparisons of numpy.testing."""

TASK = "arrays"

BEFORE = r"""
import numpy.testing, numpy.testing._private.utils as utils
for module in (numpy.testing, utils):
    for name in dir(module):
        if name.startswith("assert_"):
            setattr(module, name, lambda *arguments, **keywords: None)
"""
