"""The situation board: which kinds of source were looked at, and what was seen there."""

from __future__ import annotations

from dataclasses import dataclass

from hikeshi.domain.actions import Action
from hikeshi.domain.headquarters import SourceKind
from hikeshi.domain.sighting import KINDS_WANTED, kinds_seen, view_gaps
from hikeshi.services.room.page_models import Form, Gate
from hikeshi.services.room.room_picture import shown_source
from hikeshi.services.room.visit import Visit, shown

A_KIND = 3
"""Findings shown of one kind of source, the newest first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BoardRow:
    """One kind of source: whether anybody looked, and what they saw."""

    label: str
    state: str
    tone: str
    findings: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Board:
    """All kinds; ``gap`` says what is missing before the facts can be settled, empty if nothing is."""

    rows: tuple[BoardRow, ...]
    gap: str
    waived: str
    kinds: tuple[tuple[str, str], ...]
    add: Form
    waive: Form


def board(visit: Visit) -> Board:
    """Lay the board out."""
    room = visit.room
    gap = bool(view_gaps(room))
    waived = room.incident.one_view_because
    return Board(
        rows=tuple(_row(visit, kind) for kind in SourceKind),
        gap=visit.text("board.gap", seen=len(kinds_seen(room)), wanted=KINDS_WANTED) if gap else "",
        waived=visit.text("board.waived", reason=shown(waived, 240)) if waived else "",
        kinds=tuple((kind.value, visit.text(f"source_kind.{kind}")) for kind in SourceKind),
        add=visit.form(Action.ADD_SIGHTING),
        waive=visit.form(Action.WAIVE_SECOND_VIEW, gate=None if gap else Gate(open=False)),
    )


def _row(visit: Visit, kind: SourceKind) -> BoardRow:
    generation = visit.incident.generation
    own = [each for each in visit.room.sightings if each.kind is kind and each.generation == generation]
    seen = kind in kinds_seen(visit.room)
    findings = [
        visit.text("board.finding", finding=shown(each.finding, 160), by=visit.by_at(each.by, each.at))
        for each in own[::-1][:A_KIND]
    ]
    if seen and not own:
        findings.append(visit.text("board.collected", sources=_collected(visit)))
    hidden = len(own) - A_KIND
    if hidden > 0:
        findings.append(visit.text("page.more", count=hidden))
    return BoardRow(
        label=visit.text(f"source_kind.{kind}"),
        state=visit.text("board.seen" if seen else "board.unseen"),
        tone="calm" if seen else "quiet",
        findings=tuple(findings),
    )


def _collected(visit: Visit) -> str:
    """Name the sources that the collection has the incident's posts from."""
    ids = visit.incident.sources or (visit.incident.source,)
    return visit.text("page.comma").join(shown_source(visit, each) for each in ids[:5])
