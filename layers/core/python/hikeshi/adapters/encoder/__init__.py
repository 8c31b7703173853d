"""The encoder behind its port: a small transformer over pieces of words, in numpy.

Importing this package and building the encoder cost nothing: numpy and the weights are loaded for the first
post that is read, since most of a stream never gets that far.
"""

from __future__ import annotations

from functools import cached_property
from importlib import resources
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING

from hikeshi.domain.assessment import Category
from hikeshi.ports.scoring import Reading

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

    def read(self, text: str) -> Reading:
        """Return what the encoder makes of a text.

        Raises
        ------
        ConfigError
            With the first text, if the weights cannot be used.
        """
        loaded = self._loaded
        risk, *kinds, severe = loaded.network.answers(loaded.pieces.encode(text))
        return Reading(risk=risk, kinds=dict(zip(Category, kinds, strict=True)), severe=severe)

    @cached_property
    def _loaded(self) -> Loaded:
        from hikeshi.adapters.encoder.file import load

        return load(self._file)
