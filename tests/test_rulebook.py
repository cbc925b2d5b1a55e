"""The rulebook: versions without overlap or hole, sources, both languages."""

from datetime import date, timedelta
from itertools import pairwise
from typing import get_args

import pytest

from ledger.catalogue import KINDS
from ledger.catalogue.base import Overlay
from projections.rules.comparing import TESTS
from projections.rules.declared import (
    BEGINNING,
    ENDLESS,
    Rule,
    chains,
    overlays,
    rules,
    versions_of,
)
from projections.rules.measuring import JUDGED, USES
from projections.statements import statement

RULES = rules()
BY_KEY = {rule.key: rule for rule in RULES}


@pytest.mark.parametrize("rule", RULES, ids=[rule.key for rule in RULES])
def test_versions_hold_every_day_once(rule: Rule) -> None:
    found = versions_of(rule)
    assert found[0].since == BEGINNING
    assert found[-1].until == ENDLESS
    for before, after in pairwise(found):
        assert before.until == after.since
        assert before.since < before.until
    labels = [version.label for version in found]
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize("rule", RULES, ids=[rule.key for rule in RULES])
def test_a_rule_says_what_it_is_in_both_languages(rule: Rule) -> None:
    for texts in (rule.name, rule.text or rule.not_checkable):
        assert set(texts) == {"vi", "en"}
        assert all(texts.values())
    assert set(rule.kinds) <= set(KINDS)
    if rule.check is None:
        assert rule.not_checkable
        assert rule.test is None
    else:
        assert statement(f"rules/{rule.check}")
        assert rule.test in {*TESTS, "age_min", "age_max", "birth"}
    for version in versions_of(rule):
        if version.given is not None:
            assert version.paper is not None
            assert version.threshold is not None
            assert version.mark is not None


def test_each_rule_is_there_once() -> None:
    assert len(BY_KEY) == len(RULES)
    assert {str(rule.check) for rule in RULES} >= {*USES, *JUDGED}


def test_the_overlays_of_the_rulebook_are_those_that_can_be_adopted() -> None:
    assert overlays() == set(get_args(Overlay))


def test_papers_of_a_chain_replace_each_other() -> None:
    for key, chain in chains().items():
        days = [paper.from_ for paper in chain.documents]
        if chain.overlay or len(days) == 1:
            continue
        known = [day for day in days if day is not None]
        assert known == sorted(known), key
        assert len(known) == len(days)
        for paper in chain.documents:
            assert paper.date_ is not None
            assert paper.from_ is not None
            assert paper.date_ <= paper.from_


def threshold(key: str, on: date) -> str | None:
    """Return the threshold of a rule on a day."""
    return next(v.threshold for v in versions_of(BY_KEY[key]) if v.since <= on < v.until)


@pytest.mark.parametrize(
    ("key", "first_day", "before", "after"),
    [
        ("ADM-DECIDE-TIME", date(2016, 7, 25), None, "60"),
        ("ADM-DECIDE-TIME", date(2021, 7, 30), "60", None),
        ("ADM-DECIDE-TIME", date(2025, 1, 20), None, "60"),
        ("ADM-DECIDE-TIME", date(2025, 7, 1), "60", "45"),
        ("ADM-CEREMONY", date(2016, 7, 25), None, "30"),
        ("PRB-DECIDE-TIME", date(2025, 7, 1), None, "30"),
        ("ADM-CERT-VALID", date(2021, 9, 28), None, "60"),
    ],
)
def test_thresholds_change_on_the_day_of_the_paper(
    key: str, first_day: date, before: str | None, after: str | None
) -> None:
    assert threshold(key, first_day - timedelta(days=1)) == before
    assert threshold(key, first_day) == after
