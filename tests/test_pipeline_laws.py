"""Laws of the pipeline, on generated histories (``histories.py``)."""

from hypothesis import given

from projections.cohorts import COLUMNS, OUTCOMES, Flow, flow, flow_entries
from projections.counting import Span
from projections.opening import opened
from projections.pipeline import entries_at_stages, pipeline
from projections.roster import roster
from projections.statements import STAGES
from tests.reference import Asked
from tests.reference_pipeline import PipelineReference
from tests.test_laws import FEWER, SEEDS, SIZES, some_days, some_unit
from tests.test_movement_laws import asked


@given(seed=SEEDS, size=SIZES)
def test_stages_and_times_are_those_of_the_fold(seed: int, size: int) -> None:
    with asked(seed, size) as (chance, reading, book, entries):
        reference = PipelineReference(book)
        for as_of in some_days(chance, entries, 4):
            unit = some_unit(chance, entries, len(entries))
            assert pipeline(reading, unit, as_of, times=True) == reference.stock(unit, as_of)


@given(seed=SEEDS, size=SIZES)
def test_the_flow_through_stages_is_that_of_the_fold(seed: int, size: int) -> None:
    with asked(seed, size) as (chance, reading, book, entries):
        reference = PipelineReference(book)
        for _ in range(3):
            unit = some_unit(chance, entries, len(entries))
            first, middle, last = sorted(some_days(chance, entries, 3))
            to, as_of = chance.choice(((middle, last), (last, middle)))
            months, basis = chance.choice((1, 6, 24)), chance.choice(("ceremony", "decision"))
            found = flow(reading, Flow(unit, Span(first, to, as_of), months, basis))
            question = Asked(unit, first, to, as_of, basis)
            assert found == reference.flow(unit, question, months)
            for row in found:
                assert row["reached"] == sum(row[name] for name in OUTCOMES)
                assert row["admitted_within"] <= row["admitted"] <= row["reached"]


@FEWER
@given(seed=SEEDS, size=SIZES)
def test_a_roster_by_stage_lists_whom_the_pipeline_counts(seed: int, size: int) -> None:
    with asked(seed, size) as (chance, reading, _, entries):
        for as_of in some_days(chance, entries, 2):
            unit = some_unit(chance, entries, len(entries))
            counts = {row["stage"]: row["count"] for row in pipeline(reading, unit, as_of)}
            listed = {stage: len(roster(reading, unit, as_of, stage=stage)) for stage in STAGES}
            assert counts == listed
            by_unit = pipeline(reading, unit, as_of, by_unit=True)
            assert len(by_unit) % len(STAGES) == 0
            for stage in STAGES:
                parts = [row["count"] for row in by_unit if row["stage"] == stage]
                assert sum(parts) == counts[stage]


@FEWER
@given(seed=SEEDS, size=SIZES)
def test_every_number_of_the_pipeline_can_be_opened(seed: int, size: int) -> None:
    with asked(seed, size) as (chance, reading, _, entries):
        unit = some_unit(chance, entries, len(entries))
        first, last = sorted(some_days(chance, entries, 2))
        rows = opened(reading, entries_at_stages(reading, unit, last))
        for row in pipeline(reading, unit, last):
            assert sum(entry["stage"] == row["stage"] for entry in rows) == row["count"]
        question = Flow(unit, Span(first, last, last), 12)
        behind = opened(reading, flow_entries(reading, question))
        for row in flow(reading, question):
            for name in COLUMNS[1:-2]:
                numbers = [
                    entry["no"]
                    for entry in behind
                    if (entry["stage"], entry["number"]) == (row["stage"], name)
                ]
                assert len(numbers) == row[name]
                assert numbers == sorted(set(numbers))
