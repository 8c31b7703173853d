"""janome behind the tokenizer port."""

from __future__ import annotations

from collections.abc import Iterator

from hikeshi.adapters.janome_tables import stand_in
from hikeshi.ports.scoring import Token


class JanomeTokenizer:
    """Splits Japanese with janome's built-in dictionary; one for the life of a process."""

    def __init__(self) -> None:
        stand_in()
        import janome.tokenizer

        self._janome = janome.tokenizer.Tokenizer()

    def tokenize(self, text: str) -> Iterator[Token]:
        """Yield the words in order."""
        for token in self._janome.tokenize(text):
            part = token.part_of_speech.split(",")
            lemma = token.base_form if token.base_form != "*" else token.surface
            yield Token(token.surface, lemma, ",".join(part[:2]))
