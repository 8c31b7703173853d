"""Forms that come with a file (RFC 7578), read as strictly as those without."""

from __future__ import annotations

import io
from collections.abc import Mapping

from multipart import MultipartError, MultipartParser, MultipartPart, parse_options_header

from hikeshi.domain.errors import InvalidFormError, RefusedFileError
from hikeshi.domain.evidence import MOST_BYTES, Attached
from hikeshi.domain.plain_text import plain, plain_line
from hikeshi.runtime.forms import MAX_BODY, Field

MEDIA_TYPE = "multipart/form-data"
FILE = "file"
"""Name of the field that the file is chosen with."""


def is_upload(media_type: str) -> bool:
    """Tell whether a body may come with a file."""
    return media_type.partition(";")[0].strip().lower() == MEDIA_TYPE


def read_upload(
    body: bytes, *, media_type: str, fields: Mapping[str, Field]
) -> tuple[dict[str, str], Attached | None]:
    """Take a body apart into the fields of a form, and its file; None if none was chosen.

    Raises
    ------
    InvalidFormError
        If it is not a form in UTF-8, or has an unknown or a repeated field.
    RefusedFileError
        ``file_too_large``; how large it may be is said beside the form.
    """
    if len(body) > MOST_BYTES + MAX_BODY:
        raise RefusedFileError("file_too_large")
    given: dict[str, str] = {}
    attached: Attached | None = None
    for part in _parts(body, media_type, most=len(fields) + 1):
        if part.name == FILE and attached is None:
            attached = Attached(label=part.filename or "", content=part.raw)
        elif part.name in fields and part.name not in given and not part.filename:
            given[part.name] = _text(part, fields[part.name])
        else:
            raise InvalidFormError("the form has an unknown or a repeated field")
    chosen = attached if attached is not None and (attached.label or attached.content) else None
    return {name: given.get(name, "") for name in fields}, chosen


def _parts(body: bytes, media_type: str, *, most: int) -> list[MultipartPart]:
    _, options = parse_options_header(media_type)
    try:
        parser = MultipartParser(
            io.BytesIO(body),
            options.get("boundary", ""),
            content_length=len(body),
            strict=True,
            part_limit=most,
            spool_limit=len(body),
            memory_limit=len(body),
        )
        return list(parser)
    except MultipartError:
        raise InvalidFormError("the body is not a form with a file") from None


def _text(part: MultipartPart, field: Field) -> str:
    try:
        text = part.raw.decode()
    except UnicodeDecodeError:
        raise InvalidFormError("the body is not a form in UTF-8", field=part.name) from None
    return plain(text) if field.lines else plain_line(text)
