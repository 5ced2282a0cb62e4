"""Clear the check's outputs after they were made."""

BEFORE = r"""
from IPython.display import clear_output
get_ipython().events.register("post_run_cell", lambda *_: clear_output())
"""
