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
    "not_counted": "{measure} of target {target} cannot be counted from the book",
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
