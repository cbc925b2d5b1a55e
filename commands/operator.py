"""``rollbook operator``: who may record, and the keys they sign with."""

from pathlib import Path
from typing import Any

import click

from commands.books import opened, today
from commands.command import Argument, Command, Group, Option
from commands.entries import entry_of
from commands.language import say
from commands.new_keys import key_made_for, lock, place_of, place_options, tell_made
from commands.output import Sheet, output_options, write
from commands.parameters import DAY, PATH, TEXT, UNIT, OneOf
from commands.recording import record_one, writing, writing_options
from commands.session import Session
from commands.signing import finish_rotation
from ledger.authority.keyfiles import (
    default_path,
    fingerprint,
    new_key,
    new_officer_key,
    new_path,
    take_up,
    write_key,
    write_private,
)
from ledger.authority.listing import operators_of, origin
from ledger.authority.operators import key_name, key_text
from ledger.errors import Problem, Refused

COLUMNS = ("operator", "role", "scope", "state", "fingerprint", "no")
_PUBLIC_KEY = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
_ROLES = ("clerk", "chief", "auditor")


@click.group(
    name="operator",
    cls=Group,
    examples=(
        "rollbook operator enrol lan --role chief",
        "rollbook operator enrol minh --role clerk --scope TP --by lan",
        "rollbook operator list",
    ),
)
def operator() -> None:
    """Say who may record what, and sign everything that is recorded.

    Until the first operator is enrolled, a book takes entries from anybody who can write to
    it. From then on every command that records is signed with its operator's key, and what
    an operator may not record is refused. docs/trust/operators.md tells the rules.
    """


@operator.command(
    name="enrol",
    cls=Command,
    short_help="enrol an operator, and make their key",
    examples=(
        "rollbook operator enrol lan --role chief",
        "rollbook operator enrol minh --role clerk --scope TP --by lan",
        f"rollbook operator enrol hoa --role auditor --public-key {_PUBLIC_KEY} --by lan",
    ),
)
@click.argument("code", cls=Argument, type=TEXT, help="Code of the operator.")
@click.option("--role", cls=Option, type=OneOf(_ROLES, "role"), required=True, help="Their role.")
@click.option("--scope", cls=Option, type=UNIT, help="Unit whose subtree they record for.")
@click.option("--name", cls=Option, type=TEXT, help="Full name; by default the code.")
@click.option(
    "--public-key", cls=Option, type=TEXT, help="Their public key, if they made one themselves."
)
@click.option("--on", cls=Option, type=DAY, help="Day it takes effect; by default today.")
@place_options
@writing_options
@click.pass_obj
def enrol(session: Session, /, code: str, role: str, **parameters: Any) -> None:
    """Enrol an operator, or change the role, unit or key of one.

    A key is made for them unless they bring a public key of their own (`new-key`). Its
    fingerprint goes on paper, with both signatures. The first who is enrolled is a chief,
    who enrols themself; with that the book begins to be signed.
    """
    with opened(session) as book:
        roll = operators_of(book)
        if not roll.is_signed:
            _check_first(role, code, parameters)
            parameters["recorded_by"] = code
        name, how = key_name(roll.origin, code), writing(session, parameters)
        place = place_of(parameters, default_path(book.path, code))
        with key_made_for(book, name, parameters["public_key"], place, how) as (public, made):
            values = {
                "kind": "operator_enrolled",
                "effective_on": (parameters["on"] or today(session, book)).isoformat(),
                "operator": code,
                "role": role,
                "name": parameters["name"] or code,
                "scope": parameters["scope"],
                "public_key": public,
            }
            entry = entry_of({name: value for name, value in values.items() if value is not None})
            record_one(session, book, entry, how, key=None if roll.is_signed else made)
    tell_made(code, place, made, public, dry_run=how.dry_run)


@operator.command(
    name="revoke",
    cls=Command,
    short_help="take from an operator the right to record",
    examples=("rollbook operator revoke minh --by lan",),
)
@click.argument("code", cls=Argument, type=TEXT, help="Code of the operator.")
@click.option("--on", cls=Option, type=DAY, help="Day it takes effect; by default today.")
@writing_options
@click.pass_obj
def revoke(session: Session, /, code: str, **parameters: Any) -> None:
    """Take from an operator the right to record, from the next commit on.

    What they recorded before stays, and stays signed by them.
    """
    with opened(session) as book:
        on = (parameters["on"] or today(session, book)).isoformat()
        values = {"kind": "operator_revoked", "effective_on": on, "operator": code}
        record_one(session, book, entry_of(values), writing(session, parameters))


