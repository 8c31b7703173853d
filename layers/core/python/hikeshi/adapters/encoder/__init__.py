"""The encoder behind its port: a small transformer over pieces of words, in numpy.

Importing this package and building the encoder cost nothing: numpy and the weights are loaded for the first
post that is read, since most of a stream never gets that far.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING

from hikeshi.adapters.encoder.pieces import LONGEST_READ
from hikeshi.domain.assessment import Category
from hikeshi.ports.scoring import Reading

_REMEMBERED = 64
"""Texts whose reading is kept: in a storm the same words come again and again."""

if TYPE_CHECKING:
    from hikeshi.adapters.encoder.file import Loaded


class TransformerEncoder:
    """Reads posts by trained weights; implements :class:`hikeshi.ports.scoring.Encoder`.

    Parameters
    ----------
    file : Traversable or None
        The weights; those that ship with hikeshi if none are given.
    """

    def __init__(self, file: Traversable | None = None) -> None:
        self._file = file or resources.files("hikeshi") / "lexicon" / "encoder.npz"
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._read)

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
        risk, *kinds, severe = loaded.network.answers(loaded.pieces.encode(text))
        return Reading(risk=risk, kinds=dict(zip(Category, kinds, strict=True)), severe=severe)

    @cached_property
    def _loaded(self) -> Loaded:
        from hikeshi.adapters.encoder.file import load

        return load(self._file)
