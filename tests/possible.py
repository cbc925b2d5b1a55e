"""Whether the entries of one person could have happened, decided without the lifecycle."""

from collections.abc import Mapping
from datetime import date
from typing import Any

Entry = dict[str, Any]
MEMBER = {"probationary", "official"}
LEAVING = {"transferred_out", "expelled", "deleted", "left_on_request"}
_OUTSIDE = {"applicant", "left"}
_NEEDS: dict[str, set[str]] = {
    "nominated": {"none", *_OUTSIDE},
    "carried_forward": {"none"},
    "transferred_in": {"none", *_OUTSIDE},
    "listed": _OUTSIDE,
    "delisted": _OUTSIDE,
    "admitted": _OUTSIDE,
    "restored": _OUTSIDE,
    "recognized_official": {"probationary"},
    **dict.fromkeys(LEAVING, MEMBER),
    "transferred": MEMBER,
    "card_issued": MEMBER,
    "suspended": MEMBER,
    "exempted": MEMBER,
    "disciplined": MEMBER,
    "temporary_transfer_began": MEMBER,
}
_GIVES = {
    "nominated": "applicant",
    "admitted": "probationary",
    "recognized_official": "official",
    **dict.fromkeys(LEAVING, "left"),
    "died": "dead",
}


class _Past:
    """What is known of a person so far."""

    def __init__(self) -> None:
        self.standing = "none"
        self.membership: str | None = None
        self.is_listed = False
        self.place: str | None = None

    def allows(self, entry: Entry) -> bool:
        """Return whether an entry can come next."""
        kind = entry["kind"]
        needed = _NEEDS.get(kind, {*MEMBER, *_OUTSIDE})
        if self.standing not in needed:
            return False
        if kind == "nominated":
            return not (self.is_listed and self.place == entry["unit"])
        if kind == "restored":
            return self.membership is not None
        if kind == "transferred_in" and self.membership is None:
            return "joined_on" in entry and (self.standing != "none" or "profile" in entry)
        return True

    def take(self, entry: Entry) -> None:
        """Go on after an entry."""
        kind = entry["kind"]
        if kind in {"carried_forward", "transferred_in", "restored"}:
            again = self.membership if kind != "carried_forward" else None
            self.standing = "official" if "official_on" in entry else again or "probationary"
        else:
            self.standing = _GIVES.get(kind, self.standing)
        if kind in {"nominated", "listed", "delisted"}:
            self.is_listed = kind != "delisted"
        if self.standing in MEMBER:
            self.membership, self.is_listed = self.standing, False
        if kind == "transferred":
            self.place = entry["to"]
        elif kind != "assessed":
            self.place = entry.get("unit", self.place)


def standings(entries: list[Entry], places: Mapping[int, int]) -> list[tuple[date, str]] | None:
    """Return day and standing after each entry, None if this cannot have happened.

    ``places``: the number that orders each entry among those of a day.
    """
    past, found = _Past(), []
    for entry in sorted(entries, key=lambda e: (e["effective_on"], places[e["no"]])):
        if not past.allows(entry):
            return None
        past.take(entry)
        found.append((date.fromisoformat(entry["effective_on"]), past.standing))
    return found


def standing_on(states: list[tuple[date, str]], on: date) -> str:
    """Return the standing at the end of a day; ``none`` before the first entry."""
    until = [standing for day, standing in states if day <= on]
    return until[-1] if until else "none"
