"""The options of a kind of entry, derived from the catalogue, and what they were given.

Each field becomes one option, or one for each of its parts:

=============  =========================================================================
field          options
=============  =========================================================================
effective_on   ``--on`` (also ``--effective-on``)
document       ``--document NUMBER``, ``--document-issuer``, ``--document-date``; consent too
profile        its parts by their own names: ``--name``, ``--birth-date``, ``--sex`` …
period         ``--from``, ``--to``
base           ``--base NUMBER``, or ``--base-measure``, ``--base-as-of``, ``--base-from`` …
filters        ``--filter KEY=VALUE``, once for each; against likewise, a target or a period
lists          the option once for each item
truths         ``--flag`` and ``--no-flag``
=============  =========================================================================

What was given is put together as the plain map that JSON Lines has, so that a typed entry
is checked by the same code as an imported one.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any

import click
from click.core import ParameterSource

from commands.command import Option
from commands.narrowing import AGAINST, FILTER, against, filters
from commands.parameters import AMOUNT, DAY, DECIMAL, ENTRY, INTEGER, PERSON, TEXT, Checked, OneOf
from ledger.catalogue import KINDS, Base, Field, Period, fields_of, own_fields
from ledger.codes import LISTS
from ledger.recording.door import OPENING_KINDS

Path = tuple[str, ...]
_SIMPLE = {
    "date": DAY,
    "integer": INTEGER,
    "decimal": DECIMAL,
    "amount": AMOUNT,
    "text": TEXT,
}
_CODES = {name: Checked("CODE", completes=name) for name in ("class", "target")}
_UNIT = Checked("UNIT", completes="unit")


class FieldOption(Option):
    """An option that holds one field, or one part of a field, of an entry."""

    def __init__(self, path: Path, *, needed: bool, **kwargs: Any) -> None:
        self.path = path
        """Where the value stands in the map of JSON Lines: ``("profile", "name")``."""
        self.needed = needed
        """Whether recording needs it; missing ones are listed together, not one by one."""
        super().__init__(**kwargs)

    def type_cast_value(self, ctx: click.Context, value: Any) -> Any:
        """Return the value; an empty text stays one, and means that nothing is there."""
        return value if value == "" else super().type_cast_value(ctx, value)

    def get_help_extra(self, ctx: click.Context) -> Any:
        """Return what the help adds in brackets: that the option is required."""
        extra = super().get_help_extra(ctx)
        if self.needed:
            extra["required"] = "required"
        return extra


@cache
def options_of(kind: str, *, needs_all: bool = True) -> tuple[FieldOption, ...]:
    """Return the options of ``kind``: its own fields, then those that every entry has.

    ``needs_all`` is False for a correction, which has every field already.
    """
    own = [option for field in own_fields(kind) for option in _options(kind, field)]
    options = (*own, *_common(kind))
    for option in options:
        option.needed = option.needed and needs_all
    return options


def _common(kind: str) -> Iterator[FieldOption]:
    """Yield the options for what every entry has, the day first."""
    for field in fields_of(KINDS[kind]):
        if field.name == "effective_on":
            yield FieldOption(
                ("effective_on",),
                needed=not defaults_day(kind),
                param_decls=["--on", "--effective-on", "on"],
                type=DAY,
                help=field.help,
            )
    others = {field.name: field for field in fields_of(KINDS[kind])}
    for name in ("document", "note", "consent", "corrects"):
        yield from _options(kind, others[name])


def defaults_day(kind: str) -> bool:
    """Return whether the day of ``kind`` follows from its other fields, or is the present.

    A count of a stock takes effect as of its day; a voiding when it is recorded. Nothing
    else is ever guessed.
    """
    return kind in {"unnamed_counted", "voided"}


def _options(kind: str, field: Field) -> Iterator[FieldOption]:
    """Yield the options of one field."""
    path = (field.name,)
    if field.name in {"filters", "against"}:
        yield _list_option(path, field)
    elif field.name == "base":
        yield _option(path, field, type=DECIMAL)
        yield from _parts(path, fields_of(Base), prefix="base-")
    elif field.name == "profile":
        for part in sorted(field.parts, key=lambda part: not part.required):
            needed = field.required and part.required
            yield _option((*path, part.name), part, needed=needed)
    elif field.name == "period":
        yield from _parts(path, field.parts, prefix="", needed=field.required)
    elif field.parts:
        yield from _parts(path, field.parts, prefix=f"{field.name}-", first=field)
    else:
        handed_out = field.name == "person" and kind in OPENING_KINDS
        yield _option(path, field, needed=field.required and not handed_out)


def _parts(
    path: Path,
    parts: tuple[Field, ...],
    *,
    prefix: str,
    first: Field | None = None,
    needed: bool = False,
) -> Iterator[FieldOption]:
    """Yield the options of the parts of a value, those of a period in it without its name.

    ``first``: the field itself, whose name alone stands for its first part:
    ``--document`` is the document's number.
    """
    for place, part in enumerate(parts):
        inner = (*path, part.name)
        if part.name == "period":
            yield from _parts(inner, fields_of(Period), prefix=prefix)
        elif first is not None and place == 0:
            yield _option(inner, first, name=first.name, type=TEXT)
        else:
            yield _option(inner, part, name=f"{prefix}{part.name}", needed=needed)


def _list_option(path: Path, field: Field) -> FieldOption:
    narrowing = field.name == "filters"
    return FieldOption(
        path,
        needed=field.required,
        param_decls=["--filter" if narrowing else "--against", field.name],
        type=FILTER if narrowing else AGAINST,
        multiple=True,
        help=field.help,
    )


def _option(
    path: Path,
    field: Field,
    *,
    name: str = "",
    needed: bool = False,
    type: Checked | None = None,  # noqa: A002 - the word of the library for the same thing
) -> FieldOption:
    written = (name or field.name).replace("_", "-")
    flag = f"--{written}/--no-{written}" if field.type == "truth" else f"--{written}"
    return FieldOption(
        path,
        needed=needed,
        param_decls=[flag],
        type=None if field.type == "truth" else type or _type(field),
        default=None,
        multiple=field.many,
        help=field.help,
    )


def _type(field: Field) -> click.ParamType[Any]:
    if field.choices:
        return OneOf(field.choices, context=field.name)
    if field.name in {"corrects", "entry"}:
        return ENTRY
    if field.names == "unit":
        return _UNIT
    if field.names == "person":
        return PERSON
    if field.name in LISTS:
        return Checked("CODE", listed=field.name)
    return _CODES.get(field.names or "") or _SIMPLE[field.type]


def given(ctx: click.Context, kind: str) -> dict[Path, Any]:
    """Return what was given on the command line, by the path of its field.

    Values are plain, as in JSON Lines; an empty text is kept, and means: nothing there.
    """
    found: dict[Path, Any] = {}
    for option in options_of(kind):
        name = option.name or ""
        if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            found[option.path] = _plain(option.path, ctx.params[name])
    return found


def _plain(path: Path, value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if path == ("filters",):
        return filters(value)
    if path == ("against",):
        return against(value)
    if isinstance(value, tuple):
        return [_plain((), item) for item in value if item != ""]
    return value


def overlaid(entry: Mapping[str, Any], values: Mapping[Path, Any]) -> dict[str, Any]:
    """Return the map of an entry with values put in at their paths.

    An empty text takes the field away; what is left without parts goes, too.
    """
    whole: dict[str, Any] = dict(entry)
    for path, value in values.items():
        field, *rest = path
        whole[field] = _put(whole.get(field), rest, value)
        if whole[field] in ("", None, {}, []):
            del whole[field]
    return whole


def _put(inside: Any, rest: list[str], value: Any) -> Any:
    """Return ``inside`` with ``value`` at the path ``rest`` in it."""
    if not rest:
        return value
    part, *deeper = rest
    parts = dict(inside) if isinstance(inside, Mapping) else {}
    parts[part] = _put(parts.get(part), deeper, value)
    return {name: kept for name, kept in parts.items() if kept not in ("", None, {}, [])}


def option_at(kind: str, path: str) -> str | None:
    """Return the option of the field at a dotted path, ``profile.name``: where to mend it."""
    wanted = tuple(path.split("."))
    for option in options_of(kind):
        if option.path == wanted or (len(wanted) < len(option.path) and wanted == option.path[:1]):
            return str(option.opts[0])
    return None
