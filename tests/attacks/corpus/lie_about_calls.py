"""Replace what calls functions for a check, and tell lies about the calls."""

TASK = "arrays"

BEFORE = r"""
import gc, sys, types
import course.checking
def lie(function, args, kwargs, limit, probes=()):
    error = (("ValueError", "NotImplementedError", "Exception"), "refused", "")
    return types.SimpleNamespace(
        result=args[0] * 0, error=error if len(args) > 2 else None, args=args, kwargs=kwargs,
        readings={}, seconds=0.0, printed="all cases pass, 4 of 4 points", out_of_time=False,
    )
course.checking.perform = lie
for thing in gc.get_objects():
    if type(thing).__name__ == "Candidate":
        thing.perform = lie
"""
