"""janome reads packed tables as it reads its own, and tables that do not fit are refused."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from hikeshi.adapters import janome_tables
from hikeshi.domain.errors import ConfigError
from infra.lexicon.digests import damaged_tables

PACK = Path(__file__).parents[3] / "layers" / "janome" / "pack.py"
COMPARE = """
import sys
from pathlib import Path
from janome import sysdic
from hikeshi.adapters import janome_tables
tables = janome_tables.read(Path(sys.argv[1]))
print(list(map(list, tables.connections)) == sysdic.connections)
print([bytes(part) for part in tables.words] == sysdic.all_fstdata())
ours = tables.entries(Path(sysdic.__file__).parent)
for part, mine in zip(sysdic.mmap_entries()[:2], ours, strict=True):
    print(all(
        mine[key][0].size() == text.size()
        and mine[key][1]["offset"] == index["offset"]
        and list(mine[key][1]["positions"]) == index["positions"]
        for key, (text, index) in part.items()
    ) and mine.keys() == part.keys())
"""
TOKENS = """
import sys
from hikeshi.adapters.janome_tokenizer import JanomeTokenizer
tokenizer = JanomeTokenizer()
for text in ("お弁当に虫が入っていなくて安心した", "ｱ🪳\\n食べられへん", "店員がLINEで晒してた。2024年", ""):
    print(*tokenizer.tokenize(text))
print("janome.sysdic.connections1" in sys.modules)
"""


def said_by(program: str, *arguments: str, janome: Path | None = None) -> list[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(janome), *sys.path]) if janome else ""}
    command = [sys.executable, "-B", "-c", program, *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    return done.stdout.splitlines()


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("janome") / "packed"
    subprocess.run([sys.executable, str(PACK), str(folder)], check=True)
    return folder


@pytest.fixture
def installed(tmp_path: Path, packed: Path) -> Callable[..., Path]:
    """Return what installs janome by links, with packed tables or without."""
    found = find_spec("janome")
    assert found is not None
    assert found.origin is not None
    home = Path(found.origin).parent

    def install(*, with_tables: bool) -> Path:
        site = tmp_path / str(with_tables)
        data = site / "janome" / "sysdic"
        data.mkdir(parents=True)
        for file in [*home.iterdir(), *(home / "sysdic").iterdir()]:
            if file.name not in {"packed", "sysdic"}:
                (site / "janome" / file.relative_to(home)).symlink_to(file)
        if with_tables:
            (data / "packed").symlink_to(packed)
        return site

    return install


def test_packed_tables_hold_the_numbers_of_janomes_own(packed: Path) -> None:
    assert said_by(COMPARE, str(packed)) == ["True"] * 4


def test_packed_tables_are_as_they_were_packed_and_nothing_lies_beside_them(packed: Path) -> None:
    assert list(damaged_tables(packed)) == []
    assert {file.name for file in packed.iterdir()} == {
        "connections", "positions", "words0", "words1", "packed.json",
    }  # fmt: skip


def test_a_sentence_is_split_alike_with_packed_tables_and_without(installed: Callable[..., Path]) -> None:
    *plain, loaded = said_by(TOKENS, janome=installed(with_tables=False))
    *mapped, still_loaded = said_by(TOKENS, janome=installed(with_tables=True))
    assert plain == mapped
    assert (loaded, still_loaded) == ("True", "False")


def test_what_janome_has_loaded_by_itself_is_left_alone() -> None:
    program = "import janome.tokenizer; from hikeshi.adapters import janome_tables as t; print(t.stand_in())"
    assert said_by(program) == ["False"]


def a_copy(packed: Path, to: Path, **described: Any) -> Path:
    """Link the tables elsewhere, under another description."""
    to.mkdir()
    for file in packed.iterdir():
        (to / file.name).symlink_to(file)
    known = json.loads((packed / "packed.json").read_text("ascii"))
    (to / "packed.json").unlink()
    (to / "packed.json").write_text(json.dumps(known | described), "ascii")
    return to


@pytest.mark.parametrize("name", ["connections", "positions", "words0", "words1"])
@pytest.mark.parametrize(
    ("kept", "error"), [(100, "ValueError"), (0, "ValueError"), (None, "FileNotFoundError")]
)
def test_a_table_that_is_not_whole_is_refused(
    name: str, kept: int | None, error: str, packed: Path, tmp_path: Path
) -> None:
    folder = a_copy(packed, tmp_path / "tables")
    content = (folder / name).read_bytes()
    (folder / name).unlink()
    if kept is not None:
        (folder / name).write_bytes(content[:kept])
    with pytest.raises(ConfigError, match=rf"tables: cannot be read \({error}\): run make setup"):
        janome_tables.read(folder)


@pytest.mark.parametrize(
    ("described", "reason"),
    [
        ({"janome": "0.4.2"}, r"packed from janome 0\.4\.2, not "),
        ({"bytes": {}}, r"cannot be read \(KeyError\)"),
        ({"bytes": 1}, r"cannot be read \(TypeError\)"),
    ],
)
def test_a_description_that_does_not_fit_is_refused(
    described: dict[str, Any], reason: str, packed: Path, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match=f"{reason}.*run make setup"):
        janome_tables.read(a_copy(packed, tmp_path / "tables", **described))


def test_a_folder_without_description_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"cannot be read \(FileNotFoundError\)"):
        janome_tables.read(tmp_path)
