"""The catalogue: every kind of entry, declared once (one module a room of the field)."""

from ledger.catalogue.base import (
    ENVELOPE,
    Amount,
    Base,
    Document,
    Entry,
    Filters,
    Period,
    Profile,
)
from ledger.catalogue.fields import (
    COMMON,
    KINDS,
    Field,
    fields_of,
    help_of,
    kind_of,
    own_fields,
    personal_paths,
    references,
)

__all__ = [
    "COMMON",
    "ENVELOPE",
    "KINDS",
    "Amount",
    "Base",
    "Document",
    "Entry",
    "Field",
    "Filters",
    "Period",
    "Profile",
    "fields_of",
    "help_of",
    "kind_of",
    "own_fields",
    "personal_paths",
    "references",
]
