"""``rollbook targets`` and ``rollbook pipeline``: what they print, and what they refuse."""

from pathlib import Path

import pytest

from tests.terminal import call, done, json_lines, started, words

LINES = json_lines("""
    unit_founded 2015-01-01 TP type=grassroots_committee
    unit_founded 2015-01-01 TP.1 parent=TP
    unit_founded 2015-01-01 TP.2 parent=TP
    target_set 2020-01-01 CT unit=TP measure=admissions form=range amount=["2","3"] \
        period={"from":"2020-01-01","to":"2024-12-31"} source=own_congress
    target_set 2020-01-01 CT1 unit=TP.1 measure=admissions form=absolute amount="3" \
        period={"from":"2020-01-01","to":"2024-12-31"} source=TP
    target_set 2020-01-01 CT2 unit=TP.2 measure=members form=rate amount="3" \
        period={"from":"2020-01-01","to":"2024-12-31"} source=TP
    nominated 2020-03-02 P000001 unit=TP.1
    admitted 2021-05-19 P000001 unit=TP.1
    nominated 2020-03-02 P000002 unit=TP.1
    admitted 2022-05-19 P000002 unit=TP.1
    nominated 2021-03-02 P000003 unit=TP.2
    listed 2021-03-02 P000003
    class_opened 2015-01-01 L1 organiser=TP starts=2015-01-01
    attended_class 2021-04-01 P000003 class=L1
    unnamed_counted 2021-12-31 TP.2 measure=dossiers count=4 as_of=2021-12-31
""")
STAGES = words("nominated listed enrolled certified dossier vetting resolved submitted decided")


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = started(tmp_path_factory.mktemp("read"))
    done(found, "import", given=LINES)
    return found


def test_targets_have_the_columns_of_the_contract(book: Path) -> None:
    rows = done(book, *words("targets --unit TP --as-of 2022-12-31 --format json")).json
    common = {"measure": "admissions", "done": 2}
    assert rows == [
        {"rank": 1, "unit": "TP", "target": "CT", "source": "own_congress", **common}
        | {"form": "range", "amount": [2, 3], "completion": "100"},
        {"rank": 2, "unit": "TP.1", "target": "CT1", "source": "TP", **common}
        | {"form": "absolute", "amount": 3, "completion": "200/3"},
        {"rank": None, "unit": "TP.2", "target": "CT2", "source": "TP", "measure": "members"}
        | {"form": "rate", "amount": 3, "done": 0, "completion": None},
    ]
    assert list(rows[0]) == [
        *("rank", "unit", "target", "source", "measure", "form", "amount", "done", "completion")
    ]


def test_people_see_the_period_of_each_target(book: Path) -> None:
    for pace in ((), ("--pace",)):
        shown = done(book, *words("targets --unit TP --own --as-of 2022-12-31"), *pace).out
        head, _, row = shown.splitlines()[:3]
        assert head.index("From") < head.index("To") < head.index("Amount")
        assert row.split()[7 - len(pace) :][:2] == ["2020-01-01", "2024-12-31"], row


def test_targets_of_a_period_that_fall_short_opened(book: Path) -> None:
    asked = "targets --from 2020-01-01 --to 2024-12-31 --as-of 2022-12-31 --under 66,7 --format"
    for share in ("66,7", "66,7%", "66.7%"):
        found = done(book, *words(f"{asked.replace('66,7', share)} json"))
        assert [row["target"] for row in found.json] == ["CT1"]
    rows = done(book, *words(f"{asked} json --entries")).json
    assert [(row["target"], row["person"], row["count"]) for row in rows] == [
        ("CT1", "P000001", 1),
        ("CT1", "P000002", 1),
    ]
    own = done(book, *words("targets --own --unit TP --as-of 2022-12-31 --format csv"))
    assert own.out.splitlines()[1:] == ['1,TP,CT,own_congress,admissions,range,"[2, 3]",2,100']


def test_the_pace_of_targets(book: Path) -> None:
    asked = words("targets --measure admissions --as-of 2024-12-31 --pace --format json")
    rows = done(book, *asked).json
    assert [tuple(row.values())[-4:] for row in rows] == [
        ("100", "100", "on_time", "met"),
        ("100", "200/3", "behind", "not_met"),
    ]
    told = done(book, *words("--lang vi targets --as-of 2023-06-30 --pace --unit TP"))
    assert "nhanh hơn" in told.out
    assert "hỉ tiêu theo tỷ lệ" in told.out


