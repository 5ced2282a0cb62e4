"""A function changed in one place: every such change, made from its source."""

from __future__ import annotations

import ast
import contextlib
import dataclasses
import functools
import inspect
import itertools
import re
import textwrap
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import NamedTuple

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
    tree: ast.Module  # its source, changed; it shares what is not changed
    where: str = ""  # else than in one place: everywhere, along both axes


@functools.cache
def variants(function: Callable) -> tuple[Variant, ...]:
    """A function changed in one place, for each such change.

    Beside `edits`, a sum or a product may lose one of its two parts, a function may be left out, be
    taken of one part of a sum alone or stand for its like (a sum for a mean), a tuple or
    a condition may lose a part, brackets may stand elsewhere, an axis, a share or a count be
    another, a slice or a range may end one earlier, a quotient may be rounded, a statement may be
    missing, and an argument may stand in another's place. What stands in several places is changed
    in all of them, too, what is done along one axis of two is changed along both, and so are
    all comparisons and both names of a pair. Of changes that read the same, the first is kept.
    """
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    return tuple(_of_tree(tree, function.__globals__))


def variants_of(variant: Variant) -> Iterator[Variant]:
    """A variant changed in one place more."""
    return _of_tree(variant.tree, variant.function.__globals__)


def _of_tree(tree: ast.Module, defined: dict) -> Iterator[Variant]:
    places, likes = _places(tree), _names_together(tree.body[0])
    texts = [
        (type(p.node), type(getattr(p.node, "ctx", None)), ast.unparse(p.node)) for p in places
    ]
    alike: dict[tuple, list[int]] = {}  # places of the same text
    for index, text in enumerate(texts):
        alike.setdefault(text, []).append(index)
    found = set()

    def changed(changes: dict[int, Callable], where: str = "", words: tuple[str, ...] = ()):
        twin, copies = _changed(tree, places, changes)
        if not words:
            # In several places: what is in them all, without what is around the first.
            first = min(changes)
            shown, statement = (first,) * 2 if where else places[first][-2:]
            words = _line(places[shown].node), _line(copies[shown])
            if (words, where) in found:  # in another place; what is around tells which
                words = _line(places[statement].node), _line(copies[statement])
        if words[0] != words[1] and (words, where) not in found:
            found.add((words, where))
            values = dict(defined)
            # Two changes may leave what is no Python, as a starred name that stands alone.
            with contextlib.suppress(SyntaxError, ValueError):
                exec(compile(twin, f"<a variant of {tree.body[0].name}>", "exec"), values)
                yield Variant(*words, values[tree.body[0].name], twin, where)

    def renamed(names: dict[str, str]):
        which = [i for i, place in enumerate(places) if _reads(place.node, names)]
        if which:
            change = functools.partial(_rename, names=names)
            words = ", ".join(names), ", ".join(names.values())
            yield from changed(dict.fromkeys(which, change), " everywhere", words)

    pairs = _pairs(tree.body[0])
    second = dict(pairs)
    for index, place in enumerate(places):
        same = [index]
        if isinstance(place.node, (ast.expr, ast.keyword)):
            same = alike[texts[index]]
        kind, context, text = texts[index]
        others = alike.get((kind, context, _NAME.sub(lambda m: second.get(m[0], m[0]), text)), [])
        changes = [*_changes(place.node, likes)]
        twins = [*_changes(places[others[0]].node, likes)] if len(others) == len(same) else []
        for change, twin in itertools.zip_longest(changes, twins[: len(changes)]):
            yield from changed({index: change})
            if index == same[0] and len(same) > 1:
                yield from changed(dict.fromkeys(same, change), " everywhere")
            if index == same[0] and others is not same and twin:
                both = {**dict.fromkeys(same, change), **dict.fromkeys(others, twin)}
                yield from changed(both, ", and so along the other axis")
    for kinds in STRICT, LOOSE:
        which = [i for i, place in enumerate(places) if _compares(place.node, kinds)]
        if len(which) > 1:
            yield from changed({i: next(edits(places[i].node)) for i in which}, " everywhere")
    assigned = _pairs(tree.body[0], ast.Assign)
    for one, other in itertools.permutations(assigned, 2):
        yield from renamed(dict(zip(one, other, strict=True)))
    for pair, number in itertools.product(assigned, "10"):
        for names in (pair[:1], pair[1:], pair):
            yield from renamed(dict.fromkeys(names, number))


_NAME = re.compile(r"\b[A-Za-z_]\w*")


class _Place(NamedTuple):
    """A node in a function's body: in which other one it stands, and where there.

    A change of it is shown by a part of the text around it, or by its statement.
    """

    node: ast.AST
    parent: int | None
    field: str
    position: int | None
    shown: int
    statement: int


def _places(tree: ast.Module) -> list[_Place]:
    places = []

    def walk(node, parent, field, position, shown, statement):
        index = len(places)
        if isinstance(node, ast.stmt):
            shown = statement = index
        elif isinstance(node, (ast.BinOp, ast.Compare, ast.Call, ast.Subscript, ast.IfExp)):
            shown = index
        places.append(_Place(node, parent, field, position, shown, statement))
        for name, value in ast.iter_fields(node):
            for i, part in enumerate(value) if isinstance(value, list) else [(None, value)]:
                if isinstance(part, ast.AST):
                    walk(part, index, name, i, shown, statement)

    for position, statement in enumerate(tree.body[0].body):
        walk(statement, None, "body", position, None, None)
    return places


