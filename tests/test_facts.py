"""Under what each thing lies, by the log: what the scope of an operator is held against."""

from collections.abc import Iterable

import msgspec
import pytest

from ledger.authority.facts import Facts
from ledger.catalogue import Entry
from ledger.lifecycle.arrivals import arrival
from tests.office import DAY, lines

LOG = """
{"kind":"unit_founded",DAY,"unit":"T","name":"Tỉnh","type":"centrally_run"}
{"kind":"unit_founded",DAY,"unit":"A","name":"A","type":"cell","parent":"T"}
{"kind":"unit_founded",DAY,"unit":"B","name":"B","type":"cell","parent":"T"}
{"kind":"unit_founded",DAY,"unit":"A1","name":"A1","type":"cell","parent":"A"}
{"kind":"nominated",DAY,"person":"P","unit":"A1","profile":{"name":"P","sex":"male"}}
"""
"""Five entries: a province, two units under it, one under the first, somebody in that."""
MOVED = '{"kind":"unit_moved",DAY,"unit":"A1","parent":"B"}'
"""The sixth."""
VOIDED = '{"kind":"voided",DAY,"entry":6,"reason":"x"}'


def entries(*more: str) -> list[tuple[str, Entry]]:
    """Return the entries of the log and of more lines with their streams."""
    text = (LOG + "\n".join(more)).replace("DAY", DAY)
    found = [msgspec.structs.replace(line.entry, no=no) for no, line in enumerate(lines(text), 1)]
    return [(arrival(entry).stream_id or "unit/A1", entry) for entry in found]


def after(*more: str) -> Facts:
    """Return what lies under what after the log and more lines."""
    facts = Facts()
    for stream_id, entry in entries(*more):
        facts.add(stream_id, entry)
    return facts


def loaded(*more: str, dead: Iterable[int] = ()) -> Facts:
    """Return the same when the log and more lines are loaded, some of them dead."""
    streams: dict[str, list[Entry]] = {}
    for stream_id, entry in entries(*more):
        streams.setdefault(stream_id, []).append(entry)
    return Facts(lambda stream_id: streams.get(stream_id, ()), set(dead).intersection)


TARGET = (
    '{"kind":"target_set",DAY,"target":"X","unit":"B","measure":"members","amount":"5",'
    '"period":{"from":"2020-01-01","to":"2020-12-31"},"form":"absolute","source":"own_congress"}'
)
FIGURE = (
    '{"kind":"figure_stated",DAY,"figure":"F","unit":"B","measure":"members","value":"5",'
    '"comparator":"equal","source":"x","as_of":"2020-01-01"}'
)
CLASS = (
    '{"kind":"class_opened",DAY,"class":"L","type":"awareness","organiser":"B",'
    '"starts":"2020-01-01"}'
)
DISSOLVED = '{"kind":"unit_dissolved",DAY,"unit":"A1","cause":"task_done","members_to":"B"}'
LIES = [
    ("unit/A1", None, "A"),
    ("unit/A1", MOVED, "B"),
    ("unit/A1", '{"kind":"unit_merged",DAY,"unit":"A1","into":"B"}', "B"),
    ("unit/A1", DISSOLVED, "B"),
    ("unit/A1", DISSOLVED.replace(',"members_to":"B"', ""), "A"),
    ("unit/A1", '{"kind":"unit_renamed",DAY,"unit":"A1","name":"x"}', "A"),
    ("unit/Z", '{"kind":"unit_renamed",DAY,"unit":"Z","name":"x"}', None),
    ("class/L", CLASS, "B"),
    ("target/X", TARGET, "B"),
    ("figure/F", FIGURE, "B"),
    ("person/P", None, "A1"),
    ("person/P", '{"kind":"transferred",DAY,"person":"P","to":"B"}', "B"),
    ("person/P", '{"kind":"listed",DAY,"person":"P","unit":"B"}', "B"),
    ("person/P", '{"kind":"listed",DAY,"person":"P"}', "A1"),
    ("person/P", '{"kind":"died",DAY,"person":"P"}', "A1"),
    ("person/nobody", None, None),
]


@pytest.mark.parametrize(("stream_id", "line", "above"), LIES)
def test_a_stream_lies_where_its_last_entry_put_it(
    stream_id: str, line: str | None, above: str | None
) -> None:
    more = [line] if line else []
    assert after(*more).above(stream_id) == above
    assert loaded(*more).above(stream_id) == above


@pytest.mark.parametrize("facts", [after(), loaded()], ids=["added", "loaded"])
def test_what_was_founded_under_nothing_is_there_and_lies_under_nothing(facts: Facts) -> None:
    assert facts.above("unit/T") is None
    assert [facts.has(unit) for unit in ("T", "A1", "Z", "")] == [True, True, False, False]


@pytest.mark.parametrize(
    "displacing", [VOIDED, '{"kind":"unit_renamed",DAY,"unit":"A1","name":"x","corrects":6}']
)
def test_what_is_displaced_does_not_count(displacing: str) -> None:
    facts = after(MOVED, displacing)
    assert [facts.counts(no) for no in range(1, 8)] == [True] * 5 + [False, True]
    assert facts.above("unit/A1") == "A"
    # and so when it was there before
    facts = loaded(MOVED)
    assert facts.above("unit/A1") == "B"
    facts.add(*entries(MOVED, displacing)[-1])
    assert facts.above("unit/A1") == "A"
    # or was displaced then
    assert loaded(MOVED, dead=[6]).above("unit/A1") == "A"


def test_a_voided_founding_leaves_nothing() -> None:
    facts = after(VOIDED.replace("6", "4"))
    assert facts.above("unit/A1") is None
    assert not facts.has("A1")


def test_what_is_added_comes_after_what_is_loaded() -> None:
    facts = loaded()
    facts.add(*entries(MOVED)[-1])
    assert facts.above("unit/A1") == "B"


def test_a_unit_is_within_itself_and_all_that_it_lies_under() -> None:
    facts = after()
    assert [facts.within("A1", scope) for scope in ("A1", "A", "T")] == [True] * 3
    beyond = (("A1", "B"), ("A", "A1"), ("T", "A"), ("A1", ""), ("Z", "T"))
    assert [facts.within(*pair) for pair in beyond] == [False] * 5


def test_units_in_a_circle_are_within_each_other_alone() -> None:
    facts = after('{"kind":"unit_moved",DAY,"unit":"A","parent":"A1"}')
    assert facts.within("A", "A1") is facts.within("A1", "A") is True
    assert facts.within("A1", "T") is False


def test_no_unit_stands_for_the_top() -> None:
    none = '{"kind":"unit_founded",DAY,"unit":"None","name":"x","type":"cell","parent":"A"}'
    assert [after(none).within(unit, "A") for unit in ("T", None, "None")] == [False, False, True]
