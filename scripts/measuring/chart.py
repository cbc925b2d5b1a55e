"""The chart of a benchmark: microseconds an entry by size, each way a line."""

import sys
from collections.abc import Sequence
from pathlib import Path

import pygal
from pygal.style import Style

from measuring.results import Measured, Result

# pygal leaves a finder of plug-ins in the import system, in a form that Python no longer
# knows: it warns at every import from then on. No plug-in is used here.
sys.meta_path[:] = [finder for finder in sys.meta_path if hasattr(finder, "find_spec")]

_LINES = (
    ("import, with all checks", ""),
    ("import, with all checks", "library save in batches"),
    ("cold replay on one core", ""),
    ("cold replay on one core", "library log and mapper"),
    ("cold replay on one core", "sqlite3 and msgpack"),
    ("headcount, warm", ""),
    ("headcount, warm", "fold over the replay"),
    ("headcount, warm", "SQL over JSON states"),
)
"""What is drawn: a result, and whose time; empty is Rollbook's."""
_COLOURS = ("#b30000", "#f08080", "#00429d", "#6a9bd8", "#8a63d2", "#1b6e2e", "#6fbf73", "#b8a000")


def _value(results: Sequence[Result], what: str, way: str) -> float | None:
    """Return the best time of a way in seconds, None where it was not measured."""
    for result in results:
        if result.what == what and not result.is_limit:
            if not way:
                return result.best
            return next((beside.best for beside in result.beside if beside.way == way), None)
    return None


def draw(measured: Sequence[Measured], path: Path) -> None:
    """Write the chart as SVG: a level line has cost in proportion to the entries."""
    chart = pygal.Line(
        logarithmic=True,
        width=900,
        height=520,
        title="Microseconds an entry (logarithmic; level: in proportion to the entries)",
        x_title="entries in the book",
        legend_at_bottom=True,
        legend_at_bottom_columns=2,
        truncate_legend=-1,
        js=(),
        y_labels=(0.01, 0.1, 1, 10, 100, 1_000),
        stroke_style={"width": 2},
        disable_xml_declaration=True,
        style=Style(background="white", plot_background="white", colors=_COLOURS),
    )
    chart.uuid = "benchmark"  # a name by chance would make every chart another file
    chart.x_labels = [f"{size.entries:,}" for size in measured]
    for what, way in _LINES:
        values = [(_value(size.results, what, way), size.entries) for size in measured]
        chart.add(
            f"{what.partition(',')[0]}: {way or 'Rollbook'}",
            [None if best is None else best / entries * 1e6 for best, entries in values],
        )
    path.write_text(chart.render(is_unicode=True) + "\n", encoding="utf-8")
