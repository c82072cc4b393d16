"""The rule with one thing changed, for every thing there is: each condition, each word of each table.

Nothing that runs is changed for long: a changed function is made from a changed copy of its source, a changed row of a
table is put back.
"""

import ast
import contextlib
from collections.abc import Callable, Generator, Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import msgspec

from bastide.core.policy import (
    Action,
    Case,
    Decision,
    Declared,
    Duty,
    Holdings,
    Label,
    Nature,
    Office,
    Role,
    decide,
    hold,
    readings,
    table,
)

# What is declared in the rows is asked for again and again.
_kept_hold = lru_cache(maxsize=1024)(hold)
Both = tuple[Callable[[Case], Decision], Callable[[Declared, date], Holdings]]

_NARROWS = "for the reader of types: without a place or a role it was refused before"
# Changes that change nothing, and why.
ALIKE = {
    "decide.py: {ActorKind.GUEST, ActorKind.LINK} -> without part 2": "links may do nothing yet: see test_decide",
    "decide.py: 64 -> 65": "how many answers are kept ready",
    "decide.py: 512 -> 513": "how many answers are kept ready",
    "decide.py: place is not None and need.tool is not None and need.tool not in place -> without part 1": _NARROWS,
    "decide.py: need.role is not None and role is not None and rank(role) < rank(need. -> without part 2": _NARROWS,
    "decide.py: need.own_or is not None and role is not None and rank(role) >= rank(ne -> without part 2": _NARROWS,
    "holding.py: True -> False": "whether a holding can be changed by mistake",
    "holding.py: year > MAXYEAR -> GtE": "in the last year there is",
    "holding.py: day > on -> GtE": "a day has the same answer as itself",
}


class Mutant(msgspec.Struct, frozen=True):
    """One change. `act`: it touches this one only, of which the grid tells."""

    name: str
    living: Callable[[], contextlib.AbstractContextManager[Both]]
    act: Action | None = None

    def __str__(self) -> str:
        return self.name


def mutants() -> list[Mutant]:
    found = [*_of_code("decide"), *_of_code("holding"), *_of_acts(), *_of_states(), *_of_readings()]
    if gone := ALIKE.keys() - {mutant.name for mutant in found}:
        raise LookupError(gone)
    return [mutant for mutant in found if mutant.name not in ALIKE]


# Code: each condition turned round, each part of one left out, each comparison moved by one, each number too.

_MOVED: dict[type[ast.cmpop], list[type[ast.cmpop]]] = {
    ast.Gt: [ast.GtE, ast.Lt],
    ast.GtE: [ast.Gt, ast.Lt],
    ast.Lt: [ast.LtE, ast.Gt],
    ast.LtE: [ast.Lt, ast.Gt],
    ast.Is: [ast.IsNot],
    ast.IsNot: [ast.Is],
    ast.In: [ast.NotIn],
    ast.NotIn: [ast.In],
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
}


def _of_code(name: str) -> Iterator[Mutant]:
    path = Path(table.__file__).parent / f"{name}.py"
    text = path.read_text()
    for number, node in enumerate(ast.walk(ast.parse(text))):
        for how, change in _changes(node):
            where = ast.get_source_segment(text, node) or ""
            told = f"{name}.py: {' '.join(where.split())[:70]} -> {how}"
            yield Mutant(told, _code_changed(path, number, change))


Change = Callable[[Any], ast.AST]


def _changes(node: ast.AST) -> Iterator[tuple[str, Change]]:  # noqa: C901, PLR0912 - one case for each kind of node
    match node:
        case ast.If() | ast.IfExp():
            yield "the other way", _turned
        case ast.comprehension(ifs=[_, *_]):
            yield "all of them", _unfiltered
        case ast.BoolOp(values=values):
            for i in range(len(values)):
                yield f"without part {i + 1}", _without(i)
        case ast.Compare(ops=[op]):
            for moved in _MOVED[type(op)]:
                yield moved.__name__, _compared(moved)
        case ast.Constant(value=int() as value) if not isinstance(value, bool):
            yield str(value + 1), lambda n: ast.Constant(n.value + 1)
        case ast.Constant(value=bool() as value):
            yield str(not value), lambda n: ast.Constant(not n.value)
        case ast.Set(elts=elements) if len(elements) > 1:
            for i in range(len(elements)):
                yield f"without part {i + 1}", _shorter(i)
        case ast.Expr(value=ast.Yield()):
            yield "left out", lambda _: ast.Pass()
        case ast.Call(func=ast.Name(id="max" | "min" as which)):
            other = "min" if which == "max" else "max"
            yield other, _called(other)
        case _:
            pass


def _turned(node: Any) -> ast.AST:
    node.test = ast.UnaryOp(ast.Not(), node.test)
    return node


def _unfiltered(node: Any) -> ast.AST:
    node.ifs = []
    return node


def _without(part: int) -> Change:
    def change(node: Any) -> ast.AST:
        left = [value for i, value in enumerate(node.values) if i != part]
        return left[0] if len(left) == 1 else ast.BoolOp(node.op, left)

    return change


def _compared(moved: type[ast.cmpop]) -> Change:
    def change(node: Any) -> ast.AST:
        node.ops = [moved()]
        return node

    return change


def _shorter(part: int) -> Change:
    def change(node: Any) -> ast.AST:
        node.elts = [element for i, element in enumerate(node.elts) if i != part]
        return node

    return change


