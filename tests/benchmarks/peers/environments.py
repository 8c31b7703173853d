"""One virtual environment a peer, made from its locked requirements and kept under ``.build/peers``."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[3]
HERE = Path(__file__).parent
BUILD = ROOT / ".build" / "peers"
PYTHON = "3.11"
_LAST_LINES = 3


class EnvironmentUnavailableError(Exception):
    """An environment could not be made; says why in the words of the installer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Environment:
    """Where a peer runs."""

    python: Path
    variables: dict[str, str]


def own_environment() -> Environment:
    """Return the environment of this process, for hikeshi itself and for plain word lists."""
    return Environment(python=Path(sys.executable), variables=_variables())


def environment_of(name: str) -> Environment:
    """Return a peer's environment; makes it if it is missing or its requirements have changed.

    Raises
    ------
    EnvironmentUnavailableError
        If it cannot be installed, without a network for instance.
    """
    requirements = HERE / f"{name}.txt"
    home = BUILD / name
    stamp = home / "requirements.sha256"
    wanted = hashlib.sha256(requirements.read_bytes()).hexdigest()
    if not (stamp.is_file() and stamp.read_text() == wanted):
        shutil.rmtree(home, ignore_errors=True)
        _install(home, requirements)
        stamp.write_text(wanted)
    return Environment(python=home / "bin" / "python", variables=_variables(name))


def _install(home: Path, requirements: Path) -> None:
    uv = str(Path(sys.executable).with_name("uv"))
    _run([uv, "venv", "--quiet", "--python", PYTHON, str(home)])
    # Compiled once here: a start that compiles janome's dictionary would be measured as janome's own.
    sync = [uv, "pip", "sync", "--quiet", "--require-hashes", "--compile-bytecode", "--python"]
    _run([*sync, str(home / "bin" / "python"), str(requirements)])


def _run(command: list[str]) -> None:
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        raise EnvironmentUnavailableError(" ".join(lines[-_LAST_LINES:]) or f"exit code {done.returncode}")


def _variables(name: str = "") -> dict[str, str]:
    variables = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{ROOT / 'layers/core/python'}:{ROOT}",
        "PYTHONUTF8": "1",
        "OMP_NUM_THREADS": "1",
    }
    if name == "asari":
        # Its ONNX model asks for the locale en_US.UTF-8, which bare images lack; C.UTF-8 does as well.
        variables["LOCPATH"] = str(_borrowed_locale())
    return variables


def _borrowed_locale() -> Path:
    found = next(
        (p for p in map(Path, ("/usr/lib/locale/C.utf8", "/usr/lib/locale/C.UTF-8")) if p.is_dir()), None
    )
    folder = BUILD / "locale"
    folder.mkdir(parents=True, exist_ok=True)
    link = folder / "en_US.UTF-8"
    if found is not None and not link.exists():
        link.symlink_to(found)
    return folder
