"""Causes that a report names although nobody has decided, on facts, whose fault it was."""

from __future__ import annotations

from collections.abc import Mapping

from hikeshi.domain.assessment import Fault
from hikeshi.domain.incidents import Room
from hikeshi.domain.reports import RootCause

_SAYS_WHOSE: Mapping[RootCause, Fault] = {
    RootCause.QUALITY_GAP: Fault.OURS,
    RootCause.SERVICE_GAP: Fault.OURS,
    RootCause.OUTSIDE: Fault.NOT_OURS,
}
"""The causes that say where it came from; all others are about how it was found and answered."""


def supposed_causes(room: Room) -> tuple[RootCause, ...]:
    """Return the causes of the report that go beyond what was decided on confirmed facts."""
    named = room.report.causes if room.report is not None else ()
    return tuple(each for each in named if _SAYS_WHOSE.get(each, room.incident.fault) != room.incident.fault)
