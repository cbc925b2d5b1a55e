"""The shape of the code: sizes, layers, names, and a reason beside every exception.

What a linter cannot express is checked here. Each test names every place at once.
"""

import ast
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LINES_OF_A_FILE = 300
LONGER_FILES = {"scripts/auditor.py": 1200}
"""The second auditor is one file, so that a commission can check it by one SHA-256, copy it to a
machine of its own and read it from end to end."""
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


FILES = [
    path
    for folder in (*PACKAGES, "scripts", "tests")
    for path in sorted((ROOT / folder).rglob("*"))
    if "__pycache__" not in path.parts and (path.suffix == ".py" or _is_program(path))
]


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _is_empty(places: Iterable[str]) -> None:
    found = list(places)
    assert not found, "\n" + "\n".join(found)


def test_files_are_small() -> None:
    lengths = {_name(path): len(_lines(path)) for path in FILES}
    _is_empty(
        f"{name}: {length} lines"
        for name, length in lengths.items()
        if length > LONGER_FILES.get(name, LINES_OF_A_FILE)
    )


def test_lines_are_short() -> None:
    _is_empty(
        f"{_name(path)}:{no}"
        for path in FILES
        for no, line in enumerate(_lines(path), 1)
        if len(line) > COLUMNS_OF_A_LINE
    )


def test_functions_are_small() -> None:
    _is_empty(
        f"{_name(path)}:{node.lineno} {node.name}"
        for path in FILES
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > LINES_OF_A_FUNCTION
    )


def test_no_module_is_named_for_nothing() -> None:
    _is_empty(
        _name(path)
        for path in FILES
        if BANNED_NAMES & set(path.relative_to(ROOT).with_suffix("").parts)
    )


def _imported(path: Path) -> set[str]:
    """Return the top-level packages that a file imports, wherever in the file."""
    found = set()
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: imports name their package, so that layers are seen"
            found.add((node.module or "").partition(".")[0])
    return found


def test_layers_point_one_way() -> None:
    ours = {*PACKAGES, "tests", "scripts"}
    for package, allowed in MAY_IMPORT.items():
        _is_empty(
            f"{_name(path)} imports {', '.join(_imported(path) & ours - allowed)}"
            for path in FILES
            if path.relative_to(ROOT).parts[0] == package and _imported(path) & ours - allowed
        )


def _public(body: list[ast.stmt]) -> list[ast.FunctionDef | ast.ClassDef]:
    return [
        node
        for node in body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
    ]


def _is_declared_elsewhere(node: ast.AST) -> bool:
    """Whether a method overrides one of its base class, which documents it."""
    marks = node.decorator_list if isinstance(node, ast.FunctionDef) else []
    return bool({"override", "overload"} & {m.id for m in marks if isinstance(m, ast.Name)})


def _undocumented(path: Path) -> list[str]:
    tree = _tree(path)
    public = _public(tree.body)
    for item in list(public):
        if isinstance(item, ast.ClassDef):
            public += _public(item.body)
    without = [
        f"{_name(path)}:{item.lineno} {item.name}"
        for item in public
        if not ast.get_docstring(item) and not _is_declared_elsewhere(item)
    ]
    return without if ast.get_docstring(tree) else [_name(path), *without]


def test_everything_public_is_documented() -> None:
    shipped = [path for path in FILES if path.relative_to(ROOT).parts[0] != "tests"]
    _is_empty(place for path in shipped for place in _undocumented(path))


def _texts() -> list[Path]:
    """Return the files that people read: code, documentation, settings."""
    documents = [path for path in ROOT.glob("*") if path.suffix in {".md", ".toml", ".lock"}]
    settings = [ROOT / ".ci" / "run", ROOT / ".gitignore"]
    return [*FILES, *documents, *settings, *(ROOT / "docs").rglob("*.md")]


def _found(pattern: str) -> Iterable[str]:
    for path in _texts():
        for no, line in enumerate(_lines(path), 1):
            if re.search(pattern, line):
                yield f"{_name(path)}:{no}"


def test_nothing_is_left_unfinished() -> None:
    _is_empty(_found(r"\b(?:TO[D]O|FIX[M]E|XX[X])\b"))


def test_nothing_is_tied_to_one_machine() -> None:
    _is_empty(_found(r"(?<![\w.~])/(?:home|root|work|Users|opt|tmp)/\w+"))


def test_every_ignore_of_a_lint_has_a_reason() -> None:
    settings = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lint = tomllib.loads(settings)["tool"]["ruff"]["lint"]
    assert lint["select"] == ["ALL"]
    ignored = [code for codes in lint["per-file-ignores"].values() for code in codes]
    _is_empty(
        code
        for code in [*lint["ignore"], *ignored]
        if not re.search(rf'^\s*"{code}",?\s+# \S+', settings, re.MULTILINE)
    )


def test_every_exception_in_the_code_has_a_reason() -> None:
    # The reason follows the codes: "noqa: S608 - the columns are our own".
    mark = re.compile(r"# (?:noqa|type: ignore)\b")
    reasoned = re.compile(r"# (?:noqa: [A-Z0-9, ]+|type: ignore\[[a-z, -]+\])\W+\w{2,}")
    _is_empty(
        f"{_name(path)}:{no}"
        for path in FILES
        for no, line in enumerate(_lines(path), 1)
        if mark.search(line) and not reasoned.search(line) and "re.compile" not in line
    )


def _pages_named(path: Path) -> Iterable[Path]:
    """Return the files that a page links to, or that a program says to read."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        links = re.findall(r"\]\((?!https?:)([^)#\s]+)", text)
        return [path.parent / link for link in links]
    return [ROOT / name for name in re.findall(r"\bdocs/[\w/.-]+\.\w+", text)]


def test_every_page_that_is_named_is_there() -> None:
    _is_empty(
        f"{_name(path)}: {page}"
        for path in _texts()
        for page in _pages_named(path)
        if not page.exists()
    )


@pytest.mark.parametrize("name", ["README.md", "README.vi.md"])
def test_readme_begins_with_the_two_commands(name: str) -> None:
    top = (ROOT / name).read_text(encoding="utf-8")[:600]
    for command in ("python3 scripts/demo", "python3 scripts/test"):
        assert command in top
        assert command.replace("python3", "py") in top
