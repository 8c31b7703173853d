"""Files that bear something out, as the pages list them."""

from __future__ import annotations

from dataclasses import dataclass

from hikeshi.domain.actions import Action
from hikeshi.domain.attaching import files_about, handing_of, same_elsewhere
from hikeshi.domain.evidence import EvidenceFile, Handing
from hikeshi.services.page_models import Form
from hikeshi.services.visit import Visit, shown

KILO = 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class FileRow:
    """A file.

    Attributes
    ----------
    about : str
        Its kind, size and the name that it came with.
    href : str
        Where a copy is, empty if it is handed out only when asked for.
    notes : tuple of str
        What to know of it.
    original : Form
        Asks for the file as it came.
    """

    id: str
    title: str
    about: str
    sha256: str
    by: str
    href: str
    notes: tuple[str, ...]
    original: Form


def file_rows(visit: Visit, about: str) -> tuple[FileRow, ...]:
    """List the files of one thing, oldest first."""
    return tuple(_row(visit, file) for file in files_about(visit.room, about))


def weight(size: int) -> str:
    """Write a size as phones do."""
    if size < KILO * KILO:
        return f"{max(round(size / KILO), 1)} KB"
    return f"{size / KILO / KILO:.1f} MB"


def _row(visit: Visit, file: EvidenceFile) -> FileRow:
    kind = visit.text(f"file_kind.{file.kind}")
    handing = handing_of(visit.room, file)
    label = shown(file.label, 40)
    return FileRow(
        id=file.id,
        title=shown(file.title, 80),
        about=visit.text("evidence.about", kind=kind, size=weight(file.size), label=label),
        sha256=file.sha256,
        by=visit.by_at(file.kept_by, file.kept_at),
        href=f"evidence?file={file.id}" if handing is not Handing.ASKED else "",
        notes=tuple(_notes(visit, file, handing)),
        original=visit.form(Action.FETCH_ORIGINAL, item=file.id),
    )


def _notes(visit: Visit, file: EvidenceFile, handing: Handing) -> list[str]:
    notes = [visit.text(f"evidence.{handing}")] if handing is not Handing.WHOLE else []
    if file.located:
        notes.append(visit.text("evidence.located"))
    numbers = {fact.id: place for place, fact in enumerate(visit.room.facts, start=1)}
    same = [str(numbers[each]) for each in same_elsewhere(visit.room, file) if each in numbers]
    if same:
        notes.append(visit.text("evidence.same", numbers=visit.text("page.comma").join(same)))
    return notes
