"""What was meant by a code or word that is not known."""

from collections.abc import Iterable
from difflib import get_close_matches


def similar(code: str, known: Iterable[str]) -> str:
    """Return the one of ``known`` that resembles ``code`` most, empty if none does."""
    folded = {one.casefold(): one for one in known}
    found = get_close_matches(code.casefold(), list(folded), n=1)
    return folded[found[0]] if found else ""
