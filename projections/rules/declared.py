"""The rulebook: each rule with its versions, read from the TOML files beside this module.

A rule belongs to a chain of papers, each of which replaced the one before. Every paper of
the chain makes one version of the rule, so that versions neither overlap nor leave a hole:
one whose threshold is not known says so, and so does the time before the first paper.
"""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any, Literal, NamedTuple

from msgspec import Struct, convert, field

BEGINNING = date(1, 1, 1)
ENDLESS = date(9999, 12, 31)
"""The day after the last on which a version holds that is in force today."""

Mark = Literal["primary", "secondary", "background", "inferred"]
"""How well a value is known: the text was read, a page about it, unconfirmed, our reading."""
Test = Literal[
    "age_min",
    "age_max",
    "months_min",
    "months_max",
    "months_under",
    "months_exact",
    "workdays_max",
    "count_min",
    "count_max",
    "share",
    "flag",
    "birth",
]
"""How what was measured is held against the threshold."""


class Paper(Struct, frozen=True, forbid_unknown_fields=True):
    """A paper that versions of rules rest on; number, issuer and date together identify it."""

    key: str
    number: str
    issuer: str
    mark: Mark
    date_: date | None = field(default=None, name="date")
    from_: date | None = field(default=None, name="from")
    """The day it came into force; None for local rules: the unit's adoption decides."""


class Chain(Struct, frozen=True, forbid_unknown_fields=True):
    """Papers that replaced each other, oldest first."""

    vi: str
    en: str
    documents: tuple[Paper, ...]
    overlay: str | None = None
    """The local rules that the papers belong to; None for the central ones."""


class Given(Struct, frozen=True, forbid_unknown_fields=True):
    """What one paper says of a rule."""

    value: int | None = None
    extra: int | None = None
    """How far beyond the value a paper of consent lifts the rule; None: without bound."""
    limit: str | None = None
    share: str | None = None
    strict: bool = False
    """Whether a share must be exceeded and not only reached."""
    other: str | None = None
    """The share in the other case of the rule: a base committee with delegated power."""
    point: str = ""
    mark: Mark | None = None


class Rule(Struct, frozen=True, forbid_unknown_fields=True):
    """A rule: what it asks for, from which entries it is checked, and its versions."""

    id: str
    name: dict[str, str]
    chain: str
    kinds: tuple[str, ...]
    """The kinds of entries that it is checked from."""
    versions: dict[str, Given]
    text: dict[str, str] = {}
    """What is held against what, and on which day, in both languages."""
    check: str | None = None
    """The statement ``sql/rules/*.sql`` that measures it; None where the book cannot tell."""
    test: Test | None = None
    unit: str | None = None
    """What the threshold counts: years (by month), months, working_days, members …"""
    consent: bool = False
    """Whether a paper of consent on the entry lifts it."""
    params: dict[str, str] = {}
    not_checkable: dict[str, str] = {}
    """Why the book cannot tell, in both languages."""

    @property
    def overlay(self) -> str | None:
        """The local rules that it belongs to; None for the central ones."""
        return chains()[self.chain].overlay

    @property
    def key(self) -> str:
        """Its id, with the overlay behind it: one id can have a central and a local rule."""
        return f"{self.id}@{self.overlay}" if self.overlay else self.id


class Version(NamedTuple):
    """A rule as one paper has it, in force from ``since`` up to the day before ``until``."""

    rule: Rule
    paper: Paper | None
    """None before the first paper of the chain that the rulebook knows."""
    given: Given | None
    """None when the threshold is not known."""
    since: date
    until: date

    @property
    def label(self) -> str:
        """What a finding calls it: number and date of the paper, behind its overlay."""
        if self.paper is None:
            return "earlier"
        parts = (self.rule.overlay, self.paper.number, self.paper.date_ and str(self.paper.date_))
        return " ".join(part for part in parts if part)

    @property
    def mark(self) -> Mark | None:
        """How well its value is known."""
        if self.paper is None or self.given is None:
            return None
        return self.given.mark or self.paper.mark

    @property
    def share(self) -> Fraction | None:
        """The share of the members entitled to vote that it asks for."""
        return Fraction(self.given.share) if self.given and self.given.share else None

    @property
    def threshold(self) -> str | None:
        """The threshold as one word: ``60``, ``> 1/2``, ``official``; None when not known."""
        if self.given is None:
            return None
        if self.given.share:
            return f"{'>' if self.given.strict else '>='} {self.given.share}"
        return self.given.limit if self.given.value is None else str(self.given.value)


