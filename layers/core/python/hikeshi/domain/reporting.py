"""What people do with the completion report, and with the changes that it asks for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from hikeshi.domain.actions import DECIDING, Role
from hikeshi.domain.decisions import decide
from hikeshi.domain.errors import AlreadyDecidedError, NotReadyError
from hikeshi.domain.incidents import Change, Decision, Room, Slot
from hikeshi.domain.publishing import last_word_gaps
from hikeshi.domain.reports import (
    Answer,
    ChangeKind,
    CompletionReport,
    CorrectiveAction,
    Feedback,
    Outcome,
    Proposal,
    RootCause,
    Signature,
)
from hikeshi.domain.timeline import TimelineEvent

SIGNERS = 2
"""People who must sign."""

WORKED = 160
"""Characters of the evaluation that later incidents are shown."""


def attach_report(
    room: Room, body: str, *, at: datetime, response_figures: str = "", result_figures: str = ""
) -> Change:
    """Attach the drafted report; what people already wrote into an earlier draft is kept."""
    known = room.report
    report = replace(
        _unsigned(known) if known else CompletionReport(body="", drafted_at=at),
        body=body,
        response_figures=response_figures,
        result_figures=result_figures,
        drafted_at=at,
    )
    events = () if known else (TimelineEvent(kind="report_drafted", at=at),)
    return replace(room, report=report), events


def rewrite_body(room: Room, old: str, new: str, *, by: str) -> Room:
    """Put a line of the drafted report right after a decision; signed in full, it stays as it is."""
    report = room.report
    if report is None or report.signed_by is not None:
        return room
    return _written(room, replace(report, body=report.body.replace(old, new, 1)), by=by)


def edit_report(room: Room, *, evaluation: str, customers: str, by: str, at: datetime) -> Change:
    """Say how the response went."""
    report = replace(open_report(room), evaluation=evaluation, customers=customers)
    return _written(room, report, by=by), (TimelineEvent(kind="report_edited", at=at, actor=by),)


def note_outcome(room: Room, outcome: Outcome, *, by: str, at: datetime) -> Change:
    """Say what it did to the company and to people."""
    report = replace(open_report(room), outcome=outcome)
    return _written(room, report, by=by), (TimelineEvent(kind="outcome_noted", at=at, actor=by),)


def note_lessons(
    room: Room,
    *,
    causes: tuple[RootCause, ...],
    lessons: str,
    no_corrections: str,
    by: str,
    at: datetime,
) -> Change:
    """Say why it came to this and what was missing."""
    report = replace(open_report(room), causes=causes, lessons=lessons, no_corrections=no_corrections)
    return _written(room, report, by=by), (TimelineEvent(kind="lessons_noted", at=at, actor=by),)


def give_feedback(room: Room, feedback: Feedback) -> Change:
    """Note how a participant saw it; the same person's newer one takes the place of the older.

    Raises
    ------
    AlreadyDecidedError
        Once somebody has signed: what is signed holds what was said until then.
    """
    report = open_report(room)
    for first in report.signatures[:1]:
        raise AlreadyDecidedError(decision="signed", by=first.by, at=first.at)
    mine = (feedback.generation, feedback.by)
    others = tuple(each for each in room.feedback if (each.generation, each.by) != mine)
    changed = replace(room, feedback=(*others, feedback))
    return changed, (TimelineEvent(kind="feedback_given", at=feedback.at, actor=feedback.by),)


# ---- corrective actions -------------------------------------------------------------------------


def add_correction(room: Room, action: CorrectiveAction) -> Change:
    """Promise to put something right.

    Raises
    ------
    NotReadyError
        ``correction_dates`` if the effect would be looked at before it is due, ``correction_change`` if
        the change that it names is not one of this incident.
    """
    report = open_report(room)
    if action.check_at < action.due_at:
        raise NotReadyError(("correction_dates",))
    if action.change_id not in {each.id for each in current_proposals(room)}:
        raise NotReadyError(("correction_change",))
    details = {"title": action.title, "owner": action.owner, "change": action.change_id}
    event = TimelineEvent(kind="correction_added", at=action.added_at, actor=action.added_by, details=details)
    changed = replace(room, corrections=(*room.corrections, action))
    return _written(changed, report, by=action.added_by), (event,)


def complete_correction(room: Room, action_id: str, *, by: str, at: datetime, result: str) -> Change:
    """Say that it is done; AlreadyDecidedError if it was."""
    known = room.correction(action_id)
    if known.done_by is not None and known.done_at is not None:
        raise AlreadyDecidedError(decision="done", by=known.done_by, at=known.done_at)
    done = replace(known, done_by=by, done_at=at, result=result)
    details = {"title": known.title, "result": result}
    event = TimelineEvent(kind="correction_done", at=at, actor=by, details=details)
    return _with_correction(room, done), (event,)


def check_correction(
    room: Room, action_id: str, *, effective: bool, effect: str, by: str, at: datetime
) -> Change:
    """Say whether it works.

    Raises
    ------
    NotReadyError
        ``correction_done`` if it is not done.
    AlreadyDecidedError
        If somebody has looked already.
    """
    known = room.correction(action_id)
    if known.done_at is None:
        raise NotReadyError(("correction_done",))
    if known.checked_by is not None and known.checked_at is not None:
        raise AlreadyDecidedError(decision="checked", by=known.checked_by, at=known.checked_at)
    checked = replace(known, effective=effective, effect=effect, checked_by=by, checked_at=at)
    kind = "correction_effective" if effective else "correction_without_effect"
    event = TimelineEvent(kind=kind, at=at, actor=by, details={"title": known.title, "effect": effect})
    return _with_correction(room, checked), (event,)


def corrections_run(room: Room) -> bool:
    """Tell whether something that was promised in a signed report is not done or not looked at."""
    return any(not action.is_over for action in room.corrections)


# ---- proposed changes ---------------------------------------------------------------------------


def propose(room: Room, proposals: Iterable[Proposal]) -> Room:
    """Put changes up for an answer; one that has its answer stays as it is."""
    answered = {each.id for each in room.proposals if each.answer is not None}
    new = {each.id: each for each in proposals if each.id not in answered}
    kept = tuple(each for each in room.proposals if each.id not in new)
    return replace(room, proposals=(*kept, *new.values()))


def answer_proposal(
    room: Room, proposal_id: str, *, answer: Answer, text: str, diff: str, reason: str, by: str, at: datetime
) -> Change:
    """Accept a change, as it was written or as it was changed, or say why not.

    Raises
    ------
    NotReadyError
        ``proposal_text`` if there is nothing to accept, ``proposal_reason`` if it is declined without one.
    """
    report = open_report(room)
    known = room.proposal(proposal_id)
    if answer is Answer.ACCEPT and not text.strip():
        raise NotReadyError(("proposal_text",))
    if answer is Answer.DECLINE and not reason.strip():
        raise NotReadyError(("proposal_reason",))
    accepted = answer is Answer.ACCEPT
    answered = replace(
        known,
        answer=answer,
        text=text if accepted else known.text,
        diff=diff if accepted else known.diff,
        reason="" if accepted else reason,
        answered_by=by,
        answered_at=at,
    )
    others = tuple(each for each in room.proposals if each.id != proposal_id)
    kind = "change_accepted" if accepted else "change_declined"
    details = {"change": known.id, "what": known.kind.value, "reason": answered.reason}
    changed = _written(replace(room, proposals=(*others, answered)), report, by=by)
    return changed, (TimelineEvent(kind=kind, at=at, actor=by, details=details),)


def current_proposals(room: Room) -> tuple[Proposal, ...]:
    """Return the changes that this generation asks for, in the order of their kinds."""
    own = [each for each in room.proposals if each.generation == room.incident.generation]
    return tuple(sorted(own, key=lambda each: list(ChangeKind).index(each.kind)))


# ---- signing ------------------------------------------------------------------------------------


def report_gaps(room: Room) -> tuple[str, ...]:
    """Return the keys of what keeps the report from being signed."""
    report = room.report
    if report is None:
        return ("report",)
    gaps = report.missing
    own = [each for each in room.corrections if each.generation == room.incident.generation]
    if not own and not report.no_corrections.strip():
        gaps += ("corrections",)
    answered = {each.kind for each in current_proposals(room) if each.answer is not None}
    gaps += tuple(f"change_{kind}" for kind in ChangeKind if kind not in answered)
    return gaps + last_word_gaps(room)


def sign_report(room: Room, *, version: int, by: str, roles: frozenset[Role], at: datetime) -> Change:
    """Sign the version that was shown; two people complete it, one of them executive or lead.

    Raises
    ------
    NotReadyError
        ``report`` if there is none, ``newer_report`` if it was changed since it was shown, and what
        :func:`report_gaps` finds.
    AlreadyDecidedError
        If it is signed already, or this person has signed it.
    """
    report = open_report(room)
    if gaps := report_gaps(room):
        raise NotReadyError(gaps)
    if report.version != version:
        raise NotReadyError(("newer_report",))
    for known in report.signatures:
        if known.by == by:
            raise AlreadyDecidedError(decision="signed", by=by, at=known.at)
    held = roles | ({Role.LEAD} if by == leader_of(room) else frozenset())
    signatures = (*report.signatures, Signature(by=by, at=at, roles=held))
    event = TimelineEvent(kind="report_signed", at=at, actor=by, details={"version": str(version)})
    signed = replace(report, signatures=signatures)
    if not signatures_suffice(signatures):
        return replace(room, report=signed), (event,)
    completed = replace(signed, signed_by=by, signed_at=at)
    head = replace(room.incident, causes=report.causes, worked=" ".join(report.evaluation.split())[:WORKED])
    after = replace(room, report=completed, incident=head)
    decided = decide(after, Slot.REPORT, Decision(choice="done", by=by, at=at))
    return decided, (event, TimelineEvent(kind="report_completed", at=at))


def leader_of(room: Room) -> str | None:
    """Return who leads: the chief of the headquarters, or without one whoever took the incident on."""
    return room.headquarters.chief if room.headquarters is not None else room.incident.lead


def signatures_suffice(signatures: Iterable[Signature]) -> bool:
    """Tell whether two people have signed, and one of them decides."""
    given = tuple(signatures)
    return len({each.by for each in given}) >= SIGNERS and any(each.roles & DECIDING for each in given)


def open_report(room: Room) -> CompletionReport:
    """Return the report as long as it may be changed.

    Raises
    ------
    NotReadyError
        ``report`` if there is none.
    AlreadyDecidedError
        If it is signed.
    """
    report = room.report
    if report is None:
        raise NotReadyError(("report",))
    if report.signed_by is not None and report.signed_at is not None:
        raise AlreadyDecidedError(decision="signed", by=report.signed_by, at=report.signed_at)
    return report


def _written(room: Room, report: CompletionReport, *, by: str) -> Room:
    return replace(room, report=replace(_unsigned(report), edited_by=by))


def _unsigned(report: CompletionReport) -> CompletionReport:
    """Return the next version: whoever signed did not see it."""
    return replace(report, version=report.version + 1, signatures=())


def _with_correction(room: Room, action: CorrectiveAction) -> Room:
    put = tuple(action if each.id == action.id else each for each in room.corrections)
    return replace(room, corrections=put)
