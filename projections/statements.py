"""The derived tables: what each is made from, and the SQL of all but those of paths.

One file a table, each a plain SELECT over other tables. The statements stay in what sqlglot
carries from DuckDB to Spark.
"""

import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from ledger.catalogue import KINDS
from ledger.lifecycle.effects import EFFECTS, Effect, effect_of

_GIVEN = ("live", "kinds", "persons", "lives", "classes", "heirs")
NEEDS: dict[str, tuple[str, ...]] = {
    "displaced": ("log",),
    "corrections": ("log",),
    "live": ("log", "displaced", "corrections"),
    "lives": ("live",),
    "heirs": ("lives",),
    "tree": ("live", "lives", "heirs"),
    "units": ("live", "lives"),
    "classes": ("live",),
    "persons": ("live", "kinds"),
    "steps": _GIVEN,
    "spells": _GIVEN,
    "stays": _GIVEN,
    "flows_of_nobody": ("live", "lives", "heirs"),
    "flows": (*_GIVEN, "flows_of_nobody"),
    "profiles": ("live", "persons"),
    "person_acts": ("live", "persons", "classes"),
    "unnamed_stock": ("live", "lives", "heirs"),
    "unnamed_flow": ("live", "lives", "heirs"),
}
"""The derived tables, and what each is made from, beside ``log`` and what is declared."""

PATHS = ("steps", "spells", "stays", "flows")
"""Those of them that ``paths`` makes, of what ``sql/given.sql`` finds."""

OF_NOBODY = {"flows": "flows_of_nobody"}
"""Where the rows of one of ``PATHS`` are that are of no person."""

KEPT = {
    "displaced": "no, by_no",
    "corrections": "no",
    "lives": "unit",
    "heirs": "unit, since",
    "tree": "unit, since",
    "units": "unit, since",
    "persons": "person",
    "spells": "person, since, no, unit",
    "stays": "person, since, place, stage",
    "flows": "no",
    "profiles": "person, since",
    "person_acts": "no",
    "unnamed_stock": "no, since",
    "unnamed_flow": "no",
}
"""The derived tables that are worth keeping at the head of a book, each with columns that no
two of its rows share, by which it is ordered: whoever made it, its bytes are the same. Those of
``PATHS`` are kept in the order in which they are made, which is that of people."""

ONLY_AT_HEAD = frozenset({"displaced", "corrections", "unnamed_stock", "unnamed_flow"})
"""Those of them that are of no use once anything more was recorded."""

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
"""The stages of the pipeline in their order; in the tables they are numbers from 1."""

STAGE_OF_KIND = {
    "nominated": "nominated",
    "listed": "listed",
    "enrolled_in_class": "enrolled",
    "attended_class": "certified",
    "dossier_opened": "dossier",
    "vetting_requested": "vetting",
    "resolved": "resolved",
    "dossier_submitted": "submitted",
    "admission_decided": "decided",
    "admission_cancelled": "submitted",
}
"""The stage that an entry of each kind brings an applicant to."""

_OF_AWARENESS = frozenset({"enrolled_in_class", "attended_class"})


class KindRow(NamedTuple):
    """What the tables know of one kind of entry: a row of the table ``kinds``."""

    number: int
    kind: str
    stream: str
    opens: bool
    """Whether it may be the first entry of a person."""
    gives: str | None
    place: str | None
    official_by: str | None
    in_pipeline: bool | None
    """Whether the person is in the pipeline after it; None leaves that as it was."""
    stage: int | None
    of_awareness: bool
    """Whether only a class of that type brings the stage."""
    moves: bool
    """Whether it begins a new spell by itself; a stage does so for who is not a member."""


def _in_pipeline(effect: Effect) -> bool | None:
    """Return what a kind says of being in the pipeline: whoever becomes a member is not."""
    return effect.in_pipeline if effect.gives in {None, "applicant"} else False


def _kinds() -> tuple[KindRow, ...]:
    """Return the rows of the table ``kinds``, from the declarations of the lifecycle."""
    found = []
    for number, (kind, entry_type) in enumerate(KINDS.items()):
        effect = effect_of(kind)
        stage = STAGE_OF_KIND.get(kind)
        found.append(
            KindRow(
                number=number,
                kind=kind,
                stream=entry_type.stream,
                opens=kind in EFFECTS and "none" in EFFECTS[kind].needs,
                gives=effect.gives,
                place=effect.place,
                official_by=effect.official_by,
                in_pipeline=_in_pipeline(effect),
                stage=STAGES.index(stage) + 1 if stage else None,
                of_awareness=kind in _OF_AWARENESS,
                moves=bool(effect.gives or effect.place) or effect.in_pipeline is not None,
            )
        )
    return tuple(found)


KINDS_KNOWN = _kinds()
"""The rows of the table ``kinds``, by their number."""
DECLARED: dict[str, tuple[str, Sequence[Sequence[Any]]]] = {
    "kinds": (
        (
            "number SMALLINT, kind VARCHAR, stream VARCHAR, opens BOOLEAN, gives VARCHAR, "
            "place VARCHAR, official_by VARCHAR, in_pipeline BOOLEAN, stage INTEGER, "
            "of_awareness BOOLEAN, moves BOOLEAN"
        ),
        KINDS_KNOWN,
    ),
    "stages": ("stage INTEGER, name VARCHAR", list(enumerate(STAGES, 1))),
}
"""Tables that do not come from the book: their columns and rows."""


@cache
def statement(name: str) -> str:
    """Return the SELECT of a table, such as ``persons``, or of a question: ``asked/people``."""
    return (files(__package__) / "sql" / f"{name}.sql").read_text(encoding="utf-8")


def rows_of(path: str, people: str) -> str:
    """Return the SELECT of one of ``PATHS``; ``people`` names its rows of people."""
    others = f" UNION ALL FROM {OF_NOBODY[path]}" if path in OF_NOBODY else ""
    return f"FROM {people}{others}"


@cache
def digest() -> str:
    """Return a hash of all that the kept tables are made by, but for the entries."""
    package = files(__package__)
    texts = [repr(DECLARED).encode()]
    for folder, ending in (("sql", ".sql"), ("paths", ".py")):
        found = [path for path in (package / folder).iterdir() if path.name.endswith(ending)]
        texts += [path.read_bytes() for path in sorted(found, key=lambda path: path.name)]
    return hashlib.sha256(b"\n".join(texts)).hexdigest()
