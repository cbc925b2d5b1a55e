"""The codes of what is not proven, with their words; they are part of ``PROBLEMS``."""

from ledger.words import Words

PROOFS: dict[str, Words] = {
    # The tree
    "tree_number": Words(
        "{value} cannot be: a whole number from {least} to {most} is meant",
        "check which entry and which checkpoint were asked for",
    ),
    "tree_hash": Words(
        "{value} is no hash of a tree: it has 32 bytes",
        "take the proof from where it was made, unchanged",
    ),
    "tree_incomplete": Words(
        "the tree gives {value} hashes where {expected} are needed",
        "compare the book with a backup",
    ),
    "proof_length": Words(
        "the proof has {value} hashes, and {expected} are needed",
        "take the proof from where it was made, unchanged",
    ),
    "proof_root": Words(
        "the proof does not lead to the root of the checkpoint",
        "the entry or the book is another than the one the checkpoint was made of",
    ),
    "proof_old_root": Words(
        "the proof does not lead to the root of the earlier checkpoint",
        "the book is no continuation of what the earlier checkpoint was made of",
    ),
}
"""Every such code with its words."""
