"""What is waited for, in words to a reader of whom nothing is asked: who acts next, and what was promised."""

from __future__ import annotations

from collections.abc import Sequence

from hikeshi.domain.actions import Action
from hikeshi.domain.incidents import ResponseTask
from hikeshi.domain.peril import Peril
from hikeshi.domain.publishing import last_published_now
from hikeshi.domain.statements import Statement
from hikeshi.services.reports.signing_text import awaited_words
from hikeshi.services.room.visit import Visit

_NAMED = 3


def waits(visit: Visit, *first: str) -> str:
    """Say what is waited for first, then the quorum that is missing and the next word to the public."""
    return "".join((*first, _quorum(visit), _promise(visit)))


def waits_for_work(visit: Visit, tasks: Sequence[ResponseTask], statement: Statement | None) -> str:
    """Say whose tasks and which step of the statement the response waits for."""
    said = []
    if tasks:
        people = _people(visit, [task.owner for task in tasks])
        said.append(visit.text("page.await.tasks", people=people, count=len(tasks)))
    if is_to_be_written(statement):
        awaited = "no_word" if visit.incident.peril is Peril.SELF_HARM else "writing"
        said.append(visit.text(f"page.await.{awaited}"))
    elif statement is not None and not statement.is_settled:
        said.append(visit.text("page.await.approval"))
    return waits(visit, *said)


def waits_for_calm(visit: Visit) -> str:
    """Say from when on it can be called calm, or who has to say so."""
    if visit.quiet is not None and visit.quiet.missing:
        return waits(visit, visit.text("page.await.quiet", at=visit.when(visit.quiet.earliest_at)))
    return waits(visit, visit.text("page.await.calm", roles=visit.roles_for(Action.DECLARE_CALM)))


def waits_for_report(visit: Visit, *, gaps: bool) -> str:
    """Say who finishes the report, or whose signatures it waits for."""
    lead = visit.incident.lead
    if gaps and lead is not None and lead != visit.reader.id:
        return waits(visit, visit.text("page.await.report", by=visit.name(lead)))
    if gaps:
        return waits(visit, visit.text("page.await.writing_report"))
    return waits(visit, visit.text("page.await.signatures"), awaited_words(visit))


def is_to_be_written(statement: Statement | None) -> bool:
    """Tell whether there is no text that anybody could approve."""
    if statement is None:
        return True
    return not statement.waived and (statement.flagged_at is not None or statement.returned_at is not None)


def _people(visit: Visit, ids: Sequence[str]) -> str:
    known = list(dict.fromkeys(ids))
    names = visit.text("page.comma").join(
        visit.text("bulletin.person", name=visit.name(each)) for each in known[:_NAMED]
    )
    rest = len(known) - _NAMED
    return visit.text("page.names_more", names=names, count=rest) if rest > 0 else names


def _quorum(visit: Visit) -> str:
    called = visit.room.headquarters
    if called is None or called.established_at is not None:
        return ""
    return visit.text("page.await.quorum", count=max(called.quorum - len(called.present), 1))


def _promise(visit: Visit) -> str:
    said, newest = last_published_now(visit.room), visit.room.statement
    if said is None or said.next_update_at is None or said.next_update_at <= visit.at:
        return ""
    if newest is not None and newest.waived:
        return ""
    return visit.text("page.await.promise", at=visit.when(said.next_update_at))
