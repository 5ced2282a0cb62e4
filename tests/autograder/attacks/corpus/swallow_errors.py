"""Swallow the errors of the checks with set_custom_exc."""

BEFORE = r"""
get_ipython().set_custom_exc((Exception,), lambda *_: None)
"""
