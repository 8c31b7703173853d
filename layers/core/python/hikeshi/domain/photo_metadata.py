"""What a photo says beside the picture: where and with which camera it was taken, and cutting it out.

The picture itself is never decoded or written anew; the parts of the file are listed, and all but those
that a viewer needs are left out. Sources: JPEG (ITU-T T.81, annex B), PNG (W3C, third edition), WebP
(RFC 9649), Exif 3.0.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hikeshi.domain.file_kinds import FILMS, FileKind
from hikeshi.domain.film_boxes import BOXED, film_tells_place, is_whole_in_boxes

PHOTOS = frozenset({FileKind.JPEG, FileKind.PNG, FileKind.WEBP})
"""Kinds whose metadata can be cut out."""

_ORIENTATION, _GPS = 0x0112, 0x8825
_XMP_LOCATION = b"GPSLatitude"
_EXIF = b"Exif\x00\x00"

_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_APPLICATION = frozenset({*range(0xE0, 0xF0), 0xFE})
_SEEN_IN_JPEG = (b"\xff\xe0..JFIF\x00", b"\xff\xe2..ICC_PROFILE\x00", b"\xff\xee..Adobe")
_KEPT_IN_JPEG = re.compile(b"|".join(_SEEN_IN_JPEG), re.DOTALL)

_PNG_START = 8
_KEPT_IN_PNG = frozenset(
    {b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"pHYs", b"sBIT", b"bKGD"}
    | {b"acTL", b"fcTL", b"fdAT"}
)
_KEPT_IN_WEBP = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
_WEBP_HAS_METADATA = 0x08 | 0x04


@dataclass(frozen=True, kw_only=True, slots=True)
class _Part:
    """A stretch of a file; ``seen`` if a viewer needs it, ``exif`` if it holds camera data."""

    content: bytes
    seen: bool
    exif: bytes = b""


def is_whole(kind: FileKind, content: bytes) -> bool:
    """Tell whether a photo or a film can be followed from its beginning to its end."""
    if kind in BOXED:
        return is_whole_in_boxes(kind, content)
    return kind not in PHOTOS or _parts(kind, content) is not None


def holds_location(kind: FileKind, content: bytes) -> bool:
    """Tell whether a photo or a film says where it was taken, as far as can be seen."""
    if kind in FILMS and film_tells_place(content):
        return True
    if kind is FileKind.HEIC:
        at = content.find(_EXIF)
        found = [content[at + len(_EXIF) :]] if at >= 0 else []
    else:
        found = [part.exif for part in _parts(kind, content) or () if part.exif]
    return _XMP_LOCATION in content or any(_GPS in _tags(exif) for exif in found)


def without_metadata(kind: FileKind, content: bytes) -> bytes | None:
    """Return a photo with the picture alone, upright as before; None if it cannot be cut."""
    parts = _parts(kind, content) if kind in PHOTOS else None
    if parts is None:
        return None
    seen = [part.content for part in parts if part.seen]
    if kind is FileKind.WEBP:
        body = b"WEBP" + b"".join(seen)
        return b"RIFF" + struct.pack("<I", len(body)) + body
    turned = next((tags[_ORIENTATION] for p in parts if _ORIENTATION in (tags := _tags(p.exif))), 1)
    if kind is FileKind.JPEG and turned != 1:
        seen.insert(1, _only_orientation(turned))
    return b"".join(seen)


def _parts(kind: FileKind, content: bytes) -> list[_Part] | None:
    """Take a photo apart; None if it breaks off or is not what it says."""
    take = {FileKind.JPEG: _of_jpeg, FileKind.PNG: _of_png, FileKind.WEBP: _of_webp}.get(kind)
    try:
        return list(take(content)) if take is not None else None
    except (struct.error, IndexError, EOFError):
        return None


def _of_jpeg(content: bytes) -> Iterator[_Part]:
    """Yield the segments; what follows the end of the picture (a film, a second picture) is no part."""
    yield _Part(content=content[:2], seen=True)
    at = 2
    while True:
        if content[at] != 0xFF:  # noqa: PLR2004  # what every marker begins with
            raise EOFError
        marker = content[at + 1]
        if marker == _EOI:
            yield _Part(content=content[at : at + 2], seen=True)
            return
        end = at + 2 + struct.unpack_from(">H", content, at + 2)[0]
        if marker == _SOS:
            following = _NEXT_MARKER.search(content, end)
            if following is None:
                raise EOFError
            end = following.start()
        segment = content[at:end]
        seen = marker not in _APPLICATION or _KEPT_IN_JPEG.match(segment) is not None
        is_exif = segment[4:10] == _EXIF
        yield _Part(content=segment, seen=seen, exif=segment[10:] if is_exif else b"")
        at = end


def _of_png(content: bytes) -> Iterator[_Part]:
    yield _Part(content=content[:_PNG_START], seen=True)
    at, name = _PNG_START, b""
    while name != b"IEND":
        size, name = struct.unpack_from(">I4s", content, at)
        chunk = content[at : at + 12 + size]
        if len(chunk) < 12 + size:
            raise EOFError
        exif = chunk[8:-4] if name == b"eXIf" else b""
        yield _Part(content=chunk, seen=name[:1].isupper() or name in _KEPT_IN_PNG, exif=exif)
        at += len(chunk)


def _of_webp(content: bytes) -> Iterator[_Part]:
    at, end = 12, 8 + struct.unpack_from("<I", content, 4)[0]
    if end > len(content) or at >= end:
        raise EOFError
    while at < end:
        name, size = struct.unpack_from("<4sI", content, at)
        chunk = content[at : at + 8 + size + size % 2]
        if at + 8 + size > end:
            raise EOFError
        exif = chunk[8:].removeprefix(_EXIF) if name == b"EXIF" else b""
        if name == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~_WEBP_HAS_METADATA]) + chunk[9:]
        yield _Part(content=chunk, seen=name in _KEPT_IN_WEBP, exif=exif)
        at += len(chunk)


def _tags(exif: bytes) -> Mapping[int, int]:
    """Return the tags of the first directory with their values as whole numbers; none if it has no sense."""
    order = {b"II*\x00": "<", b"MM\x00*": ">"}.get(exif[:4])
    if order is None:
        return {}
    try:
        (start,) = struct.unpack_from(f"{order}I", exif, 4)
        (count,) = struct.unpack_from(f"{order}H", exif, start)
        entries = [struct.unpack_from(f"{order}HHI2H", exif, start + 2 + 12 * n) for n in range(count)]
    except struct.error:
        return {}
    return {tag: first for tag, _, _, first, _ in entries}


def _only_orientation(turned: int) -> bytes:
    """Return a segment that says how the picture is turned, and nothing else."""
    exif = _EXIF + b"MM\x00*" + struct.pack(">IHHHIHHI", 8, 1, _ORIENTATION, 3, 1, turned, 0, 0)
    return b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif
