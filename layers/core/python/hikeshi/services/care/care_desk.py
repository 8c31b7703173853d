"""What people do from a link for somebody whom an incident is about; see :mod:`hikeshi.domain.caring`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from hikeshi.domain import caring
from hikeshi.domain.actions import Action
from hikeshi.domain.care import CareStep, Consent, Harm, HarmKind
from hikeshi.domain.errors import InvalidFormError
from hikeshi.domain.incidents import Change, Room
from hikeshi.domain.masking import Names, too_short
from hikeshi.domain.outbox import OutboxRow
from hikeshi.services.care.care_notices import opened_rows
from hikeshi.services.incidents.respond import Responder, act

MOST_TERMS = 30
_SEPARATORS = re.compile(r"[、,，\n]+")


def open_care(incident_id: str, *, by: Responder) -> Room:
    """Say that a member of staff is the subject: a track opens, and HR and legal are told."""

    def tell(room: Room, at: datetime) -> tuple[OutboxRow, ...]:
        return opened_rows(room, by.configuration, ids=by.ids, at=at, but=by.person.id)

    return act(
        incident_id,
        Action.OPEN_CARE,
        lambda room, at: caring.open_track(room, by=by.person.id, at=at),
        by=by,
        tell=tell,
    )


def record_names(incident_id: str, *, by: Responder, track: str, names: Names) -> Room:
    """Record what is to be hidden from here on.

    Raises
    ------
    InvalidFormError
        If a term is so short that it would be found everywhere.
    """
    _check_terms((*names.nicknames, *names.handles, *names.places), field="nicknames")
    readings = (names.family_reading, names.given_reading)
    _check_terms((each for each in readings if each), field="family_reading")
    return act(
        incident_id,
        Action.RECORD_NAMES,
        lambda room, at: caring.record_names(room, track, names, by=by.person.id, at=at),
        by=by,
    )


def assign(incident_id: str, *, by: Responder, track: str, step: CareStep, owner: str) -> Room:
    """Say who sees to a step.

    Raises
    ------
    InvalidFormError
        If nobody present has this id.
    """
    person = by.configuration.roster.people.get(owner)
    if person is None or not person.active:
        raise InvalidFormError("nobody has this id", field="care_owner")
    return act(
        incident_id,
        Action.ASSIGN_CARE,
        lambda room, at: caring.assign(room, track, step, owner=owner, by=by.person.id, at=at),
        by=by,
    )


def complete(incident_id: str, *, by: Responder, track: str, step: CareStep, note: str) -> Room:
    """Mark a step done."""
    return act(
        incident_id,
        Action.COMPLETE_CARE,
        lambda room, at: caring.complete(room, track, step, note=note, by=by.person.id, at=at),
        by=by,
    )


def note_harm(incident_id: str, *, by: Responder, track: str, kind: HarmKind, what: str, effect: str) -> Room:
    """Add to the harassment log."""
    harm_id = f"harm-{by.ids.ulid()}"

    def change(room: Room, at: datetime) -> Change:
        harm = Harm(
            id=harm_id,
            person=track,
            kind=kind,
            what=what,
            effect=effect,
            noted_by=by.person.id,
            noted_at=at,
        )
        return caring.note_harm(room, harm)

    return act(incident_id, Action.NOTE_HARM, change, by=by)


def record_consent(
    incident_id: str, *, by: Responder, track: str, terms: tuple[str, ...], how: str, days: int
) -> Room:
    """Record that the person agreed to have these terms watched for some days.

    Raises
    ------
    InvalidFormError
        If a term would be found everywhere, or the days are none.
    """
    _check_terms(terms, field="consent_terms")
    if not terms:
        raise InvalidFormError("nothing to watch", field="consent_terms")
    if not days:
        raise InvalidFormError("a watch lasts a day at least", field="consent_days")

    def change(room: Room, at: datetime) -> Change:
        consent = Consent(
            terms=terms,
            how=how,
            taken_by=by.person.id,
            recorded_at=at,
            until=at + timedelta(days=days),
        )
        return caring.record_consent(room, track, consent)

    return act(incident_id, Action.RECORD_CONSENT, change, by=by)


def revoke_consent(incident_id: str, *, by: Responder, track: str) -> Room:
    """Take the consent back."""
    return act(
        incident_id,
        Action.REVOKE_CONSENT,
        lambda room, at: caring.revoke_consent(room, track, by=by.person.id, at=at),
        by=by,
    )


def reveal_names(incident_id: str, *, by: Responder, track: str, reason: str) -> Room:
    """Note who looks at the names, and why; the answer to the form is the only page that shows them."""
    return act(
        incident_id,
        Action.REVEAL_NAMES,
        lambda room, at: caring.reveal_names(room, track, reason=reason, by=by.person.id, at=at),
        by=by,
    )


def terms_in(typed: str) -> tuple[str, ...]:
    """Return what was typed, one term between commas or on a line, each once."""
    found = (term.strip() for term in _SEPARATORS.split(typed))
    return tuple(dict.fromkeys(term for term in found if term))


def _check_terms(terms: Iterable[str], *, field: str) -> None:
    kept = tuple(terms)
    if len(kept) > MOST_TERMS or any(too_short(term) for term in kept):
        raise InvalidFormError("too many terms, or one that is found everywhere", field=field)
