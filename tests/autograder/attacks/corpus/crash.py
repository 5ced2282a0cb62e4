"""Crash the interpreter."""

BEFORE = r"""
import ctypes; ctypes.string_at(0)
"""

STATUS = ("died",)
