"""What is shipped, and the programs that must run before anything is installed."""

import ast
import importlib
import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("ledger", "projections", "commands")
POSIX_ONLY = {"fcntl", "grp", "posix", "pwd", "resource", "syslog", "termios", "tty"}
BEFORE_INSTALLING = ("demo", "test", "environment.py")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    return zipfile.ZipFile(built)


def _kept(folder: str, *suffixes: str) -> set[str]:
    """Return the files of a package that must be in the wheel, as paths inside it."""
    return {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / folder).rglob("*")
        if path.suffix in suffixes and "__pycache__" not in path.parts
    }


def test_wheel_holds_the_packages_and_all_their_data(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    for package in PACKAGES:
        assert _kept(package, ".py", ".sql", ".mo", ".po", ".toml") <= names
    assert any(name.endswith(".sql") for name in names)
    assert any(name.endswith("vi/LC_MESSAGES/rollbook.mo") for name in names)


def test_wheel_holds_nothing_else(wheel: zipfile.ZipFile) -> None:
    tops = {name.partition("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)


def test_program_runs_from_the_wheel_alone(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    wheel.extractall(tmp_path / "installed")
    done = subprocess.run(
        [sys.executable, "-c", "from commands.main import main; main()", "--lang", "vi", "--help"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path / "installed"), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "sổ" in done.stdout


def test_command_is_named_rollbook() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["name"] == "rollbook"
    assert project["scripts"] == {"rollbook": "commands.__main__:main"}


def _imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").partition(".")[0])
    return found


@pytest.mark.parametrize("name", BEFORE_INSTALLING)
def test_first_programs_need_the_standard_library_alone(name: str) -> None:
    needed = _imported(ROOT / "scripts" / name) - {"environment"}
    assert needed <= sys.stdlib_module_names


def test_old_python_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    environment = importlib.import_module("environment")
    monkeypatch.setattr(environment, "OLDEST_PYTHON", (99, 0))
    with pytest.raises(environment.NotReady, match=r"needs Python 3\.11"):
        environment.prepare(environment.RUNTIME_LOCK)


def test_demo_without_network_says_what_it_needs(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts")
    for name in ("pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, tmp_path / name)
    offline = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "", "PIP_CONFIG_FILE": os.devnull}
    done = subprocess.run(
        [sys.executable, str(tmp_path / "scripts" / "demo")],
        cwd=tmp_path.parent,
        env=os.environ | offline,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 1
    assert "it needs the network" in done.stderr
    assert "Traceback" not in done.stderr


def test_nothing_needs_posix() -> None:
    for package in (*PACKAGES, "scripts"):
        for path in (ROOT / package).rglob("*.py"):
            assert not _imported(path) & POSIX_ONLY, path


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_lock_names_exact_versions_and_no_place(name: str) -> None:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    pinned = [line for line in lines if line and not line.startswith(("#", "-r "))]
    assert pinned
    for line in pinned:
        assert "==" in line.partition(";")[0]
        assert "://" not in line
        assert "--hash" not in line


def test_lock_holds_every_bound_of_the_project() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [*settings["project"]["dependencies"], *settings["dependency-groups"]["dev"]]
    locked = "".join(
        (ROOT / name).read_text(encoding="utf-8").lower()
        for name in ("requirements.lock", "requirements-dev.lock")
    )
    for requirement in asked:
        name = requirement.partition(">=")[0].lower()
        assert f"\n{name}==" in locked, name
