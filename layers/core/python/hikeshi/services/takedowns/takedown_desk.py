"""What people do with requests to take posts down; see :mod:`hikeshi.domain.removing` for the rules.

Nothing here asks anybody for anything: a person sends the letter and says so.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime

from hikeshi.domain import removing
from hikeshi.domain.actions import Action, Role
from hikeshi.domain.errors import InvalidFormError, NotReadyError, RefusedRequestError
from hikeshi.domain.facts import Proof
from hikeshi.domain.incidents import Change, Room
from hikeshi.domain.outbox import OutboxRow
from hikeshi.domain.people import Channel
from hikeshi.domain.takedowns import (
    Ground,
    Look,
    Platform,
    Takedown,
    TakedownEvent,
    is_address,
)
from hikeshi.domain.typed_times import check_happened
from hikeshi.services.incidents.respond import Responder, Tell, act
from hikeshi.services.messages.audience import cause, known, takedown_approvers, without
from hikeshi.services.messages.notices import Notice, notice_rows
from hikeshi.services.takedowns.takedown_text import findings, platform_of

RECORDED = (
    TakedownEvent.SENT,
    TakedownEvent.ACKNOWLEDGED,
    TakedownEvent.REMOVED,
    TakedownEvent.REFUSED,
    TakedownEvent.WITHDRAWN,
)
"""Steps that a person records."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A request as it was filled in; ``platform`` is None if the address decides."""

    url: str
    ground: Ground
    passage: str
    reason: str
    platform: Platform | None = None
    posted_at: datetime | None = None
    doubt_reason: str = ""


def request_takedown(incident_id: str, *, by: Responder, asked: Asked) -> Room:
    """Keep the evidence, then put the request on the list; somebody else is asked to approve it.

    Raises
    ------
    InvalidFormError
        ``url`` if it is no address on the web, ``posted_at`` if nothing can have been posted then.
    RefusedRequestError
        If it rests on criticism, or the post shows nothing of the ground and nobody said why it is asked.
    """
    takedown_id = f"takedown-{by.ids.ulid()}"

    def change(room: Room, at: datetime) -> Change:
        if not is_address(asked.url):
            raise InvalidFormError("an address begins with https:// or http://", field="url", why="address")
        if asked.posted_at is not None:
            check_happened(asked.posted_at, now=at, field="posted_at")
        _check_ground(asked.ground, asked.passage, doubt_reason=asked.doubt_reason)
        takedown = Takedown(
            id=takedown_id,
            number=0,
            url=asked.url,
            platform=asked.platform or platform_of(asked.url),
            ground=asked.ground,
            passage=asked.passage,
            reason=asked.reason,
            doubt_reason=asked.doubt_reason,
            posted_at=asked.posted_at,
            evidence=keep_copy(
                by, incident_id, url=asked.url, text=asked.passage, posted_at=asked.posted_at, at=at
            ),
            requested_by=by.person.id,
            requested_at=at,
        )
        return removing.request_takedown(room, takedown)

    return act(incident_id, Action.REQUEST_TAKEDOWN, change, by=by, tell=_ask_legal(by, takedown_id))


def adopt_takedown(
    incident_id: str, *, by: Responder, takedown_id: str, reason: str, doubt_reason: str
) -> Room:
    """Make a proposal one's own request; somebody else is asked to approve it."""

    def change(room: Room, at: datetime) -> Change:
        known = removing.takedown_in(room, takedown_id)
        _check_ground(known.ground, known.passage, doubt_reason=doubt_reason)
        return removing.adopt_takedown(
            room, takedown_id, by=by.person.id, at=at, reason=reason, doubt_reason=doubt_reason
        )

    return act(incident_id, Action.ADOPT_TAKEDOWN, change, by=by, tell=_ask_legal(by, takedown_id))


