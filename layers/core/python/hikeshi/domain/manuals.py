"""The crisis manual: pages with a version and a day by which somebody has to have reviewed them.

A page begins with its title and three lines of its own::

    # 危機管理マニュアル
    版: 1.0
    見直した日: 2026-11-01
    次の見直し: 2027-05-01

After that come sections (``## ``). A change is one more line in one section, so that it can be shown as a
diff and put into the file by a command.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from difflib import unified_diff

from hikeshi.domain.errors import InputError

VERSION, REVIEWED, REVIEW_BY = "版", "見直した日", "次の見直し"
_SECTION = "## "


class InvalidManualError(InputError):
    """A page of the manual lacks its head; ``line`` counts from 1."""

    code = "invalid_manual"

    def __init__(self, message: str, *, field: str, line: int) -> None:
        super().__init__(message, field=field)
        self.line = line


@dataclass(frozen=True, kw_only=True, slots=True)
class ManualPage:
    """A page of the manual.

    Attributes
    ----------
    name : str
        Of the file, without its ending.
    text : str
        All of it, Markdown.
    """

    name: str
    title: str
    version: str
    reviewed_on: date
    review_by: date
    text: str

    def is_overdue(self, today: date) -> bool:
        """Tell whether it should have been reviewed before today."""
        return self.review_by < today


def page_of(name: str, text: str) -> ManualPage:
    """Read a page.

    Raises
    ------
    InvalidManualError
        Naming the line of its head that is missing or cannot be read.
    """
    lines = text.splitlines()
    if not lines or not lines[0].startswith("# ") or not lines[0][2:].strip():
        raise InvalidManualError("the first line is not a title", field="#", line=1)
    version, reviewed_on, review_by = (
        _head(lines, place, field) for place, field in enumerate((VERSION, REVIEWED, REVIEW_BY), start=1)
    )
    page = ManualPage(
        name=name,
        title=lines[0][2:].strip(),
        version=version,
        reviewed_on=_day(reviewed_on, REVIEWED, line=3),
        review_by=_day(review_by, REVIEW_BY, line=4),
        text=text,
    )
    if page.review_by < page.reviewed_on:
        raise InvalidManualError("the next review is before the last", field=REVIEW_BY, line=4)
    return page


def sections_of(page: ManualPage) -> tuple[str, ...]:
    """Return the headings of its sections."""
    return tuple(line[len(_SECTION) :] for line in page.text.splitlines() if line.startswith(_SECTION))


def amended(page: ManualPage, *, section: str, line: str) -> str:
    """Return the text with one more point at the end of a section; a section that is not there is added."""
    point = f"- {' '.join(line.split())}"
    lines = page.text.rstrip("\n").splitlines()
    heading = f"{_SECTION}{section}"
    if heading not in lines:
        return "\n".join([*lines, "", heading, "", point]) + "\n"
    start = lines.index(heading) + 1
    end = next((n for n in range(start, len(lines)) if lines[n].startswith(_SECTION)), len(lines))
    while end > start and not lines[end - 1].strip():
        end -= 1
    return "\n".join([*lines[:end], point, *lines[end:]]) + "\n"


def diff_of(page: ManualPage, new: str) -> str:
    """Return a unified diff from a page to a new text, with its version in the head."""
    found = unified_diff(
        page.text.splitlines(),
        new.splitlines(),
        fromfile=f"manual/{page.name}.md {page.version}",
        tofile=f"manual/{page.name}.md",
        lineterm="",
        n=1,
    )
    return "\n".join(found)


def next_version(version: str) -> str:
    """Return the version after one: ``1.4`` after ``1.3``; what does not end in a number gets ``.1``."""
    head, dot, last = version.rpartition(".")
    return f"{head}{dot}{int(last) + 1}" if last.isdecimal() and dot else f"{version}.1"


def overdue(pages: Iterable[ManualPage], today: date) -> tuple[ManualPage, ...]:
    """Return the pages that should have been reviewed."""
    return tuple(page for page in pages if page.is_overdue(today))


def _head(lines: list[str], place: int, field: str) -> str:
    given, colon, value = (lines[place] if place < len(lines) else "").partition(":")
    if given.strip() != field or not colon or not value.strip():
        raise InvalidManualError(f"the line is not “{field}: …”", field=field, line=place + 1)
    return value.strip()


def _day(value: str, field: str, *, line: int) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise InvalidManualError("not a day like 2026-11-01", field=field, line=line) from None
