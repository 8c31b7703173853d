"""HTML as the words a person would read; nothing of it is ever shown as HTML.

Every step runs in linear time over hostile input: the standard parser of Python 3.11 does not.
"""

from __future__ import annotations

import re
from html import unescape

from hikeshi.domain.plain_text import plain

_HIDDEN = (
    (re.compile(r"<!--"), re.compile(r"-->")),
    (re.compile(r"<script\b", re.IGNORECASE), re.compile(r"</script\s{0,9}>", re.IGNORECASE)),
    (re.compile(r"<style\b", re.IGNORECASE), re.compile(r"</style\s{0,9}>", re.IGNORECASE)),
)
_BREAK = re.compile(r"<(?:br|/p|/div|/li|/tr|/h[1-6]|/blockquote|hr)\b[^<>]*>", re.IGNORECASE)
# Atomic and possessive: a tag that does not end is given up at once, not tried in every way.
_TAG = re.compile(r"""</?[A-Za-z!?](?>[^<>"']+|"[^"<]*"|'[^'<]*')*+>""")
_SPACES = re.compile(r"[ \t\u3000\xa0]+")
_BLANK_LINES = re.compile(r"\s*\n\s*")
_MEDIA = {"photo": re.compile(r"<img\b", re.IGNORECASE), "video": re.compile(r"<video\b", re.IGNORECASE)}


def text_of(html: str) -> str:
    """Return the words, one block a line."""
    for start, end in _HIDDEN:
        html = _cut(html, start, end)
    words = unescape(_TAG.sub("", _BREAK.sub("\n", html)))
    return plain(_BLANK_LINES.sub("\n", _SPACES.sub(" ", words)))


def media_in(html: str) -> tuple[str, ...]:
    """Return the kinds of media that the HTML shows."""
    return tuple(kind for kind, tag in _MEDIA.items() if tag.search(html))


def _cut(text: str, start: re.Pattern[str], end: re.Pattern[str]) -> str:
    """Remove every stretch from a start to its end; one that never ends goes on to the last character."""
    kept: list[str] = []
    position = 0
    while opening := start.search(text, position):
        kept.append(text[position : opening.start()])
        closing = end.search(text, opening.end())
        position = closing.end() if closing else len(text)
    return "".join(kept) + text[position:]
