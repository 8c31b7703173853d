"""Who a scenario would reach, so that no drill begins that nobody hears of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from hikeshi.domain.assessment import Category, Level
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.drills import SOURCE, Scenario, Wave
from hikeshi.domain.escalation import people_of
from hikeshi.domain.people import Person
from hikeshi.domain.peril import peril_of
from hikeshi.domain.posts import Post
from hikeshi.ports.scoring import Scorer


def categories_of(scenario: Scenario, *, brand: str, scorer: Scorer, at: datetime) -> frozenset[Category]:
    """Return what the posts of a scenario tell of, as they will be read."""
    posts = (post for wave in scenario.waves for post in _posts_of(wave, brand=brand, at=at))
    read = [scorer.assess(post) for post in posts]
    return frozenset(each.category for each in read if each.level.at_least(Level.WARNING))


def waves_about_a_life(scenario: Scenario, *, brand: str, scorer: Scorer, at: datetime) -> tuple[str, ...]:
    """Return the ids of the waves in which a post will be read as putting a life at risk."""
    return tuple(
        wave.id
        for wave in scenario.waves
        if any(peril_of(scorer.assess(each)) is not None for each in _posts_of(wave, brand=brand, at=at))
    )


def _posts_of(wave: Wave, *, brand: str, at: datetime) -> Iterator[Post]:
    for each in wave.posts:
        text = each.text.replace("{brand}", brand)
        yield Post(id="-", source=SOURCE, text=text, published_at=at, fetched_at=at, media=each.media)


def people_reached(categories: frozenset[Category], configuration: Configuration) -> tuple[Person, ...]:
    """Return everybody whom the ladders of these categories page, each once; the last resort too."""
    found: dict[str, Person] = {}
    for category in sorted(categories):
        for person in _on_the_way(category, configuration):
            found.setdefault(person.id, person)
    return tuple(found.values())


def _on_the_way(category: Category, configuration: Configuration) -> Iterator[Person]:
    roster, policy = configuration.roster, configuration.escalation
    for level in (Level.WARNING, Level.CRITICAL):
        for step in policy.ladder_for(category, level).steps:
            yield from people_of(step, category=category, roster=roster)
    few = policy.need_to_know.roles if category in policy.need_to_know.categories else ()
    for role in (*few, *policy.last_resort):
        yield from roster.holders(role)
