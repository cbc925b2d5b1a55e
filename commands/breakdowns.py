"""``--by``, ``--filter`` and ``--mean-age``: the options of counts that can be broken down.

Two keys make a cross table for people, with totals on both edges; programs get one row a
combination.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import wraps
from typing import Any, NamedTuple

import click

from commands import dates
from commands.cells import printable
from commands.command import Option
from commands.language import say, spoken, word
from commands.narrowing import FILTER, KEYS, filters
from commands.output import Sheet
from commands.parameters import OneOf
from commands.words import meant
from ledger.codes import LIST_OF, TOGETHER, code_list
from ledger.errors import Problem, WrongUsage
from ledger.reasons import REASONS
from ledger.recording.narrowing import CLOSED, choices_of, one_form
from projections.bands import UNKNOWN
from projections.filters import ANY, codes_asked
from projections.placing import sort_key

_Command = Callable[..., None]
_SIDES = 2
_TOTAL = "total"
_OF_NO_LIST = frozenset({UNKNOWN, ANY})
"""Values that a filter takes beside the codes of a list."""


class Asked(NamedTuple):
    """How a count is to be broken down and narrowed."""

    by: tuple[str, ...]
    filters: dict[str, Any]
    mean_age: bool


class SomeOf(OneOf):
    """Identifiers of a choice, several of them with commas between."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the identifiers as they were given; raise WrongUsage for another."""
        parts = str(value).split(",")
        return ",".join(OneOf.convert(self, part.strip(), param, ctx) for part in parts)


def breakdown_options(keys: Sequence[str], *, narrows: Iterable[str]) -> Callable[..., _Command]:
    """Return a decorator that gives a command ``broken``: how its count is broken down.

    ``keys`` are what it can be broken down by, ``narrows`` the filters that it knows.
    """
    known = frozenset(narrows)

    def decorate(command: _Command) -> _Command:
        @wraps(command)
        def packed(
            *args: Any, keys: tuple[str, ...], filters: Any, mean_age: bool, **kwargs: Any
        ) -> None:
            asked = Asked(_sides(keys), _narrowed(filters, known), mean_age)
            command(*args, broken=asked, **kwargs)

        decorated: _Command = packed
        for option in (
            click.option(
                "--mean-age",
                "mean_age",
                cls=Option,
                is_flag=True,
                help="Add the mean age in years, of those whose year of birth is known.",
            ),
            click.option(
                "--filter",
                "filters",
                cls=Option,
                type=FILTER,
                multiple=True,
                help="Count only what has this value; give a key twice for either of two values.",
            ),
            click.option(
                "--by",
                "keys",
                cls=Option,
                type=SomeOf(keys, context="column"),
                multiple=True,
                help="Count by this characteristic: a row for each value; by two, a cross table.",
            ),
        ):
            decorated = option(decorated)
        return decorated

    return decorate


def _sides(given: Iterable[str]) -> tuple[str, ...]:
    keys = tuple(dict.fromkeys(key for item in given for key in item.split(",")))
    if len(keys) > _SIDES:
        raise WrongUsage(Problem("too_many_keys", value=", ".join(keys)).at("--by"))
    return keys


def _narrowed(pairs: Iterable[tuple[str, Any]], known: frozenset[str]) -> dict[str, Any]:
    found = filters(pairs)
    for name, value in found.items():
        reason = ""
        if name not in known:
            reason = say("it is nothing that is known of what is counted here")
        elif name != "founded_in":  # read as a period already
            found[name], code = one_form(name, value)
            near = _hint(name, value, CLOSED.get(name, ()))
            words = {**choices_of(name), "suggestion": near}
            reason = say(REASONS[code].text).format(**words) if code else ""
        if reason:
            given = f"{name}={value}"
            choices = ", ".join(key for key in KEYS if key in known)
            problem = Problem("bad_filter", value=given, detail=reason, choices=choices)
            raise WrongUsage(problem.at("--filter"))
    return found


def _hint(name: str, value: Any, codes: Iterable[str]) -> str:
    """Return the question whether a code of these was meant, if one is near."""
    near = "".join(meant(given, name, codes) for given in codes_asked(value)[:1])
    return say("; did you mean {value}?").format(value=near) if near else ""


def _open_codes(narrowed: Mapping[str, Any]) -> Iterator[str]:
    """Yield that a code is in no list, in case it was a slip: the lists are open."""
    for name, value in narrowed.items():
        if name not in LIST_OF:
            continue
        codes = code_list(LIST_OF[name]).codes
        for given in codes_asked(value):
            if given in codes or given in _OF_NO_LIST or TOGETHER in given:
                continue
            text = say("{value} is not in the list {list}, and counted as itself")
            hint = _hint(name, given, codes)
            yield text.format(value=printable(given), list=LIST_OF[name]) + hint


def about_filters(narrowed: Mapping[str, Any]) -> Iterator[str]:
    """Yield the line that says what a report was narrowed to, if it was."""
    if narrowed:
        yield say("Only {filters}").format(filters=filters_shown(narrowed))
        yield from _open_codes(narrowed)


def filters_shown(narrowed: Mapping[str, Any]) -> str:
    """Return filters as people read them: each with its codes in words."""
    return ", ".join(f"{word('column', key)}: {_shown(key, narrowed[key])}" for key in narrowed)


def _shown(key: str, value: Any) -> str:
    if isinstance(value, Mapping):
        ends = (date.fromisoformat(value[end]) for end in ("from", "to"))
        return dates.BETWEEN.join(dates.shown(end, spoken()) for end in ends)
    items = value if isinstance(value, list) else [value]
    codes = (str(item).lower() if isinstance(item, bool) else str(item) for item in items)
    return ", ".join(word(key, code) for code in codes)


def told_apart(rows: Iterable[Mapping[str, Any]], keys: Sequence[str]) -> list[dict[str, Any]]:
    """Return rows for people: what cannot be told apart by a key is named so."""
    return [
        {**row, **{key: _named(key, row[key]) for key in keys if key != "unit"}} for row in rows
    ]


def _named(key: str, code: str | None) -> str:
    return word("column", "not_told_apart") if code is None else word(key, code)


def cross_table(
    rows: Sequence[Mapping[str, Any]], keys: Sequence[str], number: str, title: str = ""
) -> Sheet:
    """Return the table of two keys, the first downwards: ``number`` of each, sums on the edges."""
    down, across = keys
    order = sort_key(across)
    heads = {code: _named(across, code) for code in sorted({r[across] for r in rows}, key=order)}
    lines: dict[str | None, dict[str, Any]] = {}
    sums: dict[str, Any] = {down: word("column", _TOTAL), _TOTAL: 0}
    for row in rows:
        line = lines.setdefault(row[down], {down: _named(down, row[down]), _TOTAL: 0})
        head, count = heads[row[across]], row[number] or 0
        for each in (line, sums):
            each[head] = each.get(head, 0) + count
            each[_TOTAL] += count
    return Sheet((down, *heads.values(), _TOTAL), [*lines.values(), sums], title)