def approve_takedown(incident_id: str, *, by: Responder, takedown_id: str) -> Room:
    """Approve a request; whoever made it is told to send it.

    Raises
    ------
    NotReadyError
        ``takedown_by_legal`` if an executive approves although somebody of legal can.
    """

    def change(room: Room, at: datetime) -> Change:
        approved = removing.approve_takedown(room, takedown_id, by=by.person.id, at=at)
        asked_by = removing.takedown_in(room, takedown_id).requested_by
        asked = takedown_approvers(room.incident, asked_by, by.configuration.roster)
        if Role.LEGAL not in by.person.roles and by.person.id not in {each.id for each in asked}:
            raise NotReadyError(("takedown_by_legal",))
        return approved

    def tell(room: Room, at: datetime) -> tuple[OutboxRow, ...]:
        notice = Notice(
            cause=cause(room.incident, f"{takedown_id}/approved"),
            moment="status",
            params={"news_key": "news.takedown_approved", "ask_key": "ask.takedown_approved"},
            channels=(Channel.MAIL,),
        )
        asked_by = removing.takedown_in(room, takedown_id).requested_by
        waiting = known([asked_by], by.configuration.roster)
        return notice_rows(room.incident, without(waiting, by.person.id), notice, ids=by.ids, at=at)

    return act(incident_id, Action.APPROVE_TAKEDOWN, change, by=by, tell=tell)


def record_step(incident_id: str, *, by: Responder, takedown_id: str, step: TakedownEvent, note: str) -> Room:
    """Record that the letter was sent, or what the site answered.

    Raises
    ------
    InvalidFormError
        ``step`` if it is not one that people record.
    """

    def change(room: Room, at: datetime) -> Change:
        if step not in RECORDED:
            raise InvalidFormError("the form does not offer this", field="step")
        return removing.record_step(
            room,
            takedown_id,
            step,
            by=by.person.id,
            at=at,
            note=note,
            answer_within=by.configuration.takedown_deadline,
        )

    return act(incident_id, Action.RECORD_TAKEDOWN, change, by=by)


def note_look(incident_id: str, *, by: Responder, takedown_id: str, look: Look) -> Room:
    """Note what a person found at the address."""

    def change(room: Room, at: datetime) -> Change:
        return removing.note_look(room, takedown_id, look, by=by.person.id, at=at)

    return act(incident_id, Action.CHECK_TAKEDOWN, change, by=by)


def keep_copy(
    by: Responder, incident_id: str, *, url: str, text: str, posted_at: datetime | None, at: datetime
) -> Proof:
    """Store what stands at an address before the room names it, and return where, with its digest."""
    document = {
        "incident": incident_id,
        "url": url,
        "text": text,
        "posted_at": posted_at.astimezone(UTC).isoformat() if posted_at else None,
        "kept_by": by.person.id,
        "kept_at": at.astimezone(UTC).isoformat(),
    }
    stored = json.dumps(document, ensure_ascii=False, sort_keys=True).encode()
    digest = hashlib.sha256(stored).hexdigest()
    uri = by.proofs.keep(incident_id, name=f"{digest}.json", content=stored)
    return Proof(title=url, uri=uri, sha256=digest, kept_by=by.person.id, kept_at=at)


def _check_ground(ground: Ground, passage: str, *, doubt_reason: str) -> None:
    found = tuple(findings(ground, passage))
    if found and (ground is Ground.CRITICISM or not doubt_reason):
        raise RefusedRequestError(found)


def _ask_legal(by: Responder, takedown_id: str) -> Tell:
    """Return what asks those who may approve."""

    def tell(room: Room, at: datetime) -> tuple[OutboxRow, ...]:
        notice = Notice(
            cause=cause(room.incident, f"{takedown_id}/requested"),
            moment="status",
            params={"news_key": "news.takedown_requested", "ask_key": "ask.takedown_requested"},
            asks=True,
        )
        asked = takedown_approvers(room.incident, by.person.id, by.configuration.roster)
        return notice_rows(room.incident, asked, notice, ids=by.ids, at=at)

    return tell
