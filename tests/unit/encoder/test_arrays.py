"""Arrays come out of a file as they were put in, without being read."""

from __future__ import annotations

import json
import struct
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from hikeshi.adapters.encoder import SHIPPED
from hikeshi.adapters.encoder.arrays import mapped, packed
from tests.builders.encoders import encoder_arrays


def test_what_was_packed_is_mapped(tmp_path: Path) -> None:
    put = {**encoder_arrays(), "odd": np.arange(3, dtype=np.int8), "none": np.empty((0, 4), np.float32)}
    file = tmp_path / "arrays"
    file.write_bytes(packed(put))
    found = mapped(file)
    assert found.keys() == put.keys()
    for name, array in put.items():
        assert found[name].dtype == array.dtype
        assert np.array_equal(found[name], array)
        assert found[name].flags.aligned
        assert not found[name].flags.owndata
        assert not found[name].flags.writeable


def test_other_numbers_are_not_packed() -> None:
    with pytest.raises(KeyError):
        packed({"large": np.zeros(2)})
    with pytest.raises(KeyError):
        packed({"objects": np.array([{}], dtype=object)})


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_files_are_as_safetensors_wants_them(name: str) -> None:
    """Without a gap, and without anything behind the last array."""
    content = (resources.files("hikeshi") / "lexicon" / f"encoder_{name}.safetensors").read_bytes()
    (length,) = struct.unpack_from("<Q", content)
    places = [told["data_offsets"] for told in json.loads(content[8 : 8 + length]).values()]
    begins, ends = zip(*places, strict=True)
    assert begins == (0, *ends[:-1])
    assert ends[-1] == len(content) - 8 - length
