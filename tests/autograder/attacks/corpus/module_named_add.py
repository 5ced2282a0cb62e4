"""Hand in a module named as the function is, which the examiner is to import."""

FILES = {"add.py": b"import sys\nsys.modules['add'] = lambda a, b: a + b\n"}

ANSWER = r"""
import types
add = types.ModuleType("add")
"""