def _changed(
    tree: ast.Module, places: Sequence[_Place], changes: dict[int, Callable]
) -> tuple[ast.Module, dict[int, ast.AST]]:
    """A tree with some nodes changed, and the nodes that are new in it: these and those above."""
    function = _copy(tree.body[0])
    copies = {}

    def put(index: int, twin: ast.AST) -> None:
        copies[index], place = twin, places[index]
        holder = function
        if place.parent is not None:
            if place.parent not in copies:
                put(place.parent, _copy(places[place.parent].node))
            holder = copies[place.parent]
        if place.position is None:
            setattr(holder, place.field, twin)
        else:
            getattr(holder, place.field)[place.position] = twin

    for index, change in changes.items():
        twin = _deep_copy(places[index].node)
        change(twin)
        put(index, ast.fix_missing_locations(twin))
    return ast.Module([function], []), copies


def _copy(node: ast.AST) -> ast.AST:
    """The node with lists of its own; what stands in it is shared."""
    twin = type(node)()
    twin.__dict__.update({k: [*v] if type(v) is list else v for k, v in vars(node).items()})
    return twin


def _deep_copy(node: ast.AST) -> ast.AST:
    twin = _copy(node)
    for name, value in vars(twin).items():
        if isinstance(value, ast.AST):
            setattr(twin, name, _deep_copy(value))
        elif type(value) is list:
            value[:] = [_deep_copy(v) if isinstance(v, ast.AST) else v for v in value]
    return twin


def _reads(node: ast.AST, names: Collection[str]) -> bool:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in names


def _rename(node: ast.Name, names: dict[str, str]) -> None:
    """Put a name in the place of another one, or a number."""
    _become(node, ast.parse(names[node.id], mode="eval").body)


STRICT, LOOSE = (ast.Lt, ast.Gt), (ast.LtE, ast.GtE)


def _compares(node: ast.AST, kinds: tuple[type, ...]) -> bool:
    """Is it a comparison of one of some kinds? Its first change turns it into the other kind."""
    return isinstance(node, ast.Compare) and isinstance(node.ops[0], kinds)


def _pairs(function: ast.FunctionDef, kind: type = ast.AST) -> list[list[str]]:
    """Two names that get their values together, as those of two axes, in a kind of statement."""
    # Of more than two, one for another gives the student's numbers by chance too easily.
    statements = [node for node in ast.walk(function) if isinstance(node, kind)]
    tuples = [n for s in statements for n in ast.walk(s) if isinstance(n, ast.Tuple)]
    named = [t.elts for t in dict.fromkeys(tuples) if isinstance(t.ctx, ast.Store)]
    pairs = [elts for elts in named if len(elts) == 2]
    return [[e.id for e in pair] for pair in pairs if all(isinstance(e, ast.Name) for e in pair)]


def _names_together(function: ast.FunctionDef) -> list[set[str]]:
    """Names that may be taken for one another: the arguments, and pairs that are assigned."""
    return [{argument.arg for argument in function.args.args}, *map(set, _pairs(function))]


def _changes(node: ast.AST, likes: Sequence[set]) -> Iterator[Callable[[ast.AST], None]]:
    yield from edits(node)
    yield from _reductions(node)
    yield from _other_numbers(node)
    yield from _other_brackets(node)
    yield from _other_ends(node)
    if isinstance(node, (ast.Assign, ast.AugAssign, ast.Expr)):
        yield lambda n: _become(n, ast.Pass())
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


def _other_ends(node: ast.AST) -> Iterator[Callable[[ast.AST], None]]:
    """A slice or a range that begins or ends one place earlier or later; a quotient, rounded."""
    if isinstance(node, ast.Slice):
        for part, by in itertools.product(("lower", "upper"), (1, -1)):
            if not _ends_with_a_number(getattr(node, part)):
                yield lambda n, part=part, by=by: setattr(n, part, _moved(getattr(n, part), by))
        if node.lower and node.upper:
            for by in (1, -1):
                yield functools.partial(_move_both, by=by)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range":
        for place, by in itertools.product(range(len(node.args)), (1, -1)):
            if not _ends_with_a_number(node.args[place]):
                yield lambda n, i=place, by=by: n.args.__setitem__(i, _moved(n.args[i], by))
        if len(node.args) == 1:
            yield lambda n: n.args.insert(0, ast.Constant(1))
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        yield lambda n: setattr(n, "op", ast.FloorDiv())
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.FloorDiv):
        yield lambda n: setattr(n, "op", ast.Div())
        yield _round_up
    if isinstance(node, ast.Tuple) and len(node.elts) == 2 and isinstance(node.ctx, ast.Load):
        for part in range(2):
            if not isinstance(node.elts[part], ast.Constant):
                yield lambda n, part=part: n.elts.__setitem__(part, ast.Constant(0))
    if isinstance(node, ast.Tuple) and len(node.elts) > 2 and isinstance(node.ctx, ast.Load):
        for i, j in itertools.combinations(range(len(node.elts)), 2):
            yield functools.partial(_exchange, first=i, second=j)


def _ends_with_a_number(node: ast.AST | None) -> bool:
    """Is it a number, or a sum with one at its end? `edits` move these by one. Or nothing."""
    last = node.right if isinstance(node, ast.BinOp) else node
    return last is None or isinstance(last, ast.Constant)


def _moved(node: ast.AST, by: int) -> ast.AST:
    return ast.BinOp(node, ast.Add() if by > 0 else ast.Sub(), ast.Constant(1))


def _move_both(node: ast.Slice, by: int) -> None:
    node.lower, node.upper = _moved(node.lower, by), _moved(node.upper, by)


def _round_up(node: ast.BinOp) -> None:
    """a // b becomes -(-a // b)."""
    node.left = ast.UnaryOp(ast.USub(), node.left)
    _become(node, ast.UnaryOp(ast.USub(), ast.BinOp(node.left, node.op, node.right)))


def _exchange(node: ast.Tuple, first: int, second: int) -> None:
    node.elts[first], node.elts[second] = node.elts[second], node.elts[first]


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
