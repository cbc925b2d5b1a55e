"""What is done to a book while it is being hit: each operation on a book of its own."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from histories import lines
from ledger.store import storage
from trust.looking import Seen
from trust.running import Patch, run

BOOK = "so.db"
_PASSPHRASE = {"ROLLBOOK_PASSPHRASE": "mot hai ba"}
_BY = ("--by", "lan")
_UNIT = ("--type", "cell", "--on", "2015-01-01", "--name", "Chi bộ", *_BY)
_PERSON = ("--on", "2020-03-02", "--unit", "T", "--name", "Nguyễn Văn An", "--sex", "male", *_BY)
_PLACE = "_SETTINGS"
"""Where the store has them: damage is done where no door leads."""
Arguments = tuple[str, ...]


class Operation(NamedTuple):
    """A call of the program, and the calls that make the folder it is called in.

    ``{}`` in an argument is that folder.
    """

    name: str
    arguments: Arguments
    before: tuple[Arguments, ...] = ()
    is_done: Callable[[Path, Seen], bool] | None = None
    """Whether it was done already, where it is not a commit that says so."""
    patch: Patch = lambda: None


def settled(**settings: str) -> Patch:
    """Return what gives SQLite other settings than ours: to see what becomes of it."""

    def patch() -> None:
        given = {name: f"{name} = {value}" for name, value in settings.items()}
        usual: tuple[str, ...] = getattr(storage, _PLACE)
        kept = [one for one in usual if one.partition(" ")[0] not in given]
        setattr(storage, _PLACE, (*kept, *given.values()))

    return patch


_INIT: Arguments = ("init",)
_SMALL: tuple[Arguments, ...] = (_INIT, ("import", "{}/vao-60.jsonl", *_BY))
_LARGER: tuple[Arguments, ...] = (_INIT, ("import", "{}/vao-300.jsonl", *_BY))
_ENROL = ("operator", "enrol", "lan", "--role", "chief", "--name", "Lan", "--no-passphrase", *_BY)
_BACK = ("backup", "-o", "{}/sao.db", "--keys", "{}/sao.khoa")
_RECORD = ("record", "unit_founded", "--unit", "MOI", *_UNIT)
_NOMINATE = ("record", "nominated", "--person", "P900001", *_PERSON)
_ERASE = ("erase", "P900001", "--reason", "theo đơn", *_BY)


def _is_erased(_: Path, seen: Seen) -> bool:
    return "person/P900001" not in seen.keys


OPERATIONS = (
    Operation("init", _INIT),
    Operation("record", _RECORD, _SMALL),
    Operation("record-first", _NOMINATE, _LARGER),
    Operation("record-signed", _RECORD, (*_SMALL, _ENROL)),
    Operation("import", ("import", "{}/vao-2000.jsonl", *_BY), (_INIT,)),
    Operation(
        "import-spilling",
        ("import", "{}/vao-2000.jsonl", *_BY),
        (_INIT,),
        patch=settled(cache_size="16"),
    ),
    Operation("enrol", _ENROL, _SMALL),
    Operation("rotate-key", ("operator", "rotate-key", "--no-passphrase", *_BY), (*_SMALL, _ENROL)),
    Operation("erase", _ERASE, (*_SMALL, _NOMINATE), _is_erased),
    Operation("erase-signed", _ERASE, (*_LARGER, _NOMINATE, _ENROL), _is_erased),
    Operation("checkpoint", ("audit", "checkpoint", "-o", "{}/diem"), _SMALL),
    Operation("backup", _BACK, _SMALL),
    Operation("restore", ("restore", "{}/sao.db", "--force", *_BY), (*_SMALL, _BACK, _RECORD)),
    Operation("replay", ("headcount", "--by", "sex", "--format", "json"), _LARGER),
    Operation("export", ("export", "-o", "{}/ra.jsonl"), _SMALL),
)


def variables(folder: Path) -> Mapping[str, str]:
    """Return the environment of a call in a folder."""
    return {"ROLLBOOK": str(folder / BOOK), **_PASSPHRASE}


def filled(arguments: Arguments, folder: Path) -> list[str]:
    """Return the arguments of a call in a folder."""
    return [argument.replace("{}", str(folder)) for argument in arguments]


def history(count: int) -> bytes:
    """Return a possible history of so many entries, as JSON Lines."""
    return b"".join(line.rstrip(b"\n") + b"\n" for line in lines(count))


def prepared(operation: Operation, folder: Path, said: Path) -> None:
    """Make a folder as it is before the operation."""
    folder.mkdir()
    for count in (60, 300, 2_000):
        if any(
            f"vao-{count}." in one
            for call in (*operation.before, operation.arguments)
            for one in call
        ):
            (folder / f"vao-{count}.jsonl").write_bytes(history(count))
    for call in operation.before:
        ran = run(filled(call, folder), said, variables=variables(folder))
        assert ran.status == 0, (call, ran)


def copied(base: Path, folder: Path) -> Path:
    """Make ``folder`` a fresh copy of ``base``; return it."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(base, folder)
    return folder
