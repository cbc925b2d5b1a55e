"""Bands of age, and the eras in which members joined: the rows of forms 2 and 3 (DOMAIN §4)."""

from datetime import date

UNKNOWN = "unknown"
AGE_YEARS = "(year(on_day) - birth_year)"
AGE_BANDS = (
    "under_18",
    "18-30",
    "31-35",
    "36-40",
    "41-45",
    "46-50",
    "51-55",
    "56-60",
    "over_60",
    UNKNOWN,
)
"""The age bands of forms 2 and 3, and the two ends beyond them (DOMAIN §4.4)."""
_OLDEST_YEARS = 1_000

_ERAS = {
    "before_1945_08_19": date(1945, 8, 18),
    "to_1954_07_20": date(1954, 7, 20),
    "to_1975_04_30": date(1975, 4, 30),
    "from_1975_05_01": date.max,
}
"""The eras of form 3, each with its last day; one begins the day after the one before."""
ERAS = (*_ERAS, UNKNOWN)
"""When members joined, by form 3 (DOMAIN §4.5)."""

Range = tuple[int, int]


def age_range(code: str | int) -> Range | None:
    """Return the years of age that a code means, both ends held; None for unknown ages.

    A code is a band (``18-30``, ``under_18``, ``over_60``) or a number of years.
    Raises ValueError for anything else.
    """
    text = str(code)
    if text == UNKNOWN:
        return None
    if text.startswith("under_"):
        return -_OLDEST_YEARS, int(text.removeprefix("under_")) - 1
    if text.startswith("over_"):
        return int(text.removeprefix("over_")) + 1, _OLDEST_YEARS
    first, _, last = text.partition("-")
    return int(first), int(last or first)


def age_band() -> str:
    """Return SQL for the age band of a subject."""
    whens: list[str] = []
    for band in AGE_BANDS:
        limits = age_range(band)
        if limits is None:
            whens.insert(0, f"WHEN birth_year IS NULL THEN '{band}'")
        else:
            whens.append(f"WHEN {AGE_YEARS} <= {limits[1]} THEN '{band}'")
    return f"CASE {' '.join(whens)} END"


def age_condition(code: str) -> str:
    """Return SQL for whether a subject has the age that a code means."""
    limits = age_range(code)
    if limits is None:
        return "birth_year IS NULL"
    return f"{AGE_YEARS} BETWEEN {limits[0]:d} AND {limits[1]:d}"


def join_era() -> str:
    """Return SQL for the era in which a member joined."""
    whens = [f"WHEN joined_on <= DATE '{last_on}' THEN '{era}'" for era, last_on in _ERAS.items()]
    return f"CASE WHEN joined_on IS NULL THEN '{UNKNOWN}' {' '.join(whens)} END"