def test_a_pipeline_has_the_columns_of_the_contract(book: Path) -> None:
    found = done(book, *words("pipeline --unit TP --as-of 2021-12-31 --format json"))
    assert found.json == [
        {"stage": stage, "count": {"nominated": 1, "certified": 1}.get(stage, 0)}
        for stage in STAGES
    ]
    assert "Dossiers" in found.err or "hồ sơ" in found.err


def test_a_pipeline_with_times_by_unit_and_opened(book: Path) -> None:
    timed = done(book, *words("pipeline --times --as-of 2021-12-31 --format json")).json
    assert timed[3] == {
        "stage": "certified",
        "count": 1,
        "median_days": "274",
        "longest_days": 274,
        "longest_since": "2021-04-01",
    }
    by_unit = done(book, *words("pipeline --by unit --as-of 2021-12-31 --format json")).json
    assert [tuple(row) for row in by_unit] == [("unit", "stage", "count")] * 18
    across = done(book, *words("--lang en pipeline --by unit --as-of 2021-12-31"))
    heads, _, first, second = across.out.splitlines()[:4]
    assert len(heads.split()) == 1 + len(STAGES)
    assert (first.split()[0], second.split()[0]) == ("TP.1", "TP.2")
    rows = done(book, *words("pipeline --as-of 2021-12-31 --entries --format json")).json
    assert [(row["stage"], row["kind"], row["person"]) for row in rows] == [
        ("nominated", "nominated", "P000002"),
        ("certified", "attended_class", "P000003"),
    ]


def test_the_flow_of_a_pipeline(book: Path) -> None:
    asked = "pipeline --from 2020-01-01 --to 2020-12-31 --as-of 2022-12-31 --format json"
    nominated = done(book, *words(f"{asked} --within 2y")).json[0]
    assert nominated == {
        "stage": "nominated",
        "reached": 2,
        "waiting": 0,
        "moved_on": 2,
        "returned": 0,
        "left": 0,
        "admitted": 2,
        "admitted_within": 1,
        "median_days": "625.5",
        "longest_days": 808,
    }
    assert done(book, *words(asked)).json[0]["admitted_within"] is None
    opened = done(book, *words(f"{asked} --entries")).json
    assert [row["kind"] for row in opened if row["number"] == "admitted"] == ["admitted"] * 2
    told = done(book, *words(f"{asked} --within 36m")).err
    assert "Within: 36 months" in told
    assert "may yet be admitted" in told


def test_steps_that_are_overdue(book: Path) -> None:
    rows = done(book, *words("pipeline --overdue --as-of 2026-12-31 --format json")).json
    assert [(row["stage"], row["person"], row["what"]) for row in rows] == [
        ("certified", "P000003", "certificate_expires")
    ]
    assert done(book, *words("pipeline --overdue --as-of 2022-12-31 --format json")).json == []


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("targets --from 2021-01-01 --to 2020-12-31", "bad_period"),
        ("targets --under half", "bad_number"),
        ("targets --under 1.234,5", "bad_number"),
        ("targets --under 1,234,5", "bad_number"),
        ("targets --under ,5", "bad_number"),
        ("targets --measure heads", "bad_choice"),
        ("targets --unit XX", "unknown_unit"),
        ("pipeline --to 2020-12-31", "option_needs"),
        ("pipeline --within 24m", "option_needs"),
        ("pipeline --calendar holidays.csv", "option_needs"),
        ("pipeline --from 2020-01-01 --within 0m", "bad_months"),
        ("pipeline --from 2020-01-01 --within 24d", "bad_months"),
        ("pipeline --from 2020-01-01 --times", "options_exclude"),
        ("pipeline --from 2020-01-01 --by unit", "options_exclude"),
        ("pipeline --overdue --entries", "options_exclude"),
        ("pipeline --from 2020-02-01 --to 2020-01-01", "bad_period"),
        ("pipeline --unit XX", "unknown_unit"),
    ],
)
def test_what_cannot_be_asked(book: Path, asked: str, code: str) -> None:
    refused = call(book, *words(asked))
    assert refused.status in {2, 3}
    assert code in refused.err


def test_the_last_day_there_is(book: Path) -> None:
    far = "pipeline --from 2020-01-01 --to 9999-12-31 --as-of 9999-12-31 --within 24m --format json"
    assert done(book, *words(far)).json[0]["reached"] == 3
    assert done(book, *words("targets --to 9999-12-31 --pace --format json")).json
