"""Rows in runs, those of each person one after another, and what a row's run says at that row."""

import pyarrow as pa
from pyarrow import compute as pc

_ONE = pa.scalar(1, pa.int32())


def places(count: int) -> pa.Array:
    """Return the places of so many rows, from 0 on."""
    return pc.subtract(pc.cumulative_sum(pa.repeat(_ONE, count)), _ONE)


class Runs:
    """The runs of rows whose ``keys`` are equal; equal keys stand together.

    Every method takes a column as long as the rows, and returns one. What stands for nothing,
    where a run has nothing to say of a row, is a scalar of the column's type, and no null.
    """

    def __init__(self, keys: pa.Array) -> None:
        differ = pc.not_equal(keys[1:], keys[:-1])
        end = pa.array([True][: len(keys)], pa.bool_())
        self.is_first = pa.concat_arrays([end, differ])
        """Whether a row is the first of its run."""
        self._is_last = pa.concat_arrays([differ, end])
        self._begins: dict[pa.Scalar, pa.Array] = {}

    def latest(self, values: pa.Array, before: pa.Scalar) -> pa.Array:
        """Return the last value up to each row, itself included, that is no null."""
        if before not in self._begins:
            self._begins[before] = pc.if_else(self.is_first, before, pa.scalar(None, before.type))
        return pc.fill_null_forward(pc.coalesce(values, self._begins[before]))

    def next(self, values: pa.Array, after: pa.Scalar) -> pa.Array:
        """Return the first value after each row that is no null."""
        return pc.fill_null_backward(pc.if_else(self._is_last, after, _later(values)))

    def before(self, values: pa.Array, first: pa.Scalar) -> pa.Array:
        """Return the value of the row before each row, ``first`` for the first of a run."""
        nothing = pa.nulls(1, values.type)
        earlier = pa.concat_arrays([nothing, values[:-1]])[: len(values)]
        return pc.if_else(self.is_first, first, earlier)

    def after(self, values: pa.Array) -> pa.Array:
        """Return the value of the row after each row, null for the last of a run."""
        return pc.if_else(self._is_last, None, _later(values))

    def count(self, truths: pa.Array) -> pa.Array:
        """Return how many rows are true up to each row, itself included."""
        ones = truths.cast(pa.int32())
        so_far = pc.cumulative_sum(ones)
        earlier = pc.if_else(self.is_first, pc.subtract(so_far, ones), pa.scalar(None, pa.int32()))
        return pc.subtract(so_far, pc.fill_null_forward(earlier))


def _later(values: pa.Array) -> pa.Array:
    return pa.concat_arrays([values[1:], pa.nulls(1, values.type)])[: len(values)]
