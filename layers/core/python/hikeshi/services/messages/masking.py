"""Hides protected names in what messages say (:mod:`hikeshi.services.messages.up_to_date`).

Pages pass the renderer, which takes the same mask. What is stored stays as it was written: posts are
evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hikeshi.domain.caring import mask_of
from hikeshi.domain.incidents import Incident, Room
from hikeshi.domain.masking import NOBODY, Mask
from hikeshi.ports.responding import IncidentRepository

_QUOTED = ("new_words",)
"""Values that are lifted from posts: left out while a name that is not recorded yet may be among them."""

_DATA = ("_at", "_key")
"""Endings of values that are no text."""


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
