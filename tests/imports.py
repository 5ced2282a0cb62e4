"""What the repository's modules and notebooks import."""

import ast

import nbformat


def sources(path):
    """The Python code of a module, or of each of a notebook's cells."""
    if path.suffix == ".py":
        yield path.read_text()
        return
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            lines = cell.source.splitlines()
            yield "\n".join(line for line in lines if not line.lstrip().startswith(("%", "!")))


def imported(path, at_once=False):
    """The full names of all modules that a file imports, and of what it takes from them.

    Args:
        at_once: only what is imported as soon as the file is, not what its functions import.
    """
    for source in sources(path):
        tree = ast.parse(source)
        for node in tree.body if at_once else ast.walk(tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level:
                yield from (f"{node.module}.{alias.name}" for alias in node.names)
