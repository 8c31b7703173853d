"""Sentences as they are stored: a key of the catalogue and its values.

Each reader has them in words of their own (:mod:`hikeshi.services.messages.said`).
"""

from __future__ import annotations

_BETWEEN = "|"


def phrase(key: str, **values: object) -> str:
    """Write a sentence down without a language: ``grouped.copy|percent=87``."""
    written = (f"{name}={str(value).replace(_BETWEEN, ' ')}" for name, value in values.items())
    return _BETWEEN.join((key, *written))


def phrase_in(stored: str) -> tuple[str, dict[str, str]]:
    """Return the key and the values; of a text that is no phrase, the text up to its first stroke."""
    key, *written = stored.split(_BETWEEN)
    return key, {name: value for name, _, value in (each.partition("=") for each in written)}
