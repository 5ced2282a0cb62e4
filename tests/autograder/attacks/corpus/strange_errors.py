"""Raise what is no ordinary exception."""

TASK = "arrays"

ANSWER = r"""
class Strange(BaseException):
    def __str__(self): raise SystemExit
class Long(ExceptionGroup): pass
count = 0
def cross_correlate(x, weight):
    global count
    count += 1
    if count % 5 == 0: raise Strange
    if count % 5 == 1: raise SystemExit(0)
    if count % 5 == 2: raise KeyboardInterrupt
    if count % 5 == 3: raise ExceptionGroup("x" * 10**7, [ValueError()])
    raise type("NotImplementedError\0", (GeneratorExit,), {})("x" * 10**6)
"""
