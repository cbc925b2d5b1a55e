"""The virtual environment that scripts/demo and scripts/test run in.

Standard library alone, and nothing that only POSIX has: these programs run before
anything is installed, on clerks' machines too. The environment is `.venv` in the
project; it is kept while pyproject.toml and the lock stay as they are.
"""

# So that an old Python gets as far as saying that it is too old.
from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".venv"
RUNTIME_LOCK = ROOT / "requirements.lock"
DEV_LOCK = ROOT / "requirements-dev.lock"
OLDEST_PYTHON = (3, 11)
NETWORK = """\
The first run downloads the libraries: it needs the network, or a folder of wheels that the
environment variable PIP_FIND_LINKS names. Later runs need neither."""


class NotReady(Exception):
    """The environment could not be made; the words say why and what to do."""


def program(name: str) -> Path:
    """Return the path of a program of the environment, such as ``python``."""
    if os.name == "nt":
        return FOLDER / "Scripts" / f"{name}.exe"
    return FOLDER / "bin" / name


def _fingerprint(lock: Path) -> str:
    """Return what the environment depends on: Python, the project's own file, the locks."""
    digest = hashlib.sha256(sys.version.encode())
    for path in (ROOT / "pyproject.toml", RUNTIME_LOCK, lock):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _install(*arguments: str, advice: str) -> None:
    pip = [str(program("python")), "-m", "pip", "--disable-pip-version-check", "install"]
    done = subprocess.run([*pip, "--quiet", *arguments], cwd=ROOT, check=False)
    if done.returncode:
        message = f"This could not be installed; pip's own words stand above.\n{advice}"
        raise NotReady(message)


def _compile() -> None:
    """Compile the program itself, as pip has compiled the libraries.

    Python would keep what it compiles at the first start, unless it is told not to; then every
    command would take a third longer to start.
    """
    compiled = [str(program("python")), "-m", "compileall", "-q", "ledger", "projections"]
    subprocess.run([*compiled, "commands"], cwd=ROOT, check=False)


def prepare(lock: Path) -> None:
    """Make or renew the environment from ``lock``, if it is not as it should be.

    Raises NotReady when Python is too old, has no venv module, or pip cannot install.
    """
    if sys.version_info < OLDEST_PYTHON:
        found = ".".join(map(str, sys.version_info[:3]))
        message = f"Rollbook needs Python 3.11 or newer, and this is Python {found}."
        raise NotReady(message)
    mark = FOLDER / f"made-from-{lock.name}"
    wanted = _fingerprint(lock)
    if mark.exists() and mark.read_text() == wanted and program("python").exists():
        return
    print(f"Making the environment {FOLDER.name} (some minutes the first time).", flush=True)
    made = subprocess.run([sys.executable, "-m", "venv", str(FOLDER)], check=False)
    if made.returncode:
        message = (
            "Python could not make a virtual environment; its own words stand above.\n"
            "On Debian and Ubuntu: apt install python3-venv"
        )
        raise NotReady(message)
    mark.unlink(missing_ok=True)
    _install("-r", str(lock), advice=NETWORK)
    project = ("--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    _install(*project, advice="Remove the folder .venv and try again.")
    _compile()
    mark.write_text(wanted)


def run(name: str, *arguments: str, cwd: Path = ROOT) -> int:
    """Run a program of the environment and return its exit status."""
    sys.stdout.flush()
    settings = os.environ | {"PYTHONUTF8": "1"}
    command = [str(program(name)), *arguments]
    return subprocess.run(command, cwd=cwd, env=settings, check=False).returncode
