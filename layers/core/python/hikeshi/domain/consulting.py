"""Asking an expert from outside, taking the question back, and the answer."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from datetime import UTC, datetime

from hikeshi.domain.errors import AlreadyDecidedError, NotFoundError, NotReadyError
from hikeshi.domain.experts import MOST_FILES, Consultation, Opinion
from hikeshi.domain.incidents import Change, Room
from hikeshi.domain.timeline import TimelineEvent


def ask_expert(room: Room, asked: Consultation) -> Change:
    """Put a question to an expert; its number within the incident is set here.

    Raises
    ------
    NotReadyError
        ``expert_asked`` if the same expert still has a question open: one page, one question.
        ``fewer_shared_files`` if more files come with it than its page can list.
    """
    if sum(len(each.files) for each in asked.exhibits) > MOST_FILES:
        raise NotReadyError(("fewer_shared_files",))
    if any(
        each.expert == asked.expert and each.is_waiting and each.is_open(asked.asked_at)
        for each in room.consultations
    ):
        raise NotReadyError(("expert_asked",))
    new = replace(asked, number=len(room.consultations) + 1)
    details = {"person": new.expert, "shown": str(len(new.exhibits)), "until": new.until.isoformat()}
    event = TimelineEvent(kind="expert_asked", at=new.asked_at, actor=new.asked_by, details=details)
    return replace(room, consultations=(*room.consultations, new)), (event,)


def withdraw_request(room: Room, consultation_id: str, *, by: str, at: datetime) -> Change:
    """Take a question back; the link to it opens nothing any more.

    Raises
    ------
    NotReadyError
        ``expert_over`` if there is nothing left to take back.
    """
    known = consultation_in(room, consultation_id)
    if not known.is_open(at):
        raise NotReadyError(("expert_over",))
    event = TimelineEvent(kind="expert_withdrawn", at=at, actor=by, details={"person": known.expert})
    return _with(room, replace(known, withdrawn_by=by, withdrawn_at=at)), (event,)


def give_opinion(room: Room, consultation_id: str, text: str, *, at: datetime) -> Change:
    """Keep what an expert says, under the digest of question, exhibits and answer.

    Raises
    ------
    AlreadyDecidedError
        If they answered before.
    NotReadyError
        ``expert_over`` if the time is over.
    """
    known = consultation_in(room, consultation_id)
    if known.opinion is not None:
        raise AlreadyDecidedError(decision="answered", by=known.expert, at=known.opinion.given_at)
    if not known.is_open(at) or not room.incident.status.is_open:
        raise NotReadyError(("expert_over",))
    digest = digest_of_opinion(known, text, at=at)
    event = TimelineEvent(kind="expert_answered", at=at, actor=known.expert, details={"sha256": digest})
    return _with(room, replace(known, opinion=Opinion(text=text, given_at=at, sha256=digest))), (event,)


def digest_of_opinion(asked: Consultation, text: str, *, at: datetime) -> str:
    """Return the SHA-256 over what was asked, what was shown, and what was answered when."""
    said = {
        "consultation": asked.id,
        "expert": asked.expert,
        "question": asked.question,
        "exhibits": [asdict(each) for each in asked.exhibits],
        "opinion": text,
        "given_at": at.astimezone(UTC).isoformat(),
    }
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def consultation_in(room: Room, consultation_id: str) -> Consultation:
    """Look a consultation up; NotFoundError if there is none."""
    for each in room.consultations:
        if each.id == consultation_id:
            return each
    raise NotFoundError("consultation", consultation_id)


def consultation_behind(room: Room, *, expert: str, nonce: str) -> Consultation | None:
    """Return the consultation that a link of an expert was made for."""
    return next((each for each in room.consultations if (each.expert, each.nonce) == (expert, nonce)), None)


def _with(room: Room, changed: Consultation) -> Room:
    return replace(
        room,
        consultations=tuple(changed if each.id == changed.id else each for each in room.consultations),
    )