def _files() -> Iterator[Mapping[str, Any]]:
    for path in sorted((files(__package__) / "rulebook").iterdir(), key=lambda path: path.name):
        yield tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def _read() -> Mapping[str, list[Any]]:
    """Return all files as one: chains, rules and votes."""
    found: dict[str, list[Any]] = {"chains": [], "rules": [], "vote_rules": []}
    for content in _files():
        for key, value in content.items():
            found[key] += value.items() if isinstance(value, dict) else value
    return found


@cache
def chains() -> dict[str, Chain]:
    """Return the chains of papers by their keys."""
    return {key: convert(value, Chain) for key, value in _read()["chains"]}


_BODIES = {
    "cell": ("CELL", "chi bộ", "the cell"),
    "grassroots_committee": ("BASE", "đảng ủy cơ sở", "the base committee"),
    "deciding_body": ("DECIDE", "cấp có thẩm quyền", "the deciding body"),
}
_POINTS = {"cell": "cell", "grassroots_committee": "base", "deciding_body": "decide"}


def _vote_rules(about: Mapping[str, str]) -> Iterator[Rule]:
    """Yield the rules on the votes of all bodies on one matter."""
    for body, (suffix, vi, en) in _BODIES.items():
        deciding = body == "deciding_body"
        share = "1/2" if deciding else "2/3"
        other = "2/3" if deciding else None
        known = Given(share=share, strict=deciding, other=other, point=about[_POINTS[body]])
        # The shares are those of the Charter; what older papers print of them was not read.
        older = Given(share=share, strict=deciding, other=other, mark="inferred")
        papers = [paper.key for paper in chains()["implementing"].documents]
        yield Rule(
            id=f"{about['prefix']}-VOTE-{suffix}",
            name={"vi": f"Phiếu {about['vi']} của {vi}", "en": f"Vote of {en}: {about['en']}"},
            chain="implementing",
            kinds=("resolved", "admission_decided", "admitted", *_OUTCOMES[about["matter"]]),
            versions={key: known if key == "294" else older for key in papers},
            text={
                "vi": "Phiếu thuận trên số người có quyền biểu quyết, khi vẫn đi tiếp sau đó.",
                "en": "Votes in favour of all entitled to vote, where the case went on after it.",
            },
            check="votes",
            test="share",
            unit="share",
            params={"body": body, "matter": about["matter"]},
        )


_OUTCOMES = {
    "admission": (),
    "recognition": ("recognized_official",),
    "deletion": ("deleted",),
    "expulsion": ("expelled",),
}


@cache
def rules() -> tuple[Rule, ...]:
    """Return every rule of the book, by their ids; a local one after the central one."""
    found = [convert(value, Rule) for value in _read()["rules"]]
    found += [rule for about in _read()["vote_rules"] for rule in _vote_rules(about)]
    return tuple(sorted(found, key=lambda rule: (rule.id, rule.overlay or "")))


def versions_of(rule: Rule) -> list[Version]:
    """Return the versions of a rule, oldest first: together they hold every day there is."""
    papers = chains()[rule.chain].documents
    assert set(rule.versions) <= {paper.key for paper in papers}, rule.id
    starts = [paper.from_ or BEGINNING for paper in papers]
    found = [Version(rule, None, None, BEGINNING, starts[0])] if starts[0] > BEGINNING else []
    for paper, since, until in zip(papers, starts, [*starts[1:], ENDLESS], strict=True):
        found.append(Version(rule, paper, rule.versions.get(paper.key), since, until))
    return found


@cache
def versions() -> tuple[Version, ...]:
    """Return every version of every rule."""
    return tuple(version for rule in rules() for version in versions_of(rule))


def overlays() -> set[str]:
    """Return the codes of the local rules that the book holds."""
    return {chain.overlay for chain in chains().values() if chain.overlay}
