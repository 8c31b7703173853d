"""The short panel of past incidents that were like this one."""

from __future__ import annotations

from dataclasses import dataclass

from hikeshi.domain.cases import PastCase
from hikeshi.services.messages.japanese_time import day
from hikeshi.services.room.visit import Visit, shown


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseItem:
    """A past incident: its name, what worked then, and why it came to it."""

    name: str
    worked: str
    causes: str


def cases(visit: Visit) -> tuple[CaseItem, ...]:
    """Return the nearest past cases, as long as there is something to be done."""
    if not visit.phase.is_open:
        return ()
    return tuple(_item(visit, each) for each in visit.incident.similar)


def _item(visit: Visit, case: PastCase) -> CaseItem:
    causes = visit.text("page.comma").join(visit.text(f"cause.{cause}") for cause in case.causes)
    title, closed = shown(case.title, 40), day(case.closed_at, visit.words)
    return CaseItem(
        name=visit.text("past.name", number=case.number, title=title, day=closed),
        worked=visit.text("past.worked", worked=shown(case.worked, 160)),
        causes=visit.text("past.causes", causes=causes) if causes else "",
    )
