"""The encoders behind their port: transformers over pieces of words, in numpy.

Importing this package and building an encoder cost nothing: numpy and the weights are loaded for the first
post that is read, since most of a stream never gets that far.
"""

from __future__ import annotations

from array import array
from functools import cached_property, lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING

from hikeshi.adapters.encoder.pieces import LONGEST_READ
from hikeshi.domain.assessment import Category
from hikeshi.ports.scoring import Encoders, Reading

_REMEMBERED = 64
"""Texts whose reading is kept: in a storm the same words come again and again."""
SHIPPED = ("quick", "thorough")

if TYPE_CHECKING:
    from hikeshi.adapters.encoder.file import Loaded


class TransformerEncoder:
    """Reads posts by trained weights; implements :class:`hikeshi.ports.scoring.Encoder`.

    Parameters
    ----------
    file : Traversable
        The weights.
    remembered : int
        How many readings are kept.
    """

    def __init__(self, file: Traversable, *, remembered: int = _REMEMBERED) -> None:
        self._file = file
        self._remembered = lru_cache(maxsize=remembered)(self._read)

    def read(self, text: str) -> Reading:
        """Return what the encoder makes of a text.

        Raises
        ------
        ConfigError
            With the first text, if the weights cannot be used.
        """
        return self._remembered(text[:LONGEST_READ])

    def _read(self, text: str) -> Reading:
        loaded = self._loaded
        meaning = loaded.network.meaning(loaded.pieces.encode(text))
        risk, *kinds, severe = loaded.network.answers(meaning)
        return Reading(
            risk=risk,
            kinds=dict(zip(Category, kinds, strict=True)),
            severe=severe,
            meaning=array("f", meaning.tobytes()),
        )

    @cached_property
    def _loaded(self) -> Loaded:
        from hikeshi.adapters.encoder.file import load

        return load(self._file)


def shipped(*, remembered: int = _REMEMBERED) -> Encoders:
    """Return the encoders that ship with hikeshi."""
    folder = resources.files("hikeshi") / "lexicon"
    quick, thorough = (
        TransformerEncoder(folder / f"encoder_{name}.safetensors", remembered=remembered) for name in SHIPPED
    )
    return Encoders(quick, thorough)
