"""A file of weights that cannot be used is refused with the reason and the remedy."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hikeshi.adapters.encoder import TransformerEncoder
from hikeshi.domain.assessment import Category
from hikeshi.domain.errors import ConfigError
from tests.builders.encoders import PIECES, an_encoder_file, as_bytes, encoder_arrays, encoder_meta

REMEDY = "run make train-encoder"


def refusal(file: Path) -> str:
    with pytest.raises(ConfigError, match=REMEDY) as caught:
        TransformerEncoder(file).read("虫")
    assert str(caught.value).startswith(f"{file.name}: ")
    return str(caught.value)


@pytest.mark.parametrize("name", encoder_arrays())
def test_each_array_is_needed(name: str, tmp_path: Path) -> None:
    assert f"lacks {name}" in refusal(an_encoder_file(tmp_path / "encoder.safetensors", without=name))


@pytest.mark.parametrize("name", sorted(set(encoder_arrays()) - {"meta", "pieces"}))
def test_an_array_of_another_shape_is_refused(name: str, tmp_path: Path) -> None:
    changed: dict[str, Any] = {name: encoder_arrays()[name][:-1]}
    file = an_encoder_file(tmp_path / "encoder.safetensors", **changed)
    assert name.rpartition(".")[0] in refusal(file) or name in refusal(file)


def test_a_list_of_pieces_of_another_length_is_refused(tmp_path: Path) -> None:
    pieces = as_bytes("\n".join(PIECES[:-1]))
    assert "scores has the shape (14,), not (13,)" in refusal(
        an_encoder_file(tmp_path / "encoder.safetensors", pieces=pieces)
    )


@pytest.mark.parametrize(
    ("meta", "reason"),
    [
        (encoder_meta(format=1), "its format is 1, not 2"),
        (encoder_meta(categories=[str(each) for each in Category][::-1]), "its categories are not hikeshi's"),
        (encoder_meta(heads=3), "8 columns cannot be divided among 3 heads"),
        (encoder_meta(heads=0), "8 columns cannot be divided among 0 heads"),
        (encoder_meta(layers=3), "up.bias has the shape (2, 12), not (3, None)"),
        (as_bytes(json.dumps({"heads": 2})), "cannot be read (KeyError)"),
        (as_bytes("[1]"), "cannot be read (TypeError)"),
        (as_bytes("{"), "cannot be read (JSONDecodeError)"),
    ],
)
def test_a_description_that_does_not_fit_is_refused(meta: Any, reason: str, tmp_path: Path) -> None:
    assert reason in refusal(an_encoder_file(tmp_path / "encoder.safetensors", meta=meta))


@pytest.mark.parametrize("kind", [np.float32, np.float16])
def test_an_embedding_of_other_numbers_is_refused(kind: Any, tmp_path: Path) -> None:
    wide = encoder_arrays()["embedding"].astype(kind)
    assert "cannot be read (TypeError)" in refusal(
        an_encoder_file(tmp_path / "encoder.safetensors", embedding=wide)
    )


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", "ValueError"),
        (b"short", "error"),
        (b"PK\x03\x04 and more of an archive", "cannot be read"),
        (b"\x02" + bytes(7) + b"[]", "lacks meta"),
        (b"\x02" + bytes(7) + b"{}", "lacks meta"),
        (b"\x09" + bytes(7) + b'{"a": {}}', "KeyError"),
    ],
)
def test_something_else_is_refused(content: bytes, error: str, tmp_path: Path) -> None:
    file = tmp_path / "encoder.safetensors"
    file.write_bytes(content)
    assert error in refusal(file)


@pytest.mark.parametrize("kept", [0.01, 0.2, 0.5, 0.999])
def test_a_file_that_broke_off_is_refused(kept: float, tmp_path: Path) -> None:
    file = an_encoder_file(tmp_path / "encoder.safetensors")
    file.write_bytes(file.read_bytes()[: int(file.stat().st_size * kept)])
    assert "cannot be read" in refusal(file)


def test_a_file_of_numpys_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "encoder.npz", embedding=encoder_arrays()["embedding"])
    assert "cannot be read" in refusal(tmp_path / "encoder.npz")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert "cannot be read (FileNotFoundError)" in refusal(tmp_path / "encoder.safetensors")
