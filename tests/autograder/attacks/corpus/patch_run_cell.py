"""Run nothing and report success."""

BEFORE = r"""
from IPython.core.interactiveshell import ExecutionResult, InteractiveShell
async def nothing(self, *arguments, **keywords):
    return ExecutionResult(None)
InteractiveShell.run_cell_async = nothing
"""
