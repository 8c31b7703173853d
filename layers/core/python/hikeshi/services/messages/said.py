"""What was stored as a key and its values, in the words of whoever reads it.

What was stored before, and what people wrote themselves, is a finished sentence and is said as it stands.
"""

from __future__ import annotations

from hikeshi.domain.phrases import phrase_in
from hikeshi.services.messages.wording import Wording

_NAMED = {"category": "category", "level": "level", "from": "level", "to": "level", "kinds": "media_kind"}
"""Values that are names in the catalogue themselves, and where."""

_LISTS = frozenset({"kinds", "terms"})


def said(stored: str, words: Wording) -> str:
    """Return a stored sentence in the words of the reader."""
    key, values = phrase_in(stored)
    if key not in words:
        return stored
    return words.text(key, **{name: _value(name, value, words) for name, value in values.items()})


def _value(name: str, value: str, words: Wording) -> str:
    if name in _LISTS:
        return words.text("joined.listed").join(_one(name, each, words) for each in value.split(","))
    return _one(name, value, words)


def _one(name: str, value: str, words: Wording) -> str:
    key = f"{_NAMED.get(name, '')}.{value}"
    return words.text(key) if key in words else value
