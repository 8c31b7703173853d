from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from infra.configuring.checks import check_directory
from infra.configuring.problems import Problem

SHIPPED = Path(__file__).parents[3] / "infra" / "config"

WRITTEN_AT = datetime.fromisoformat("2026-09-01T09:00+09:00")
"""Before every absence and change of duty that the mistakes name."""

Edit = Callable[[str, str, str], int]


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A copy of the configuration that ships, to break one thing at a time."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "config"))


@pytest.fixture
def edit(directory: Path) -> Edit:
    """Replace the first occurrence of a text in a file; returns the line it stood on."""

    def replace(file: str, old: str, new: str) -> int:
        path = directory / file
        text = path.read_text("utf-8")
        assert old in text, f"{file} has no {old!r}"
        path.write_text(text.replace(old, new, 1), "utf-8")
        return text[: text.index(old)].count("\n") + 1

    return replace


@pytest.fixture
def problems(directory: Path) -> Callable[[], tuple[Problem, ...]]:
    return lambda: check_directory(directory, at=WRITTEN_AT).problems
