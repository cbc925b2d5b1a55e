"""``rollbook rules``: the rules of the field by their dates, and what of the book breaks them."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import click

from commands.bounds import Known, in_order, reading_options
from commands.calendar import calendar_of, calendar_option
from commands.command import Argument, Command, Group, Option
from commands.language import say, spoken, word
from commands.output import FLAT, FOR_PEOPLE, Sheet, output_options, used, write
from commands.parameters import DAY, TEXT
from commands.reading import asked
from commands.session import session_of
from ledger.errors import Problem, WrongUsage
from projections.rules import checks
from projections.rules.declared import BEGINNING, ENDLESS, Rule, Version, versions_of
from projections.rules.declared import rules as all_rules

LIST_COLUMNS = (
    "rule",
    "vi",
    "en",
    "version",
    "from",
    "to",
    "threshold",
    "extra",
    "consent_lifts",
    "counted_in",
    "source",
    "mark",
    "overlay",
    "checkable",
)
SUMMARY_COLUMNS = ("rule", "name", "overlay", *checks.STATUSES)
FOUND_COLUMNS = checks.COLUMNS
UNDECIDED_COLUMNS = ("rule", "version", "reason", "count")


def _source(version: Version) -> str | None:
    paper, given = version.paper, version.given
    if paper is None:
        return None
    parts = (paper.number, paper.issuer, paper.date_ and str(paper.date_), given and given.point)
    return ", ".join(str(part) for part in parts if part)


def _row(version: Version) -> dict[str, Any]:
    """Return a version as a row of ``rules list`` and ``rules show``."""
    rule = version.rule
    return {
        "rule": rule.id,
        "vi": rule.name["vi"],
        "en": rule.name["en"],
        "version": version.label,
        "from": None if version.since == BEGINNING else version.since,
        "to": None if version.until == ENDLESS else date.fromordinal(version.until.toordinal() - 1),
        "threshold": version.threshold,
        "extra": version.given and version.given.extra,
        "consent_lifts": rule.consent,
        "counted_in": rule.unit,
        "source": _source(version),
        "mark": version.mark or "unknown",
        "overlay": rule.overlay,
        "checkable": rule.check is not None,
    }


def _found(rule_id: str, place: str) -> list[Rule]:
    try:
        return checks.chosen([rule_id])
    except Problem as problem:
        raise WrongUsage(problem.at(place)) from None


@click.group(
    name="rules",
    cls=Group,
    examples=(
        "rollbook rules list",
        "rollbook rules show ADM-DECIDE-TIME",
        "rollbook rules check --unit TP --from 2020-01-01 --to 2020-12-31",
    ),
)
def rules_() -> None:
    """List the rules of the field by their dates, and what of the book breaks them.

    Rollbook records what is irregular and says so here; it never decides. A rule has one
    version for each paper that was in force, with its source.
    """


@rules_.command(
    name="list",
    cls=Command,
    short_help="list the rules with their thresholds and sources",
    examples=("rollbook rules list", "rollbook rules list --on 30/06/2025 --format csv"),
)
@click.option(
    "--on",
    cls=Option,
    type=DAY,
    help="The versions in force on this day; by default the latest.",
)
@output_options
def list_(*, form: str, on: date | None) -> None:
    """List every rule: its version, threshold and source, and whether a book can be checked.

    A version whose threshold is empty is not known here: what it governs is not checked.
    """
    rows = []
    for rule in all_rules():
        found = versions_of(rule)
        chosen = next((one for one in found if on and one.since <= on < one.until), found[-1])
        rows.append(_row(chosen))
    columns: Sequence[str] = LIST_COLUMNS
    if form in FOR_PEOPLE:
        columns = ("rule", "name", "version", "from", "threshold", "counted_in", "checkable")
        rows = [row | {"name": row[spoken()]} for row in rows]
    write(form, [Sheet(columns, rows)])


@rules_.command(
    name="show",
    cls=Command,
    short_help="show one rule: all its versions, and what is checked",
    examples=("rollbook rules show ADM-DECIDE-TIME",),
)
@click.argument("rule_id", cls=Argument, type=TEXT, metavar="ID", help="Id of the rule.")
@output_options
def show(*, form: str, rule_id: str) -> None:
    """Show a rule: what is held against what, from which entries, and all its versions.

    The day of the entry that is judged chooses the version.
    """
    found = _found(rule_id, say("ID"))
    rows = [_row(version) for rule in found for version in versions_of(rule)]
    about = [line for rule in found for line in _told(rule)]
    data = [
        {
            "rule": rule.id,
            "overlay": rule.overlay,
            "name": rule.name,
            "text": rule.text or rule.not_checkable,
            "checkable": rule.check is not None,
            "kinds": rule.kinds,
            "consent_lifts": rule.consent,
            "versions": [_row(version) for version in versions_of(rule)],
        }
        for rule in found
    ]
    told = [name for name in LIST_COLUMNS[3:-1] if name != "consent_lifts"]
    columns: Sequence[str] = used(told, rows)
    if form in FLAT:
        columns = LIST_COLUMNS
    sheets = [Sheet(columns, rows)]
    write(form, sheets, data=data if form in {"json", "jsonl"} else None, about=about)


def _told(rule: Rule) -> Iterator[str]:
    """Yield what a rule is about, for people."""
    yield f"{rule.id}: {rule.name[spoken()]}"
    text = rule.text or rule.not_checkable
    yield text[spoken()]
    if rule.check is None:
        yield say("It cannot be checked from the book.")
    if rule.kinds:
        kinds = ", ".join(word("kind", kind) for kind in rule.kinds)
        yield say("From the entries: {kinds}").format(kinds=kinds)
    if rule.consent:
        yield say("A paper of consent on the entry lifts it.")


@rules_.command(
    name="check",
    cls=Command,
    short_help="list what of the book breaks a rule in force on its day",
    examples=(
        "rollbook rules check",
        "rollbook rules check --unit TP --from 2020-01-01 --to 2020-12-31",
        "rollbook rules check --rule ADM-DECIDE-TIME --not-checked",
    ),
)
@reading_options("unit", "as_of")
@click.option(
    "--from", "since", cls=Option, type=DAY, help="Only what is judged on this day or later."
)
@click.option(
    "--to", "last_on", cls=Option, type=DAY, help="Only what is judged up to the end of this day."
)
@click.option(
    "--rule", "ids", cls=Option, type=TEXT, multiple=True, metavar="ID", help="Only this rule."
)
@click.option(
    "--not-checked",
    "all_rows",
    cls=Option,
    is_flag=True,
    help="List what could not be checked one by one, too, and not only how many.",
)
@calendar_option
@output_options
@click.pass_context
def check(
    ctx: click.Context,
    /,
    *,
    form: str,
    unit: str | None,
    as_of: date | None,
    since: date | None,
    last_on: date | None,
    ids: tuple[str, ...],
    all_rows: bool,
    calendar_path: str | None,
    known: Known,
) -> None:
    """List what breaks a rule in force on its day: breaches, and those that a consent lifts.

    What the book does not hold is not checked, and said so. It leaves with 1 when there is a
    breach. For programs every finding is a row, whose status is breach, lifted or
    not_checked; for people what was not checked is only counted, unless it is asked for.
    """
    calendar = calendar_of(calendar_path)
    in_order(since, last_on)
    for rule_id in ids:
        _found(rule_id, "--rule")
    with asked(session_of(ctx), known) as question:
        day = as_of or question.today
        people = form in FOR_PEOPLE
        found = checks.check(
            question.reading,
            unit,
            day,
            since=since,
            last_on=last_on,
            only=ids,
            calendar=calendar,
            statuses=checks.STATUSES if all_rows or not people else ("breach", "lifted"),
        )
        about = question.about(as_of=day)
        if calendar is None and people:
            about.insert(0, say("Without --calendar no deadline in working days is ever late"))
        write(form, _sheets(found, all_rows=all_rows, people=people), about=about)
    if found.breaches:
        ctx.exit(1)


def _sheets(found: checks.Findings, *, all_rows: bool, people: bool) -> Sequence[Sheet]:
    """Return the findings, and for people how many there are of each rule."""
    if not people:
        return [Sheet(FOUND_COLUMNS, found.rows)]
    names = {(rule.id, rule.overlay): rule.name[spoken()] for rule in all_rules()}
    summary = [row | {"name": names[row["rule"], row["overlay"]]} for row in found.summary]
    local = any(row["overlay"] for row in summary)
    columns = [name for name in SUMMARY_COLUMNS if name != "overlay" or local]
    rows = list(found.rows)
    told = used(FOUND_COLUMNS, rows) or FOUND_COLUMNS
    sheets = [Sheet(told, rows), Sheet(columns, summary, "By rule")]
    if found.undecided and not all_rows:
        sheets.append(Sheet(UNDECIDED_COLUMNS, found.undecided, "Not checked"))
    return sheets
