"""What people do for somebody whom an incident is about; see :mod:`hikeshi.domain.care`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from hikeshi.domain.care import (
    ABOUT_STAFF,
    LABELS,
    LONGEST_WATCH,
    MOST_PEOPLE,
    PLANS,
    CareItem,
    CareStep,
    Consent,
    Harm,
    Protection,
    Sighting,
)
from hikeshi.domain.errors import AlreadyDecidedError, NotFoundError, NotReadyError
from hikeshi.domain.incidents import Change, Room
from hikeshi.domain.masking import Mask, Names
from hikeshi.domain.timeline import SYSTEM, TimelineEvent

MOST_HARMS = 300
MOST_SIGHTINGS = 200


def open_track(room: Room, *, by: str, at: datetime) -> Change:
    """Open the track of one more person, with everything that is to be done.

    Raises
    ------
    NotReadyError
        ``fewer_people`` if there are ten.
    """
    place = len(room.protections)
    if place >= MOST_PEOPLE:
        raise NotReadyError(("fewer_people",))
    track = Protection(
        id=f"care-{place + 1:02d}",
        label=LABELS[place],
        brand=room.incident.brand,
        opened_by=by,
        opened_at=at,
        items=tuple(CareItem(step=step, due_at=at + plan.within) for step, plan in PLANS.items()),
    )
    opened = replace(
        room,
        protections=(*room.protections, track),
        incident=replace(room.incident, protects=place + 1),
    )
    return opened, (_event("care_opened", track, by=by, at=at),)


def open_if_about_staff(room: Room, *, at: datetime) -> Change:
    """Open the first track if the category says that a person is the subject."""
    if room.protections or room.incident.category not in ABOUT_STAFF:
        return room, ()
    return open_track(room, by=SYSTEM, at=at)


def record_names(room: Room, track_id: str, names: Names, *, by: str, at: datetime) -> Change:
    """Record what is to be hidden; what was recorded before is replaced."""
    track = track_of(room, track_id)
    named = replace(track, names=names, named_by=by, named_at=at)
    return _with(room, named), (_event("care_named", track, by=by, at=at),)


def assign(room: Room, track_id: str, step: CareStep, *, owner: str, by: str, at: datetime) -> Change:
    """Say who sees to a step.

    Raises
    ------
    AlreadyDecidedError
        If it is done.
    """
    track = track_of(room, track_id)
    item = _open_item(track, step)
    event = _event("care_assigned", track, by=by, at=at, care_step=step.value, owner=owner)
    return _with(room, _put(track, replace(item, owner=owner))), (event,)


def complete(room: Room, track_id: str, step: CareStep, *, note: str, by: str, at: datetime) -> Change:
    """Mark a step done; the first to do so is kept.

    Raises
    ------
    AlreadyDecidedError
        If it is done already.
    """
    track = track_of(room, track_id)
    done = replace(_open_item(track, step), note=note, done_by=by, done_at=at)
    return _with(room, _put(track, done)), (_event("care_done", track, by=by, at=at, care_step=step.value),)


def note_harm(room: Room, harm: Harm) -> Change:
    """Add to the harassment log; the timeline says only of what kind it is.

    Raises
    ------
    NotReadyError
        ``fewer_harms`` if the log is full.
    """
    track = track_of(room, harm.person)
    if len(room.harms) >= MOST_HARMS:
        raise NotReadyError(("fewer_harms",))
    event = _event("harm_noted", track, by=harm.noted_by, at=harm.noted_at, harm=harm.kind.value)
    return replace(room, harms=(*room.harms, harm)), (event,)


def record_consent(room: Room, track_id: str, consent: Consent) -> Change:
    """Record that the person agreed to be watched over; it takes the place of what was agreed before.

    Raises
    ------
    NotReadyError
        ``watch_too_long`` if it runs for more than ninety days.
    """
    track = track_of(room, track_id)
    if consent.until - consent.recorded_at > LONGEST_WATCH:
        raise NotReadyError(("watch_too_long",))
    names = track.names or Names(family="")
    unknown = tuple(term for term in consent.terms if not Mask([names]).finds(term))
    hidden = replace(names, nicknames=(*names.nicknames, *unknown))  # and stay so when the watch is over
    given = replace(track, names=hidden, consents=(*track.consents, consent))
    details = {"until": consent.until.isoformat()}
    event = _event("consent_recorded", track, by=consent.taken_by, at=consent.recorded_at, **details)
    return _with(room, given), (event,)


def revoke_consent(room: Room, track_id: str, *, by: str, at: datetime) -> Change:
    """Take the consent back: from here on nothing is looked for, and the terms are forgotten.

    Raises
    ------
    NotReadyError
        ``consent`` if none holds.
    """
    track = track_of(room, track_id)
    held = track.consent(at)
    if held is None:
        raise NotReadyError(("consent",))
    ended = replace(held, terms=(), revoked_by=by, revoked_at=at)
    revoked = replace(track, consents=(*track.consents[:-1], ended))
    return _with(room, revoked), (_event("consent_revoked", track, by=by, at=at),)


def reveal_names(room: Room, track_id: str, *, reason: str, by: str, at: datetime) -> Change:
    """Note that somebody looked at the names, and why.

    Raises
    ------
    NotReadyError
        ``names`` if none are recorded.
    """
    track = track_of(room, track_id)
    if track.names is None:
        raise NotReadyError(("names",))
    return room, (_event("names_revealed", track, by=by, at=at, reason=reason),)


def note_sighting(room: Room, track_id: str, sighting: Sighting) -> Change:
    """Note a post that exposes the person, once; without a consent that holds, nothing is noted."""
    track = track_of(room, track_id)
    seen = any(each.post == sighting.post for each in track.sightings)
    if seen or track.consent(sighting.seen_at) is None or len(track.sightings) >= MOST_SIGHTINGS:
        return room, ()
    noted = replace(track, sightings=(*track.sightings, sighting))
    return _with(room, noted), (_event("exposure_seen", track, by=SYSTEM, at=sighting.seen_at),)


def track_of(room: Room, track_id: str) -> Protection:
    """Look a track up; NotFoundError if there is none."""
    for track in room.protections:
        if track.id == track_id:
            return track
    raise NotFoundError("protection", track_id)


def mask_of(room: Room, *, showing: str = "") -> Mask:
    """Return what hides the people of a room; ``showing`` is the track whose names stay."""
    return Mask(track.names for track in room.protections if track.names and track.id != showing)


def _event(kind: str, track: Protection, *, by: str, at: datetime, **details: str) -> TimelineEvent:
    return TimelineEvent(kind=kind, at=at, actor=by, details={"label": track.label, **details})


def _with(room: Room, track: Protection) -> Room:
    return replace(
        room, protections=tuple(track if each.id == track.id else each for each in room.protections)
    )


def _put(track: Protection, item: CareItem) -> Protection:
    return replace(track, items=tuple(item if each.step is item.step else each for each in track.items))


def _open_item(track: Protection, step: CareStep) -> CareItem:
    for item in track.items:
        if item.step is step:
            if item.done_by is not None and item.done_at is not None:
                raise AlreadyDecidedError(decision="done", by=item.done_by, at=item.done_at)
            return item
    raise NotFoundError("care step", step.value)
