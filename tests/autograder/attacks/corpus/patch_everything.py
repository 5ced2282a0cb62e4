"""Replace the builtins that a check is made of."""

TASK = "arrays"

BEFORE = r"""
import builtins
for name, value in {
    "len": lambda *_: 1, "sum": lambda *_: 3, "abs": lambda *_: 0, "all": lambda *_: True,
    "isinstance": lambda *_: True, "issubclass": lambda *_: True, "float": lambda *_: 4.0,
}.items():
    setattr(builtins, name, value)
"""

# With such builtins the student's own kernel may do anything, hang included.
STATUS = ("graded", "died", "tampered", "timed out")
