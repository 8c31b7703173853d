"""The past incidents that are most like a new one, from their signed reports."""

from __future__ import annotations

from collections.abc import Iterable

from hikeshi.domain.cases import PastCase
from hikeshi.domain.incidents import Incident
from hikeshi.domain.similarity import likeness as likeness_of
from hikeshi.domain.similarity import signature_of

MOST = 3
"""Cases that a new incident is shown."""

LOOKED_AT = 200
"""Incidents, newest first, that are compared."""

_SAME_CATEGORY, _SAME_TYPE, _SAME_BRAND, _WORDS = 0.5, 0.15, 0.05, 0.3
_LEAST = 0.5
"""To be of the same category is just enough."""


def nearest_cases(new: Incident, past: Iterable[Incident]) -> tuple[PastCase, ...]:
    """Return the past incidents most like a new one, most like it first.

    Only what a signed report tells of counts; never a drill, nor what only a few may know of or what is
    about staff. Of
    equally alike ones the later comes first.
    """
    found = [
        (likeness(new, each), each.closed_at, each)
        for each in past
        if each.closed_at is not None and _may_be_told(each) and each.id != new.id
    ]
    ranked = sorted(found, key=lambda case: (case[0], case[1], case[2].id), reverse=True)
    return tuple(
        PastCase(
            incident_id=each.id,
            number=each.number,
            title=each.title,
            closed_at=closed_at,
            worked=each.worked,
            causes=each.causes,
            likeness=round(alike, 2),
        )
        for alike, closed_at, each in ranked[:MOST]
        if alike >= _LEAST
    )


def likeness(one: Incident, other: Incident) -> float:
    """Return from 0 to 1 how alike two incidents are, by category, type, brand and words."""
    words = likeness_of(_words(one), _words(other))
    return (
        _SAME_CATEGORY * (one.category is other.category)
        + _SAME_TYPE * (one.crisis_type is other.crisis_type)
        + _SAME_BRAND * (one.brand == other.brand)
        + _WORDS * words
    )


def _may_be_told(incident: Incident) -> bool:
    about_staff = incident.circle is not None or incident.protects > 0
    return bool(incident.worked) and not incident.drill and not about_staff


def _words(incident: Incident) -> tuple[int, ...]:
    return signature_of(f"{incident.title} {incident.quote}")
