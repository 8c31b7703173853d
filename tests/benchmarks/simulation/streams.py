"""What is written: ordinary months of a brand, with harmless posts that spread widely, and single cases."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from dataclasses import dataclass

from tests.benchmarks.quality import datasets
from tests.benchmarks.simulation.cascades import (
    DAY,
    HOUR,
    INFECTIOUSNESS,
    MINUTE,
    Spread,
    arrivals,
    followers,
    reposts,
)

POSTS_A_DAY = 150
DAYS = 30
HARMLESS_WAVES = 3
"""Posts a month that spread like a case and are none: a prize, praise, a joke."""

ORDINARY = INFECTIOUSNESS / 5
WITNESSES_A_DAY = 200
"""Posts in their own words on the first day of a case, once it has been picked up."""

PICKED_UP_AFTER = 40 * MINUTE
"""Mean delay until an account with many followers reposts a case."""

CASE_PEOPLE = 10_000_000
"""Authors from this number on belong to a case."""

_MIX = (("open2ch", 60), ("quasi_reviews", 20), ("asdc", 13))
_HARMLESS_SHARE, _NOTICE_SHARE = 5, 2
_CASE_HOURS = 24 * HOUR


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """A post or repost at a time in seconds; ``author`` counts people."""

    at: float
    text: str
    author: int
    is_repost: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Texts:
    """What people write."""

    ordinary: Sequence[str]
    harmless: Sequence[str]
    notices: Sequence[str]
    cases: dict[str, Sequence[str]]


def load_texts(half: str) -> Texts:
    """Read the texts: those of the labelled half, and streams by others that nobody called risky."""
    posts = datasets.labelled(half)
    ordinary = [text for name, share in _MIX for text in datasets.texts(name, limit=share * 100)]
    cases: dict[str, list[str]] = {}
    for post in posts:
        if post.is_severe:
            cases.setdefault(post.category, []).append(post.text)
    return Texts(
        ordinary=ordinary,
        harmless=[post.text for post in posts if not post.is_risk],
        notices=[post.text for post in posts if post.level == "notice"],
        cases=dict(sorted(cases.items())),
    )


def ordinary_month(draw: random.Random, texts: Texts) -> list[Event]:
    """Return a month without a case, in order of time."""
    people = itertools.count()
    end = DAYS * DAY
    events: list[Event] = []
    for at in arrivals(draw, a_day=POSTS_A_DAY, start=0, end=end):
        spread = Spread(infectiousness=ORDINARY, until=end)
        events += _wave(
            draw, Event(at, _ordinary_text(draw, texts), next(people)), followers(draw), spread, people
        )
    for _ in range(HARMLESS_WAVES):
        at = draw.uniform(DAY, end - DAY)
        spread = Spread(infectiousness=INFECTIOUSNESS, until=end)
        events += _wave(
            draw, Event(at, draw.choice(texts.harmless), next(people)), _loud(draw), spread, people
        )
    return sorted(events)


def case(draw: random.Random, texts: Texts, category: str, start: float) -> list[Event]:
    """Return the first day of a case: told by someone, picked up by someone heard, then by witnesses."""
    people = itertools.count(CASE_PEOPLE)
    end = start + _CASE_HOURS
    told, *others = draw.sample(list(texts.cases[category]), k=min(40, len(texts.cases[category])))
    spread = Spread(infectiousness=INFECTIOUSNESS, until=end)
    events = _wave(draw, Event(start, told, next(people)), draw.randint(200, 2_000), spread, people)
    picked_up = start + draw.expovariate(1 / PICKED_UP_AFTER)
    repost = Event(picked_up, told, next(people), is_repost=True)
    events += _wave(draw, repost, _loud(draw), spread, people)
    witnesses = arrivals(draw, a_day=WITNESSES_A_DAY, start=picked_up, end=end)
    for at, text in zip(witnesses, itertools.cycle(others), strict=False):
        ordinary = Spread(infectiousness=ORDINARY, until=end)
        events += _wave(draw, Event(at, text, next(people)), followers(draw), ordinary, people)
    return sorted(events)


def _wave(
    draw: random.Random, first: Event, seen_by: int, spread: Spread, people: itertools.count[int]
) -> list[Event]:
    times = reposts(draw, first.at, seen_by, spread)
    return [first, *(Event(at, first.text, next(people), True) for at in times)]


def _loud(draw: random.Random) -> int:
    """Draw the followers of an account that carries a post far."""
    return draw.randint(30_000, 100_000)


def _ordinary_text(draw: random.Random, texts: Texts) -> str:
    kind = draw.uniform(0, 100)
    if kind < _NOTICE_SHARE:
        return draw.choice(texts.notices)
    if kind < _NOTICE_SHARE + _HARMLESS_SHARE:
        return draw.choice(texts.harmless)
    return draw.choice(texts.ordinary)
