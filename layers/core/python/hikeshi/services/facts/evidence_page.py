"""All evidence of one thing, or all files of the room, on a page of its own."""

from __future__ import annotations

from dataclasses import dataclass

from hikeshi.domain.attaching import files_about
from hikeshi.services.facts.evidence_view import FileCard, file_card, proof_rows, subject_of
from hikeshi.services.room.page_models import Notice
from hikeshi.services.room.visit import Visit, shown

A_PAGE = 20
"""Files on one page; one thing has no more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EvidencePage:
    """The page; ``newer`` and ``older`` are addresses, empty at the ends."""

    page_title: str
    home: str
    title: str
    as_of: str
    notices: tuple[Notice, ...]
    heading: str
    proofs: tuple[tuple[str, str], ...]
    cards: tuple[FileCard, ...]
    place: str
    newer: str
    older: str


def evidence_page(visit: Visit, *, notices: tuple[Notice, ...] = (), page: str = "") -> EvidencePage:
    """Compose the page; ``page`` is the id of a thing, or a number among all files, the newest first."""
    subject = subject_of(visit, page) if page else ""
    files = files_about(visit.room, page) if subject else visit.room.files[::-1]
    pages = max((len(files) + A_PAGE - 1) // A_PAGE, 1)
    number = min(max(int(page), 1), pages) if page.isascii() and page.isdigit() and len(page) < 4 else 1  # noqa: PLR2004  # no room has a thousand pages
    proofs = next((fact.proofs for fact in visit.room.facts if fact.id == page), ())
    return EvidencePage(
        page_title=visit.text("evidence.title", number=visit.number),
        home=visit.home,
        title=shown(visit.incident.title, 60),
        as_of=visit.text("page.as_of", at=visit.when(visit.at)),
        notices=notices,
        heading=subject or visit.text("evidence.all"),
        proofs=proof_rows(proofs),
        cards=tuple(file_card(visit, file) for file in files[(number - 1) * A_PAGE : number * A_PAGE]),
        place=visit.text("evidence.place", page=number, pages=pages) if pages > 1 else "",
        newer=f"evidence?page={number - 1}" if number > 1 else "",
        older=f"evidence?page={number + 1}" if number < pages else "",
    )
