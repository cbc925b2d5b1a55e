"""The independent count of one person: standing, stage, place and profile after their entries."""

from datetime import date
from typing import Any, Self

Entry = dict[str, Any]
MEMBER = {"probationary", "official"}
STAGES = (
    "nominated",
    "listed",
    "enrolled",
    "certified",
    "dossier",
    "vetting",
    "resolved",
    "submitted",
    "decided",
)
_STEPS = {
    "nominated": "nominated",
    "listed": "listed",
    "dossier_opened": "dossier",
    "vetting_requested": "vetting",
    "dossier_submitted": "submitted",
    "admission_decided": "decided",
}
_PLACING = {
    "nominated",
    "listed",
    "admitted",
    "carried_forward",
    "transferred_in",
    "restored",
}
_LEAVING = {"transferred_out", "deleted", "expelled", "left_on_request"}


class Person:
    """One person, as the entries taken so far leave them."""

    def __init__(self, classes: dict[str, Entry]) -> None:
        self.classes = classes
        self.standing = "none"
        self.membership = "none"
        self.place: str | None = None
        self.since: date | None = None
        self.joined_on: date | None = None
        self.official_on: date | None = None
        self.stage: str | None = None
        self.is_listed = False
        self.is_on_the_way = False
        self.profile: dict[str, Any] = {}

    @classmethod
    def after(cls, entries: list[Entry], classes: dict[str, Entry]) -> Self:
        person = cls(classes)
        for entry in entries:
            person.take(entry)
        return person

    def take(self, entry: Entry) -> None:
        kind, on = entry["kind"], date.fromisoformat(entry["effective_on"])
        self.profile |= entry.get("profile", {})
        self._take_standing(kind, entry, on)
        if kind in _PLACING:
            self.place = entry.get("unit", self.place)
        elif kind == "transferred":
            self.place = entry["to"]
        self._take_stage(kind, entry)

    def _stands(self, standing: str, on: date) -> None:
        self.standing, self.since = standing, on
        if standing in MEMBER:
            self.membership = standing

    def _take_standing(self, kind: str, entry: Entry, on: date) -> None:
        was = self.membership if self.membership in MEMBER else "probationary"
        if kind == "nominated":
            self._stands("applicant", on)
        elif kind == "admitted":
            self._stands("probationary", on)
            self.joined_on, self.official_on = on, None
        elif kind == "recognized_official":
            self._stands("official", on)
            self.official_on = on
        elif kind in {"carried_forward", "transferred_in"}:
            self._comes("probationary" if kind == "carried_forward" else was, entry, on)
        elif kind == "restored":
            self._stands(was, on)
        elif kind in _LEAVING:
            self._stands("left", on)
        elif kind == "died":
            self._stands("dead", on)

    def _comes(self, otherwise: str, entry: Entry, on: date) -> None:
        """Take somebody in who tells of a past of their own."""
        is_new = self.membership not in MEMBER
        self._stands("official" if "official_on" in entry else otherwise, on)
        if is_new:
            told = entry.get("official_on") or entry["joined_on"]
            self.since = date.fromisoformat(told)
        if "joined_on" in entry:
            self.joined_on = date.fromisoformat(entry["joined_on"])
        if "official_on" in entry:
            self.official_on = date.fromisoformat(entry["official_on"])

    def _take_stage(self, kind: str, entry: Entry) -> None:
        if kind == "delisted" or kind in _LEAVING or self.standing not in {"applicant", "left"}:
            self.stage, self.is_listed, self.is_on_the_way = None, False, False
            return
        self.is_on_the_way = self.is_on_the_way or kind in {"nominated", "listed"}
        if not self.is_on_the_way:
            return
        self.is_listed = self.is_listed or kind == "listed"
        reached = _STEPS.get(kind)
        if kind in {"enrolled_in_class", "attended_class"}:
            if self.classes[entry["class"]]["type"] == "awareness":
                reached = "enrolled" if kind == "enrolled_in_class" else "certified"
        elif kind == "resolved" and entry["matter"] == "admission":
            reached = "resolved" if in_favour(entry) else None
        elif kind == "admission_cancelled" and self.stage == "decided":
            self.stage = reached = "submitted"
        if reached and (self.stage is None or STAGES.index(reached) > STAGES.index(self.stage)):
            self.stage = reached


def in_favour(entry: Entry) -> bool:
    if entry["body"] == "deciding_body":
        return bool(2 * entry["votes_for"] > entry["eligible"])
    return bool(3 * entry["votes_for"] >= 2 * entry["eligible"])
