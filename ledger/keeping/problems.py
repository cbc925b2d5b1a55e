"""The error codes of erasure, backup and restoring, with their words (see ledger/problems.py)."""

from ledger.words import Words

KEEPING: dict[str, Words] = {
    # Erasure
    "erased": Words(
        "{value} was erased, by {clash}; no personal details are kept of them any more",
        "leave the personal details out; somebody who comes back gets a new file and a new id",
    ),
    "already_erased": Words(
        "{value} was erased already, by {clash}",
        "nothing is left to erase; check the person",
    ),
    "void_of_erasure": Words(
        "entry {value} is an erasure, and what is erased does not come back",
        "leave it as it is",
    ),
    "erase_needed": Words(
        "the personal details of {value} can still be opened, and this entry destroys nothing",
        "`rollbook erase {value} --reason …` destroys their key and records it",
    ),
    "erased_malformed": Words(
        "{value} is not the list of keys that this book destroyed",
        "take it from a backup; it keeps erased people erased when a book is restored",
    ),
}
