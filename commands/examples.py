"""Example command lines for every kind of entry, made from its declaration."""

import shlex
from functools import cache

from commands.fields import FieldOption, options_of

_DAY = "2021-05-19"
_SAMPLES: dict[str, str] = {
    "amount": "50",
    "book_id": "6a2166fb20f1302a4597329a4ddcc5c7",
    "by_unit": "TUPY",
    "class": "L1",
    "count": "260",
    "eligible": "15",
    "elsewhere": "Thành ủy Thái Nguyên",
    "ends": "2025-06-15",
    "entry": "12",
    "figure": "F1",
    "from_no": "12",
    "host": "Thành ủy Thái Nguyên",
    "into": "TP.CB2",
    "mentor": "P000002",
    "name": "Nguyễn Văn An",
    "operator": "an.nv",
    "organiser": "TP",
    "parent": "TP",
    "person": "P000001",
    "public_key": "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
    "reason": "Nhập nhầm",
    "referrer": "P000002",
    "source": "own_congress",
    "target": "CT1",
    "task": "Tuyên truyền",
    "term": "2020-2025",
    "to": "TP.CB1",
    "unit": "TP",
    "value": "50",
    "votes_against": "1",
    "votes_for": "12",
    "years": "30",
}
"""What an example fills in, by field; choices take their first value, days one day."""

_OF_KIND: dict[tuple[str, str], str] = {
    ("unit_founded", "name"): "Đảng bộ phường Tân Phú",
    ("unit_renamed", "name"): "Đảng bộ phường Tân Phú",
    ("target_set", "from"): "2020-01-01",
    ("target_set", "to"): "2025-12-31",
    ("term_opened", "starts"): "2020-06-15",
}
_BESIDE: dict[str, tuple[str, ...]] = {
    "nominated": ("--birth-date", "1996-05-01", "--sex", "male"),
    "profile_changed": ("--occupation", "teacher"),
    "unit_founded": ("--parent", "TUPY"),
    "unit_reclassified": ("--type", "grassroots_committee"),
    "unnamed_counted": ("--as-of", "2015-12-31"),
    "figure_stated": ("--from", "2020-01-01", "--to", "2020-12-31"),
    "transferred_in": ("--name", "Nguyễn Văn An", "--joined-on", "2015-03-02"),
    "admitted": ("--document", "12-QĐ/TU", "--document-date", "2021-05-03"),
}
"""What a kind is hardly recorded without, though it may be."""


@cache
def example(kind: str) -> str:
    """Return a command line that records an entry of ``kind``."""
    words = ["rollbook", "record", kind]
    for option in options_of(kind):
        if option.needed:
            words += _words(kind, option)
    return shlex.join([*words, *_BESIDE.get(kind, ())])


def _words(kind: str, option: FieldOption) -> list[str]:
    flag = option.opts[0]
    if option.is_flag:
        return [flag]
    field = option.path[-1]
    choices = getattr(option.type, "choices", ())
    sample = _OF_KIND.get((kind, field)) or (choices[0] if choices else _SAMPLES.get(field, _DAY))
    return [flag, sample]
