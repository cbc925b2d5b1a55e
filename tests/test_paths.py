"""The paths of people, made of whole columns: they do not depend on how those are cut."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as some

from projections.paths.runs import Runs, places
from projections.reading import Reading
from projections.statements import PATHS
from tests.histories import history
from tests.test_laws import FEWER, SEEDS, recorded

_NOTHING = pa.scalar(-1, pa.int32())
_RUNS = some.lists(some.lists(some.none() | some.integers(0, 9), min_size=1), max_size=6)


@FEWER
@given(SEEDS, some.integers(1, 40))
def test_paths_are_the_same_in_pieces(seed: int, rows: int) -> None:
    found = []
    with recorded(history(seed, 120)) as book, pytest.MonkeyPatch.context() as patch:
        for piece in (rows, 10**6):
            patch.setattr("projections.paths.making.PIECE_ROWS", piece)
            with Reading(book, anew=True) as reading:
                reading.need(*PATHS)
                found.append({name: reading.sql(f"FROM {name} ORDER BY ALL") for name in PATHS})
    in_pieces, whole = found
    assert len(whole["steps"]) > rows
    assert in_pieces == whole


@given(_RUNS)
def test_rows_in_runs(runs: list[list[int | None]]) -> None:
    keys = pa.array([nth for nth, run in enumerate(runs) for _ in run], pa.int32())
    values = pa.array([value for run in runs for value in run], pa.int32())
    in_runs = Runs(keys)
    assert in_runs.latest(values, before=_NOTHING).to_pylist() == [
        next((value for value in reversed(run[: at + 1]) if value is not None), -1)
        for run in runs
        for at in range(len(run))
    ]
    assert in_runs.next(values, after=_NOTHING).to_pylist() == [
        next((value for value in run[at + 1 :] if value is not None), -1)
        for run in runs
        for at in range(len(run))
    ]
    assert in_runs.before(values, first=_NOTHING).to_pylist() == [
        value for run in runs for value in [-1, *run[:-1]]
    ]
    assert in_runs.after(values).to_pylist() == [
        value for run in runs for value in [*run[1:], None]
    ]
    assert in_runs.count(values.is_valid()).to_pylist() == [
        sum(value is not None for value in run[: at + 1]) for run in runs for at in range(len(run))
    ]


def test_places_of_rows() -> None:
    assert places(3).to_pylist() == [0, 1, 2]
    assert places(0).to_pylist() == []
