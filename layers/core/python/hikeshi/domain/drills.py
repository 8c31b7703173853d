"""Exercises (炎上防災訓練): a story in waves of posts, of which some depend on who has acted by when.

A drill goes the way of everything real: queue, scorer, alert, incident, ladder, message, page. It is kept
apart by where its things lie, not by what everybody remembers to leave out: its posts are counted under
a brand of their own, its incidents are indexed under a kind of their own, and both carry its id.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

_SEPARATOR = "@"

SOURCE = "drill"
"""Source of the posts of drills."""


class Mark(StrEnum):
    """What the people of a drill are timed by, and what its story may depend on.

    ``statement`` is a word in public or the decision to say nothing, ``spoken`` the word alone: where a life
    is at risk, a story may turn on it and nobody is timed by it.
    """

    ACKNOWLEDGED = "acknowledged"
    CALLED = "called"
    FACTS = "facts"
    STATEMENT = "statement"
    SPOKEN = "spoken"


ABOUT_A_NAME = (Mark.ACKNOWLEDGED, Mark.FACTS, Mark.STATEMENT)
ABOUT_A_LIFE = (Mark.ACKNOWLEDGED, Mark.CALLED, Mark.FACTS)
"""What people are timed by in a drill about a life: that help was called, and no word in public."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ScenarioPost:
    """A post of a wave, ``after`` the wave begins; one with the ``id`` of another is that one, grown."""

    text: str
    id: str
    author: str
    after: timedelta = timedelta()
    followers: int = 0
    reposts: int = 0
    likes: int = 0
    media: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Wave:
    """Posts that come together, if the story takes that turn.

    Attributes
    ----------
    about : str
        What it tells, in one line, for the score sheet.
    at : timedelta
        From the start of the drill; by then it is settled whether the wave comes.
    when, unless : tuple of Mark
        It comes if all of these have been reached by then, and none of those.
    follows : str
        Id of an earlier wave that must have come; empty for none.
    """

    id: str
    about: str
    at: timedelta
    posts: tuple[ScenarioPost, ...]
    when: tuple[Mark, ...] = ()
    unless: tuple[Mark, ...] = ()
    follows: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Targets:
    """From the first post: by when somebody has it, the facts are checked, the company has spoken.

    ``called`` is by when help is called; with it the drill is about a life, and nobody is to speak.
    """

    acknowledged: timedelta = timedelta(minutes=5)
    facts: timedelta = timedelta(minutes=30)
    statement: timedelta = timedelta(minutes=60)
    called: timedelta | None = None

    @property
    def timed(self) -> tuple[Mark, ...]:
        """What people are timed by."""
        return ABOUT_A_NAME if self.called is None else ABOUT_A_LIFE

    def of(self, mark: Mark) -> timedelta:
        """Return the target of a mark."""
        own = {Mark.ACKNOWLEDGED: self.acknowledged, Mark.FACTS: self.facts, Mark.CALLED: self.called}
        return own.get(mark) or self.statement


@dataclass(frozen=True, kw_only=True, slots=True)
class Scenario:
    """A story; ``{brand}`` in a text is the name of the brand that it is played with."""

    id: str
    name: str
    summary: str
    lasts: timedelta
    waves: tuple[Wave, ...]
    targets: Targets = Targets()

    @property
    def is_about_a_life(self) -> bool:
        """Tell whether it is help that has to come first."""
        return self.targets.called is not None


@dataclass(frozen=True, kw_only=True, slots=True)
class Drill:
    """A scenario as it is played.

    Attributes
    ----------
    id : str
        When it began, on Japan's clock, and its scenario: ``20261122-190500-confectionery``.
    people : tuple of str
        Ids of those who take part, ``chat:<name>`` for a room; nobody else is sent anything.
    everyone : bool
        Whether the whole roster takes part; ``people`` is empty then.
    posted_until : datetime or None
        Every post due up to then is in the queue.
    ended_at : datetime or None
        When it ended, or was stopped.
    told_at : datetime or None
        When the score was sent.
    """

    id: str
    scenario: Scenario
    brand: str
    brand_name: str
    started_at: datetime
    people: tuple[str, ...] = ()
    everyone: bool = False
    posted_until: datetime | None = None
    ended_at: datetime | None = None
    told_at: datetime | None = None

    @property
    def ends_at(self) -> datetime:
        """When it ended, or ends by itself."""
        return self.ended_at or self.started_at + self.scenario.lasts

    @property
    def first_post_at(self) -> datetime:
        """When the first post was written: what all is timed from."""
        surely = (wave for wave in self.scenario.waves if not (wave.when or wave.follows))
        firsts = (wave.at + post.after for wave in surely for post in wave.posts)
        return self.started_at + min(firsts, default=timedelta())

    def is_running(self, at: datetime) -> bool:
        """Tell whether anything of it may still go out."""
        return at < self.ends_at

    def takes_part(self, whom: str) -> bool:
        """Tell whether somebody, or the room of a chat, is sent what the drill says."""
        return self.everyone or whom in self.people


@dataclass(frozen=True, kw_only=True, slots=True)
class DuePost:
    """A post of the story, and the moment it is written."""

    post: ScenarioPost
    at: datetime


def apart(name: str, drill: str) -> str:
    """Return the id that something has within a drill, a brand or somebody's log; outside its own."""
    return f"{name}{_SEPARATOR}{drill}" if drill else name


def brand_meant(brand: str) -> str:
    """Return the brand of the configuration that an id means, within a drill or outside."""
    return brand.partition(_SEPARATOR)[0]


def posts_due(drill: Drill, marks: Mapping[Mark, datetime], *, until: datetime) -> tuple[DuePost, ...]:
    """Return the posts written after ``posted_until``, up to ``until``, the first first.

    Whether a wave comes rests on what was reached by its own time, not on when this is asked: the same
    deeds make the same story, however late the clock is that drives it.
    """
    came = waves_that_came(drill, marks, until=until)
    due = [
        DuePost(post=post, at=drill.started_at + wave.at + post.after) for wave in came for post in wave.posts
    ]
    since = drill.posted_until
    new = [each for each in due if each.at <= until and (since is None or each.at > since)]
    return tuple(sorted(new, key=lambda each: each.at))


def waves_that_came(drill: Drill, marks: Mapping[Mark, datetime], *, until: datetime) -> Iterator[Wave]:
    """Yield the waves that came up to a moment, in order."""
    came: set[str] = set()
    for wave in sorted(drill.scenario.waves, key=lambda each: each.at):
        at = drill.started_at + wave.at
        reached = {mark for mark, moment in marks.items() if moment <= at}
        fits = reached.issuperset(wave.when) and reached.isdisjoint(wave.unless)
        if at <= until and fits and (not wave.follows or wave.follows in came):
            came.add(wave.id)
            yield wave
