"""Whether a post puts a life at risk: what is done first then protects the life, and the name comes after."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from hikeshi.domain.assessment import Assessment, Level
from hikeshi.domain.timeline import TimelineEvent

PERIL_FOUND = "peril_found"
"""Timeline event: an incident turned out to be about a life."""

PERIL_AGAIN = "peril_again"
"""Timeline event: people were told of a further post that puts a life at risk."""

PERIL_HELD = "peril_held"
"""Timeline event: people are told of further posts about a life at a moment to come, all at once."""

PERIL_LIFTED = "peril_lifted"
"""Timeline event: none of an incident's posts is a danger to a life any more."""

NO_DANGER = "no_danger"
"""Timeline event: somebody found posts that were taken for a danger to be none."""

NO_DANGER_UNDONE = "no_danger_undone"
"""Timeline event: that was taken back."""

HELP_CALLED = "help_called"
"""Timeline event: somebody called the police or an ambulance."""

HELP_CALL_PRACTISED = "help_call_practised"
"""Timeline event of a drill: somebody would have called, and telephoned nobody."""


class Peril(StrEnum):
    """Whose life: the writer's own, or that of others, which stands first where a post threatens both."""

    VIOLENCE = "violence"
    SELF_HARM = "self_harm"


TOLD_EVERY = timedelta(minutes=5)
"""How often people hear of further posts about a life at most: a flood of threats is one matter."""

MOST_AT_ONCE = 3
"""How often within that time they hear at once, because somebody or somewhere else is threatened."""

BOTH = "both"
"""What the catalogue calls an incident in which the writer's life and that of others are at risk."""

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


@dataclass(frozen=True, kw_only=True, slots=True)
class NoDanger:
    """That somebody found posts that were taken for a danger to be none: a song, a quotation, a game.

    Attributes
    ----------
    texts : tuple of str
        Names of the texts that were read, word for word (:mod:`hikeshi.services.alerts.dangers`): of words
        that nobody has read nobody has said that they are no danger.
    title : str
        What the incident was called until then.
    """

    texts: tuple[str, ...]
    reason: str
    title: str
    by: str
    at: datetime


def peril_of(assessment: Assessment) -> Peril | None:
    """Return the peril that an assessment tells of; only what somebody must look at now is one."""
    return gravest(*perils_of(assessment))


def perils_of(assessment: Assessment) -> tuple[Peril, ...]:
    """Return all perils that an assessment tells of, the gravest first."""
    if not assessment.level.at_least(Level.WARNING):
        return ()
    return ranked(*(_peril_of_rule(reason.rule) for reason in assessment.reasons))


def ranked(*known: Peril | None) -> tuple[Peril, ...]:
    """Return each of the known perils once, the gravest first."""
    return tuple(peril for peril in Peril if peril in known)


def gravest(*known: Peril | None) -> Peril | None:
    """Return the peril that is acted on where several are known."""
    return next(iter(ranked(*known)), None)


def named(perils: Collection[Peril]) -> str:
    """Return what the catalogue calls these perils together; empty if there are none."""
    return BOTH if len(perils) > 1 else next(iter(perils), "")


def peril_found(peril: Peril, *, at: datetime) -> TimelineEvent:
    """Note in the timeline that a life is at risk."""
    return TimelineEvent(kind=PERIL_FOUND, at=at, details={"peril": peril.value})


def peril_again(peril: Peril, *, at: datetime) -> TimelineEvent:
    """Note in the timeline that people are told of a further post about a life."""
    return TimelineEvent(kind=PERIL_AGAIN, at=at, details={"peril": peril.value})


def peril_held(peril: Peril, *, until: datetime, at: datetime) -> TimelineEvent:
    """Note in the timeline when people are told of a further post about a life."""
    return TimelineEvent(
        kind=PERIL_HELD, at=at, details={"peril": peril.value, "held_until": until.isoformat()}
    )


def told_of_further(events: Iterable[TimelineEvent], *, at: datetime, is_another: bool) -> datetime:
    """Return when people are told of a further post about a life; ``at`` itself if it is now.

    Nothing is left untold: what comes within :data:`TOLD_EVERY` of the last word waits for its end, and
    then goes out as one. ``is_another`` says that the post threatens somebody or somewhere else, which is
    told at once, as far as :data:`MOST_AT_ONCE` lets it.
    """
    told: list[datetime] = []
    held: list[datetime] = []
    for event in events:
        if event.kind == "reopened":  # what was still waiting then is not sent any more
            told, held = [], []
        elif event.kind == PERIL_AGAIN:
            told.append(event.at)
        elif event.kind == PERIL_HELD:
            held.append(datetime.fromisoformat(event.details["held_until"]))
    lately = [each for each in told if at - each < TOLD_EVERY]
    if is_another and len(lately) < MOST_AT_ONCE:
        return at
    last = max((*told, *held), default=at - TOLD_EVERY)
    return last if last > at else max(at, last + TOLD_EVERY)


def _peril_of_rule(rule: str) -> Peril | None:
    if rule == _THREAT:
        return Peril.VIOLENCE
    return next((peril for area, peril in _AREAS if rule.startswith(area)), None)
