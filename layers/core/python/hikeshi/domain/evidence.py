"""Files that bear something out: a photo, a sheet of a lot, a letter, as they came.

How they come into a room and out of it is in :mod:`hikeshi.domain.attaching`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hikeshi.domain.errors import RefusedFileError
from hikeshi.domain.file_kinds import FILMS, FileKind, is_named_otherwise, kind_of
from hikeshi.domain.photo_metadata import is_whole
from hikeshi.domain.plain_text import plain_line

MOST_BYTES = 4 * 1024 * 1024
"""What one form may bring: as base64 within a call of a function, which takes 6 MB."""

MOST_AT_ONCE = 10
"""Files that are chosen together."""

MOST_OF_LABEL = 80


@dataclass(frozen=True, kw_only=True, slots=True)
class Attached:
    """A file as somebody sent it; ``label`` is what they called it."""

    label: str
    content: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class EvidenceFile:
    """A file in the archive, found again by its digest.

    Attributes
    ----------
    about : str
        Id of the fact, of the report to the headquarters or of the takedown request that it bears out.
    title : str
        What it is, in the words of whoever sent it.
    label : str
        What the file was called; nothing is ever stored or handed out under this name.
    sha256 : str
        Of its bytes as they were sent, in hex.
    located : bool
        Whether it says where it was taken.
    """

    id: str
    about: str
    title: str
    label: str
    kind: FileKind
    size: int
    sha256: str
    uri: str
    located: bool
    kept_by: str
    kept_at: datetime


class Handing(StrEnum):
    """How a file is handed to whoever may see the room.

    ``whole``: as it came. ``cut``: without what it says beside the picture. ``asked``: as it came, but
    only to those who may, who say why.
    """

    WHOLE = "whole"
    CUT = "cut"
    ASKED = "asked"


def examined(attached: Attached) -> FileKind:
    """Return what a file is.

    Raises
    ------
    RefusedFileError
        ``file_empty``, ``file_too_large``, ``film_too_large``, ``file_kind`` if it is nothing that we keep,
        ``file_broken`` if it breaks off, ``file_is_jpg`` and the like if its name promises something else.
    """
    content, label = attached.content, label_of(attached.label)
    if not content:
        raise RefusedFileError("file_empty", label)
    if len(content) > MOST_BYTES:
        raise RefusedFileError(
            "film_too_large" if kind_of(content[:12]) in FILMS else "file_too_large", label
        )
    kind = kind_of(content)
    if kind is None:
        raise RefusedFileError("file_kind", label)
    if not is_whole(kind, content):
        raise RefusedFileError("file_broken", label)
    if is_named_otherwise(label, kind):
        raise RefusedFileError(f"file_is_{kind}", label)
    return kind


def label_of(name: str) -> str:
    """Return the last part of a file's name as one plain line."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return plain_line(last)[:MOST_OF_LABEL]
