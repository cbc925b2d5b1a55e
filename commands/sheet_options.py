"""What ``rollbook import`` is asked of sheets: their options, declared and read."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from commands.command import Option
from commands.parameters import PATH, TEXT, WORKBOOK, Checked, OneOf
from commands.words import meant
from ledger.catalogue import KINDS
from ledger.errors import Problem, WrongUsage

ENCODINGS = ("utf-8", "utf-16", "cp1258", "tcvn3", "vni")
_Decorated = TypeVar("_Decorated", bound=Callable[..., Any])


def kind(text: str) -> str:
    """Return a kind by its identifier, dashes for underscores or not; raise unknown_kind."""
    found = text.replace("-", "_")
    if found not in KINDS:
        raise Problem("unknown_kind", value=text, suggestion=meant(text, "kind", KINDS))
    return found


SHEET_OPTIONS: tuple[dict[str, Any], ...] = (
    {
        "param_decls": ["--preview"],
        "is_flag": True,
        "help": "Write nothing; say what would be recorded, what the book has, what is refused.",
    },
    {
        "param_decls": ["--marked"],
        "type": WORKBOOK,
        "help": "If something is wrong, write a copy of the sheets there with the mistakes marked.",
    },
    {
        "param_decls": ["--kind"],
        "type": Checked("KIND", kind),
        "help": "Kind of the sheets that do not say it themselves.",
    },
    {
        "param_decls": ["--sheet", "sheets"],
        "type": TEXT,
        "multiple": True,
        "help": "Read only the sheet of this name; once for each.",
    },
    {
        "param_decls": ["--encoding"],
        "type": OneOf(ENCODINGS),
        "help": "Encoding of CSV; tcvn3 and vni also of the texts of old fonts in a workbook.",
    },
    {
        "param_decls": ["--mapping"],
        "type": PATH,
        "help": "File that says what the headings of your own sheet mean.",
    },
    {
        "param_decls": ["--map", "maps"],
        "is_flag": True,
        "help": "Ask what each unknown heading means, and keep the answers in the mapping.",
    },
)


def sheet_options(command: _Decorated) -> _Decorated:
    """Give a command the options of sheets."""
    for declared in reversed(SHEET_OPTIONS):
        rest = {name: value for name, value in declared.items() if name != "param_decls"}
        command = click.option(*declared["param_decls"], cls=Option, **rest)(command)
    return command


def refuse_sheet_options(parameters: Mapping[str, Any]) -> None:
    """Raise WrongUsage if something is asked of sheets where the file has none."""
    asked = [
        declared["param_decls"][0] for declared in SHEET_OPTIONS if parameters[_name(declared)]
    ]
    if asked:
        problem = Problem("sheets_alone", value=asked[0])
        raise WrongUsage(problem.at(asked[0]))


def _name(declared: Mapping[str, Any]) -> str:
    return str(declared["param_decls"][-1]).lstrip("-").replace("-", "_")


def mapping_file(parameters: Mapping[str, Any]) -> Path | None:
    """Return the file of the mapping; raise WrongUsage where there is none to keep answers in."""
    if parameters["mapping"] is not None:
        return Path(parameters["mapping"])
    if parameters["maps"]:
        raise WrongUsage(Problem("mapping_needed", value="--map").at("--map"))
    return None
