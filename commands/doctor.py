"""``rollbook doctor``: how the book is kept, and what nothing here protects."""

from pathlib import Path

import click

from commands.books import opened
from commands.command import Command
from commands.language import say
from commands.output import FOR_PEOPLE, Sheet, output_options, write
from commands.session import Session
from ledger.errors import Problem, RollbookError
from ledger.keeping.checkup import Check, checkup, checkup_outside

COLUMNS = ("check", "state", "value", "reason")
CHECKED = {
    "not_installed": "it is not installed here, or runs from a checkout",
    "wal_unsafe": "this SQLite has the WAL-reset bug; a rollback journal is used instead",
    "modes_mean_nothing": "on Windows a mode keeps nobody out: see to the rights of the folder",
    "others_may_read": "others may read the file: chmod 600",
    "of_another_owner": "the file belongs to somebody else",
    "read_only": "nothing can be written here: the book can be read only",
    "little_space": "free some space: a book that cannot grow records nothing",
    "clock_implausible": "set the clock of this machine",
    "clock_behind": "the last entry was recorded later than it is now: set the clock",
    "head_behind": "this machine has seen the book go further: it was put back, or exchanged",
    "head_forked": "this machine has seen it otherwise: it was put back and written to, or changed",
    "head_unread": "the tree over the entries is damaged: rollbook audit verify",
    "erased_back": "erased, and their keys are back with an old copy: rollbook erase PERSON",
    "erased_unread": "the list of destroyed keys is not that of the book",
    "keys_gone": "there is no keys file beside the book: names cannot be read",
    "keys_differ": "the keys file does not fit the book: names cannot be read",
    "unfinished": "an erasure was interrupted; the next command that can write finishes it",
    "keys_beside": "whoever copies this folder has book and keys: back them up apart",
    "exports_there": "files with personal details lie around; `rollbook erase` names them",
    "never_backed_up": "no backup was made from here: rollbook backup -o FILE --keys FILE",
    "long_ago": "make another: rollbook backup",
    "before_erasure": "somebody was erased since, and it holds their details: make another",
    "not_at_hand": "it is not at hand now: see that it is where it is kept",
    # The states of a check
    "ok": "in order",
    "note": "to note",
    "wrong": "wrong",
    "unsigned": "nobody signs what is recorded: rollbook operator enrol",
    # What is not protected
    "file": "Who can write the book's file can replace it: only a checkpoint kept elsewhere shows.",
    "login": "Whoever has book and keys reads every name; whoever sits at this login has both.",
    "clock": "Times are those of this machine's clock.",
    "unsealed": "Notes, reasons, numbers of documents and names of imported files are not sealed.",
    "copied": "What was printed, mailed or copied away is beyond erasing.",
}
"""What is said of a check by its reason, of states, and of what is not protected (message ids)."""
_LIMITS = ("file", "login", "clock", "unsealed", "copied")


class _Found(RollbookError):
    """The check-up found something that is wrong."""

    status = 1


@click.command(cls=Command, examples=("rollbook doctor", "rollbook doctor --format json"))
@output_options
@click.pass_obj
def doctor(session: Session, /, *, form: str) -> None:
    """Check how the book is kept: programs, files, clock, space, keys, backups, signing.

    Nothing is changed. Leaves with status 1 when something is wrong. Whether the entries
    themselves are as they were recorded is another question: `rollbook audit verify`.
    """
    limits = [say("Not protected: {what}").format(what=say(CHECKED[name])) for name in _LIMITS]
    try:
        with opened(session) as book:
            found = list(checkup(book, session.now))
    except RollbookError:
        rows = [_row(check, form) for check in checkup_outside(Path(session.book_path))]
        write(form, [Sheet(COLUMNS, rows)], about=limits)
        raise
    write(form, [Sheet(COLUMNS, [_row(check, form) for check in found])], about=limits)
    wrong = [check.check for check in found if check.state == "wrong"]
    if wrong:
        raise _Found(Problem("checkup_wrong", value=", ".join(wrong)))


def _row(check: Check, form: str) -> dict[str, str | None]:
    reason = CHECKED.get(check.reason, "")
    if form not in FOR_PEOPLE:
        return check._asdict() | {"reason": check.reason or None}
    return check._asdict() | {"state": say(CHECKED[check.state]), "reason": say(reason) or None}
