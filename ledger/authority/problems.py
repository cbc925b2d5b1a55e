"""The codes of who may not record, and of missing keys, with their words.

They are part of ``PROBLEMS``.
"""

from ledger.words import Words

AUTHORITY: dict[str, Words] = {
    "not_enrolled": Words(
        "the operators of this book sign what they record, and {value} is none of them",
        "let a chief enrol them: `rollbook operator enrol {value} --role clerk`",
    ),
    "operator_revoked": Words(
        "{value} may no longer record: entry {no} revoked it",
        "let another operator record it, or a chief enrol them again",
    ),
    "operator_without_key": Words(
        "{value} was enrolled without a key, and this book is signed",
        "let a chief enrol them again with a key: `rollbook operator enrol {value}`",
    ),
    "not_entitled": Words(
        "{value} may not record {kind} as {role}",
        "clerks record, chiefs enrol and erase too, auditors only read: let a chief do it",
    ),
    "not_your_key": Words(
        "nobody but {value} changes their key",
        "let them do it, or a chief enrol them again with another key",
    ),
    "beyond_scope": Words(
        "{value} records for {scope} and what is under it; this is about {unit}",
        "let an operator of that unit record it",
    ),
    "last_chief": Words(
        "{value} is the last chief: nobody could enrol operators any more",
        "enrol another chief first",
    ),
    "first_is_chief": Words(
        "signing begins with a chief, without a scope",
        "`rollbook operator enrol {value} --role chief`",
    ),
    "keys_missing": Words(
        "personal details cannot be sealed: there is no keys file at {value}",
        "put the keys file back beside the book",
    ),
    "keys_without_book": Words(
        "there are keys at {value} and no book: it was moved, lost, or never finished",
        "choose another name, or put the book back (`rollbook restore --book {book}`); do not"
        " delete the keys: nothing else opens the names in their book",
    ),
    "key_needed": Words(
        "this book is signed, and the key of {value} is not at hand",
        "give it with --key; `rollbook operator list` says whose keys it knows",
    ),
    "key_differs": Words(
        "the key at hand is not the one that the book knows of {value}",
        "give the right one with --key; `rollbook operator list` shows their fingerprints",
    ),
    "key_unreadable": Words(
        "the key {value} cannot be read: {detail}",
        "give the file that `rollbook operator` wrote",
    ),
    "key_exists": Words(
        "there is a file {value} already, and keys are never overwritten",
        "give the new key another name; leave the file where it is: somebody may sign with it",
    ),
    "key_locked": Words(
        "the key {value} is locked, and nobody can type its passphrase here",
        "set ROLLBOOK_PASSPHRASE, or ask for a key that is not locked, with --no-passphrase",
    ),
    "passphrase_differs": Words(
        "the key {value} is locked, and this is not its passphrase",
        "type it when asked, or set ROLLBOOK_PASSPHRASE",
    ),
    "keyring_missing": Words(
        "the keyring of the system cannot be used: {detail}",
        "install rollbook[keyring], or keep the key in a file",
    ),
    "signature_missing": Words(
        "the commit of {value} is not signed, and it must be",
        "somebody wrote past the program, or took the signature away: compare with a backup",
    ),
    "signature_unwanted": Words(
        "the commit is signed, and nobody had begun to sign the book",
        "somebody wrote past the program: compare with a backup",
    ),
    "wants_public_key": Words(
        "an Ed25519 public key is wanted, 32 bytes in base64, that not everybody can sign for",
        "`rollbook operator new-key` makes one",
    ),
}
"""Every such code with its words."""
