"""An encoder that reads each text once: the lab judges the same posts under one candidate after the other."""

from __future__ import annotations

from hikeshi.ports.scoring import Encoder, Encoders, Reading


class RememberingEncoder:
    """Keeps every reading of another encoder, which depends on the text alone; implements ``Encoder``."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, Reading] = {}

    def read(self, text: str) -> Reading:
        """Return the other encoder's reading."""
        if text not in self._known:
            self._known[text] = self._encoder.read(text)
        return self._known[text]


def remembering(encoders: Encoders | None) -> Encoders | None:
    """Return encoders that remember, None if there are none."""
    return encoders and Encoders(*map(RememberingEncoder, encoders))