def _called(other: str) -> Change:
    def change(node: Any) -> ast.AST:
        node.func.id = other
        return node

    return change


class _Put(ast.NodeTransformer):
    def __init__(self, old: ast.AST, change: Change) -> None:
        self._old = old
        self._change = change

    def visit(self, node: ast.AST) -> Any:
        return self._change(node) if node is self._old else self.generic_visit(node)


def _code_changed(
    path: Path, number: int, change: Change
) -> Callable[[], contextlib.AbstractContextManager[Both]]:
    @contextlib.contextmanager
    def living() -> Generator[Both]:
        tree = ast.parse(path.read_text())
        old = next(node for i, node in enumerate(ast.walk(tree)) if i == number)
        changed = ast.fix_missing_locations(_Put(old, change).visit(tree))
        module = ModuleType(path.stem)
        exec(compile(changed, str(path), "exec"), module.__dict__)
        yield (
            getattr(module, "decide", decide) if path.stem == "decide" else decide,
            module.hold if path.stem == "holding" else _kept_hold,
        )

    return living


# Tables: each word of each row.


@contextlib.contextmanager
def _put(rows: dict[Any, Any], key: object, other: object) -> Generator[Both]:
    kept = rows[key]
    rows[key] = other
    try:
        yield decide, hold if rows is readings.READINGS else _kept_hold
    finally:
        rows[key] = kept


_OTHER_NATURES = {
    Nature.WRITE: [Nature.READ, Nature.STAND],
    Nature.READ: [Nature.WRITE, Nature.STAND],
    Nature.MANAGE: [Nature.WRITE, Nature.STAND],
    Nature.EXPORT: [Nature.WRITE, Nature.STAND],
    Nature.STAND: [Nature.WRITE, Nature.READ],
}


def _others(name: str, value: Any, need: table.Need) -> list[Any]:  # noqa: PLR0911 - one case for each word
    """What else a word of a row could be."""
    match name:
        case "nature":
            # what only stands is refused by no state: it could as well have no nature
            return [*([] if value is Nature.STAND else [None]), *_OTHER_NATURES[value]] if value else []
        case "actors":
            return [*({table.AGENTS, table.PEOPLE} - {value})]
        case "role":
            least = 0 if value is None else list(Role).index(value)
            return [role for role in (None, *Role) if role != value and (role or least)] if value else []
        case "kinds":
            return [
                kinds for kinds in (table.ANYWHERE, table.GROUPS, table.TEAMS, table.OPEN) if kinds != value
            ]
        case "tool":
            return [None] if value else []
        case "own" | "others" | "acting" | "opens" | "admits_guests":
            return [not value] if value else []
        case "offices":
            sets = (frozenset({office}) for office in Office)
            return (
                [other for other in (*sets, frozenset(Office), frozenset()) if other != value]
                if value
                else []
            )
        case "own_or":
            return [None, Role.CONTRIBUTOR] if value else [Role.MANAGER] if need.own and need.role else []
        case "duties" | "duties_above_internal":
            less = [tuple(d for d in value if d is not duty) for duty in value]
            return less or ([(Duty.AUDIT,)] if name == "duties" else [])
        case _:
            raise LookupError(name)


def _of_acts() -> Iterator[Mutant]:
    for action, need in table.TABLE.items():
        for name in need.__struct_fields__:
            value = getattr(need, name)
            for other in _others(name, value, need):
                if need.nature is None and name == "kinds":
                    continue  # an act on no space
                changed = msgspec.structs.replace(need, **{name: other})
                told = f"{action.value}: {name} {_word(value)} -> {_word(other)}"
                yield Mutant(told, _row(table.TABLE, action, changed), act=action)


def _of_states() -> Iterator[Mutant]:
    for state, admitted in table.ADMITS.items():
        for nature in Nature:
            told = f"{state.value}: {nature.value} {'refused' if nature in admitted else 'admitted'}"
            yield Mutant(told, _row(table.ADMITS, state, admitted ^ {nature}))


def _of_readings() -> Iterator[Mutant]:
    for reading, terms in readings.READINGS.items():
        binds = [label for label in Label if abs(_rank(label) - _rank(terms.binds_from)) == 1]
        others = [msgspec.structs.replace(terms, binds_from=label) for label in binds]
        others.append(msgspec.structs.replace(terms, exceptions=not terms.exceptions))
        if terms.exceptions:
            others += [msgspec.structs.replace(terms, exception_months=months) for months in (11, 13)]
            others += [msgspec.structs.replace(terms, granted_months=months) for months in (11, 13)]
        for other in others:
            changed = [f for f in terms.__struct_fields__ if getattr(terms, f) != getattr(other, f)]
            told = f"{reading.value}: {changed[0]} -> {getattr(other, changed[0])}"
            yield Mutant(told, _row(readings.READINGS, reading, other))


def _row(
    rows: dict[Any, Any], key: object, other: object
) -> Callable[[], contextlib.AbstractContextManager[Both]]:
    return lambda: _put(rows, key, other)


def _rank(label: Label) -> int:
    return list(Label).index(label)


def _word(value: object) -> str:
    if isinstance(value, frozenset | tuple):
        return "+".join(sorted(str(v) for v in cast("frozenset[object]", value))) or "nothing"
    return str(value)
