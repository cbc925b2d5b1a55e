"""The numbers of made-up histories: counts without names, targets, classes, and mending them."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from tests.histories_people import filters_for

if TYPE_CHECKING:
    from tests.histories import World

Entry = dict[str, Any]
BEGIN = date(2013, 1, 1)
TERMS = {
    "2015-2020": (date(2015, 6, 1), date(2020, 5, 31)),
    "2020-2025": (date(2020, 1, 1), date(2024, 12, 31)),
}
_FLOWS = (
    "admissions",
    "recognitions",
    "departures",
    "classes",
    "class_participants",
    "certificates",
    "units_founded",
    "dossiers",
)
_STOCKS = ("members", "sympathisers", "dossiers", "units", "enterprises")


def count_unnamed(world: "World") -> None:
    """Count people or actions without names."""
    if world.random.random() < 0.5:
        measure = world.random.choice(("members", "members", *_STOCKS))
        on = world.some_day(BEGIN)
        code = world.place(on) or "TP"
        world.used(code, on)
        when: Entry = {"as_of": f"{on}"}
    else:
        measure = world.random.choice(_FLOWS)
        code = world.random.choice(tuple(world.units))
        first = world.some_day(BEGIN)
        last = min(world.today, first + timedelta(days=world.random.choice((0, 30, 200, 500))))
        on, when = last, {"period": {"from": f"{first}", "to": f"{last}"}}
    filters = filters_for(world.random, measure) if world.random.random() < 0.4 else None
    count = world.random.randint(0, 50)
    world.counts.append(
        world.add(
            "unnamed_counted", on, unit=code, measure=measure, count=count, filters=filters, **when
        )
    )


def set_target(world: "World") -> None:
    """Set a target, perhaps in the place of another, or withdraw one."""
    on = world.some_day(BEGIN)
    if world.targets and world.random.random() < 0.2:
        target = world.random.choice(tuple(world.targets))
        set_on = date.fromisoformat(world.targets[target]["effective_on"])
        world.add("target_withdrawn", world.some_day(set_on), target=target)
        return
    first, last = world.random.choice((*TERMS.values(), (date(2021, 1, 1), date(2022, 12, 31))))
    form = world.random.choice(("absolute", "floor", "range", "yearly_mean", "rate"))
    measure = world.random.choice((*_FLOWS, *_STOCKS, "external"))
    base = world.random.choice(
        (
            "200",
            None,
            {"measure": "members", "as_of": "2019-12-31"},
            {"measure": "members", "as_of": "2018-12-31", "unit": "TP"},
            {"measure": "dossiers", "as_of": "2019-12-31"},
            {"measure": "dossiers", "period": {"from": "2015-01-01", "to": "2019-12-31"}},
            {"measure": "admissions", "period": {"from": "2018-01-01", "to": "2018-12-31"}},
        )
    )
    code = f"T{len(world.targets) + 1}"
    unit = world.place(on) if world.random.random() < 0.4 else "TP"
    world.placed(unit or "TP", on)
    world.targets[code] = world.add(
        "target_set",
        on,
        target=code,
        unit=unit or "TP",
        measure=measure,
        period={"from": f"{first}", "to": f"{last}"},
        form=form,
        amount=["8", "12.5"] if form == "range" else world.random.choice(("0", "3", "7", "2.5")),
        source=world.random.choice(("own_congress", "TP")),
        base=base if form == "rate" else None,
        comparator=world.random.choice((None, "over", "at_least", "under", "nearly")),
        filters=filters_for(world.random, measure) if world.random.random() < 0.6 else None,
        supersedes=world.random.choice((None, None, *world.targets)),
    )


def open_class(world: "World") -> None:
    """Open a class."""
    on = world.some_day(BEGIN)
    code = f"L{len(world.classes) + 1}"
    kind = world.random.choice(("awareness", "awareness", "new_member"))
    organiser = world.random.choice(tuple(world.units))
    fields = {"type": kind, "organiser": organiser, "starts": f"{on}"}
    world.classes[code] = world.add("class_opened", on, **{"class": code}, **fields)


def void_count(world: "World") -> None:
    """Void an unnamed count, or correct it."""
    if not world.counts:
        return
    wrong = world.counts.pop(world.random.randrange(len(world.counts)))
    on = date.fromisoformat(wrong["effective_on"])
    if world.random.random() < 0.5:
        world.add("voided", world.today, entry=wrong["no"], reason="ghi nhầm")
    else:
        kept = ("unit", "measure", "as_of", "period", "filters")
        fields = {name: wrong.get(name) for name in kept}
        count = wrong["count"] + 1
        world.add("unnamed_counted", on, count=count, corrects=wrong["no"], **fields)
