"""Named arrays in one file that is mapped, not read: of it a process has only the pages that it looks at.

The format is safetensors' (https://github.com/huggingface/safetensors): the length of a header, the header in
JSON with kind, shape and place of each array, then the arrays as they lie in memory. It holds numbers alone.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from importlib.resources.abc import Traversable
from mmap import ACCESS_READ, mmap
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[Any]]
_LENGTH = struct.Struct("<Q")
_KINDS = {"F32": "<f4", "F16": "<f2", "I8": "|i1", "U8": "|u1"}
_NAMES = {np.dtype(kind): name for name, kind in _KINDS.items()}
_ALIGNED = 64


def mapped(file: Traversable) -> Arrays:
    """Return the arrays of a file, which may not be written to.

    Raises
    ------
    OSError, struct.error, KeyError, TypeError, ValueError
        If it is missing, broke off or is something else.
    """
    with file.open("rb") as stream:
        content = memoryview(mmap(stream.fileno(), 0, access=ACCESS_READ))
    (length,) = _LENGTH.unpack_from(content)
    header, body = content[_LENGTH.size :][:length], content[_LENGTH.size :][length:]
    told = json.loads(bytes(header))
    return {name: _array(body, told[name]) for name in told}


def _array(body: memoryview, told: Mapping[str, Any]) -> NDArray[Any]:
    begin, end = told["data_offsets"]
    # A part that broke off has too few numbers for its shape: ValueError.
    return np.frombuffer(body[begin:end], _KINDS[told["dtype"]]).reshape(told["shape"])


def packed(arrays: Arrays) -> bytes:
    """Return the bytes of a file; each array begins at a multiple of the size of its numbers.

    Raises
    ------
    KeyError
        If an array holds other numbers than floats of 32 and 16 bits and whole ones of 8.
    """
    ordered = sorted(arrays.items(), key=lambda item: -item[1].itemsize)
    header, at = {}, 0
    for name, array in ordered:
        places = [at, at := at + array.nbytes]
        header[name] = {"dtype": _NAMES[array.dtype], "shape": array.shape, "data_offsets": places}
    told = json.dumps(header).encode()
    told += b" " * (-(_LENGTH.size + len(told)) % _ALIGNED)
    return b"".join([_LENGTH.pack(len(told)), told, *(array.tobytes() for _, array in ordered)])
