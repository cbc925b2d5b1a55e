"""Finding the identifier that somebody means, by itself or by its word in their language."""

from collections.abc import Iterable
from difflib import get_close_matches

from commands.language import word
from commands.names import folded


def closest(value: str, choices: Iterable[str]) -> str:
    """Return the choice that is nearly ``value``, or the empty text if none is."""
    found = get_close_matches(value, list(choices), n=1)
    return found[0] if found else ""


def meant(given: str, context: str, identifiers: Iterable[str]) -> str:
    """Return the identifier that ``given`` nearly is, or whose word it nearly is; else ``""``."""
    choices = list(identifiers)
    if near := closest(given, choices):
        return near
    by_word = {folded(word(context, choice)): choice for choice in choices}
    return by_word.get(closest(folded(given), by_word), "")
