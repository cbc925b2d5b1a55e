"""The published figures of made-up histories: about half of them true, the others nearly so."""

import random
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from tests.histories_numbers import BEGIN, TERMS
from tests.histories_people import filters_for
from tests.reference import MEASURES, Entry
from tests.reference_figures import FiguresReference, NotCheckable

STOCKS = ("members", "members", "sympathisers", "dossiers", "units", "enterprises")
COMPARATORS = ("equal", "equal", "equal", "about", "nearly", "over", "at_least", "under", "range")
DERIVED = (None, None, None, "growth", "index", "completion", "excess", "yearly_mean", "share")
LAST = date(2025, 6, 30)


def with_figures(chance: random.Random, entries: list[Entry], count: int) -> list[Entry]:
    """Return a history with figures stated at its end, codes F1, F2 and so on."""
    reference = FiguresReference(entries, len(entries), LAST)
    moment = entries[-1]["recorded_at"]
    found = list(entries)
    for number in range(1, count + 1):
        figure = a_figure(chance, entries)
        for _ in range(6):  # most that are not checkable are so for the same dull reasons
            if chance.random() < 0.15 or can_be_computed(reference, figure):
                break
            figure = a_figure(chance, entries)
        figure["figure"] = f"F{number}"
        figure["value"] = a_value(chance, figure, truth(chance, reference, figure))
        found.append({**figure, "no": len(found) + 1, "recorded_at": moment, "by": "an"})
    return found


def can_be_computed(reference: FiguresReference, figure: Entry) -> bool:
    """Return whether there is something behind a figure."""
    try:
        return bool(reference.computed({**figure, "value": "0"}))
    except NotCheckable:
        return False


def a_figure(chance: random.Random, entries: list[Entry]) -> Entry:
    """Return a figure without its number."""
    units = [e["unit"] for e in entries if e["kind"] == "unit_founded"]
    targets = [e for e in entries if e["kind"] == "target_set"]
    today = date.fromisoformat(entries[-1]["recorded_at"][:10])
    derived = chance.choice(DERIVED)
    measure = chance.choice((*MEASURES, "admissions", "admissions", *STOCKS))
    first = BEGIN + timedelta(days=chance.randrange(max(1, (today - BEGIN).days)))
    if chance.random() < 0.6:
        first = date(first.year, 1, 1)
    last = first + timedelta(days=chance.choice((30, 364, 364, 365, 1500)))
    target = chance.choice(targets) if targets else None
    if derived in {"completion", "excess"} and target and chance.random() < 0.9:
        measure = target["measure"]
        if chance.random() < 0.6:
            first, last = (date.fromisoformat(target["period"][end]) for end in ("from", "to"))
    figure: Entry = {
        "kind": "figure_stated",
        "effective_on": f"{a_day(chance, today)}",
        "unit": chance.choice(("TP", "TP", "TP", *units)),
        "measure": measure,
        "comparator": chance.choice(COMPARATORS),
        "source": "Bài báo giả định",
    }
    if measure in STOCKS or (measure == "external" and chance.random() < 0.5):
        figure["as_of"] = f"{chance.choice((last, a_day(chance, today)))}"
    else:
        figure["period"] = {"from": f"{first}", "to": f"{last}"}
    if measure == "dossiers" and chance.random() < 0.5:
        figure["period"] = {"from": f"{first}", "to": f"{last}"}
        del figure["as_of"]
    if measure == "admissions" and chance.random() < 0.4:
        figure["basis"] = chance.choice(("ceremony", "decision"))
    if derived:
        figure |= how(chance, derived, figure, target)
    elif measure != "external" and chance.random() < 0.4:
        figure["filters"] = filters_for(chance, measure)
    return figure


def a_day(chance: random.Random, today: date) -> date:
    """Return a day up to today, often the last of a term or year."""
    days = [today, *(end for _, end in TERMS.values()), date(2019, 12, 31)]
    anything = BEGIN + timedelta(days=chance.randrange((today - BEGIN).days + 1))
    return min(today, chance.choice((*days, anything, anything)))


def how(chance: random.Random, derived: str, figure: Entry, target: Entry | None) -> Entry:
    """Return how a figure is derived and what it is held against, sometimes nothing."""
    against: Any = None
    if derived in {"growth", "index"}:
        year = int(figure.get("as_of", figure.get("period", {}).get("from"))[:4]) - 1
        against = {"from": f"{year}-01-01", "to": f"{year}-12-31"}
    elif derived in {"completion", "excess"} and target is not None:
        against = target["target"]
    elif derived == "share":
        against = filters_for(chance, figure["measure"]) if figure["measure"] != "external" else {}
        against = against or None
    if against is None or chance.random() < 0.05:
        return {"derived": derived}
    return {"derived": derived, "against": against}


def truth(chance: random.Random, reference: FiguresReference, figure: Entry) -> Fraction:
    """Return the number that a figure should state, now and then by another reading."""
    others = [(figure, None), *((other, day) for _, other, day in reference.others(figure))]
    asked, units_as_of = figure, None
    if chance.random() < 0.5:
        asked, units_as_of = chance.choice(others)
    try:
        # What it says does not matter here: only a number of nothing is told from it.
        return reference.computed({**asked, "value": "0"}, units_as_of)
    except NotCheckable:
        return Fraction(chance.randint(0, 9))


def a_value(chance: random.Random, figure: Entry, true: Fraction) -> Any:
    """Return a number near the true one: itself, off by one, cut, or at the very boundary."""
    if figure["comparator"] == "range":
        low = true - chance.randint(0, 2)
        ends = (low, low + chance.randint(0, 2))
        return [decimal(end, 3, cut=False) for end in ends]
    if chance.random() < 0.3:
        true += chance.choice((-1, 1, Fraction(1, 10)))
    if figure["comparator"] == "about":
        true *= chance.choice((1, Fraction(100, 95), Fraction(100, 105), 2))
    elif figure["comparator"] == "nearly":
        true *= chance.choice((Fraction(10, 9), Fraction(100, 95), 1))
    return decimal(true, chance.choice((0, 0, 1, 2, 4)), cut=chance.random() < 0.4)


def decimal(value: Fraction, digits: int, *, cut: bool) -> str:
    """Return a number as decimal text: cut or rounded, whole where it is."""
    if value.denominator == 1:
        return f"{value.numerator}"
    scaled = int(value * 10**digits) if cut else round(value * 10**digits)
    whole, rest = divmod(abs(scaled), 10**digits)
    sign = "-" if scaled < 0 else ""
    return f"{sign}{whole}.{rest:0{digits}}" if digits else f"{sign}{whole}"
