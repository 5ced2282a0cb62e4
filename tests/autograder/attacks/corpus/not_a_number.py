"""Make the partial mark NaN."""

ANSWER = r"""
class Strange:
    def __eq__(self, other): return float("nan")
    def __bool__(self): return False
def add(a, b):
    return Strange()
"""

STATUS = ("graded", "tampered")
