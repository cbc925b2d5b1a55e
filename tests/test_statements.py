"""The SQL of the read side: it stays in what can be carried to Spark, and in whole numbers."""

from pathlib import Path

import pytest
import sqlglot
from sqlglot import expressions

from ledger.lifecycle.effects import EFFECTS
from projections.filters import FILTERS, condition
from projections.measures import BY_DECISION, MEASURES
from projections.statements import DECLARED, NEEDS, PATHS, STAGE_OF_KIND, STAGES, statement
from projections.subjects import subjects_sql

SQL = Path(__file__).parent.parent / "projections" / "sql"
NAMES = sorted(path.relative_to(SQL).with_suffix("").as_posix() for path in SQL.rglob("*.sql"))
FILTERED = condition({"sex": "female", "age": ["18-30", "unknown"], "religion": "any"}).sql
COUNTING = [
    *(subjects_sql(measure, ["sex"], FILTERED) for measure in (*MEASURES.values(), BY_DECISION)),
    *(subjects_sql(MEASURES["members"], [filter_.value]) for filter_ in FILTERS.values()),
]


@pytest.mark.parametrize("name", NAMES)
def test_statements_can_be_carried_to_spark(name: str) -> None:
    carried(statement(name))


def test_counts_can_be_carried_to_spark() -> None:
    for text in set(COUNTING):
        carried(text)


def carried(text: str) -> None:
    for parsed in sqlglot.parse(text, read="duckdb"):
        assert parsed is not None
        spark = parsed.sql(dialect="spark", unsupported_level=sqlglot.ErrorLevel.RAISE)
        assert sqlglot.parse_one(spark, read="spark")
        types = {str(found.this) for found in parsed.find_all(expressions.DataType)}
        assert not types & {"FLOAT", "DOUBLE", "Type.FLOAT", "Type.DOUBLE"}
        assert not list(parsed.find_all(expressions.Div, expressions.Avg))


def test_every_derived_table_has_a_statement_that_names_what_it_needs() -> None:
    of_paths = {*named("given"), "heirs"}
    for name, needs in NEEDS.items():
        if name in PATHS:
            assert set(needs) == of_paths | ({"flows_of_nobody"} if name == "flows" else set())
        else:
            assert named(name) == set(needs)


def named(name: str) -> set[str]:
    """Return the tables that a statement is made from."""
    parsed = sqlglot.parse_one(statement(name), read="duckdb")
    tables = {table.name for table in parsed.find_all(expressions.Table)}
    return tables - {cte.alias for cte in parsed.find_all(expressions.CTE)}


def test_kinds_are_those_of_the_lifecycle() -> None:
    # The paths of people name the fields that give a place, and the one that makes official:
    # a new one has to be added there.
    assert {effect.place for effect in EFFECTS.values()} == {None, "unit", "to"}
    assert {effect.official_by for effect in EFFECTS.values()} == {None, "official_on"}
    assert set(STAGE_OF_KIND.values()) == set(STAGES)
    columns, rows = DECLARED["kinds"]
    assert all(len(row) == columns.count(",") + 1 for row in rows)
