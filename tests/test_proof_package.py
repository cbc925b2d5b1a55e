"""The package of proofs stands alone, starts fast, and can say everything that is wrong."""

import ast
import subprocess
import sys
from pathlib import Path
from string import Formatter

import ledger.proof
from ledger.proof.problems import PROOFS
from ledger.words import Words
from tests.terminal import ROOT

SOURCES = sorted(Path(ledger.proof.__path__[0]).glob("*.py"))
MAY_IMPORT = {"ledger.proof", "ledger.errors", "ledger.words", "cryptography"}
"""What it may import beside the standard library: no store, no book, no catalogue."""


def _parsed() -> list[ast.AST]:
    return [
        node for path in SOURCES for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    ]


def test_it_imports_nothing_of_the_book() -> None:
    modules = [node.module or "" for node in _parsed() if isinstance(node, ast.ImportFrom)]
    modules += [n.name for node in _parsed() if isinstance(node, ast.Import) for n in node.names]
    own = {each for each in modules if each.split(".")[0] not in sys.stdlib_module_names}
    assert own
    assert not [each for each in own if not any(each.startswith(may) for may in MAY_IMPORT)]


def test_importing_it_imports_nothing_heavy() -> None:
    names = [f"ledger.proof.{path.stem}" for path in SOURCES if path.stem != "__init__"]
    asking = f"import sys, {', '.join(names)}; print(*sys.modules)"
    ended = subprocess.run(
        [sys.executable, "-c", asking], capture_output=True, cwd=ROOT, check=True, text=True
    )
    heavy = {"cryptography", "sqlite3", "msgspec", "msgpack", "eventsourcing", "ledger.book"}
    assert not heavy & set(ended.stdout.split())


def _raised() -> list[tuple[str, frozenset[str]]]:
    """Return the code and the names of the values of each problem that is made."""
    return [
        (node.args[0].value, frozenset(keyword.arg or "" for keyword in node.keywords))
        for node in _parsed()
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Unproven"
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    ]


def _fields(words: Words) -> set[str]:
    texts = (words.text, words.remedy)
    return {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}


def test_every_problem_is_raised_with_the_values_that_its_words_need() -> None:
    assert {code for code, _ in _raised()} == set(PROOFS)
    for code, values in _raised():
        assert values == _fields(PROOFS[code]), code
