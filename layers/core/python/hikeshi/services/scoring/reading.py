"""An encoder that reads one post once, however often it is asked about it."""

from __future__ import annotations

from hikeshi.ports.scoring import Encoder, Reading


class ReadOnce:
    """Keeps the reading of a single text; the text is not compared."""

    __slots__ = ("_encoder", "_reading")

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._reading: Reading | None = None

    def read(self, text: str) -> Reading:
        """Return what the encoder made of the post when it was first asked."""
        if self._reading is None:
            self._reading = self._encoder.read(text)
        return self._reading
