"""What a call imports: the help comes at once, and recording needs no projections."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.terminal import ROOT, environment, started, words

HEAVY = {
    "duckdb",
    "pyarrow",
    "eventsourcing",
    "cryptography",
    "msgspec",
    "msgpack",
    "tabulate",
    "xlsxwriter",
    "ledger.catalogue",
    "projections",
    "sqlite3",
    "dataclasses",
    "importlib.metadata",
}
READING = {"duckdb", "pyarrow", "projections", "tabulate", "xlsxwriter"}
ASKING = """
import json, sys
from commands.main import rollbook
try:
    rollbook.main(sys.argv[1:])
except SystemExit as left:
    assert not left.code, left.code
print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""


def modules(*arguments: str, **variables: str) -> set[str]:
    """Return the modules that a call has imported when it ends."""
    ended = subprocess.run(
        [sys.executable, "-c", ASKING, *arguments],
        capture_output=True,
        cwd=ROOT,
        env=environment(**variables),
        check=True,
    )
    return set(json.loads(ended.stderr.decode().splitlines()[-1]))


@pytest.mark.parametrize("arguments", [("--help",), ("--lang", "vi", "--help")])
def test_help_of_the_program_imports_nothing_heavy(arguments: tuple[str, ...]) -> None:
    assert not modules(*arguments) & HEAVY


def test_recording_imports_nothing_that_only_reading_needs(tmp_path: Path) -> None:
    book = started(tmp_path)
    fields = words("--unit TP --name Phường --type cell --on 2015-01-01")
    assert not modules("record", "unit_founded", *fields, ROLLBOOK=str(book)) & READING


@pytest.mark.parametrize(
    "arguments", [("record", "admitted", "--help"), ("void", "--help"), ("export",)]
)
def test_neither_do_the_other_commands_of_the_write_side(
    arguments: tuple[str, ...], tmp_path: Path
) -> None:
    assert not modules(*arguments, ROLLBOOK=str(started(tmp_path))) & READING


def test_a_table_imports_nothing_that_only_a_workbook_or_parquet_needs(tmp_path: Path) -> None:
    book = started(tmp_path)
    found = modules("codes", ROLLBOOK=str(book))
    assert not found & {"xlsxwriter", "pyarrow", "commands.workbook"}


def test_listing_entries_as_json_needs_no_projections(tmp_path: Path) -> None:
    book = started(tmp_path)
    assert not modules("log", "--format", "json", ROLLBOOK=str(book)) & READING


def test_a_question_asked_again_decodes_nothing_and_needs_no_arrow(tmp_path: Path) -> None:
    book = str(started(tmp_path))
    fields = words("--unit TP --name Phường --type cell --on 2015-01-01")
    modules("record", "unit_founded", *fields, ROLLBOOK=book)
    asked = ("headcount", "--as-of", "2020-12-31")
    assert "pyarrow" in modules(*asked, ROLLBOOK=book)
    assert "pyarrow" not in modules(*asked, ROLLBOOK=book)


def test_lines_need_nothing_that_only_sheets_or_long_files_need(tmp_path: Path) -> None:
    lines = tmp_path / "units.jsonl"
    lines.write_text(
        '{"kind":"unit_founded","effective_on":"2015-01-01","unit":"A","name":"A","type":"cell"}\n'
    )
    found = modules("import", str(lines), ROLLBOOK=str(started(tmp_path)))
    assert not found & {"commands.sheets", "ledger.exchange.workbook", "multiprocessing"}
