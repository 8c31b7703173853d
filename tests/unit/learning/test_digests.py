"""Weights and tables that are not as they were written are named, with what brings them back."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from hikeshi.domain.errors import ConfigError
from hikeshi.services.scoring import lexicon, model
from infra.cli.main import run
from infra.lexicon import digests
from infra.lexicon.digests import WRITTEN_BY, damaged_tables, damaged_weights, edited_words, seal

Capture = pytest.CaptureFixture[str]
TABLES = ("connections", "words0")


def turn_a_bit(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 4
    file.write_bytes(content)


@pytest.fixture
def learned(tmp_path: Path) -> Path:
    for name in WRITTEN_BY:
        (tmp_path / name).write_bytes(name.encode() * 10)
    seal(WRITTEN_BY, tmp_path)
    return tmp_path


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    folder = tmp_path / "packed"
    folder.mkdir()
    for name in TABLES:
        (folder / name).write_bytes(name.encode())
    described = {"sha256": {name: hashlib.sha256(name.encode()).hexdigest() for name in TABLES}}
    (folder / "packed.json").write_text(json.dumps(described), "ascii")
    return folder


def test_what_ships_is_as_it_was_learned() -> None:
    assert list(damaged_weights()) == []


@pytest.mark.parametrize("name", WRITTEN_BY)
@pytest.mark.parametrize("harm", [turn_a_bit, Path.unlink], ids=["bit", "missing"])
def test_a_file_with_a_bit_turned_or_that_is_missing_is_named(
    harm: Callable[[Path], None], name: str, learned: Path
) -> None:
    assert list(damaged_weights(learned)) == []
    harm(learned / name)
    (said,) = damaged_weights(learned)
    assert said.startswith(f"{learned / name} が壊れているか、書き出されたときと違います。git checkout -- ")
    assert f" か、{WRITTEN_BY[name]} で元に戻してください / is damaged" in said


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", None])
def test_digests_that_cannot_be_read_vouch_for_nothing(content: str | None, learned: Path) -> None:
    (learned / "digests.json").unlink()
    if content is not None:
        (learned / "digests.json").write_text(content, "ascii")
    assert len(list(damaged_weights(learned))) == len(WRITTEN_BY)


def test_whoever_writes_one_file_does_not_vouch_for_the_others(learned: Path) -> None:
    turn_a_bit(learned / "model.bin")
    turn_a_bit(learned / "encoder_quick.safetensors")
    seal(("model.bin", "model.json"), learned)
    (said,) = damaged_weights(learned)
    assert "encoder_quick.safetensors" in said


# ---- janome's tables ---------------------------------------------------------------------------


def test_a_table_with_a_bit_turned_is_named(packed: Path) -> None:
    assert list(damaged_tables(packed)) == []
    turn_a_bit(packed / "words0")
    (said,) = damaged_tables(packed)
    assert said.startswith(f"{packed / 'words0'} が壊れているか")
    assert "python layers/janome/pack.py で元に戻してください" in said


@pytest.mark.parametrize("content", ["", "[]", '{"sha256": {}}', '{"sha256": 1}', '{"janome": "0.5.0"}'])
def test_tables_without_digests_are_to_be_packed_again(content: str, packed: Path) -> None:
    (packed / "packed.json").write_text(content, "ascii")
    (said,) = damaged_tables(packed)
    assert "packed.json" in said


# ---- words that people write -------------------------------------------------------------------


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=x", "-c", "user.email=x@example.jp")
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


def test_shipped_words_that_are_not_as_committed_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digests, "ROOT", tmp_path)
    monkeypatch.setattr(digests, "SHIPPED", tmp_path / "words")
    assert edited_words() == ()
    (tmp_path / "words").mkdir()
    for name in ("one.toml", "two.toml", "README.md"):
        (tmp_path / "words" / name).write_text("a = 1\n", "ascii")
    git(tmp_path, "init")
    git(tmp_path, "add", "words")
    git(tmp_path, "commit", "-m", "x")
    assert edited_words() == ()
    for name in ("two.toml", "README.md"):
        turn_a_bit(tmp_path / "words" / name)
    assert edited_words() == ("words/two.toml",)


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the shipped words and of the small model, which is read in their place."""
    folder = tmp_path / "hikeshi" / "lexicon"
    folder.mkdir(parents=True)
    for file in (*digests.SHIPPED.glob("*.toml"), *digests.SHIPPED.glob("model.*")):
        shutil.copy(file, folder)
    for module in (lexicon, model):
        monkeypatch.setattr(module.resources, "files", lambda _: folder.parent)
    return folder


def test_shipped_words_that_are_no_text_any_more_end_in_a_sentence(shipped: Path) -> None:
    content = (shipped / "market.toml").read_bytes()
    (shipped / "market.toml").write_bytes(content.replace("苦".encode(), b"\xe8\x0b\xa6", 1))
    with pytest.raises(ConfigError, match=r"lexicon/market\.toml が壊れていて読めません。git checkout"):
        lexicon.shipped_files()


@pytest.mark.parametrize("content", [b"{", b"\xff", b'{"bias": }'])
def test_a_description_that_is_no_json_ends_in_a_sentence(content: bytes, shipped: Path) -> None:
    (shipped / "model.json").write_bytes(content)
    with pytest.raises(ConfigError, match=r"lexicon/model\.json: .*run make train"):
        model.load_model.__wrapped__()


# ---- the commands ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "code"), [(("lexicon", "check"), 2), (("config", "check"), 1)], ids=["lexicon", "config"]
)
def test_a_check_names_what_is_damaged_before_it_measures_anything(
    command: tuple[str, ...], code: int, learned: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    turn_a_bit(learned / "model.bin")
    said = list(damaged_weights(learned))
    monkeypatch.setattr(digests, "damaged_weights", lambda: iter(said))
    with pytest.raises(SystemExit) as left:
        run(command)
    assert left.value.code == code
    told = capsys.readouterr()
    assert told.err == f"{said[0]}\n"
    assert told.out == ""


def test_the_check_of_words_tells_which_shipped_ones_were_edited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setattr("infra.lexicon.benign.harmless", lambda: ())
    monkeypatch.setattr(digests, "edited_words", lambda: ("words/two.toml",))
    (tmp_path / "own.toml").write_text('[words.own]\nterms = ["ひのまる君"]\n', "utf-8")
    with pytest.raises(SystemExit) as left:
        run(("lexicon", "check", str(tmp_path)))
    assert left.value.code == 0
    first, *_ = capsys.readouterr().err.splitlines()
    assert first.startswith("注意: 付属の言葉が、コミットした内容と違います: words/two.toml。")


def test_the_build_begins_with_it(learned: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    assert digests.main() == 0
    turn_a_bit(learned / "model.json")
    said = list(damaged_weights(learned))
    monkeypatch.setattr(digests, "damaged_weights", lambda: iter(said))
    assert digests.main() == 1
    assert capsys.readouterr().err == f"{said[0]}\n"
    build = (digests.ROOT / "Makefile").read_text("utf-8").split("\nbuild: ")[1].split("\n\n")[0]
    assert build.index("python -m infra.lexicon.digests") < build.index("sam build")
