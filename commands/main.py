"""The program ``rollbook``: its commands, and how a call begins and ends.

``rollbook --help`` must come at once, so this module knows every command by name and line
of help only, and imports the one that is called. A command's module has a variable with
the command's name; where that is a word of Python, with an underscore after it.
"""

import errno
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import click

from commands.command import Group, Option
from commands.language import choose, say, speak
from commands.session import Session, book_asked_for

PROGRAM = "rollbook"
COMPLETE_VARIABLE = "_ROLLBOOK_COMPLETE"
INTERRUPTED, BROKEN_PIPE = 130, 141

COMMANDS: dict[str, dict[str, tuple[str, str]]] = {
    "Begin": {
        "init": ("init", "start a book"),
        "demo": ("demo", "make a sample book from published figures, and print its term report"),
    },
    "Record and mend": {
        "record": ("record", "record what happened: one command for each kind of entry"),
        "correct": ("correct", "put a right entry in the place of a wrong one"),
        "void": ("void", "take an entry out of the reckoning"),
        "import": ("importing", "record the entries of a spreadsheet, CSV or JSON Lines"),
        "template": ("template", "write a spreadsheet to fill in and import"),
        "export": ("exporting", "write all entries, also for spreadsheets"),
    },
    "Look up": {
        "log": ("log", "list the entries"),
        "show": ("show", "show one entry with everything around it"),
        "history": ("history", "list what happened to a person or unit, and what it changed"),
    },
    "Trust": {
        "backup": ("backup", "copy the book into one file, every byte checked"),
        "restore": ("backup", "put a backup in the place of the book"),
        "doctor": ("doctor", "check how the book is kept, and what is not protected"),
        "erase": ("erase", "destroy the key to a person's details, for good"),
        "operator": ("operator", "say who may record what, and sign what is recorded"),
        "audit": ("audit", "prove that the book is the book: verify, checkpoint, prove, export"),
    },
    "Report": {
        "roster": ("roster", "list who is a member, where and in what standing"),
        "headcount": ("headcount", "count members, whole or by what they are"),
        "movement": ("movement", "report how membership grew and shrank, by cause (form 1)"),
        "term": ("term", "report a term year by year, against its targets"),
        "targets": ("targets", "report how far targets are, the best first"),
        "pipeline": ("pipeline", "count the people at each stage of the way to membership"),
        "figures": ("figures", "check published figures against the entries"),
        "codes": ("codes", "show the lists of codes and what they follow"),
        "units": ("units", "list or count the units, and what became of them"),
        "rules": ("rules", "list the rules by their dates, and what of the book breaks them"),
        "due": ("due", "list what is overdue and what falls due"),
        "query": ("query", "answer a question in SQL, reading only"),
    },
}
"""Every command under its heading: its module, and its line of help (a message id)."""


def _entry(name: str) -> tuple[str, str] | None:
    return next((room[name] for room in COMMANDS.values() if name in room), None)


