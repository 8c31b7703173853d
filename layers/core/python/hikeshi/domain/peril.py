"""Whether a post puts a life at risk: what is done first then protects the life, and the name comes after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from hikeshi.domain.assessment import Assessment, Level
from hikeshi.domain.timeline import TimelineEvent

PERIL_FOUND = "peril_found"
"""Timeline event: an incident turned out to be about a life."""

PERIL_AGAIN = "peril_again"
"""Timeline event: people were told of a further post that puts a life at risk."""

HELP_CALLED = "help_called"
"""Timeline event: somebody called the police or an ambulance."""

HELP_CALL_PRACTISED = "help_call_practised"
"""Timeline event of a drill: somebody would have called, and telephoned nobody."""


class Peril(StrEnum):
    """Whose life: the writer's own, or that of others, which stands first where a post threatens both."""

    VIOLENCE = "violence"
    SELF_HARM = "self_harm"


_AREAS = (("life.violence.", Peril.VIOLENCE), ("life.self_harm.", Peril.SELF_HARM))
"""What the ids of rules begin with that tell of a life."""

_THREAT = "attack.threat"


@dataclass(frozen=True, kw_only=True, slots=True)
class LifeAtRisk:
    """What holds for incidents about a life, whatever their level.

    Attributes
    ----------
    facts : timedelta
        How long checking the facts may take.
    ack_expires_after : timedelta
        How long whoever took it on may do nothing while the facts are checked.
    helplines : tuple of str
        What the writer is told to call, each with its hours; empty leaves it to the catalogue.
    """

    facts: timedelta = timedelta(minutes=15)
    ack_expires_after: timedelta = timedelta(minutes=15)
    helplines: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class HelpCall:
    """That somebody called for help, or would have in a drill; ``by`` is a person id."""

    by: str
    at: datetime


def peril_of(assessment: Assessment) -> Peril | None:
    """Return the peril that an assessment tells of; only what somebody must look at now is one."""
    if not assessment.level.at_least(Level.WARNING):
        return None
    return gravest(*(_peril_of_rule(reason.rule) for reason in assessment.reasons))


def gravest(*known: Peril | None) -> Peril | None:
    """Return the peril that is acted on where several are known."""
    return next((peril for peril in Peril if peril in known), None)


def peril_found(peril: Peril, *, at: datetime) -> TimelineEvent:
    """Note in the timeline that a life is at risk."""
    return TimelineEvent(kind=PERIL_FOUND, at=at, details={"peril": peril.value})


def peril_again(peril: Peril, *, at: datetime) -> TimelineEvent:
    """Note in the timeline that people are told of a further post about a life."""
    return TimelineEvent(kind=PERIL_AGAIN, at=at, details={"peril": peril.value})


def _peril_of_rule(rule: str) -> Peril | None:
    if rule == _THREAT:
        return Peril.VIOLENCE
    return next((peril for area, peril in _AREAS if rule.startswith(area)), None)
