"""What a file is, by what it holds: what the browser says of it counts for nothing.

Its name decides nothing either, but one that promises something else than the file holds is a slip, or worse.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from enum import StrEnum

_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
"""Major brands of a HEIF file whose pictures are HEVC, or may be."""

_MP4 = frozenset(
    {b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"hvc1"}
    | {b"M4V ", b"M4VH", b"M4VP", b"MSNV"}
)
"""Major brands of a film as phones write it; sound alone (``M4A``) and pictures in AV1 have others."""

_MOV = b"qt  "

_ENCODINGS = ("utf-8-sig", "cp932")
"""What Japanese text files are written in: ours, and those of an older Windows."""


class FileKind(StrEnum):
    """Files that can be evidence; the value is the ending that a copy is named with."""

    JPEG = "jpg"
    PNG = "png"
    WEBP = "webp"
    HEIC = "heic"
    MP4 = "mp4"
    MOV = "mov"
    PDF = "pdf"
    TEXT = "txt"


MEDIA_TYPES: Mapping[FileKind, str] = {
    FileKind.JPEG: "image/jpeg",
    FileKind.PNG: "image/png",
    FileKind.WEBP: "image/webp",
    FileKind.HEIC: "image/heic",
    FileKind.MP4: "video/mp4",
    FileKind.MOV: "video/quicktime",
    FileKind.PDF: "application/pdf",
    FileKind.TEXT: "text/plain",
}


FILMS = frozenset({FileKind.MP4, FileKind.MOV})

_PHOTO = frozenset({FileKind.JPEG, FileKind.PNG, FileKind.WEBP, FileKind.HEIC})
_PDF, _TEXT = frozenset({FileKind.PDF}), frozenset({FileKind.TEXT})
_PROMISED: Mapping[str, frozenset[FileKind]] = {
    **dict.fromkeys(("jpg", "jpeg", "jpe", "jfif", "png", "webp", "heic", "heif"), _PHOTO),
    **dict.fromkeys(("mp4", "m4v", "mov", "qt"), FILMS),
    "pdf": _PDF,
    **dict.fromkeys(("txt", "text", "log", "csv", "tsv"), _TEXT),
}
"""What the ending of a name promises. One photo named like another is everyday: browsers save them so."""


def is_named_otherwise(name: str, kind: FileKind) -> bool:
    """Tell whether the ending of a name promises something else; one that we do not know promises nothing."""
    ending = unicodedata.normalize("NFKC", name).rpartition(".")[2].strip().lower()
    return kind not in _PROMISED.get(ending, frozenset(FileKind))


def kind_of(content: bytes) -> FileKind | None:
    """Return what a file is, None if it is nothing that we keep."""
    if content.startswith(b"\xff\xd8\xff"):
        return FileKind.JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileKind.PNG
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return FileKind.WEBP
    if content[4:8] == b"ftyp":
        return _kind_of_brand(content[8:12])
    if content.startswith(b"%PDF-"):
        return FileKind.PDF
    return FileKind.TEXT if _is_plain_text(content) else None


def _kind_of_brand(brand: bytes) -> FileKind | None:
    """Return what a file of boxes is by the brand that it was written for (ISO/IEC 14496-12)."""
    if brand in _BRANDS:
        return FileKind.HEIC
    if brand in _MP4:
        return FileKind.MP4
    return FileKind.MOV if brand == _MOV else None


def _is_plain_text(content: bytes) -> bool:
    """Tell whether it is text, and no markup: a page or a drawing could run as a programme."""
    for encoding in _ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not text.lstrip().startswith("<") and all(map(_is_written, text))
    return False


def _is_written(character: str) -> bool:
    return character in "\n\r\t\f" or unicodedata.category(character) != "Cc"
