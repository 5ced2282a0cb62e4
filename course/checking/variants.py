"""A function changed in one place: every such change, made from its source."""

from __future__ import annotations

import ast
import contextlib
import dataclasses
import functools
import inspect
import itertools
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
    everywhere: bool = False  # in all places where it stood


@functools.cache
def variants(function: Callable) -> tuple[Variant, ...]:
    """A function changed in one place, for each such change.

    Beside `edits`, a sum or a product may lose one of its two parts, a function may be left out, be
    taken of one part of a sum alone or stand for its like (a sum for a mean), a tuple or
    a condition may lose a part, brackets may stand elsewhere, an axis, a share or a count be
    another, and an argument may stand in another's place. What stands in several places is changed
    in all of them, too, and so are all comparisons. Of changes that read the same, the first is
    kept.
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
    texts = [
        (type(node), type(getattr(node, "ctx", None)), ast.unparse(node)) for node, *_ in nodes
    ]
    places: dict[tuple, list[int]] = {}  # of each text
    for index, text in enumerate(texts):
        places.setdefault(text, []).append(index)
    found = set()

    def changed(which: list[int], number: int) -> Iterator[Variant]:
        everywhere = len(which) > 1
        change = functools.partial(_changed, frozen, which, number, likes)
        twin = change()
        others = list(_nodes(twin))
        if getattr(others[which[0]][0], "deleted", False):
            return
        # In all places: what is in them all, without what is around the first.
        place, statement = (which[0],) * 2 if everywhere else nodes[which[0]][1:]
        words = _line(nodes[place][0]), _line(others[place][0])
        if (words, everywhere) in found:  # in another place; what is around tells which
            words = _line(nodes[statement][0]), _line(others[statement][0])
        if words[0] != words[1] and (words, everywhere) not in found:
            found.add((words, everywhere))
            values = dict(defined)
            # Two changes may leave what is no Python, as a starred name that stands alone.
            with contextlib.suppress(SyntaxError, ValueError):
                exec(compile(twin, f"<a variant of {name}>", "exec"), values)
                yield Variant(*words, values[name], change, everywhere)

    for index, (node, *_) in enumerate(nodes):
        alike = places[texts[index]] if isinstance(node, (ast.expr, ast.keyword)) else []
        for which in ([index], alike) if len(alike) > 1 and index == alike[0] else ([index],):
            for number in range(len([*_changes(node, likes)])):
                yield from changed(which, number)
    for kinds in STRICT, LOOSE:
        which = [i for i, (node, *_) in enumerate(nodes) if _compares(node, kinds)]
        if len(which) > 1:
            yield from changed(which, 0)


STRICT, LOOSE = (ast.Lt, ast.Gt), (ast.LtE, ast.GtE)


def _compares(node: ast.AST, kinds: tuple[type, ...]) -> bool:
    """Is it a comparison of one of some kinds? Its first change turns it into the other kind."""
    return isinstance(node, ast.Compare) and isinstance(node.ops[0], kinds)


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
    yield from _other_numbers(node)
    yield from _other_brackets(node)
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
    {"any", "all"},
    {"prod", "sum"},
    {"log", "log2", "log10"},
]
AXES = (0, 1, 2, 3, None, (1, 2), (1, 2, 3))  # that a keyword may name


def _other_numbers(node: ast.AST) -> Iterator[Callable[[ast.AST], None]]:
    """Another axis, another share, and what is counted: all that there are, or the batch."""
    if isinstance(node, ast.keyword) and node.arg in ("axis", "dim"):
        for axis in AXES if isinstance(node.value, ast.Constant) else ():
            yield lambda n, axis=axis: setattr(n, "value", ast.parse(repr(axis)).body[0].value)
    if isinstance(node, ast.Constant) and type(node.value) is float:
        for number in (0.0, 1 - node.value, 2 * node.value):
            yield lambda n, number=number: setattr(n, "value", number)
    if isinstance(node, ast.Attribute) and node.attr == "size":
        yield lambda n: _become(n, ast.Call(ast.Name("len", ast.Load()), [n.value], []))
    if _is_sum(node):
        yield lambda n: _become(n, ast.Attribute(n.func.value, "size", ast.Load()))
        yield lambda n: _become(n, ast.Call(ast.Name("len", ast.Load()), [n.func.value], []))


def _is_sum(node: ast.AST) -> bool:
    """Is it the sum of something that has a name?"""
    named = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    return named and node.func.attr == "sum" and isinstance(node.func.value, ast.Name)


def _other_brackets(node: ast.AST) -> Iterator[Callable[[ast.AST], None]]:
    """A factor or a quotient of a part of the sum alone, or of more than it was of."""
    sums = (ast.Add, ast.Sub)
    if not isinstance(node, ast.BinOp):
        return
    if isinstance(node.op, (ast.Mult, ast.Div)):
        for side in ("left", "right") if isinstance(node.op, ast.Mult) else ("left",):
            inner = getattr(node, side)
            if isinstance(inner, ast.BinOp) and isinstance(inner.op, sums):
                yield functools.partial(_of_part, side=side, part="left")
                yield functools.partial(_of_part, side=side, part="right")
    inner = node.left
    if isinstance(node.op, sums) and isinstance(inner, ast.BinOp):
        if isinstance(inner.op, (ast.Mult, ast.Div)):
            yield functools.partial(_of_more, side="left")
        if isinstance(inner.op, ast.Mult):
            yield functools.partial(_of_more, side="right")


def _of_part(node: ast.BinOp, side: str, part: str) -> None:
    """f * (a + b) becomes f * a + b, or a + f * b."""
    inner = getattr(node, side)
    product = ast.BinOp(node.left, node.op, node.right)
    setattr(product, side, getattr(inner, part))
    setattr(inner, part, product)
    _become(node, inner)


def _of_more(node: ast.BinOp, side: str) -> None:
    """f * a + b becomes f * (a + b), or (f + b) * a; a / f + b becomes (a + b) / f."""
    inner = node.left
    setattr(inner, side, ast.BinOp(getattr(inner, side), node.op, node.right))
    _become(node, inner)


def _reductions(node: ast.AST) -> Iterator[Callable[[ast.AST], None]]:
    """A part of an expression is left out, or stands elsewhere."""
    if isinstance(node, ast.BinOp) and isinstance(
        node.op, (ast.Mult, ast.Add, ast.Sub, ast.Div, ast.FloorDiv)
    ):
        yield lambda n: _become(n, n.left)
        yield lambda n: _become(n, n.right)
        if isinstance(node.op, ast.Sub):
            yield lambda n: _become(n, ast.UnaryOp(ast.USub(), n.right))
        if isinstance(node.op, ast.Div):
            yield _upside_down
            yield lambda n: setattr(n, "left", ast.Constant(1))
    if isinstance(node, ast.Tuple) and len(node.elts) > 2 and isinstance(node.ctx, ast.Load):
        for part in range(len(node.elts)):
            yield lambda n, part=part: n.elts.pop(part)
            yield lambda n, part=part: n.elts.__setitem__(slice(None), [n.elts[part]])
        yield lambda n: _become(n, ast.Constant(None))
    if isinstance(node, ast.For) and isinstance(node.iter, ast.Tuple):
        for part in range(len(node.iter.elts)):
            yield lambda n, part=part: n.iter.elts.pop(part)
    if isinstance(node, ast.BoolOp):
        for part in range(len(node.values)):
            yield functools.partial(_without_condition, part=part)
    if isinstance(node, (ast.If, ast.IfExp)):
        yield lambda n: setattr(n, "test", ast.Constant(True))
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
    if isinstance(node, ast.Call) and len(node.args) > 2:
        yield lambda n: _become(n, n.args[0])
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        yield lambda n: _become(n, n.func.value)  # x.relu() is x
    alone = isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords
    if alone and not isinstance(node.args[0], ast.Starred):
        yield lambda n: _become(n, n.args[0])
        if isinstance(node.args[0], ast.BinOp):
            yield functools.partial(_narrowed, part="left")
            yield functools.partial(_narrowed, part="right")


def _upside_down(node: ast.BinOp) -> None:
    node.left, node.right = node.right, node.left


def _without_condition(node: ast.BoolOp, part: int) -> None:
    node.values.pop(part)
    if len(node.values) == 1:
        _become(node, node.values[0])


def _narrowed(node: ast.Call, part: str) -> None:
    """f(a + b) becomes f(a) + b, or a + f(b)."""
    inner = node.args[0]
    setattr(inner, part, ast.Call(node.func, [getattr(inner, part)], []))
    _become(node, inner)


def _become(node: ast.AST, other: ast.AST) -> None:
    node.__class__, node.__dict__ = type(other), other.__dict__


def _line(node: ast.AST) -> str:
    """The text of a part; of a statement with others in it, its first line."""
    text = ast.unparse(node)
    return text.splitlines()[0] if isinstance(node, (ast.If, ast.For, ast.While)) else text


def _nodes(tree: ast.Module) -> Iterator[tuple[ast.AST, int, int]]:
    """Each node of a function's body, with the places among them of what shows a change of it: of a
    part of the text, and of the statement."""
    places = itertools.count()

    def walk(node, shown, statement):
        place = next(places)
        if isinstance(node, ast.stmt):
            shown = statement = place
        elif isinstance(node, (ast.BinOp, ast.Compare, ast.Call, ast.Subscript, ast.IfExp)):
            shown = place
        yield node, shown, statement
        for child in ast.iter_child_nodes(node):
            yield from walk(child, shown, statement)

    for statement in tree.body[0].body:
        yield from walk(statement, None, None)
