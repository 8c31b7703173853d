"""Hides names in a finished page: in all that is read, and in no tag that makes it work."""

from __future__ import annotations

import re
from html import escape, unescape

from hikeshi.domain.masking import NOBODY, Mask

_MARKUP = re.compile(r"(<style>.*?</style>|<[^>]*>)", re.DOTALL)
_READ_ALOUD = re.compile(r'\b((?:aria-label|title|alt|placeholder|content)=")([^"]*)"')
_TYPED = re.compile(r'\b(value=")([^"]*)"')
_CHOSEN = re.compile(r'\btype="(?:hidden|radio|checkbox)"')


def hidden(page: str, mask: Mask) -> str:
    """Return a page of ours with the names in its texts, labels and filled-in fields hidden.

    Values that a form sends back as they are (hidden fields, choices) hold ids and stay.
    """
    if mask is NOBODY:
        return page
    pieces = _MARKUP.split(page)
    texts = (
        _text(piece, mask) if place % 2 == 0 else _tag(piece, mask) for place, piece in enumerate(pieces)
    )
    return "".join(texts)


def _text(piece: str, mask: Mask) -> str:
    whole = unescape(piece)
    return escape(masked) if (masked := mask(whole)) != whole else piece


def _tag(piece: str, mask: Mask) -> str:
    if piece.startswith("<style>"):
        return piece

    def put(found: re.Match[str]) -> str:
        return f'{found[1]}{_text(found[2], mask)}"'

    labelled = _READ_ALOUD.sub(put, piece)
    is_typed = piece.startswith("<input") and _CHOSEN.search(piece) is None
    return _TYPED.sub(put, labelled) if is_typed else labelled
