"""Have the display hook show full marks."""

BEFORE = r"""
import sys
hook = sys.displayhook
sys.displayhook = lambda value: hook(2) if isinstance(value, float) else hook(value)
"""
