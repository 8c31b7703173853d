"""What people do with the completion report from a link; the rules are in :mod:`hikeshi.domain.reporting`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from hikeshi.domain import reporting
from hikeshi.domain.actions import Action
from hikeshi.domain.errors import InvalidFormError
from hikeshi.domain.incidents import Change, Room
from hikeshi.domain.reports import Answer, ChangeKind, CorrectiveAction, Feedback, Outcome, RootCause
from hikeshi.domain.typed_times import A_YEAR, check_to_come
from hikeshi.services.incidents.respond import Responder, act
from hikeshi.services.reports.proposing import diff_for, proposals_for
from hikeshi.services.reports.question_text import question_of
from hikeshi.services.reports.signing import signing_roles

MARKS = range(1, 6)
_LONGEST = 2 * A_YEAR
"""A year to put something right, and as long again to see whether it works."""


def edit_report(incident_id: str, *, by: Responder, evaluation: str, customers: str = "") -> Room:
    """Say how the response went, and what customers said of it."""
    return act(
        incident_id,
        Action.EDIT_REPORT,
        lambda room, at: reporting.edit_report(
            room, evaluation=evaluation, customers=customers, by=by.person.id, at=at
        ),
        by=by,
    )


def note_outcome(incident_id: str, *, by: Responder, outcome: Outcome) -> Room:
    """Say what it did to the company and to people."""
    return act(
        incident_id,
        Action.NOTE_OUTCOME,
        lambda room, at: reporting.note_outcome(room, outcome, by=by.person.id, at=at),
        by=by,
    )


def note_lessons(
    incident_id: str,
    *,
    by: Responder,
    causes: tuple[RootCause, ...],
    lessons: str,
    no_corrections: str = "",
) -> Room:
    """Say why it came to this and what was missing; changes that wait for an answer are drafted anew."""

    def change(room: Room, at: datetime) -> Change:
        noted, events = reporting.note_lessons(
            room,
            causes=causes,
            lessons=lessons,
            no_corrections=no_corrections,
            by=by.person.id,
            at=at,
        )
        drafted = proposals_for(noted, by.configuration.manual, by.words)
        return reporting.propose(noted, drafted), events

    return act(incident_id, Action.NOTE_LESSONS, change, by=by)


def give_feedback(
    incident_id: str, *, by: Responder, speed: int, precision: int, correctness: int, note: str = ""
) -> Room:
    """Say from 1 to 5 how one saw the response.

    Raises
    ------
    InvalidFormError
        Naming the mark that is none.
    """
    for field, mark in (("speed", speed), ("precision", precision), ("correctness", correctness)):
        if mark not in MARKS:
            raise InvalidFormError("a mark goes from 1 to 5", field=field)

    def change(room: Room, at: datetime) -> Change:
        given = Feedback(
            generation=room.incident.generation,
            by=by.person.id,
            at=at,
            speed=speed,
            precision=precision,
            correctness=correctness,
            note=note,
        )
        return reporting.give_feedback(room, given)

    return act(incident_id, Action.GIVE_FEEDBACK, change, by=by)


def add_correction(
    incident_id: str,
    *,
    by: Responder,
    title: str,
    owner: str,
    due_at: datetime,
    check: str,
    check_at: datetime,
    change_kind: ChangeKind,
) -> Room:
    """Promise to put something right.

    Raises
    ------
    InvalidFormError
        ``owner`` if the roster has nobody of that id, ``due_at`` or ``check_at`` if it
        is past or too far.
    """
    action_id = f"corr-{by.ids.ulid()}"
    owner_of = by.configuration.roster.people.get(owner)

    def change(room: Room, at: datetime) -> Change:
        if owner_of is None or not owner_of.active:
            raise InvalidFormError("the form does not offer this", field="owner")
        for field, day in (("due_at", due_at), ("check_at", check_at)):
            check_to_come(day, now=at, field=field, within=_LONGEST)
        action = CorrectiveAction(
            id=action_id,
            generation=room.incident.generation,
            title=title,
            owner=owner,
            due_at=due_at,
            check=check,
            check_at=check_at,
            change_id=next(
                (each.id for each in reporting.current_proposals(room) if each.kind is change_kind), ""
            ),
            added_by=by.person.id,
            added_at=at,
        )
        return reporting.add_correction(room, action)

    return act(incident_id, Action.ADD_CORRECTION, change, by=by)


def complete_correction(incident_id: str, *, by: Responder, action_id: str, result: str) -> Room:
    """Say that something was put right."""
    return act(
        incident_id,
        Action.COMPLETE_CORRECTION,
        lambda room, at: reporting.complete_correction(
            room, action_id, by=by.person.id, at=at, result=result
        ),
        by=by,
    )


def check_correction(
    incident_id: str, *, by: Responder, action_id: str, effective: bool, effect: str
) -> Room:
    """Say whether it works."""
    return act(
        incident_id,
        Action.CHECK_CORRECTION,
        lambda room, at: reporting.check_correction(
            room, action_id, effective=effective, effect=effect, by=by.person.id, at=at
        ),
        by=by,
    )


def answer_proposal(
    incident_id: str, *, by: Responder, proposal_id: str, answer: Answer, text: str, reason: str
) -> Room:
    """Accept a change, as it was drafted or as it was changed, or say why not.

    Raises
    ------
    InvalidFormError
        ``change_text`` if a question is accepted that lacks its answers.
    """

    def change(room: Room, at: datetime) -> Change:
        proposal = room.proposal(proposal_id)
        check = _CHECKS.get(proposal.kind)
        if answer is Answer.ACCEPT and check is not None:
            check(text)
        diff, _ = diff_for(proposal, text, by.configuration.manual)
        return reporting.answer_proposal(
            room,
            proposal_id,
            answer=answer,
            text=text,
            diff=diff,
            reason=reason,
            by=by.person.id,
            at=at,
        )

    return act(incident_id, Action.ANSWER_PROPOSAL, change, by=by)


_CHECKS: dict[ChangeKind, Callable[[str], object]] = {ChangeKind.QUESTION: question_of}


def sign_report(incident_id: str, *, by: Responder, version: int) -> Room:
    """Sign the version that was shown."""
    return act(
        incident_id,
        Action.SIGN_REPORT,
        lambda room, at: reporting.sign_report(
            room,
            version=version,
            by=by.person.id,
            roles=signing_roles(room, by.person, by.configuration),
            at=at,
        ),
        by=by,
    )
