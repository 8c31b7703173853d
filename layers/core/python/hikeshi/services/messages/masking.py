"""Hides protected names in what leaves the house: the one place through which every message passes.

Pages pass the renderer, which takes the same mask. What is stored stays as it was written: posts are
evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from hikeshi.domain.caring import mask_of
from hikeshi.domain.errors import NotFoundError
from hikeshi.domain.incidents import Incident, Room
from hikeshi.domain.masking import NOBODY, Mask
from hikeshi.domain.outbox import ChatPost, Message
from hikeshi.ports.responding import IncidentRepository

Body = TypeVar("Body", Message, ChatPost)

_QUOTED = ("new_words",)
"""Values that are lifted from posts: left out while a name that is not recorded yet may be among them."""

_DATA = ("_at", "_key")
"""Endings of values that are no text."""


def masked(body: Body, *, incidents: IncidentRepository) -> Body:
    """Return what is to be said with the names of its incident hidden, as they are recorded now."""
    if not body.incident_number:
        return body
    try:
        room = incidents.room(body.incident_id)
    except NotFoundError:
        return body
    return replace(body, params=masked_params(body.params, room)) if room.protections else body


def masked_params(params: Mapping[str, str], room: Room) -> Mapping[str, str]:
    """Return the values of a message with the names of a room hidden."""
    mask = mask_of(room)
    nameless = any(track.names is None for track in room.protections)
    shown = {name: value if name.endswith(_DATA) else mask(value) for name, value in params.items()}
    return shown | {name: "" for name in _QUOTED if nameless and name in shown}


def mask_of_all(heads: Iterable[Incident], *, incidents: IncidentRepository) -> Mask:
    """Return what hides everybody whom any of these incidents is about."""
    protecting = [head.id for head in heads if head.protects]
    rooms = (incidents.room(incident_id) for incident_id in protecting)
    names = [track.names for room in rooms for track in room.protections if track.names]
    return Mask(names) if names else NOBODY
