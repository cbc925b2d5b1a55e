"""Mutants of a module: its source with one small thing changed, as a slip of the hand would."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitAnd,
    ast.Pow: ast.Mult,
}
_DROPPED = (ast.Expr, ast.Assign, ast.AugAssign, ast.Raise)


class Mutant(NamedTuple):
    """A module with one thing changed."""

    line: int
    what: str
    source: str


class _Change(NamedTuple):
    field: str
    value: object
    what: str


def mutants(source: str) -> Iterator[Mutant]:
    """Yield every mutant of a module's source, in the order of its syntax tree.

    Docstrings, annotations and decorators stay as they are: no behaviour is in the first two,
    and what decorates here is a cache or a property.
    """
    tree = ast.parse(source)
    kept = {id(part) for node in ast.walk(tree) for part in _without_behaviour(node)}
    before = ast.unparse(tree)
    for node in ast.walk(tree):
        if id(node) in kept:
            continue
        for field, value, what in _changes(node):
            was = getattr(node, field)
            setattr(node, field, value)
            changed = ast.unparse(tree)
            setattr(node, field, was)
            if changed != before:
                yield Mutant(getattr(node, "lineno", 0), what, changed)


def _without_behaviour(node: ast.AST) -> Iterator[ast.AST]:
    parts: list[ast.AST | None] = []
    if isinstance(node, ast.arg | ast.AnnAssign):
        parts.append(node.annotation)
    if isinstance(node, ast.FunctionDef):
        parts += [node.returns, *node.decorator_list]
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        parts.append(node.value)
    for part in parts:
        if part is not None:
            yield from ast.walk(part)


def _changes(node: ast.AST) -> Iterator[_Change]:
    yield from _operators(node)
    yield from _values(node)
    if isinstance(node, ast.If | ast.IfExp | ast.While):
        for truth in (False,) if isinstance(node, ast.While) else (False, True):
            yield _Change("test", ast.Constant(truth), f"condition is {truth}")
    if not isinstance(node, ast.Module):
        yield from _dropped(node)


def _operators(node: ast.AST) -> Iterator[_Change]:
    match node:
        case ast.Compare():
            yield from _comparisons(node)
        case ast.BinOp() | ast.AugAssign() if type(node.op) in _OPERATORS:
            new = _OPERATORS[type(node.op)]
            yield _Change("op", new(), f"{type(node.op).__name__} is {new.__name__}")
        case ast.BoolOp():
            other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield _Change("op", other, f"is {type(other).__name__}")
            for at in range(len(node.values)):
                rest = node.values[:at] + node.values[at + 1 :]
                yield _Change("values", rest * (2 if len(rest) == 1 else 1), f"without part {at}")
        case ast.UnaryOp(op=ast.Not()):
            yield _Change("operand", ast.UnaryOp(ast.Not(), node.operand), "without not")


def _values(node: ast.AST) -> Iterator[_Change]:
    match node:
        case ast.Constant():
            for value in _others(node.value):
                yield _Change("value", value, f"{node.value!r} is {value!r}"[:80])
        case ast.Return(value=value) if value is not None:
            if not isinstance(value, ast.Constant) or value.value is not None:
                yield _Change("value", ast.Constant(None), "returns None")


def _comparisons(node: ast.Compare) -> Iterator[_Change]:
    for at, old in enumerate(node.ops):
        for new in _COMPARISONS[type(old)]:
            ops = [*node.ops[:at], new(), *node.ops[at + 1 :]]
            yield _Change("ops", ops, f"{type(old).__name__} is {new.__name__}")


def _others(value: object) -> list[object]:
    match value:
        case bool():
            return [not value]
        case int():
            return [value + 1, value - 1]
        case str():
            return [value + "x"]
        case bytes():
            return [value + b"x"]
        case None:
            return [0]
    return []


def _dropped(node: ast.AST) -> Iterator[_Change]:
    """Yield changes that leave a statement out."""
    for field in ("body", "orelse"):
        found = getattr(node, field, None)
        block: list[ast.stmt] = found if isinstance(found, list) else []
        for at, statement in enumerate(block):
            said = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
            if isinstance(statement, _DROPPED) and not said:
                kept = [*block[:at], ast.Pass(), *block[at + 1 :]]
                yield _Change(field, kept, f"without: {ast.unparse(statement)}"[:80])
