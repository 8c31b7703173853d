"""What people do with a statement: write, approve, put out, or decide to say nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from hikeshi.domain.actions import Role
from hikeshi.domain.caring import mask_of
from hikeshi.domain.decisions import settle_response
from hikeshi.domain.errors import AlreadyDecidedError, NotReadyError
from hikeshi.domain.incidents import Change, Room
from hikeshi.domain.statements import (
    Approval,
    Statement,
    StatementKind,
    approvals_suffice,
    broken_facts,
    obstacles,
)
from hikeshi.domain.timeline import TimelineEvent


def draft_statement(room: Room, statement: Statement) -> Change:
    """Put a new version up for approval; the one before is kept, and its approval is not the new one's.

    Version, generation and whatever follows from approval are set here, whatever the draft says.

    Raises
    ------
    NotFoundError
        If a sentence names a fact that is not there.
    """
    for fact in statement.facts:
        room.fact(fact)
    version = room.statement.version + 1 if room.statement else 1
    new = replace(
        statement,
        version=version,
        generation=room.incident.generation,
        approvals=(),
        approved_by=None,
        approved_at=None,
        published_by=None,
        published_at=None,
        flagged_at=None,
        flagged_facts=(),
        returned_by=None,
        returned_at=None,
        return_reason="",
        waived=False,
    )
    details = {"version": str(version), "kind": new.kind.value}
    if new.tone_reason:
        details["tone_reason"] = new.tone_reason
    event = TimelineEvent(kind="statement_drafted", at=new.drafted_at, actor=new.drafted_by, details=details)
    return _with_next(room, new), (event,)


def approve_statement(room: Room, *, version: int, by: str, roles: frozenset[Role], at: datetime) -> Change:
    """Approve the text that was shown; the second approval in another role completes it.

    Raises
    ------
    NotReadyError
        ``statement`` if there is none, ``newer_version`` if the text changed since it was shown,
        ``second_person`` if the approver wrote it, and the obstacles of the text itself.
    AlreadyDecidedError
        If it is approved or waived already, or this person has approved it.
    """
    statement = _current(room, version)
    if statement.approved_by is not None and statement.approved_at is not None:
        raise AlreadyDecidedError(decision="approved", by=statement.approved_by, at=statement.approved_at)
    if statement.drafted_by == by:
        raise NotReadyError(("second_person",))
    for known in statement.approvals:
        if known.by == by:
            raise AlreadyDecidedError(decision="approved", by=by, at=known.at)
    if found := text_obstacles(room, statement):
        raise NotReadyError(found)
    approvals = (*statement.approvals, Approval(by=by, at=at, roles=roles))
    given = TimelineEvent(kind="statement_approved", at=at, actor=by, details={"version": str(version)})
    approved = replace(statement, approvals=approvals)
    if not approvals_suffice(approvals, room.incident.level):
        return replace(room, statement=approved), (given,)
    approved = replace(approved, approved_by=by, approved_at=at)
    released = TimelineEvent(kind="statement_released", at=at, details={"version": str(version)})
    return _settled(replace(room, statement=approved), (given, released), by=by, at=at)


def return_statement(room: Room, *, version: int, by: str, at: datetime, reason: str) -> Change:
    """Send the text that was shown back to its writer; whoever approved it approved something else.

    The approvals stay where they were given, and count for nothing: only a new version helps.

    Raises
    ------
    NotReadyError
        ``statement``, ``newer_version``, ``second_person`` if it is one's own, or ``flagged_statement`` if
        a new version is needed anyway.
    AlreadyDecidedError
        If it is approved by all who have to, waived, or sent back already.
    """
    statement = _current(room, version)
    if statement.approved_by is not None and statement.approved_at is not None:
        raise AlreadyDecidedError(decision="approved", by=statement.approved_by, at=statement.approved_at)
    if statement.returned_by is not None and statement.returned_at is not None:
        raise AlreadyDecidedError(decision="returned", by=statement.returned_by, at=statement.returned_at)
    if statement.drafted_by == by:
        raise NotReadyError(("second_person",))
    if statement.flagged_at is not None:
        raise NotReadyError(("flagged_statement",))
    details = {"version": str(version), "reason": reason}
    event = TimelineEvent(kind="statement_returned", at=at, actor=by, details=details)
    returned = replace(statement, returned_by=by, returned_at=at, return_reason=reason)
    return replace(room, statement=returned), (event,)


def publish_statement(room: Room, *, version: int, by: str, at: datetime) -> Change:
    """Record that the approved text was put out.

    Everything that approval asked for is asked again: between the two a fact may have fallen, or the
    level risen.

    Raises
    ------
    NotReadyError
        ``statement``, ``newer_version``, ``approvals``, and the obstacles of the text itself.
    AlreadyDecidedError
        If it was put out already, or waived.
    """
    statement = _current(room, version)
    if statement.published_by is not None and statement.published_at is not None:
        raise AlreadyDecidedError(decision="published", by=statement.published_by, at=statement.published_at)
    if gaps := hand_off_gaps(room, statement):
        raise NotReadyError(gaps)
    details = {"version": str(version), "kind": statement.kind.value}
    event = TimelineEvent(kind="statement_published", at=at, actor=by, details=details)
    return replace(room, statement=replace(statement, published_by=by, published_at=at)), (event,)


def hand_off_gaps(room: Room, statement: Statement) -> tuple[str, ...]:
    """Return what keeps a text from leaving the house now: ``approvals``, or its obstacles."""
    complete = statement.approved_by is not None and approvals_suffice(
        statement.approvals, room.incident.level
    )
    return (() if complete else ("approvals",)) + text_obstacles(room, statement)


def text_obstacles(room: Room, statement: Statement) -> tuple[str, ...]:
    """Return what is wrong with a text as things are now: its facts, or a name that became protected."""
    named = mask_of(room).finds(statement.text)
    return obstacles(statement, room.facts) + (("names_protected",) if named else ())


def waive_statement(room: Room, *, by: str, at: datetime, reason: str) -> Change:
    """Decide to say nothing in public, or nothing more after what was put out, with the reason.

    Raises
    ------
    AlreadyDecidedError
        If that was decided before, a text is approved and waits to be put out, or the last word is said.
    """
    settled = room.statement
    if settled is not None and settled.is_settled and not is_last_word_open(room):
        raise AlreadyDecidedError(
            decision="waived" if settled.waived else "approved",
            by=settled.approved_by or settled.drafted_by,
            at=settled.approved_at or settled.drafted_at,
        )
    waived = Statement(
        kind=StatementKind.HOLDING,
        text=reason,
        drafted_by=by,
        drafted_at=at,
        waived=True,
        version=room.statement.version + 1 if room.statement else 1,
        generation=room.incident.generation,
    )
    kind = "statement_ended" if last_published_now(room) else "statement_waived"
    event = TimelineEvent(kind=kind, at=at, actor=by, details={"reason": reason})
    return _settled(_with_next(room, waived), (event,), by=by, at=at)


def flag_statements(room: Room, *, by: str, at: datetime) -> Change:
    """Flag every text that somebody approved and that says a fact which does not hold now."""
    flagged = {
        (statement.generation, statement.version): replace(
            statement, flagged_at=at, flagged_facts=broken_facts(statement, room.facts)
        )
        for statement in all_statements(room)
        if _is_relied_on(statement) and broken_facts(statement, room.facts)
    }
    if not flagged:
        return room, ()

    def put(statement: Statement) -> Statement:
        return flagged.get((statement.generation, statement.version), statement)

    changed = replace(
        room,
        statement=put(room.statement) if room.statement else None,
        earlier_statements=tuple(put(each) for each in room.earlier_statements),
    )
    events = tuple(
        TimelineEvent(
            kind="statement_flagged",
            at=at,
            actor=by,
            details={
                "version": str(each.version),
                "claims": "、".join(_claim(room, fact) for fact in each.flagged_facts),
            },
        )
        for each in flagged.values()
    )
    return changed, events


def all_statements(room: Room) -> tuple[Statement, ...]:
    """Return every version, oldest first."""
    return (*room.earlier_statements, *((room.statement,) if room.statement else ()))


def last_published(room: Room) -> Statement | None:
    """Return what the public read last, None if nothing was put out."""
    out = [each for each in all_statements(room) if each.published_at is not None]
    return max(out, key=lambda each: (each.published_at, each.version), default=None)


def last_published_now(room: Room) -> Statement | None:
    """Return what was put out last since the incident was opened, or opened again."""
    said = last_published(room)
    return said if said is not None and said.generation == room.incident.generation else None


def last_word_gaps(room: Room) -> tuple[str, ...]:
    """Return what the public is still owed before the incident may end, as stable keys.

    It is owed a full statement that was put out and stands, or the decision, with its reason, that nothing
    more is said. ``unpublished_word``: a text is approved and not put out. ``final_word``: at most a holding
    statement is out. ``corrected_word``: what is out fell, after any such decision.
    """
    newest, out = room.statement, last_published_now(room)
    if newest is not None and newest.waived:
        fell = out is not None and out.flagged_at is not None and out.flagged_at > newest.drafted_at
        return ("corrected_word",) if fell else ()
    if newest is not None and newest.is_settled and newest.published_at is None:
        return ("unpublished_word",)
    if out is None or out.kind is not StatementKind.FULL:
        return ("final_word",)
    return ("corrected_word",) if out.flagged_at is not None else ()


def is_last_word_open(room: Room) -> bool:
    """Tell whether something was put out, and it may be decided that nothing more is said after it."""
    return last_published_now(room) is not None and last_word_gaps(room) in (
        ("final_word",),
        ("corrected_word",),
    )


def _is_relied_on(statement: Statement) -> bool:
    return statement.flagged_at is None and bool(statement.approvals or statement.published_at)


def _claim(room: Room, fact_id: str) -> str:
    return next((fact.claim for fact in room.facts if fact.id == fact_id), fact_id)


def _current(room: Room, version: int) -> Statement:
    statement = room.statement
    if statement is None:
        raise NotReadyError(("statement",))
    if statement.waived:
        raise AlreadyDecidedError(decision="waived", by=statement.drafted_by, at=statement.drafted_at)
    if statement.version != version:
        raise NotReadyError(("newer_version",))
    return statement


def _with_next(room: Room, statement: Statement) -> Room:
    earlier = (*room.earlier_statements, *((room.statement,) if room.statement else ()))
    return replace(room, statement=statement, earlier_statements=earlier)


def _settled(room: Room, events: tuple[TimelineEvent, ...], *, by: str, at: datetime) -> Change:
    settled, completed = settle_response(room, by=by, at=at)
    return settled, (*events, *completed)
