"""Forms that come with files (RFC 7578), read as strictly as those without."""

from __future__ import annotations

import io
from collections.abc import Mapping

from multipart import MultipartError, MultipartParser, MultipartPart, parse_options_header

from hikeshi.domain.errors import InvalidFormError, RefusedFileError
from hikeshi.domain.evidence import MOST_AT_ONCE, Attached
from hikeshi.domain.plain_text import plain, plain_line
from hikeshi.runtime.forms import Field

MEDIA_TYPE = "multipart/form-data"
FILE = "file"
"""Name of the fields that files are chosen with."""

_MOST_BODY = 10 * 1024 * 1024
"""What API Gateway takes; a call of the function takes less still, so that more never comes this far."""

_MOST_PARTS = 64
"""Files that are taken apart at all; with more than are kept at once, the page says how many may come."""


def is_upload(media_type: str) -> bool:
    """Tell whether a body may come with files."""
    return media_type.partition(";")[0].strip().lower() == MEDIA_TYPE


def read_upload(
    body: bytes, *, media_type: str, fields: Mapping[str, Field]
) -> tuple[dict[str, str], tuple[Attached, ...]]:
    """Take a body apart into the fields of a form, and its files; none if none was chosen.

    How large each is, is looked at one by one, so that the others are kept.

    Raises
    ------
    InvalidFormError
        If it is not a form in UTF-8, or has an unknown or a repeated field.
    RefusedFileError
        ``file_too_large`` and ``files_too_many``; both are said beside the form.
    """
    if len(body) > _MOST_BODY:
        raise RefusedFileError("file_too_large")
    given: dict[str, str] = {}
    attached: list[Attached] = []
    for part in _parts(body, media_type, most=len(fields) + _MOST_PARTS):
        if part.name == FILE:
            attached.append(Attached(label=part.filename or "", content=part.raw))
        elif part.name in fields and part.name not in given and not part.filename:
            given[part.name] = _text(part, fields[part.name])
        else:
            raise InvalidFormError("the form has an unknown or a repeated field")
    chosen = tuple(each for each in attached if each.label or each.content)
    if len(chosen) > MOST_AT_ONCE:
        raise RefusedFileError("files_too_many")
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
