"""What a file is, by what it holds: what the browser says of it counts for nothing.

Its name decides nothing either, but one that promises something else than the file holds is a slip, or worse.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from enum import StrEnum

_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
"""Major brands of a HEIF file whose pictures are HEVC, or may be."""

_ENCODINGS = ("utf-8-sig", "cp932")
"""What Japanese text files are written in: ours, and those of an older Windows."""


class FileKind(StrEnum):
    """Files that can be evidence; the value is the ending that a copy is named with."""

    JPEG = "jpg"
    PNG = "png"
    WEBP = "webp"
    HEIC = "heic"
    PDF = "pdf"
    TEXT = "txt"


MEDIA_TYPES: Mapping[FileKind, str] = {
    FileKind.JPEG: "image/jpeg",
    FileKind.PNG: "image/png",
    FileKind.WEBP: "image/webp",
    FileKind.HEIC: "image/heic",
    FileKind.PDF: "application/pdf",
    FileKind.TEXT: "text/plain",
}


_PHOTO = frozenset({FileKind.JPEG, FileKind.PNG, FileKind.WEBP, FileKind.HEIC})
_PDF, _TEXT = frozenset({FileKind.PDF}), frozenset({FileKind.TEXT})
_PROMISED: Mapping[str, frozenset[FileKind]] = {
    **dict.fromkeys(("jpg", "jpeg", "jpe", "jfif", "png", "webp", "heic", "heif"), _PHOTO),
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
    if content[4:8] == b"ftyp" and content[8:12] in _BRANDS:
        return FileKind.HEIC
    if content.startswith(b"%PDF-"):
        return FileKind.PDF
    return FileKind.TEXT if _is_plain_text(content) else None


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
