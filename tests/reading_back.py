"""Turns entries as in JSON Lines into entries of the catalogue."""

from typing import Any, cast

import msgspec

from ledger.catalogue import KINDS, Entry


def entry_of(line: dict[str, Any]) -> Entry:
    """Return the entry that a line of JSON Lines holds, fields by their outside names."""
    return cast("Entry", msgspec.convert(line, KINDS[line["kind"]], strict=False))
