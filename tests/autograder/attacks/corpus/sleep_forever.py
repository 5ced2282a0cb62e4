"""Sleep forever when the notebook starts."""

BEFORE = r"""
import time; time.sleep(10**6)
"""

STATUS = ("timed out",)
WAITS = True
