"""The situation board: how many kinds of source somebody has looked at before facts are settled."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from hikeshi.domain.bulletins import repeats_unverified
from hikeshi.domain.errors import NotReadyError
from hikeshi.domain.headquarters import Sighting, SourceKind
from hikeshi.domain.incidents import Change, Room
from hikeshi.domain.timeline import TimelineEvent

KINDS_WANTED = 2
"""One kind of source shows what its own people say, not how things stand."""

_SEVERAL = 2


def kinds_seen(room: Room) -> frozenset[SourceKind]:
    """Return the kinds of source that were looked at, those that the collection watches included."""
    incident = room.incident
    seen = {each.kind for each in room.sightings if each.generation == incident.generation}
    if incident.alerts:
        seen.add(SourceKind.POSTS)
    if len(incident.sources) >= _SEVERAL:
        seen.add(SourceKind.PLATFORMS)
    return frozenset(seen)


def view_gaps(room: Room) -> tuple[str, ...]:
    """Return ``second_view`` while only one kind was looked at and nobody said why that is enough."""
    enough = len(kinds_seen(room)) >= KINDS_WANTED or bool(room.incident.one_view_because)
    return () if enough else ("second_view",)


def add_sighting(room: Room, sighting: Sighting) -> Change:
    """Note what somebody saw in one kind of source.

    Raises
    ------
    NotReadyError
        ``unverified_words`` if it repeats a report that nobody has verified: everybody reads the board.
    """
    _check_is_no_report(room, sighting.finding)
    details = {"source_kind": sighting.kind.value, "finding": sighting.finding}
    event = TimelineEvent(kind="sighting_added", at=sighting.at, actor=sighting.by, details=details)
    return replace(room, sightings=(*room.sightings, sighting)), (event,)


def waive_second_view(room: Room, *, reason: str, by: str, at: datetime) -> Change:
    """Say why one kind of source is enough.

    Raises
    ------
    NotReadyError
        ``unverified_words`` if it repeats a report that nobody has verified.
    """
    _check_is_no_report(room, reason)
    waived = replace(room.incident, one_view_because=reason)
    event = TimelineEvent(kind="second_view_waived", at=at, actor=by, details={"reason": reason})
    return replace(room, incident=waived), (event,)


def _check_is_no_report(room: Room, text: str) -> None:
    if repeats_unverified(room, text):
        raise NotReadyError(("unverified_words",))
