"""What a report has to say on itself, beside its figures.

The words are English and serve as message ids of the translations.
"""

from typing import Any, NamedTuple

NOTES: dict[str, str] = {
    "unit_not_there": "unit {unit} did not exist on {on}: it counts nothing then",
    "flow_left_out": (
        "{count} {measure} counted without names by entry {entry} are left out: their period, "
        "{since} to {to}, only overlaps {first} to {last}"
    ),
    "flow_in_no_year": (
        "{count} {measure} counted without names by entry {entry} are in the whole, but in no "
        "single year: their period is {since} to {to}"
    ),
    "term_not_begun": "the term begins on {starts}: nothing is counted as of {as_of}",
    "not_narrowed": "{measure} cannot be narrowed by {filter}: it is left empty",
    "flows_left_out": (
        "for the same reason {count} more counts of {measure} without names are left out"
    ),
    "not_counted": "{measure} of target {target} cannot be counted from the book",
    "targets_frozen": (
        "targets of units that had ended by {on}: {count}; they are frozen as of the end, and "
        "what is counted as of a later day is zero"
    ),
    "targets_succeeded": (
        "targets of units that had ended by {on} are left out: {count}; what those units did "
        "is counted under their successors"
    ),
    "period_not_begun": "the period begins on {since}, after {on}: nothing of it is counted",
    "base_unknown": (
        "targets that are a rate of something not told, or not there yet: {count}; they have "
        "no completion"
    ),
    "unnamed_at_no_stage": (
        "{measure} counted without names: {count}; they are at no stage, which is told of "
        "named people only"
    ),
    "months_not_over": (
        "the {months} months are not over for all of them on {on}: more may yet be admitted in time"
    ),
    "deadlines_not_computed": (
        "{count} deadlines of {rule} are not computed: they are in working days, and no calendar "
        "is given (--calendar) or it does not cover them"
    ),
    "rule_not_checkable": (
        "{rule} cannot be checked from a book: `rollbook rules show {rule}` says why"
    ),
    "rule_not_adopted": (
        "{rule} is one of the local rules {overlay}: no unit of the book has adopted them"
    ),
    "years_left_out": "years after {year} are left out: they have not begun",
}
"""The words of each note by its code."""


class Note(NamedTuple):
    """One remark; ``text`` gives it in English, the translation is made from NOTES itself."""

    code: str
    values: dict[str, Any]

    @property
    def text(self) -> str:
        """Return the remark in English."""
        return NOTES[self.code].format(**self.values)
