"""The pages of the crisis manual, beside the rest of the configuration."""

from __future__ import annotations

import re
from pathlib import Path

from hikeshi.adapters.configuration_document import MAX_MANUAL, ManualPageModel
from hikeshi.domain.manuals import InvalidManualError, page_of
from infra.configuring.problems import Problem

FOLDER = "manual"
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")


def read_manual(directory: Path) -> tuple[tuple[ManualPageModel, ...], list[Problem]]:
    """Read every page of a configuration directory, by name; a directory may have none."""
    found: list[ManualPageModel] = []
    problems: list[Problem] = []
    for path in sorted((directory / FOLDER).glob("*.md")):
        page = _read(path)
        if isinstance(page, Problem):
            problems.append(page)
        else:
            found.append(page)
    return tuple(found), problems


def _read(path: Path) -> ManualPageModel | Problem:
    file = f"{FOLDER}/{path.name}"
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError:
        return Problem(kind="not_utf8", file=file)
    except OSError as error:
        return Problem(kind="unreadable", file=file, values={"detail": str(error.strerror)})
    if not _NAME.fullmatch(path.stem) or len(text) > MAX_MANUAL:
        return _unreadable(file, f"{len(text)}")
    try:
        page_of(path.stem, text)
    except InvalidManualError as error:
        wanted = "# …" if error.field == "#" else f"{error.field}: …"
        values = {"wanted": wanted}
        return Problem(kind="manual_head", file=file, line=error.line, field=error.field or "", values=values)
    return ManualPageModel(name=path.stem, text=text)


def _unreadable(file: str, detail: str) -> Problem:
    return Problem(kind="manual_unreadable", file=file, values={"detail": detail, "limit": str(MAX_MANUAL)})
