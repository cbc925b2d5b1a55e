"""Keeps what was used of late, and lets go of the rest a generation at a time."""

from typing import Any, TypeVar

_Value = TypeVar("_Value")


class Recent(dict[str, _Value]):
    """Values by text, of which those used last stay; of what is not at hand the value is None.

    Two generations of up to ``size`` values, or a little more: ``turn`` lets go of the elder
    when the younger, which is the dictionary itself, is full. What is used moves to it.
    """

    def __init__(self, size: int) -> None:
        super().__init__()
        self._size = size
        self._old: dict[str, _Value] = {}
        self.lost = False
        """Whether anything was ever let go."""

    def __missing__(self, key: str) -> _Value | None:
        found = self._old.pop(key, None)
        if found is not None:
            self[key] = found
        return found

    def get(self, key: str, default: Any = None) -> Any:
        """Return the value of ``key``, None if it is not at hand."""
        del default
        return self[key]

    def __contains__(self, key: object) -> bool:
        return super().__contains__(key) or key in self._old

    def all(self) -> list[str]:
        """Return the keys of all values at hand."""
        return [*self, *self._old]

    def forget(self, key: str) -> None:
        """Let go of one value, if it is at hand."""
        self.pop(key, None)
        self._old.pop(key, None)

    def turn(self) -> None:
        """Let go of the elder generation if the younger is full."""
        if len(self) >= self._size:
            self.lost = self.lost or bool(self._old)
            self._old = dict(self)
            self.clear()
