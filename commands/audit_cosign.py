"""``rollbook audit keeper`` and ``cosign``: somebody outside keeps checkpoints, and says so."""

from pathlib import Path

import click

from commands.auditing import check_output, file_options, read_file, write_text
from commands.command import Argument, Command, Option
from commands.language import say
from commands.new_keys import lock
from commands.parameters import PATH, TEXT
from commands.session import Session
from commands.signing import typed_passphrase
from ledger.audit.confirming import cosigned
from ledger.authority.keyfiles import new_key, read_key, write_key
from ledger.errors import BookDamaged, Problem, WrongUsage
from ledger.proof.errors import Unproven
from ledger.proof.keys import COSIGNATURE, SigningKey, parse_key


@click.command(
    cls=Command,
    short_help="make the key of an outside keeper of checkpoints",
    examples=("rollbook audit keeper ubkt.key --name ubkt.tinh.example",),
)
@click.argument("file", cls=Argument, type=PATH, metavar="FILE", help="File for the new key.")
@click.option(
    "--name",
    cls=Option,
    type=TEXT,
    required=True,
    help="Name of the keeper, the same for ever: no spaces and no plus signs.",
)
@click.option(
    "--no-passphrase", cls=Option, is_flag=True, help="Leave the file unlocked, for programs."
)
def keeper(*, file: str, name: str, no_passphrase: bool) -> None:
    """Make a key with which an outside keeper cosigns checkpoints. No book is needed.

    The public key is printed, for those who are to check the cosignatures.
    """
    seed, _ = new_key(name)
    write_key(Path(file), seed, lock(Path(file), unlocked=no_passphrase))
    click.echo(SigningKey(name, seed, COSIGNATURE).key.text)


@click.command(
    name="cosign",
    cls=Command,
    short_help="add the signature of an outside keeper to a checkpoint",
    examples=(
        "rollbook audit cosign 2023.checkpoint --first --key a.key --name ubkt.vn --vkey KEY",
        (
            "rollbook audit cosign 2024.proof --since 2023.cosigned --key a.key --name ubkt.vn "
            "--vkey KEY -o 2024.cosigned"
        ),
    ),
)
@click.argument(
    "path",
    cls=Argument,
    type=PATH,
    metavar="FILE",
    help="The proof that the checkpoint continues the one before; the first checkpoint alone.",
)
@click.option(
    "--key",
    "key_path",
    cls=Option,
    type=PATH,
    required=True,
    metavar="FILE",
    help="The key of the keeper, made by `keeper`.",
)
@click.option("--name", cls=Option, type=TEXT, required=True, help="Name of the keeper.")
@click.option(
    "--vkey",
    cls=Option,
    type=TEXT,
    required=True,
    metavar="KEY",
    help="The key of the book, from paper.",
)
@click.option(
    "--since",
    cls=Option,
    type=PATH,
    metavar="FILE",
    help="The last checkpoint of the book that this keeper cosigned.",
)
@click.option(
    "--first", cls=Option, is_flag=True, help="This keeper cosigned none of the book before."
)
@file_options
@click.pass_obj
def cosign_(
    session: Session,
    /,
    *,
    path: str,
    key_path: str,
    name: str,
    vkey: str,
    since: str | None,
    first: bool,
    output: str | None,
    replace: bool,
) -> None:
    """Add a cosignature with the time to a checkpoint: that it continues what was seen before.

    The proof comes from `rollbook audit prove --since`, made with the keeper's last checkpoint.
    No book is needed: keeper, key and checkpoints fit on a USB stick. A keeper who cosigns two
    checkpoints of which none continues the other is worth nothing; so keep every one.
    """
    if first == (since is not None):
        raise WrongUsage(Problem("one_of_two", value="--since", other="--first"))
    check_output(output, replace=replace)
    data, old = read_file(path), read_file(since) if since else None
    book_key = parse_key(vkey)
    key = read_key(
        Path(key_path), name, lambda: typed_passphrase(Path(key_path)), algorithm=COSIGNATURE
    )
    try:
        time = int(session.now.timestamp())
        note, checkpoint = cosigned(data, key, time, book_key, old)
    except Unproven as problem:
        raise BookDamaged(problem.at(path)) from None
    write_text(note, output, say("Wrote the checkpoint"), replace=replace)
    told = say("Cosigned: {number} entries, by {key}")
    click.echo(told.format(number=checkpoint.size, key=key.key.text), err=True)
