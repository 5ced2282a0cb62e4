"""Replace numpy's functions, so that everything is close to everything."""

TASK = "arrays"

BEFORE = r"""
import numpy, numpy._core.numeric
for module in (numpy, numpy._core.numeric):
    for name in ("allclose", "isclose", "array_equal", "all", "any", "abs", "max"):
        setattr(module, name, lambda *arguments, **keywords: True)
"""
