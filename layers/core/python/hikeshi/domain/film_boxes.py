"""What can be told of a photo or a film in boxes (ISO/IEC 14496-12) without decoding it."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from hikeshi.domain.file_kinds import FILMS, FileKind

BOXED = FILMS | {FileKind.HEIC}

_CONTENT = b"mdat"
_NEEDED = {FileKind.HEIC: b"meta", FileKind.MP4: b"moov", FileKind.MOV: b"moov"}
"""The box without which a viewer can show nothing of the content."""

_SIZE_FOLLOWS, _TO_THE_END = 1, 0
_HEAD, _LONG_HEAD = 8, 16

_PLACES = (b"\xa9xyz", b"loci", b"com.apple.quicktime.location")
"""What phones name the place of a film with: Apple, 3GPP, and Apple's newer films."""


def is_whole_in_boxes(kind: FileKind, content: bytes) -> bool:
    """Tell whether the boxes follow each other to the very end, and what a viewer needs is among them."""
    try:
        return {_NEEDED[kind], _CONTENT} <= set(_boxes(content))
    except (struct.error, EOFError):
        return False


def film_tells_place(content: bytes) -> bool:
    """Tell whether a film says where it was taken, as far as can be seen."""
    return any(name in content for name in _PLACES)


def _boxes(content: bytes) -> Iterator[bytes]:
    """Yield the names of the outermost boxes."""
    at = 0
    while at < len(content):
        size, name = struct.unpack_from(">I4s", content, at)
        least = _HEAD
        if size == _SIZE_FOLLOWS:
            (size,), least = struct.unpack_from(">Q", content, at + _HEAD), _LONG_HEAD
        elif size == _TO_THE_END:
            size = len(content) - at
        if size < least or at + size > len(content):
            raise EOFError
        yield name
        at += size
