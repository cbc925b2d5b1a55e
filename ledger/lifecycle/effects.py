"""What each kind of entry does to a person's standing: the one declaration of it.

The fold in ``person.py`` and the tables of the read side both work from ``EFFECTS``.
A kind that is not in the table leaves the standing alone and needs only a file.
"""

from functools import cache
from typing import Literal, NamedTuple

Standing = Literal["none", "applicant", "probationary", "official", "left", "dead"]
"""``none``: no file yet; ``applicant``: a file and no membership; ``left``: a former member."""

Given = Literal["applicant", "probationary", "official", "previous", "left", "dead"]
"""What an entry gives; ``previous`` is the membership standing that was left."""

NONE: frozenset[Standing] = frozenset({"none"})
APPLICANT: frozenset[Standing] = frozenset({"applicant"})
FORMER: frozenset[Standing] = frozenset({"left"})
PROBATIONARY: frozenset[Standing] = frozenset({"probationary"})
MEMBER: frozenset[Standing] = frozenset({"probationary", "official"})
ON_FILE: frozenset[Standing] = APPLICANT | FORMER | MEMBER
DEAD: frozenset[Standing] = frozenset({"dead"})


class Effect(NamedTuple):
    """What one kind needs and gives."""

    needs: frozenset[Standing] = ON_FILE
    """Standings from which it is possible."""
    gives: Given | None = None
    """The standing after it; None leaves it as it was."""
    place: str | None = None
    """The field that holds the person's unit from then on."""
    official_by: str | None = None
    """A field that, when it is given, makes the standing official all the same."""
    in_pipeline: bool | None = None
    """Whether the person is in the pipeline after it; None leaves that as it was."""


OPENING = NONE | APPLICANT | FORMER
OUTSIDE = APPLICANT | FORMER

EFFECTS: dict[str, Effect] = {
    "nominated": Effect(OPENING, "applicant", "unit", in_pipeline=True),
    "carried_forward": Effect(NONE, "probationary", "unit", "official_on"),
    "transferred_in": Effect(OPENING, "previous", "unit", "official_on"),
    "listed": Effect(OUTSIDE, None, "unit", in_pipeline=True),
    "delisted": Effect(OUTSIDE, in_pipeline=False),
    "admitted": Effect(OUTSIDE, "probationary", "unit"),
    "recognized_official": Effect(PROBATIONARY, "official"),
    "transferred": Effect(MEMBER, None, "to"),
    "transferred_out": Effect(MEMBER, "left"),
    "deleted": Effect(MEMBER, "left"),
    "expelled": Effect(MEMBER, "left"),
    "left_on_request": Effect(MEMBER, "left"),
    "restored": Effect(OUTSIDE, "previous", "unit"),
    "died": Effect(ON_FILE, "dead"),
    "temporary_transfer_began": Effect(MEMBER),
    "exempted": Effect(MEMBER),
    "suspended": Effect(MEMBER),
    "disciplined": Effect(MEMBER),
    "card_issued": Effect(MEMBER),
    # A badge may be awarded after death (truy tặng, 294 28.3.1); an erasure may come at any time.
    "badge_awarded": Effect(MEMBER | DEAD),
    "subject_erased": Effect(ON_FILE | DEAD),
}
ANY = Effect()


def effect_of(kind: str) -> Effect:
    """Return what ``kind`` does; a kind without an effect of its own needs only a file."""
    return EFFECTS.get(kind, ANY)


@cache
def enough(kind: str) -> frozenset[Standing]:
    """Return the standings in which ``kind`` is possible whatever it says, and changes nothing."""
    effect = effect_of(kind)
    changes = effect.gives or effect.place or effect.in_pipeline is not None
    return frozenset() if changes or kind == "profile_changed" else effect.needs
