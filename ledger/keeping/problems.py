"""The error codes of erasure, backup and restoring, with their words (see ledger/problems.py)."""

from ledger.words import Words

KEEPING: dict[str, Words] = {
    "checkup_wrong": Words(
        "something is wrong with: {value}",
        "the table says what; `rollbook doctor` again shows whether it is mended",
    ),
    # Backup and restoring
    "backup_differs": Words(
        "the backup is not of the book at {value}, which is {found}",
        "name the right backup, or restore it to a place of its own with --book",
    ),
    "restore_behind": Words(
        "the backup {value} ends with entry {found}, and the book is known to have had {known}",
        "take a later backup; with --force what came after it is given up, and the book says so",
    ),
    "restore_forked": Words(
        "the backup {value} tells another history than what is known of the book, from before"
        " entry {known}",
        "keep both and ask an auditor; with --force the backup is taken, and the book says so",
    ),
    "restore_keys": Words(
        "no key opens the personal details in {value}: those beside the book are of another day",
        "give the copy of the keys that was made with it, with --keys FILE",
    ),
    "restore_without_keys": Words(
        "there are no keys to {value}, neither given nor beside the book",
        "give the copy of the keys that was made with it, with --keys FILE; if it is lost, --force"
        " restores the book without: every count is there, and no name can be read",
    ),
    "backup_keys_malformed": Words(
        "{value} is not a copy of the keys made by `rollbook backup --keys`",
        "check the path",
    ),
    "backup_keys_locked": Words(
        "{value} does not open with this passphrase",
        "type the passphrase that it was made with",
    ),
    "backup_keys_of_others": Words(
        "the copy of the keys {value} was made for other officers",
        "give the key of one of those for whom it was made, with --officer-key FILE",
    ),
    "officer_key_needed": Words(
        "{value} was made for officers, each of whom opens it with their own key",
        "give yours with --officer-key FILE",
    ),
    "wants_officer_key": Words(
        "{value} is not the public key of an officer: X25519, 32 bytes in base64",
        "take what `rollbook operator new-key FILE --officer` printed",
    ),
    "officers_without_copy": Words(
        "officers are named, and no copy of the keys is asked for",
        "say with --keys FILE where the copy goes",
    ),
    "passphrase_needed": Words(
        "a passphrase is needed for {value}, and nobody can type it here",
        "put it into $ROLLBOOK_PASSPHRASE",
    ),
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
    "erased_malformed": Words(
        "{value} is not the list of keys that this book destroyed",
        "take it from a backup; it keeps erased people erased when a book is restored",
    ),
}
