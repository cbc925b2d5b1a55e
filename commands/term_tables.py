"""The tables of a term that people see: totals, growth and targets; or rows of a breakdown."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from commands.breakdowns import Asked, cross_table, told_apart
from commands.cells import Exact
from commands.language import word
from commands.output import Sheet
from projections.measures import can_be_told, measure_of
from projections.tally import AGED, DETAILS, MEASURES, WHOLE

TARGET_COLUMNS = ("target", "source", "measure", "form", "amount", "done", "completion")
YEAR_COLUMNS = ("year", "from", "to", *MEASURES)
COMPARED = {
    "growth": "Growth against the year before, in per cent",
    "index": "Index against the year before, in per cent",
}
"""What each year is held against the one before by, with the title of its table."""
_CUT = "*"
_WORDS_OF_DETAILS = {"cause": "kind", "class_type": "type"}


def sheets(report: Mapping[str, Any]) -> list[Sheet]:
    """Return a report for people: measures down, years across; then growth, then targets."""
    years = {_head(row): row for row in report["years"]}
    found = [
        Sheet(("measure", *years, "total", "yearly_mean"), list(_totals(report, years)), "Totals")
    ]
    for name, title in COMPARED.items():
        rows: list[dict[str, Any]] = [
            {"measure": measure} | {head: _shown(row[name][measure]) for head, row in years.items()}
            for measure in MEASURES
            if any(row[name][measure] is not None for row in years.values())
        ]
        if rows:
            found.append(Sheet(("measure", *years), rows, title))
    if report["targets"]:
        found.append(Sheet(TARGET_COLUMNS, report["targets"], "Targets"))
    return found


def was_cut(report: Mapping[str, Any]) -> bool:
    """Return whether a year of a report was cut to the term or to the day asked."""
    return any(_head(row).endswith(_CUT) for row in report["years"])


def _head(row: Mapping[str, Any]) -> str:
    """Return the head of a year's column, marked if the year was cut."""
    whole = date(row["year"], 1, 1), date(row["year"], 12, 31)
    return f"{row['year']}{'' if (row['from'], row['to']) == whole else _CUT}"


def _shown(text: str | None) -> Exact | None:
    return None if text is None else Exact(text)


def _totals(
    report: Mapping[str, Any], years: Mapping[str, Mapping[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Yield a line for each measure, and below it one for each cause or type it is made of."""
    totals = report["totals"]
    for measure in MEASURES:
        if totals[measure] is None:
            continue  # a filter that it cannot be narrowed by
        yield {
            "measure": word("measure", measure),
            **{head: row[measure] for head, row in years.items()},
            "total": totals[measure],
            "yearly_mean": report["yearly_mean"][measure],
        }
        key, detail = DETAILS.get(measure, ("", ""))
        for code in totals.get(key, ()):
            yield {
                "measure": f"- {word(_WORDS_OF_DETAILS[detail], code)}",
                **{head: row[key].get(code, 0) for head, row in years.items()},
                "total": totals[key][code],
            }
    if "mean_age" in totals:
        yield {
            "measure": word("column", "mean_age"),
            **{head: _shown(row["mean_age"]) for head, row in years.items()},
            "total": _shown(totals["mean_age"]),
        }


def year_rows(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return a report as rows for CSV: one a year, and a last one for the whole."""
    whole = {"year": "total", "from": report["from"], "to": report["to"], **report["totals"]}
    return [*report["years"], whole]


def row_columns(broken: Asked) -> tuple[str, ...]:
    """Return the columns of the rows of a breakdown."""
    return ("year", *broken.by, *MEASURES, *(("mean_age",) if broken.mean_age else ()))


def broken_down(report: Mapping[str, Any], broken: Asked) -> list[Sheet]:
    """Return a table for each measure that anything was done of, admissions first.

    One key goes down and the years across; two keys make the cross table of the whole.
    Measures that cannot be told apart by any of the keys are left out; the report without
    keys has them.
    """
    return [
        _of_measure(report, broken, name)
        for name in MEASURES
        if broken.by
        and (name == AGED or report["totals"][name])
        and report["totals"][name] is not None
        and any(key == "unit" or can_be_told(measure_of(name), key) for key in broken.by)
    ]


def _of_measure(report: Mapping[str, Any], broken: Asked, name: str) -> Sheet:
    rows = [row for row in report["breakdown"] if row[name]]
    named = word("measure", name)
    title = f"{named[:1].upper()}{named[1:]}"
    if len(broken.by) > 1:
        whole = [row for row in rows if row["year"] == WHOLE]
        return cross_table(whole, broken.by, name, title)
    (key,) = broken.by
    years = {row["year"]: _head(row) for row in report["years"]}
    mean_age = ("mean_age",) if broken.mean_age and name == AGED else ()
    lines: dict[str | None, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: row["year"] != WHOLE):
        head = WHOLE if row["year"] == WHOLE else years[row["year"]]
        line = lines.setdefault(row[key], {key: row[key]})
        line[head] = row[name]
        if head == WHOLE and mean_age:
            line["mean_age"] = row["mean_age"]
    sums = {years[row["year"]]: row[name] for row in report["years"]}
    last = {key: word("column", WHOLE), **sums, WHOLE: report["totals"][name]}
    if mean_age:
        last["mean_age"] = report["totals"]["mean_age"]
    shown = told_apart(lines.values(), broken.by)
    return Sheet((key, *years.values(), WHOLE, *mean_age), [*shown, last], title)
