"""Every note that a report carries can be said, with the values it is given."""

import ast
from pathlib import Path
from string import Formatter

import projections
from projections.notes import NOTES

SOURCES = sorted(Path(projections.__path__[0]).rglob("*.py"))


def _notes_made() -> dict[str, set[str]]:
    """Return, for each call of ``note`` in the projections, its code and the names it gives."""
    return {
        node.args[0].value: {keyword.arg or "" for keyword in node.keywords}
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "note"
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


def test_every_note_is_given_the_values_its_words_need() -> None:
    made = _notes_made()
    assert made.keys() == NOTES.keys()
    for code, given in made.items():
        assert {name for _, name, _, _ in Formatter().parse(NOTES[code]) if name} <= given, code
