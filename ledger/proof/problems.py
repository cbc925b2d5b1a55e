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
    # Keys and signatures
    "key_form": Words(
        "it is not a key: it reads NAME+ID+BASE64",
        "copy the whole line of the key",
    ),
    "key_id": Words(
        "the id in the key does not fit its name and the rest of it",
        "copy the whole line of the key",
    ),
    "key_name": Words(
        "a key cannot be named {value}: no spaces, plus signs or signs that cannot be seen",
        "choose another name",
    ),
    "key_algorithm": Words(
        "algorithm {value} is not the one for this",
        "books are signed with Ed25519 keys, checkpoints of others with cosignature/v1 keys",
    ),
    "key_weak": Words(
        "the key of {name} is one for which anybody can sign, or nobody",
        "make another key; somebody chose this one on purpose",
    ),
    "key_twice": Words(
        "two of the given keys cannot be told apart: {name}",
        "give each key once",
    ),
    "signature_false": Words(
        "the signature of {name} does not fit the text",
        "the text or the signature was changed: ask for the file again, and keep this one",
    ),
    "signature_unknown": Words(
        "none of the given keys signed it",
        "check which keys are given, and whose file it is",
    ),
    "note_long": Words(
        "it has {value} bytes, and at most {limit} are read",
        "check which file it is",
    ),
    "note_text": Words(
        "it is not a text in UTF-8, an empty line, and lines of signatures, and nothing else",
        "take the file from where it was made, unchanged",
    ),
    "note_signature": Words(
        "{value} is not the line of a signature",
        "take the file from where it was made, unchanged",
    ),
    "note_signatures": Words(
        "it has more than {limit} signatures",
        "leave those that you do not need",
    ),
    # Checkpoints and proofs as files
    "checkpoint_lines": Words(
        "it is not a checkpoint: origin, size and root on a line each, none of them empty",
        "take the file from where it was made, unchanged",
    ),
    "checkpoint_size": Words(
        "{value} is no size of a tree",
        "take the file from where it was made, unchanged",
    ),
    "checkpoint_root": Words(
        "{value} is no root of such a tree",
        "take the file from where it was made, unchanged",
    ),
    "checkpoint_origin": Words(
        "the checkpoint is of {value}, and one of {expected} is needed",
        "check which file belongs to which book",
    ),
    "proof_line": Words(
        "line {value} is not what a proof has there",
        "take the proof from where it was made, unchanged",
    ),
    "proof_old_size": Words(
        "the proof is for a book that had {value} entries, and {expected} are needed",
        "ask for a proof since the checkpoint that you kept",
    ),
    "tile_path": Words(
        "{value} is not the path of a tile",
        "write it as the program does: tile/0/x001/234",
    ),
    "tile_length": Words(
        "the tile has {value} bytes, and {expected} are needed",
        "take the export again from the book",
    ),
    "bundle_entry": Words(
        "an entry has {value} bytes, and at most {limit} can be exported",
        "compare the book with a backup: no such entry is recorded",
    ),
    "bundle_length": Words(
        "the bundle has {value} entries or other bytes, and {expected} entries are needed",
        "take the export again from the book",
    ),
    # Whom to trust
    "policy_line": Words(
        "line {value} of the policy cannot stand there",
        "write log KEY, witness NAME KEY, group NAME COUNT NAMES, quorum NAME; each line ended, "
        "each name once and below its definition",
    ),
    "policy_key": Words(
        "line {value} of the policy: {detail}",
        "copy the whole line of the key",
    ),
    "policy_no_quorum": Words(
        "the policy has no line quorum NAME",
        "add it; quorum none asks for no cosignature",
    ),
    "policy_log": Words(
        "no log of the policy signed it for {value}",
        "check which keys the policy names, and whose file it is",
    ),
    "policy_quorum": Words(
        "too few of {value} cosigned it",
        "ask those that the policy names for their signature",
    ),
}
"""Every such code with its words."""
