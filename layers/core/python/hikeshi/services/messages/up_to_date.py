"""What leaves the house as it holds at that moment: the one place through which every message passes.

A message may have waited since it was caused. Whose names are hidden, and whether a life is at risk, is told
as the incident stands when the text is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from hikeshi.domain.caps import ABOUT_A_LIFE, URGENT
from hikeshi.domain.errors import NotFoundError
from hikeshi.domain.incidents import Incident
from hikeshi.domain.outbox import ChatPost, Message
from hikeshi.domain.playbooks import Playbooks
from hikeshi.ports.responding import IncidentRepository
from hikeshi.services.messages.discretion import DISCREET, worded_for_few
from hikeshi.services.messages.life_words import life_first
from hikeshi.services.messages.masking import masked_params
from hikeshi.services.playbooks.engaging import step_params

Body = TypeVar("Body", Message, ChatPost)

_LIFE = ("first_key", "life_key")
_STEP = "step_"


def up_to_date(body: Body, *, incidents: IncidentRepository, playbooks: Playbooks) -> Body:
    """Return what is to be said as its incident stands now, with the names hidden that are recorded now."""
    if not body.incident_number:
        return body
    try:
        room = incidents.room(body.incident_id)
    except NotFoundError:
        return body
    params = body.params
    if ABOUT_A_LIFE in params or body.moment in URGENT:
        params = _with_life_of(room.incident, params, playbooks)
    if room.protections:
        params = masked_params(params, room)
    return body if params is body.params else replace(body, params=params)


def _with_life_of(incident: Incident, params: Mapping[str, str], playbooks: Playbooks) -> Mapping[str, str]:
    """Say of a life what holds now, in its title and the first steps as well; the rest stays as it was."""
    now = life_first(incident)
    if DISCREET in params:
        few = worded_for_few(now)
        now = {name: few[name] for name in now}
    if all(params.get(name) == now.get(name) for name in _LIFE):
        return params
    kept = {name: value for name, value in params.items() if name not in _LIFE}
    if "summary" in kept:
        kept["summary"] = incident.title
    if any(name.startswith(_STEP) for name in kept):
        kept = {name: value for name, value in kept.items() if not name.startswith(_STEP)}
        kept |= step_params(playbooks.of(incident))
    return now | kept
