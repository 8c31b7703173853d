"""What people do with statements from a link; see :mod:`hikeshi.domain.publishing` for the rules.

Nothing here posts anything anywhere: the text is handed to people, who put it out and say so.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from hikeshi.domain import publishing
from hikeshi.domain.actions import Action, Role
from hikeshi.domain.caring import mask_of
from hikeshi.domain.circles import who_may_know
from hikeshi.domain.incidents import Change, Room
from hikeshi.domain.outbox import OutboxRow
from hikeshi.domain.people import Person
from hikeshi.domain.playbooks import Playbook
from hikeshi.domain.statements import Approval, Statement, approvals_suffice
from hikeshi.domain.typed_times import check_to_come
from hikeshi.services.incidents.respond import Responder, act
from hikeshi.services.messages.audience import cause, holders_of, known, without
from hikeshi.services.messages.notices import Notice, notice_rows
from hikeshi.services.statements.statement_check import check_draft
from hikeshi.services.statements.statement_text import Draft, sentences_of, text_of


def draft_statement(incident_id: str, *, by: Responder, draft: Draft) -> Room:
    """Put a text up for approval; those who may approve it are asked to.

    Raises
    ------
    RefusedTextError
        If something is missing, or the tone check objects and nobody said why the words stay.
    InvalidFormError
        If a sentence names a fact by a number that is not there, or the next update is past or too far.
    """

    def change(room: Room, at: datetime) -> Change:
        if draft.next_update_at is not None:
            check_to_come(draft.next_update_at, now=at, field="next_update_at")
        sentences = sentences_of(draft, room.facts, by.words)
        check_draft(draft, sentences, fault=room.incident.fault, facts=room.facts, mask=mask_of(room))
        statement = Statement(
            kind=draft.kind,
            text=text_of(sentences),
            sentences=sentences,
            drafted_by=by.person.id,
            drafted_at=at,
            next_update_at=draft.next_update_at,
            tone_reason=draft.tone_reason,
        )
        return publishing.draft_statement(room, statement)

    def tell(room: Room, at: datetime) -> tuple[OutboxRow, ...]:
        version = room.statement.version if room.statement else 0
        notice = Notice(
            cause=cause(room.incident, f"statement-{version}-drafted"),
            moment="status",
            params={"news_key": "news.statement_drafted", "ask_key": "ask.statement_drafted"},
            asks=True,
        )
        return notice_rows(room.incident, _approvers(room, by), notice, ids=by.ids, at=at)

    return act(incident_id, Action.DRAFT_STATEMENT, change, by=by, tell=tell)


def approve_statement(incident_id: str, *, by: Responder, version: int) -> Room:
    """Approve the text that was shown; once it is complete, those who put it out are told."""

    def change(room: Room, at: datetime) -> Change:
        roles = by.configuration.playbooks.of(room.incident).approving_roles(by.person)
        return publishing.approve_statement(room, version=version, by=by.person.id, roles=roles, at=at)

    def tell(room: Room, at: datetime) -> tuple[OutboxRow, ...]:
        statement = room.statement
        if statement is None or statement.approved_by is None:
            return ()
        notice = Notice(
            cause=cause(room.incident, f"statement-{version}-approved"),
            moment="status",
            params={"news_key": "news.statement_approved", "ask_key": "ask.statement_approved"},
            asks=True,
        )
        return notice_rows(room.incident, _writers(statement, room, by), notice, ids=by.ids, at=at)

    return act(incident_id, Action.APPROVE_STATEMENT, change, by=by, tell=tell)


def return_statement(incident_id: str, *, by: Responder, version: int, reason: str) -> Room:
    """Send the text that was shown back; those who can write it anew are told, and read why on its page."""

    def change(room: Room, at: datetime) -> Change:
        return publishing.return_statement(room, version=version, by=by.person.id, at=at, reason=reason)

    def tell(room: Room, at: datetime) -> tuple[OutboxRow, ...]:
        if room.statement is None:
            return ()
        notice = Notice(
            cause=cause(room.incident, f"statement-{version}-returned"),
            moment="status",
            params={"news_key": "news.statement_returned", "ask_key": "ask.statement_returned"},
        )
        return notice_rows(room.incident, _writers(room.statement, room, by), notice, ids=by.ids, at=at)

    return act(incident_id, Action.RETURN_STATEMENT, change, by=by, tell=tell)


def publish_statement(incident_id: str, *, by: Responder, version: int) -> Room:
    """Record that the approved text was put out."""
    return act(
        incident_id,
        Action.PUBLISH_STATEMENT,
        lambda room, at: publishing.publish_statement(room, version=version, by=by.person.id, at=at),
        by=by,
    )


def waive_statement(incident_id: str, *, by: Responder, reason: str) -> Room:
    """Decide to say nothing in public."""
    return act(
        incident_id,
        Action.WAIVE_STATEMENT,
        lambda room, at: publishing.waive_statement(room, by=by.person.id, at=at, reason=reason),
        by=by,
    )


def _writers(statement: Statement, room: Room, by: Responder) -> tuple[Person, ...]:
    """Return whose turn it is with a text: who wrote it and the lead, but not whoever acts."""
    named = known([room.incident.lead or "", statement.drafted_by], by.configuration.roster)
    return without(named, by.person.id)


def _approvers(room: Room, by: Responder) -> tuple[Person, ...]:
    """Return whom to ask: the lead and legal, and executives if those two are not two who suffice."""
    roster, playbook = by.configuration.roster, by.configuration.playbooks.of(room.incident)
    named = known([room.incident.lead or ""], roster) + holders_of((Role.LEGAL, Role.LEAD), roster)
    first = who_may_know(room.incident.circle, named)
    asked = _who_may(first, by.person.id, playbook)
    at = by.clock.now()
    given = [Approval(by=each.id, at=at, roles=playbook.approving_roles(each)) for each in asked]
    if approvals_suffice(given, room.incident.level):
        return asked
    return _who_may((*first, *roster.holders(Role.EXECUTIVE)), by.person.id, playbook)


def _who_may(people: Iterable[Person], author: str, playbook: Playbook) -> tuple[Person, ...]:
    able = {each.id: each for each in people if playbook.permits(each, Action.APPROVE_STATEMENT)}
    return without(able.values(), author)
