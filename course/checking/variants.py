"""A function changed in one place: every such change, made from its source."""

from __future__ import annotations

import ast
import contextlib
import dataclasses
import functools
import inspect
import pickle
import textwrap
from collections.abc import Callable, Iterator, Sequence

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


@dataclasses.dataclass(frozen=True, eq=False)
class Variant:
    """A function changed in one place: what stood there, what stands there now, the function."""

    was: str
    now: str
    function: Callable
    tree: Callable[[], ast.Module]  # its source, changed


@functools.cache
def variants(function: Callable) -> tuple[Variant, ...]:
    """A function changed in one place, for each such change.

    Beside `edits`, a sum or a product may lose one of its two parts, a function may be left out, be
    taken of one part of a sum alone or stand for its like (a sum for a mean), a tuple may lose
    a part, and an argument may stand in another's place. What stands in several places is changed
    in all of them, too. Of changes that read the same, the first is kept.
    """
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    return tuple(_of_tree(tree, function.__globals__))


def variants_of(variant: Variant) -> Iterator[Variant]:
    """A variant changed in one place more."""
    return _of_tree(variant.tree(), variant.function.__globals__)


def _of_tree(tree: ast.Module, defined: dict) -> Iterator[Variant]:
    frozen, name = pickle.dumps(tree), tree.body[0].name
    likes = _names_together(tree.body[0])
    nodes = list(_nodes(tree))
    texts = [(type(node), type(getattr(node, "ctx", None)), ast.unparse(node)) for node, _ in nodes]
    places: dict[tuple, list[int]] = {}  # of each text
    for index, text in enumerate(texts):
        places.setdefault(text, []).append(index)
    found = set()
    for index, (node, expression) in enumerate(nodes):
        alike = places[texts[index]] if isinstance(node, ast.expr) else []
        for which in ([index], alike) if len(alike) > 1 and index == alike[0] else ([index],):
            for number in range(len([*_changes(node, likes)])):
                change = functools.partial(_changed, frozen, which, number, likes)
                twin = change()
                other, other_expression = list(_nodes(twin))[index]
                if getattr(other, "deleted", False):
                    continue
                words = ast.unparse(expression), ast.unparse(other_expression)
                words = words if len(which) == 1 else (words[0], f"{words[1]} everywhere")
                if words[0] != words[1] and words not in found:
                    found.add(words)
                    values = dict(defined)
                    # Two changes may leave what is no Python, as a starred name that stands alone.
                    with contextlib.suppress(SyntaxError):
                        exec(compile(twin, f"<a variant of {name}>", "exec"), values)
                        yield Variant(*words, values[name], change)


def _changed(frozen: bytes, places: Sequence[int], number: int, likes) -> ast.Module:
    """A tree with the change of a number at each of some nodes."""
    twin = pickle.loads(frozen)
    nodes = list(_nodes(twin))
    for place in places:
        [*_changes(nodes[place][0], likes)][number](nodes[place][0])
    return ast.fix_missing_locations(twin)


def _names_together(function: ast.FunctionDef) -> list[set[str]]:
    """Names that may be taken for one another: the arguments, and pairs that are assigned."""
    targets = [node for node in ast.walk(function) if isinstance(node, ast.Tuple)]
    # Of more than two, one for another gives the student's numbers by chance too easily.
    assigned = [t for t in targets if isinstance(t.ctx, ast.Store) and len(t.elts) == 2]
    together = [{part.id for part in t.elts if isinstance(part, ast.Name)} for t in assigned]
    return [{argument.arg for argument in function.args.args}, *together]


def _changes(node: ast.AST, likes: Sequence[set]) -> Iterator[Callable[[ast.AST], None]]:
    yield from edits(node)
    yield from _reductions(node)
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        for other in sorted({name for names in likes if node.id in names for name in names}):
            if other != node.id:
                yield lambda n, other=other: setattr(n, "id", other)


# Functions that stand for one another where one is taken for its like.
ALIKE = [
    {"sum", "mean", "max"},
    {"max", "min"},
    {"std", "var"},
    {"maximum", "minimum", "add"},
    {"argmax", "argmin"},
    {"floor", "ceil"},
    {"zeros", "ones"},
    {"sqrt", "square"},
]


def _reductions(node: ast.AST) -> Iterator[Callable[[ast.AST], None]]:
    """A part of an expression is left out, or stands elsewhere."""
    if isinstance(node, ast.BinOp) and isinstance(
        node.op, (ast.Mult, ast.Add, ast.Sub, ast.Div, ast.FloorDiv)
    ):
        yield lambda n: _become(n, n.left)
        yield lambda n: _become(n, n.right)
    if isinstance(node, ast.Tuple) and len(node.elts) > 2 and isinstance(node.ctx, ast.Load):
        for part in range(len(node.elts)):
            yield lambda n, part=part: n.elts.pop(part)
            yield lambda n, part=part: n.elts.__setitem__(slice(None), [n.elts[part]])
        yield lambda n: _become(n, ast.Constant(None))
    if isinstance(node, ast.AugAssign):
        yield lambda n: _become(n, ast.Assign([n.target], n.value))
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.BitAnd, ast.BitOr)):
        other = ast.BitOr if isinstance(node.op, ast.BitAnd) else ast.BitAnd
        yield lambda n: setattr(n, "op", other())
        yield lambda n: _become(n, n.left)
        yield lambda n: _become(n, n.right)
    if isinstance(node, (ast.Name, ast.Attribute)):
        field = "id" if isinstance(node, ast.Name) else "attr"
        name = getattr(node, field)
        for like in sorted({like for kind in ALIKE if name in kind for like in kind} - {name}):
            yield lambda n, field=field, like=like: setattr(n, field, like)
    if isinstance(node, ast.Call) and len(node.args) == 2 and not node.keywords:
        yield lambda n: _become(n, n.args[0])
        yield lambda n: _become(n, n.args[1])
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        yield lambda n: _become(n, n.func.value)  # x.relu() is x
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
