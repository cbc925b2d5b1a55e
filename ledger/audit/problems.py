"""The codes of what an audit finds or refuses, with their words; they are part of ``PROBLEMS``."""

from ledger.words import Words

_COMPARE = "compare it with a backup"

AUDITS: dict[str, Words] = {
    # Why an entry is not as it was recorded: the {detail} of damaged
    "stored_type_differs": Words("its {value} is of the type {type}", _COMPARE),
    "stored_too_long": Words("it is longer than {limit} bytes", _COMPARE),
    "stored_unreadable": Words("SQLite cannot read it: {value}", _COMPARE),
    "stored_commit_differs": Words("commit {value} is not as it was recorded", _COMPARE),
    "stored_commit_missing": Words("commit {value} is missing", _COMPARE),
    "stored_moment_differs": Words("it was recorded before the entry above it", _COMPARE),
    "stored_version_differs": Words("it is not the next entry of {value}", _COMPARE),
    "stored_root_differs": Words(
        "the entries up to {last} do not make the root that commit {value} says", _COMPARE
    ),
    "stored_stream_differs": Words("it stands elsewhere than in the stream {value}", _COMPARE),
    "stored_target_differs": Words(
        "there is no entry {value} before it that it could take the place of", _COMPARE
    ),
    "stored_impossible": Words(
        "it cannot have happened after what was recorded before it: {detail}",
        "see who recorded it by `rollbook show`, and ask them",
    ),
    "stored_mention_differs": Words("what it names is not as it was recorded", _COMPARE),
    "stored_displaced_differs": Words("whether it counts is not as the entries say it", _COMPARE),
    "stored_key_missing": Words(
        "the key of {value} is gone, and nobody erased them", "take the book from a backup"
    ),
    "stored_key_kept": Words("{value} was erased, and the key is still there", "erase them again"),
    # Why a book is not as it was written, whatever the entry: the {detail} of book_damaged
    "stored_commits_differ": Words("there are more commits than belong to the log", _COMPARE),
    "stored_tree_more": Words("the tree has a node that is none of it, {value}", _COMPARE),
    "stored_setting_unknown": Words("it says {value} of itself, which is no setting", _COMPARE),
    "stored_schema_differs": Words(
        "{value} is not as in a book that was just started: it could be written to", _COMPARE
    ),
    "stored_encoding_differs": Words(
        "the file keeps its texts in {value}, and a book keeps them in UTF-8", _COMPARE
    ),
    "stored_file_differs": Words("the file does not hang together: {value}", _COMPARE),
    "keys_identity_differs": Words(
        "its identity is not that of the book", "put the keys file of this very book beside it"
    ),
    "cache_differs": Words(
        "the cache beside it says something else than the book: {value}",
        "delete the folder of the cache: it is made again from the book",
    ),
    # Checkpoints, proofs and exports that do not belong together
    "checkpoint_longer": Words(
        "the checkpoint is of {value} entries, and the book has {expected}",
        "the book was cut, or it is an old copy: compare it with a backup",
    ),
    "not_continued": Words(
        "the book, of {expected} entries, does not continue what it was with {value}",
        "`rollbook audit compare` says what was changed; keep the file as it is",
    ),
    "proof_needs_old": Words(
        "what it continues is missing: it is a proof, or has another size than the last one",
        "give your last checkpoint by --since, and the proof of `rollbook audit prove --since`",
    ),
    "export_of_another": Words(
        "{value} holds something else than an export of this book",
        "name a folder that is not there yet",
    ),
    "export_commits": Words(
        "the commits end with entry {value}, and the checkpoint with entry {expected}",
        "the export is not whole: have it made again, into an empty folder",
    ),
    "export_unreadable": Words(
        "the export at {value} cannot be read: {detail}",
        "name the folder that `rollbook audit export` wrote",
    ),
    "export_differs": Words(
        "{value} is not what the book makes",
        "keep the folder as it is, and export to another; compare both with a backup",
    ),
    # What is said of a whole book
    "book_damaged": Words(
        "the book is not as it was written: {detail}",
        "keep the file as it is, and compare it with a backup",
    ),
    "keys_missing_to_sign": Words(
        "a checkpoint cannot be signed: there is no keys file at {value}",
        "sign it where the keys file is; `rollbook audit verify` needs none",
    ),
}
"""Every such code with its words."""