class Root(Group):
    """The program itself: a group that imports a command when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, as the help lists them."""
        del ctx
        return [name for room in COMMANDS.values() for name in room]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of that name, imported now, or None."""
        del ctx
        entry = _entry(cmd_name)
        if entry is None:
            return None
        module, line = entry
        found = vars(import_module(f"commands.{module}"))
        command = found.get(cmd_name, found.get(f"{cmd_name}_"))
        if not isinstance(command, click.Command):
            raise TypeError(cmd_name)
        command.name = cmd_name
        command.short_help = line
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is called; raise NoSuchCommand with the likely ones."""
        try:
            return super().resolve_command(ctx, args)
        except click.exceptions.NoSuchCommand:
            names = self.list_commands(ctx)
            raise click.exceptions.NoSuchCommand(args[0], possibilities=names, ctx=ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands under their headings, without importing any."""
        del ctx
        widest = max(len(name) for room in COMMANDS.values() for name in room)
        for heading, room in COMMANDS.items():
            with formatter.section(say(heading)):
                rows = [(name.ljust(widest), say(line)) for name, (_, line) in room.items()]
                formatter.write_dl(rows)

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,  # noqa: FBT001, FBT002 - the signature is the library's
        windows_expand_args: bool = True,  # noqa: FBT001, FBT002 - as above
        **extra: Any,
    ) -> NoReturn:
        """Run one call and leave with the exit status of DESIGN §7; never with a traceback."""
        del prog_name, complete_var, standalone_mode, windows_expand_args
        arguments = list(sys.argv[1:] if args is None else args)
        speak(choose(arguments, os.environ))
        _write_utf8()
        session = extra.get("obj") or Session(book_asked_for(arguments))
        session.arguments = arguments
        sys.exit(self._run(arguments, session))

    def _run(self, arguments: list[str], session: Session) -> int:
        try:
            return self._called(arguments, session)
        except click.exceptions.Exit as left:
            return left.exit_code
        except (KeyboardInterrupt, EOFError, click.Abort):
            click.echo(f"\n{say('Interrupted.')}", err=True)
            return INTERRUPTED
        except Exception as error:  # noqa: BLE001 - people never see a traceback
            try:
                return BROKEN_PIPE if _is_broken_pipe(error) else _told(error)
            except OSError:  # standard error is gone, too
                return BROKEN_PIPE
            except KeyboardInterrupt:  # while a long list of problems was being said
                return INTERRUPTED
            finally:
                _forget_closed_streams()

    def _called(self, arguments: list[str], session: Session) -> int:
        instruction = os.environ.get(COMPLETE_VARIABLE)
        if instruction:
            completion = import_module("click.shell_completion")
            context = {"obj": session}
            answer = completion.shell_complete(
                self, context, PROGRAM, COMPLETE_VARIABLE, instruction
            )
            return int(answer)
        with self.make_context(PROGRAM, arguments, obj=session) as ctx:
            self.invoke(ctx)
        sys.stdout.flush()
        return 0


def _is_broken_pipe(error: Exception) -> bool:
    """Whether the reader of our output went away, as ``head`` does; Windows says EINVAL."""
    if not isinstance(error, OSError) or error.filename is not None:
        return False
    return error.errno == errno.EPIPE or (os.name == "nt" and error.errno == errno.EINVAL)


def _told(error: Exception) -> int:
    """Say what went wrong, with words that are loaded only now; return the exit status."""
    status: int = import_module("commands.failure").tell(error)
    return status


def _forget_closed_streams() -> None:
    """Let nothing more be written to a closed pipe or a full disk, not even at the very end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(nowhere, stream.fileno())


def _write_utf8() -> None:
    """Write UTF-8 whatever the console's code page: Vietnamese fits no other here.

    A stream that is not there at all, as under ``>&-``, swallows what is written.
    """
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            nowhere = Path(os.devnull).open("r+", encoding="utf-8")  # noqa: SIM115 - for good
            setattr(sys, name, nowhere)
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure and stream.encoding.lower().replace("-", "") != "utf8":
            reconfigure(encoding="utf-8")


def _say_version(ctx: click.Context, _: click.Parameter, asked: object) -> None:
    """Say which version this is; a checkout that is not installed has none."""
    if asked:
        metadata = import_module("importlib.metadata")
        try:
            version = metadata.version(PROGRAM)
        except metadata.PackageNotFoundError:
            version = say("(not installed)")
        click.echo(f"{PROGRAM} {version}")
        ctx.exit()


@click.group(
    cls=Root,
    name=PROGRAM,
    examples=(
        "rollbook init",
        "rollbook record unit_founded --unit TP --name 'Tân Phú' --type cell --on 2015-01-01",
        "rollbook roster --unit TP --as-of 31/12/2015",
    ),
)
@click.option(
    "--version",
    cls=Option,
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_say_version,
    help="Show the version and exit.",
)
def rollbook() -> None:
    """Keep a membership ledger: record what happened, and replay it as of any day.

    Every action is one entry in a book, and nothing in it is ever changed or removed: a
    mistake is mended by a new entry. Rosters, counts and reports are derived from the
    entries, as of any day and as known on any day.

    Days are written YYYY-MM-DD or dd/mm/yyyy.
    """


def main() -> NoReturn:
    """Run the program as the shell called it."""
    rollbook.main()
