"""The common picture: numbered, resting on what is known to be true, read by everybody, and taken back."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from hikeshi.domain.assembling import headquarters_of
from hikeshi.domain.errors import AlreadyDecidedError, NotReadyError
from hikeshi.domain.facts import holds
from hikeshi.domain.headquarters import Bulletin, Ground, InboundVerdict, Receipt, without
from hikeshi.domain.incidents import Change, Room
from hikeshi.domain.timeline import TimelineEvent

TELLING_LENGTH = 8
"""Characters from which on the words of a report are told apart from chance."""


def current_bulletin(room: Room) -> Bulletin | None:
    """Return the picture that holds now: the newest number, unless it was withdrawn.

    An older number never comes back by itself: what replaced it said why it no longer holds.
    """
    newest = newest_bulletin(room)
    return newest if newest is not None and newest.withdrawn_at is None else None


def newest_bulletin(room: Room) -> Bulletin | None:
    """Return the highest number of this generation, withdrawn or not."""
    own = [each for each in room.bulletins if each.generation == room.incident.generation]
    return max(own, key=lambda each: each.number, default=None)


def stands(room: Room, ground: Ground) -> bool:
    """Tell whether what a bulletin rests on is true as far as is known now."""
    verified = (each for each in room.inbound if each.verdict is InboundVerdict.VERIFIED)
    return any(each.id == ground.id for each in verified) or holds(room.facts, ground.id)


def fallen_grounds(room: Room, bulletin: Bulletin) -> tuple[Ground, ...]:
    """Return what a bulletin rests on and should not any more."""
    return tuple(each for each in bulletin.grounds if not stands(room, each))


def issue_bulletin(
    room: Room,
    *,
    picture: str,
    guidance: str,
    facts: tuple[str, ...],
    reports: tuple[str, ...],
    by: str,
    at: datetime,
) -> Change:
    """Issue the next number; it takes the place of the one before and goes to every member.

    Parameters
    ----------
    facts, reports : tuple of str
        Ids of what it rests on.

    Raises
    ------
    NotReadyError
        ``headquarters`` if there is none, ``bulletin_text`` if it says nothing, ``grounds`` if it tells how
        things stand and rests on nothing, ``standing_grounds`` if it rests on what is not known to be true,
        ``unverified_words`` if it repeats a report that nobody has verified.
    """
    headquarters = headquarters_of(room)
    grounds = tuple(Ground(id=each, words=_words_of(room, each)) for each in dict.fromkeys(facts + reports))
    if gaps := _gaps(room, picture, guidance, grounds):
        raise NotReadyError(gaps)
    number = max((each.number for each in room.bulletins), default=0) + 1
    replaced = current_bulletin(room)
    new = Bulletin(
        number=number,
        generation=room.incident.generation,
        picture=picture,
        guidance=guidance,
        grounds=grounds,
        issued_by=by,
        issued_at=at,
        sent_to=headquarters.members,
        receipts=(Receipt(by=by, at=at),),
    )
    details = {"number": str(number)} | ({"replaced": str(replaced.number)} if replaced else {})
    kind = "bulletin_superseded" if replaced else "bulletin_issued"
    event = TimelineEvent(kind=kind, at=at, actor=by, details=details)
    return replace(room, bulletins=(*room.bulletins, new)), (event,)


def withdraw_bulletin(room: Room, *, number: int, reason: str, by: str, at: datetime) -> Change:
    """Take the newest number back; it stays on record under its stamp.

    Raises
    ------
    NotReadyError
        ``newer_bulletin`` if it is not the newest.
    AlreadyDecidedError
        If it was withdrawn before.
    """
    bulletin = _newest(room, number)
    if bulletin.withdrawn_by is not None and bulletin.withdrawn_at is not None:
        raise AlreadyDecidedError(decision="withdrawn", by=bulletin.withdrawn_by, at=bulletin.withdrawn_at)
    gone = replace(bulletin, withdrawn_by=by, withdrawn_at=at, withdrawn_because=reason)
    details = {"number": str(number), "reason": reason}
    return _with(room, gone), (TimelineEvent(kind="bulletin_withdrawn", at=at, actor=by, details=details),)


def read_bulletin(room: Room, *, number: int, by: str, at: datetime) -> Change:
    """Say that one has read the picture that holds.

    Raises
    ------
    NotReadyError
        ``newer_bulletin`` if another one holds now, ``membership`` if it was not sent to the person.
    AlreadyDecidedError
        If the person said so before.
    """
    bulletin = _newest(room, number)
    if bulletin.withdrawn_at is not None:
        raise NotReadyError(("newer_bulletin",))
    for known in bulletin.receipts:
        if known.by == by:
            raise AlreadyDecidedError(decision="read", by=by, at=known.at)
    if by not in bulletin.sent_to:
        raise NotReadyError(("membership",))
    read = replace(bulletin, receipts=(*bulletin.receipts, Receipt(by=by, at=at)))
    event = TimelineEvent(kind="bulletin_read", at=at, actor=by, details={"number": str(number)})
    return _with(room, read), (event,)


def send_on(room: Room, people: tuple[str, ...]) -> Room:
    """Note that the picture that holds goes to more people: those who joined after it was issued."""
    bulletin = current_bulletin(room)
    new = without(people, bulletin.sent_to if bulletin else people)
    return _with(room, replace(bulletin, sent_to=(*bulletin.sent_to, *new))) if bulletin and new else room


def wait_for_none_of(room: Room, people: Collection[str]) -> Room:
    """Wait no longer for the receipts of people who cannot read the picture that holds any more."""
    bulletin = current_bulletin(room)
    if bulletin is None:
        return room
    gone = [each for each in bulletin.laggards if each in people]
    return _with(room, replace(bulletin, sent_to=without(bulletin.sent_to, gone)))


def repeats_unverified(room: Room, text: str) -> bool:
    """Tell whether a text repeats the words of a report that nobody has verified yet."""
    said = _bare(text)
    waiting = (each for each in room.inbound if each.verdict is InboundVerdict.UNVERIFIED)
    words = (_bare(each.words) for each in waiting)
    return any(len(each) >= TELLING_LENGTH and each in said for each in words)


def _gaps(room: Room, picture: str, guidance: str, grounds: tuple[Ground, ...]) -> tuple[str, ...]:
    gaps = []
    if not (picture or guidance or grounds):
        gaps.append("bulletin_text")
    if picture and not grounds:
        gaps.append("grounds")
    if not all(stands(room, each) for each in grounds):
        gaps.append("standing_grounds")
    if repeats_unverified(room, f"{picture}\n{guidance}"):
        gaps.append("unverified_words")
    return tuple(gaps)


def _words_of(room: Room, ground_id: str) -> str:
    """Return the words of a fact or of a report; empty if there is none, and then it does not stand."""
    facts = {fact.id: fact.claim for fact in room.facts}
    reports = {report.id: report.words for report in room.inbound}
    return (facts | reports).get(ground_id, "")


def _bare(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(each for each in folded if each.isalnum())


def _newest(room: Room, number: int) -> Bulletin:
    newest = newest_bulletin(room)
    if newest is None or newest.number != number:
        raise NotReadyError(("newer_bulletin",))
    return newest


def _with(room: Room, bulletin: Bulletin) -> Room:
    kept = tuple(bulletin if each.number == bulletin.number else each for each in room.bulletins)
    return replace(room, bulletins=kept)
