"""What messages say of lives at risk: first of all in a call, and when some or all turn out to be in none."""

from __future__ import annotations

from collections.abc import Collection

from hikeshi.domain.incidents import Incident
from hikeshi.domain.peril import Peril, named

ALL_CLEAR = "news.no_danger"
"""What a status tells once no post of an incident puts a life at risk any more."""

PERIL_LEFT = "peril_left"
"""Moment that tells of one danger that was none, while another puts a life at risk still."""

LEFT_TO_FEW = "left.few"
"""What that says in place of the danger while few may know of the incident."""


def life_first(incident: Incident) -> dict[str, str]:
    """Say what protects a life before all else; nothing if none is at risk."""
    life = named(incident.perils)
    return {"first_key": f"first.{life}", "life_key": f"life.{life}"} if life else {}


def words_of_left(perils: Collection[Peril]) -> dict[str, str]:
    """Say which danger was none, and that what is done against the other goes on."""
    left = named(perils)
    return {"found_key": f"left_found.{left}", "left_key": f"left.{left}"}
