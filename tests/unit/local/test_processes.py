from __future__ import annotations

import time
from pathlib import Path

from infra.local.processes import remove_in_passing


def gone(*paths: Path) -> bool:
    """Wait for the remover; without it they stay for ever."""
    deadline = time.monotonic() + 30
    while any(path.exists() for path in paths) and time.monotonic() < deadline:
        time.sleep(0.01)
    return not any(path.exists() for path in paths)


def test_a_directory_is_out_of_the_way_at_once_and_removed_soon(tmp_path: Path) -> None:
    scratch, kept = tmp_path / "tmp", tmp_path / "state"
    (scratch / "function" / "package").mkdir(parents=True)
    (scratch / "function" / "package" / "module.py").write_text("", "utf-8")
    kept.mkdir()
    remove_in_passing(scratch)
    assert not scratch.exists()
    assert gone(*(each for each in tmp_path.iterdir() if each != kept))
    assert kept.is_dir()


def test_what_an_interrupted_removal_left_is_removed_by_the_next(tmp_path: Path) -> None:
    left = tmp_path / "tmp.1.removed"
    (left / "function").mkdir(parents=True)
    remove_in_passing(tmp_path / "tmp")
    assert gone(left)


def test_a_directory_that_is_not_there_is_none_to_remove(tmp_path: Path) -> None:
    remove_in_passing(tmp_path / "tmp")
    assert list(tmp_path.iterdir()) == []
