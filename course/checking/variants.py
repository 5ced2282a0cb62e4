"""A function changed in one place: every such change, made from its source."""

from __future__ import annotations

import ast
import functools
import inspect
import pickle
import textwrap
from collections.abc import Callable, Iterator

OPERATORS = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.MatMult: ast.Mult,
}
COMPARISONS = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}


def edits(node: ast.AST) -> Iterator[Callable[[ast.AST], None]]:
    """The changes of one node: functions that change a copy of it in place.

    A statement that is left out is marked `deleted`.
    """
    if isinstance(node, (ast.BinOp, ast.AugAssign)) and type(node.op) in OPERATORS:
        yield lambda n: setattr(n, "op", OPERATORS[type(n.op)]())
    if isinstance(node, ast.Compare):
        yield lambda n: n.ops.__setitem__(0, COMPARISONS[type(n.ops[0])]())
    if isinstance(node, ast.BoolOp):
        other = ast.Or if isinstance(node.op, ast.And) else ast.And
        yield lambda n: setattr(n, "op", other())
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield lambda n: setattr(n, "op", ast.UAdd())
    if isinstance(node, (ast.If, ast.IfExp, ast.While)):
        yield lambda n: setattr(n, "test", ast.UnaryOp(ast.Not(), n.test))
    if isinstance(node, ast.Constant):
        if isinstance(node.value, bool):
            yield lambda n: setattr(n, "value", not n.value)
        elif isinstance(node.value, (int, float)):
            yield lambda n: setattr(n, "value", n.value + 1)
            yield lambda n: setattr(n, "value", n.value - 1)
    if isinstance(node, ast.Slice):
        for part in ("lower", "upper", "step"):
            if getattr(node, part) is not None:
                yield lambda n, part=part: setattr(n, part, None)
    if isinstance(node, ast.Call):
        for index in range(len(node.keywords)):
            yield lambda n, index=index: n.keywords.pop(index)
        if len(node.args) >= 2:
            yield lambda n: n.args.__setitem__(slice(0, 2), n.args[1::-1])
    if isinstance(node, ast.Tuple) and len(node.elts) == 2 and isinstance(node.ctx, ast.Load):
        yield lambda n: n.elts.reverse()
    if isinstance(node, (ast.Assign, ast.AugAssign, ast.Raise, ast.Expr)):
        yield lambda n: setattr(n, "deleted", True)


@functools.cache
def variants(function: Callable) -> tuple[tuple[str, str, Callable], ...]:
    """(what stood there, what stands there now, the function) for each change of one place.

    Beside `edits`, a sum or a product may lose one of its two parts, and a function of one argument
    may be left out or be taken of one part of a sum alone. Of changes that read the same,
    the first is kept.
    """
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    frozen, name = pickle.dumps(tree), tree.body[0].name
    found = {}
    for index, (node, expression) in enumerate(_nodes(tree)):
        for change in (*edits(node), *_reductions(node)):
            twin = pickle.loads(frozen)
            other, other_expression = list(_nodes(twin))[index]
            change(other)
            if getattr(other, "deleted", False):
                continue
            ast.fix_missing_locations(twin)
            words = ast.unparse(expression), ast.unparse(other_expression)
            if words[0] != words[1] and words not in found:
                defined = dict(function.__globals__)
                exec(compile(twin, f"<a variant of {name}>", "exec"), defined)
                found[words] = defined[name]
    return tuple((was, now, changed) for (was, now), changed in found.items())


def _reductions(node: ast.AST) -> Iterator[Callable[[ast.AST], None]]:
    """A part of an expression is left out, or stands elsewhere."""
    if isinstance(node, ast.BinOp) and isinstance(
        node.op, (ast.Mult, ast.Add, ast.Sub, ast.Div, ast.FloorDiv)
    ):
        yield lambda n: _become(n, n.left)
        yield lambda n: _become(n, n.right)
    alone = isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords
    if alone and not isinstance(node.args[0], ast.Starred):
        yield lambda n: _become(n, n.args[0])
        if isinstance(node.args[0], ast.BinOp):
            yield functools.partial(_narrowed, part="left")
            yield functools.partial(_narrowed, part="right")


def _narrowed(node: ast.Call, part: str) -> None:
    """f(a + b) becomes f(a) + b, or a + f(b)."""
    inner = node.args[0]
    setattr(inner, part, ast.Call(node.func, [getattr(inner, part)], []))
    _become(node, inner)


def _become(node: ast.AST, other: ast.AST) -> None:
    node.__class__, node.__dict__ = type(other), other.__dict__


def _nodes(tree: ast.Module) -> Iterator[tuple[ast.AST, ast.AST]]:
    """Each node of a function's body, with the part of the text that shows a change of it."""

    def walk(node, shown):
        if isinstance(node, (ast.stmt, ast.BinOp, ast.Compare, ast.Call, ast.Subscript, ast.IfExp)):
            shown = node
        yield node, shown
        for child in ast.iter_child_nodes(node):
            yield from walk(child, shown)

    for statement in tree.body[0].body:
        yield from walk(statement, statement)
