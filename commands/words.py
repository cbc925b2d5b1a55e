"""Finding the identifier that somebody means, by itself or by its word in their language."""

from collections.abc import Iterable

from commands.language import word
from commands.names import folded
from ledger.similar import similar


def meant(given: str, context: str, identifiers: Iterable[str]) -> str:
    """Return the identifier that ``given`` nearly is, or whose word it nearly is; else ``""``."""
    choices = list(identifiers)
    if near := similar(given, choices):
        return near
    by_word = {folded(word(context, choice)): choice for choice in choices}
    return by_word.get(similar(folded(given), by_word), "")
