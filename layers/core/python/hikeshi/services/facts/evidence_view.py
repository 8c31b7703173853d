"""Files that bear something out, as the pages list them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hikeshi.domain.actions import Action
from hikeshi.domain.attaching import files_about, handing_of, same_elsewhere
from hikeshi.domain.evidence import EvidenceFile, Handing
from hikeshi.domain.facts import Proof
from hikeshi.services.room.page_models import Form
from hikeshi.services.room.visit import Visit, shown

KILO = 1024
NEWEST = 3
"""Files and records that are listed beside what they bear out; all are on a page of their own."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FileRow:
    """A file.

    Attributes
    ----------
    about : str
        Its kind, size and the name that it came with.
    href : str
        Where a copy is, empty if it is handed out only when asked for.
    """

    id: str
    title: str
    about: str
    sha256: str
    by: str
    href: str


@dataclass(frozen=True, kw_only=True, slots=True)
class EvidencePanel:
    """What bears one thing out, the newest; ``more`` leads to all of it, empty if there is none.

    Attributes
    ----------
    proofs : tuple of (str, str)
        Title and digest of the words of a record.
    """

    files: tuple[FileRow, ...]
    proofs: tuple[tuple[str, str], ...]
    more: str
    href: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FileCard:
    """A file with what to know of it; ``original`` asks for it as it came."""

    row: FileRow
    subject: str
    notes: tuple[str, ...]
    original: Form


def evidence_of(visit: Visit, about: str, *, proofs: Sequence[Proof] = ()) -> EvidencePanel:
    """List the newest evidence of one thing."""
    files = files_about(visit.room, about)
    count = len(files) + len(proofs)
    return EvidencePanel(
        files=tuple(file_row(visit, file) for file in files[-NEWEST:]),
        proofs=proof_rows(proofs[-NEWEST:]),
        more=visit.text("evidence.open", count=count) if count else "",
        href=f"evidence?page={about}",
    )


def proof_rows(proofs: Sequence[Proof]) -> tuple[tuple[str, str], ...]:
    """List the words of records."""
    return tuple((shown(each.title, 80), each.sha256) for each in proofs)


def file_card(visit: Visit, file: EvidenceFile) -> FileCard:
    """Describe a file in full."""
    return FileCard(
        row=file_row(visit, file),
        subject=subject_of(visit, file.about),
        notes=tuple(_notes(visit, file)),
        original=visit.form(Action.FETCH_ORIGINAL, item=file.id),
    )


def file_row(visit: Visit, file: EvidenceFile) -> FileRow:
    """Describe a file in short."""
    kind = visit.text(f"file_kind.{file.kind}")
    is_handed_out = handing_of(visit.room, file) is not Handing.ASKED
    return FileRow(
        id=file.id,
        title=shown(file.title, 80),
        about=visit.text("evidence.about", kind=kind, size=weight(file.size), label=shown(file.label, 40)),
        sha256=file.sha256,
        by=visit.by_at(file.kept_by, file.kept_at),
        href=f"file?id={file.id}" if is_handed_out else "",
    )


def subject_of(visit: Visit, about: str) -> str:
    """Name what a file bears out; empty if there is no such thing."""
    room = visit.room
    for number, fact in enumerate(room.facts, start=1):
        if fact.id == about:
            return visit.text("evidence.of_fact", number=number, claim=shown(fact.claim, 80))
    for takedown in room.takedowns:
        if takedown.id == about:
            return visit.text("evidence.of_request", number=takedown.number)
    for number, report in enumerate(room.inbound, start=1):
        if report.id == about:
            return visit.text("evidence.of_report", number=number)
    return ""


def weight(size: int) -> str:
    """Write a size as phones do."""
    if size < KILO * KILO:
        return f"{max(round(size / KILO), 1)} KB"
    return f"{size / KILO / KILO:.1f} MB"


def _notes(visit: Visit, file: EvidenceFile) -> list[str]:
    handing = handing_of(visit.room, file)
    notes = [visit.text(f"evidence.{handing}")] if handing is not Handing.WHOLE else []
    if file.located:
        notes.append(visit.text("evidence.located"))
    numbers = {fact.id: place for place, fact in enumerate(visit.room.facts, start=1)}
    same = [str(numbers[each]) for each in same_elsewhere(visit.room, file) if each in numbers]
    if same:
        notes.append(visit.text("evidence.same", numbers=visit.text("page.comma").join(same)))
    return notes
