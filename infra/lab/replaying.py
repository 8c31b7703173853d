"""Judges the same posts twice, as now and as proposed, and tells every difference that matters.

Minutes are counted by content: when the first post of a matter reaches a warning. What spread adds to
that is the same on both sides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from hikeshi.domain.assessment import Assessment, Level
from hikeshi.domain.similarity import SAME_FAMILY, likeness, signature_of
from hikeshi.ports.scoring import Scorer
from infra.lab.cases import Case
from infra.progress import Shown, unseen

WINDOW = timedelta(hours=24)
_LOOKED_BACK = 200


class Effect(StrEnum):
    """What a change of level means, given what is known of the post."""

    LOST = "lost"
    FOUND = "found"
    FALSE_ALARM_ADDED = "false_alarm_added"
    FALSE_ALARM_REMOVED = "false_alarm_removed"
    RAISED = "raised"
    LOWERED = "lowered"


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A post whose level would change."""

    case: Case
    before: Assessment
    after: Assessment
    effect: Effect


@dataclass(frozen=True, kw_only=True, slots=True)
class Timing:
    """When a matter reaches a warning; None if it never does."""

    matter: str
    quote: str
    before: datetime | None
    after: datetime | None

    @property
    def minutes_gained(self) -> float | None:
        """How much earlier it would be; None if it is reached on one side only."""
        if self.before is None or self.after is None:
            return None
        return (self.before - self.after) / timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Replay:
    """The whole comparison."""

    cases: int
    changes: tuple[Change, ...]
    timings: tuple[Timing, ...]

    def of(self, effect: Effect) -> tuple[Change, ...]:
        """Return the changes with this effect."""
        return tuple(change for change in self.changes if change.effect is effect)

    @property
    def loses(self) -> bool:
        """Tell whether a case that was found before is not found any more."""
        return any(change.effect is Effect.LOST for change in self.changes)


def replay(cases: Sequence[Case], *, current: Scorer, candidate: Scorer, shown: Shown = unseen) -> Replay:
    """Judge every post both ways."""
    before = judged(cases, current, "いまの言葉での採点", shown)
    after = judged(cases, candidate, "候補の言葉での採点", shown)
    changes = [
        Change(case=case, before=old, after=new, effect=effect_of(case, old.level, new.level))
        for case, old, new in zip(cases, before, after, strict=True)
        if old.level is not new.level
    ]
    return Replay(cases=len(cases), changes=tuple(changes), timings=tuple(_timings(cases, before, after)))


def judged(cases: Sequence[Case], scorer: Scorer, doing: str, shown: Shown) -> list[Assessment]:
    """Judge each post as it was met when it was written: urgency must not depend on today."""
    found = []
    with shown(doing, len(cases)) as step:
        for case in cases:
            found.append(scorer.assess(replace(case.post, fetched_at=case.post.published_at)))
            step()
    return found


def effect_of(case: Case, before: Level, after: Level) -> Effect:
    """Say what it means that a post's level changes.

    It is lost if it falls below what it should be, or, where nobody said, from a warning to less.
    """
    rises = after.rank > before.rank
    expected = case.expected
    if expected is None:
        if not rises and before.at_least(Level.WARNING) and not after.at_least(Level.WARNING):
            return Effect.LOST
        return Effect.RAISED if rises else Effect.LOWERED
    if rises:
        return Effect.FOUND if before.rank < expected.rank else Effect.FALSE_ALARM_ADDED
    return Effect.LOST if after.rank < expected.rank else Effect.FALSE_ALARM_REMOVED


def matters_of(cases: Sequence[Case]) -> list[str]:
    """Name the matter of each case: the one it was given, or the first text it is nearly a copy of."""
    order = sorted(range(len(cases)), key=lambda at: (cases[at].post.published_at, cases[at].post.key))
    named: dict[int, str] = {}
    leaders: list[tuple[Case, tuple[int, ...], str]] = []
    for at in order:
        case = cases[at]
        if case.matter is not None:
            named[at] = case.matter
            continue
        signature = signature_of(case.post.text)
        found = _nearest(case, signature, leaders[-_LOOKED_BACK:])
        if found is None:
            found = case.post.key
            leaders.append((case, signature, found))
        named[at] = found
    return [named[at] for at in range(len(cases))]


def _nearest(
    case: Case, signature: tuple[int, ...], leaders: Iterable[tuple[Case, tuple[int, ...], str]]
) -> str | None:
    shares = [
        (likeness(signature, other), matter)
        for leader, other, matter in leaders
        if leader.post.brand == case.post.brand
        and case.post.published_at - leader.post.published_at <= WINDOW
    ]
    share, matter = max(shares, default=(0.0, ""))
    return matter if share >= SAME_FAMILY else None


def _timings(
    cases: Sequence[Case], before: Sequence[Assessment], after: Sequence[Assessment]
) -> Iterable[Timing]:
    timed = [at for at, case in enumerate(cases) if case.is_timed]
    matters = matters_of([cases[at] for at in timed])
    members: dict[str, list[int]] = {}
    for at, matter in zip(timed, matters, strict=True):
        members.setdefault(matter, []).append(at)
    for matter, found in members.items():
        first = min(found, key=lambda at: cases[at].post.published_at)
        timing = Timing(
            matter=matter,
            quote=cases[first].post.text,
            before=_reached(found, cases, before),
            after=_reached(found, cases, after),
        )
        if timing.before or timing.after:
            yield timing


def _reached(members: Iterable[int], cases: Sequence[Case], judged: Sequence[Assessment]) -> datetime | None:
    times = [cases[at].post.published_at for at in members if judged[at].level.at_least(Level.WARNING)]
    return min(times, default=None)
