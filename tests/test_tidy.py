"""The shape of the code: sizes, layers, names, and a reason beside every exception.

Style that a linter cannot express is checked here, on every file that git would keep
(or, outside a repository, on every file under the project's folders).
"""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LINES_OF_A_FILE = 300
LINES_OF_A_FUNCTION = 70
COLUMNS_OF_A_LINE = 100
PACKAGES = ("ledger", "projections", "commands")
BANNED_NAMES = {"utils", "util", "helpers", "helper", "misc", "common"}
MAY_IMPORT = {
    "ledger": {"ledger"},
    "projections": {"ledger", "projections"},
    "commands": {"ledger", "projections", "commands"},
}
"""The layers: commands -> projections -> ledger, one way."""


def _is_program(path: Path) -> bool:
    return path.parent.name == "scripts" and path.suffix == "" and path.is_file()


def _python_files() -> list[Path]:
    return [
        path
        for folder in (*PACKAGES, "scripts", "tests")
        for path in sorted((ROOT / folder).rglob("*"))
        if "__pycache__" not in path.parts and (path.suffix == ".py" or _is_program(path))
    ]


FILES = _python_files()
PATHS = [str(path.relative_to(ROOT)) for path in FILES]
each_file = pytest.mark.parametrize("path", FILES, ids=PATHS)


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def _functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@each_file
def test_files_functions_and_lines_are_small(path: Path) -> None:
    lines = _lines(path)
    assert len(lines) <= LINES_OF_A_FILE
    too_wide = [no for no, line in enumerate(lines, 1) if len(line) > COLUMNS_OF_A_LINE]
    assert not too_wide
    too_long = [
        function.name
        for function in _functions(ast.parse("\n".join(lines)))
        if (function.end_lineno or 0) - function.lineno + 1 > LINES_OF_A_FUNCTION
    ]
    assert not too_long


@each_file
def test_no_module_is_named_for_nothing(path: Path) -> None:
    parts = path.relative_to(ROOT).with_suffix("").parts
    assert not BANNED_NAMES & set(parts)


def _imported(path: Path) -> set[str]:
    """Return the project's packages that a file imports, wherever in the file."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports name their package, so that layers can be read"
            found.add((node.module or "").partition(".")[0])
    return found & {*PACKAGES, "tests", "scripts"}


@each_file
def test_layers_point_one_way(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    if package in MAY_IMPORT:
        assert _imported(path) <= MAY_IMPORT[package]


def _public_undocumented(tree: ast.Module) -> list[str]:
    found = [] if ast.get_docstring(tree) else ["the module"]
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            if not ast.get_docstring(node):
                found.append(node.name)
            if isinstance(node, ast.ClassDef):
                found += [
                    f"{node.name}.{method.name}"
                    for method in node.body
                    if isinstance(method, ast.FunctionDef)
                    and not method.name.startswith("_")
                    and not ast.get_docstring(method)
                    and not _is_overload(method)
                ]
    return found


def _is_overload(method: ast.FunctionDef) -> bool:
    """Whether a method is declared by its base class, which documents it."""
    names = {node.id for node in method.decorator_list if isinstance(node, ast.Name)}
    return bool(names & {"override", "overload"})


@pytest.mark.parametrize(
    "path",
    [path for path in FILES if path.relative_to(ROOT).parts[0] != "tests"],
    ids=[path for path in PATHS if not path.startswith("tests")],
)
def test_everything_public_is_documented(path: Path) -> None:
    assert not _public_undocumented(ast.parse(path.read_text(encoding="utf-8")))


def _texts() -> list[Path]:
    """Return the files that people read: code, documentation, settings."""
    documents = [path for path in ROOT.glob("*") if path.suffix in {".md", ".toml", ".lock"}]
    settings = [ROOT / ".ci" / "run", ROOT / ".gitignore"]
    return [*FILES, *documents, *settings, *(ROOT / "docs").rglob("*.md")]


@pytest.mark.parametrize("path", _texts(), ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_is_left_unfinished_or_tied_to_one_machine(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.findall(r"\b(?:TO[D]O|FIX[M]E|XX[X])\b", text)
    assert not re.findall(r"(?<![\w.~])/(?:home|root|work|Users|opt|tmp)/\w+", text)


def test_every_ignore_of_a_lint_has_a_reason() -> None:
    settings = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lint = tomllib.loads(settings)["tool"]["ruff"]["lint"]
    assert lint["select"] == ["ALL"]
    ignored = [*lint["ignore"]]
    for codes in lint["per-file-ignores"].values():
        ignored += codes
    for code in ignored:
        assert re.search(rf'^\s*"{code}",?\s+# \S+', settings, re.MULTILINE), code


@each_file
def test_every_exception_in_the_code_has_a_reason(path: Path) -> None:
    # The reason follows the codes: "noqa: S608 - the columns are our own".
    mark = re.compile(r"# (?:noqa|type: ignore)\b")
    reasoned = re.compile(r"# (?:noqa: [A-Z0-9, ]+|type: ignore\[[a-z, -]+\])\W+\w{2,}")
    marked = [
        line.strip() for line in _lines(path) if mark.search(line) and "re.compile" not in line
    ]
    assert not [line for line in marked if not reasoned.search(line)]


@pytest.mark.parametrize("name", ["README.md", "README.vi.md"])
def test_readme_begins_with_the_two_commands(name: str) -> None:
    top = (ROOT / name).read_text(encoding="utf-8")[:1_500]
    assert "python3 scripts/demo" in top
    assert "python3 scripts/test" in top
    assert "py scripts/demo" in top
    assert "py scripts/test" in top
