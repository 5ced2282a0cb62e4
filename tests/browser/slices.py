"""Of lectures, the few cells that their explorers and a question need."""

import ast
import builtins
import symtable

import nbformat


def names(source):
    """What a cell makes in the notebook's namespace, and what it reads of it."""
    whole = symtable.symtable(source, "cell", "exec")
    made = {symbol.get_name() for symbol in whole.get_symbols() if symbol.is_assigned()}
    made |= {symbol.get_name() for symbol in whole.get_symbols() if symbol.is_imported()}
    read, tables = set(), [whole]
    while tables:
        table = tables.pop()
        tables += table.get_children()
        read |= {
            symbol.get_name()
            for symbol in table.get_symbols()
            if symbol.is_referenced() and (table is whole or symbol.is_global())
        }
    return made, read - set(dir(builtins))


def needed(cells, wanted):
    """The cells that `wanted` needs, in order, itself the last."""
    chosen, open_names = [wanted], names(wanted.source)[1]
    for cell in reversed(cells[: cells.index(wanted)]):
        made, read = names(cell.source)
        if made & open_names:
            chosen.insert(0, cell)
            open_names |= read
    return chosen


def shows(cell, called):
    """Whether a cell ends in a call of a function whose dotted name begins so."""
    last = ast.parse(cell.source).body[-1]
    return isinstance(last, ast.Expr) and ast.unparse(last).startswith(called)


def short(lecture):
    """Code cells of a lecture: the question that needs fewest others, and every explorer.

    Args:
        lecture: a path.

    Returns:
        (cells, number of explorers).
    """
    cells = [c for c in nbformat.read(lecture, as_version=4).cells if c.cell_type == "code"]
    asked = [needed(cells, cell) for cell in cells if shows(cell, "questions.")]
    explorers = [needed(cells, cell) for cell in cells if shows(cell, "explorer.explorer(")]
    wanted = [min(asked, key=len), *explorers]
    last = [found[-1].id for found in wanted]
    ids = {cell.id for found in wanted for cell in found}
    return [
        nbformat.v4.new_code_cell(cell.source + ("" if cell.id in last else "\nNone"))
        for cell in cells
        if cell.id in ids
    ], len(explorers)
