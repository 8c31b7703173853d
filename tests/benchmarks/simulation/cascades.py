"""When posts and reposts come: a self-exciting process over a daily rhythm.

Published figures, each used as it stands:

- Reaction times of reposts (constant for five minutes, then a power law): fitted to Twitter by Zhao,
  Erdogdu, He, Rajaraman, Leskovec, "SEISMIC: A Self-Exciting Point Process Model for Predicting Tweet
  Popularity", KDD 2015, https://arxiv.org/abs/1506.02594; the values are the defaults of the authors' own
  package, https://cran.r-project.org/package=seismic (``memory.pdf``).
- Infectiousness that follows the hour and fades: Kobayashi, Lambiotte, "TiDeH: Time-Dependent Hawkes Process
  for Predicting Retweet Dynamics", ICWSM 2016, https://arxiv.org/abs/1603.09449; the values are those of the
  authors' example, https://github.com/NII-Kobayashi/TiDeH (``example_simulation.py``).
- Followers as a power law up to 100,000: Kwak, Lee, Park, Moon, "What is Twitter, a Social Network or a News
  Media?", WWW 2010, https://doi.org/10.1145/1772690.1772751.

Chosen here: the phase (least at 4 in the morning) and the smallest number of followers, so that a repost
leads to 0.8 further ones on average at the published infectiousness.
"""

from __future__ import annotations

import heapq
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0

# SEISMIC
THETA = 0.2314843
CUTOFF = 300.0
DENSITY = 0.0006265725

# TiDeH
INFECTIOUSNESS = 0.001
RHYTHM = 0.424
FADING = 2.0 * DAY

# Kwak et al.
EXPONENT = 2.276
MOST_FOLLOWERS = 100_000

FEWEST_FOLLOWERS = 210
QUIET_PHASE = 22.0 * HOUR
"""The rhythm is least six hours after this time of day."""

_HEAD = DENSITY * CUTOFF
"""Chance that a reaction comes within the first five minutes."""


def rhythm(at: float) -> float:
    """Return how lively people are at a time in seconds from midnight, 1.0 on average over the day."""
    return 1 - RHYTHM * math.sin(2 * math.pi * (at - QUIET_PHASE) / DAY)


def followers(draw: random.Random) -> int:
    """Draw how many people see one person's repost."""
    shape = EXPONENT - 1
    tail = (FEWEST_FOLLOWERS / MOST_FOLLOWERS) ** shape
    return int(FEWEST_FOLLOWERS * (1 - draw.random() * (1 - tail)) ** (-1 / shape))


def reaction(draw: random.Random) -> float:
    """Draw the seconds between seeing and reposting, by inverting the memory kernel."""
    chance = draw.random()
    if chance < _HEAD:
        return chance / DENSITY
    return CUTOFF * math.pow((1 - chance) / (1 - _HEAD), -1 / THETA)


def poisson(draw: random.Random, mean: float) -> int:
    """Draw a count."""
    count, left = 0, mean
    while True:
        left -= draw.expovariate(1.0)
        if left < 0:
            return count
        count += 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Spread:
    """How a post spreads.

    Attributes
    ----------
    infectiousness : float
        Reposts per follower at an average hour of its first moments.
    until : float
        Nothing is drawn after this time.
    most : int
        Reposts after which drawing ends.
    """

    infectiousness: float
    until: float
    most: int = 3_000


def reposts(draw: random.Random, start: float, seen_by: int, spread: Spread) -> Iterator[float]:
    """Yield the times of all reposts of a post, in order."""
    waiting = list(_reactions(draw, start, seen_by, spread, start=start))
    heapq.heapify(waiting)
    for _ in range(spread.most):
        if not waiting:
            return
        at = heapq.heappop(waiting)
        yield at
        for then in _reactions(draw, at, followers(draw), spread, start=start):
            heapq.heappush(waiting, then)


def _reactions(
    draw: random.Random, at: float, seen_by: int, spread: Spread, *, start: float
) -> Iterator[float]:
    """Draw the reactions to one post: from the highest rate there can be, thinned to the real one."""
    highest = spread.infectiousness * (1 + RHYTHM)
    for _ in range(poisson(draw, highest * seen_by)):
        then = at + reaction(draw)
        kept = rhythm(then) * math.exp(-(then - start) / FADING) / (1 + RHYTHM)
        if then < spread.until and draw.random() < kept:
            yield then


def arrivals(draw: random.Random, *, a_day: float, start: float, end: float) -> Iterator[float]:
    """Yield the times of independent posts, more by day than by night."""
    at = start
    highest = a_day / DAY * (1 + RHYTHM)
    while True:
        at += draw.expovariate(highest)
        if at >= end:
            return
        if draw.random() < rhythm(at) / (1 + RHYTHM):
            yield at
