"""Keeps what was used of late, and lets go of the rest a generation at a time."""

from collections.abc import Iterator
from typing import Generic, TypeVar

_Value = TypeVar("_Value")


class Recent(Generic[_Value]):
    """Values by text, of which those used last stay.

    Two generations of up to ``size`` values, or a little more: ``turn`` lets go of the elder
    when the younger is full. What is used moves to the younger.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._young: dict[str, _Value] = {}
        self._old: dict[str, _Value] = {}
        self.lost = False
        """Whether anything was ever let go."""

    def __contains__(self, key: str) -> bool:
        return key in self._young or key in self._old

    def __iter__(self) -> Iterator[str]:
        yield from self._young
        yield from self._old

    def __setitem__(self, key: str, value: _Value) -> None:
        self._young[key] = value

    def get(self, key: str) -> _Value | None:
        """Return the value of ``key``, None if it is not at hand."""
        found = self._young.get(key)
        if found is None:
            found = self._old.pop(key, None)
            if found is not None:
                self._young[key] = found
        return found

    def pop(self, key: str) -> None:
        """Let go of one value, if it is at hand."""
        self._young.pop(key, None)
        self._old.pop(key, None)

    def turn(self) -> None:
        """Let go of the elder generation if the younger is full."""
        if len(self._young) >= self._size:
            self.lost = self.lost or bool(self._old)
            self._old, self._young = self._young, {}