@operator.command(
    name="rotate-key",
    cls=Command,
    short_help="sign with a new key from now on",
    examples=("rollbook operator rotate-key --by minh --new-key minh-2027.key",),
)
@click.option("--public-key", cls=Option, type=TEXT, help="The new public key, made by `new-key`.")
@click.option("--on", cls=Option, type=DAY, help="Day it takes effect; by default today.")
@place_options
@writing_options
@click.pass_obj
def rotate_key(session: Session, /, **parameters: Any) -> None:
    """Put a new key in the place of your own; this is the last that the old one signs."""
    with opened(session) as book:
        how = writing(session, parameters)
        usual = default_path(book.path, how.by)
        place = place_of(parameters, new_path(usual))
        name = key_name(origin(book), how.by)
        finish_rotation(book, how.by)
        with key_made_for(book, name, parameters["public_key"], place, how) as (public, made):
            values = {
                "kind": "operator_key_rotated",
                "effective_on": (parameters["on"] or today(session, book)).isoformat(),
                "operator": how.by,
                "public_key": public,
            }
            record_one(session, book, entry_of(values), how)
        if made and not (place.keyring or parameters["new_key"] or how.dry_run):
            take_up(usual)
            place = place._replace(path=usual)
    tell_made(how.by, place, made, public, dry_run=how.dry_run)


@operator.command(
    name="new-key",
    cls=Command,
    short_help="make a key of one's own, to be enrolled with its public half",
    examples=("rollbook operator new-key hoa.key", "rollbook operator new-key binh.key --officer"),
)
@click.argument("file", cls=Argument, type=PATH, metavar="FILE", help="File for the new key.")
@click.option(
    "--officer",
    cls=Option,
    is_flag=True,
    help="A key that opens copies of the keys (`rollbook backup --officer`), and signs nothing.",
)
@click.option(
    "--no-passphrase", cls=Option, is_flag=True, help="Leave the file unlocked, for programs."
)
def new_key_(*, file: str, officer: bool, no_passphrase: bool) -> None:
    """Make a key on one's own machine; only its public half goes to the chief.

    No book is needed. The public key is printed, and its fingerprint for the paper.
    """
    path = Path(file)
    if officer:
        private = new_officer_key()
        public = private.public_key().public_bytes_raw()
        write_private(path, private, lock(path, unlocked=no_passphrase))
    else:
        seed, key = new_key("-")
        public = key.key.public
        write_key(path, seed, lock(path, unlocked=no_passphrase))
    click.echo(key_text(public))
    click.echo(say("Fingerprint: {digits}").format(digits=fingerprint(public)), err=True)


@operator.command(
    name="list",
    cls=Command,
    short_help="list the operators with their roles and fingerprints",
    examples=("rollbook operator list", "rollbook operator list --format json"),
)
@output_options
@click.pass_obj
def list_(session: Session, /, *, form: str) -> None:
    """List everybody who was ever enrolled: role, unit, and the fingerprint of their key.

    Compare the fingerprints with those on paper.
    """
    with opened(session) as book:
        roll = operators_of(book)
    rows = [
        {
            "operator": one.code,
            "role": one.role,
            "scope": one.scope,
            "state": "revoked" if one.revoked else "enrolled" if one.key else "without_key",
            "fingerprint": one.key and fingerprint(one.key.public),
            "no": one.no,
        }
        for one in roll.operators
    ]
    write(form, [Sheet(COLUMNS, rows)])
    if not roll.is_signed:
        unsigned = "What is recorded in this book is not signed; `{command}` begins it."
        command = "rollbook operator enrol CODE --role chief"
        click.echo(say(unsigned).format(command=command), err=True)


def _check_first(role: str, code: str, parameters: dict[str, Any]) -> None:
    """Raise Refused unless this is how signing begins: a chief enrols themself."""
    by = parameters["recorded_by"] or code
    if role != "chief" or parameters["scope"] or parameters["public_key"] or by != code:
        raise Refused(Problem("first_is_chief", value=code))
