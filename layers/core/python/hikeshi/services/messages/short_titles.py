"""Shorter titles of the same meaning, for where an incident's title would be cut in the middle of a word.

A title is stored as it was when the incident was opened; its shorter form is looked up by its words, in the
catalogue of whoever reads it. What a person wrote as a title has none.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from hikeshi.services.messages.wording import Wording

_SHORT = "title_short."
_SHORT_MEDIA = "title_media_short."


def short_title(title: str, words: Wording) -> str:
    """Return the shorter form of a title; the title itself if the catalogue has none."""
    return _short_titles(words.language).get(title, title)


@cache
def _short_titles(language: str) -> Mapping[str, str]:
    words = Wording(language)
    found = {}
    for key in words:
        for short, whole in ((_SHORT, "title."), (_SHORT_MEDIA, "title_media.")):
            if key.startswith(short):
                found[words.template(whole + key.removeprefix(short))] = words.template(key)
    return found
