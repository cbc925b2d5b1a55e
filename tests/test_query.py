"""``query``: SQL over the tables, that can change nothing and reach nothing else."""

from datetime import UTC, date, timedelta
from pathlib import Path
from typing import Any

import pytest

from ledger.errors import WrongUsage
from projections.query import TABLES, query
from projections.reading import Reading
from tests.shelf import new_book

TABLE = """
    unit_founded 2015-01-01 TP
    unit_founded 2015-01-01 C1 parent=TP
    nominated 2016-01-01 P1 unit=C1
    listed 2016-02-01 P1
    admitted 2016-05-19 P1 unit=C1
    voided 2018-01-01 5
    unnamed_counted 2015-12-31 TP measure=members count=260 as_of=2015-12-31
"""


def asked(folder: Path, sql: str, known: int | None = None) -> tuple[list[str], list[Any]]:
    """Return columns and rows that a query gives."""
    with new_book(folder, TABLE) as book, Reading(book, known_entry=known) as reading:
        return query(reading, sql)


def test_tables_are_shown_and_described(tmp_path: Path) -> None:
    with new_book(tmp_path, TABLE) as book:
        for _ in range(2):
            with Reading(book) as reading:
                _, rows = query(reading, "SHOW TABLES")
                assert [row[0] for row in rows] == sorted(TABLES)
                for table in TABLES:
                    columns, _ = query(reading, f"SELECT * FROM {table}")  # noqa: S608 - our own
                    _, described = query(reading, f"DESCRIBE {table}")
                    assert [row[0] for row in described] == columns


def test_people_and_units_come_by_their_codes(tmp_path: Path) -> None:
    columns, rows = asked(
        tmp_path, "SELECT person, unit, standing, stage, since FROM spells ORDER BY since"
    )
    assert columns == ["person", "unit", "standing", "stage", "since"]
    assert rows == [
        ("P1", "C1", "applicant", "nominated", date(2016, 1, 1)),
        ("P1", "C1", "applicant", "listed", date(2016, 2, 1)),
    ]


def test_moments_with_a_zone_are_those_of_utc_on_every_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Ho_Chi_Minh")
    sql = "SELECT DISTINCT recorded_at, recorded_at AT TIME ZONE 'UTC' AS zoned FROM entries"
    [[naive, zoned], *_] = asked(tmp_path, sql)[1]
    assert zoned == naive.replace(tzinfo=UTC)
    assert zoned.utcoffset() == timedelta(0)


def test_entries_say_what_displaced_them(tmp_path: Path) -> None:
    sql = "SELECT no, displaced_by FROM entries WHERE kind = 'admitted'"
    assert asked(tmp_path, sql)[1] == [(5, 6)]
    with new_book(tmp_path, TABLE, "known.db") as book, Reading(book, known_entry=5) as reading:
        assert query(reading, sql)[1] == [(5, None)]


def test_no_more_entries_come_than_are_asked_for(tmp_path: Path) -> None:
    # given a book in which nothing was displaced: DuckDB 2.0 loses a LIMIT over a join with nothing
    table = "unit_founded 2015-01-01 TP\nunit_renamed 2016-01-01 TP name=B\n"
    with new_book(tmp_path, table, "none.db") as book:
        for _ in range(2):  # from memory, then from the files of the cache
            with Reading(book) as reading:
                assert query(reading, "SELECT no FROM entries LIMIT 1")[1] == [(1,)]


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE x (i INTEGER)",
        "DELETE FROM main.spells",
        "COPY (SELECT 1) TO 'out.csv'",
        "ATTACH 'other.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "PRAGMA version",
        "CALL pragma_version()",
        "SELECT 1; SELECT 2",
        "",
    ],
)
def test_only_one_question_is_answered(tmp_path: Path, sql: str) -> None:
    with pytest.raises(WrongUsage, match="query_not_reading"):
        asked(tmp_path, sql)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('{secret}')",
        "SELECT * FROM '{secret}'",
        "SELECT * FROM read_text('{secret}')",
        "SELECT * FROM glob('{folder}/*')",
        "SELECT * FROM 'https://example.com/x.parquet'",
        "SELECT * FROM read_parquet('s3://bucket/x.parquet')",
        "SELECT * FROM sqlite_scan('{folder}/book.db', 'stored_events')",
        "SELECT * FROM TABLE",
        "SELECT * FROM nothing",
        "SELECT nothing FROM spells",
        "SELEC 1",
    ],
)
def test_nothing_else_can_be_reached(tmp_path: Path, sql: str) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a,b\n1,2\n")
    with pytest.raises(WrongUsage, match="query_failed"):
        asked(tmp_path, sql.format(secret=secret, folder=tmp_path))


def test_python_is_not_reached_either(tmp_path: Path) -> None:
    folder = asked  # a name that DuckDB could find in the frames above it
    with pytest.raises(WrongUsage, match="query_failed"):
        asked(tmp_path, "SELECT * FROM folder")
    assert folder is asked


def test_a_reading_goes_on_after_a_query(tmp_path: Path) -> None:
    with new_book(tmp_path, TABLE) as book, Reading(book) as reading:
        with pytest.raises(WrongUsage):
            query(reading, "SELECT nothing FROM spells")
        assert reading.unit(None) == "TP"
        assert query(reading, "SELECT count(*) AS n FROM units") == (["n"], [(2,)])
