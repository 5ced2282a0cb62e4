"""Replace showtraceback."""

BEFORE = r"""
shell = get_ipython()
shell.showtraceback = lambda *_, **__: None
shell._showtraceback = lambda *_, **__: None
"""
