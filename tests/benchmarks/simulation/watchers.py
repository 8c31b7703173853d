"""Ways of watching: hikeshi's path from post to incident, and three ways of counting.

Each sees the posts of a minute at its end, and says in which minutes it raised an alarm.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby

from hikeshi.domain.assessment import Assessment, Level
from hikeshi.domain.hours import HourCount, HourMarks, counted
from hikeshi.domain.posts import Post
from hikeshi.ports.scoring import Scorer
from hikeshi.services.alerts.assess import Assessing, Counted, score_posts
from tests import builders
from tests.benchmarks.peers.verdict import Judge
from tests.benchmarks.simulation.cascades import HOUR, MINUTE
from tests.benchmarks.simulation.streams import Event
from tests.fakes.environment import FrozenClock
from tests.fakes.scoring import InMemoryAlertStore, InMemoryPostArchive, InMemoryPostCounts

MIDNIGHT = datetime(2026, 5, 1, tzinfo=UTC)
QUIET_HOURS = 6
"""An alarm of a counting watcher that follows another within this time is the same one."""

_HISTORY = 7 * 24
_FEWEST = 5


@dataclass(frozen=True, slots=True)
class Alarm:
    """Raised at the end of a minute.

    Attributes
    ----------
    critical : bool
        Whether it pages executives.
    by : int or None
        Whose post set it off, None where posts are only counted.
    """

    at: float
    critical: bool = False
    by: int | None = None


Watcher = Callable[[Sequence[Event]], list[Alarm]]


class RememberingScorer:
    """Judges each text once; reposts are many, and judging is not what is timed here."""

    def __init__(self, scorer: Scorer) -> None:
        self._scorer = scorer
        self._known: dict[str, Assessment] = {}

    def assess(self, post: Post) -> Assessment:
        """Judge a post by its text."""
        found = self._known.get(post.text)
        if found is None:
            found = self._known[post.text] = self._scorer.assess(post)
        return found


class SteadyCounts(InMemoryPostCounts):
    """Counts the marks of an hour once, until one is added: months are simulated in seconds."""

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[tuple[str, datetime], tuple[HourMarks, HourCount]] = {}

    def history(self, brand: str, *, since: datetime) -> Mapping[datetime, HourCount]:
        """Return the counts of the hours since then."""
        found = {}
        for place, marks in self.marks.items():
            if place[0] == brand and place[1] >= since:
                known = self._known.get(place)
                if known is None or known[0] is not marks:
                    known = self._known[place] = (marks, counted(marks))
                found[place[1]] = known[1]
        return found


class SilentRequests:
    """Takes requests for incidents; the answers of the scoring tell of them too."""

    def request(self, alert_id: str) -> None:
        """Do nothing."""


def hikeshi(scorer: Scorer) -> Watcher:
    """Return the alert path as deployed, on stores in memory: one alarm a requested incident or rise."""

    def watch(events: Sequence[Event]) -> list[Alarm]:
        clock = FrozenClock(MIDNIGHT)
        ports = Assessing(
            scorer=scorer,
            alerts=InMemoryAlertStore(),
            counts=SteadyCounts(),
            archive=InMemoryPostArchive(),
            requests=SilentRequests(),
            configuration=builders.a_configuration(),
            clock=clock,
        )
        alarms: list[Alarm] = []
        known: set[tuple[str, bool]] = set()
        for at, minute in by_minute(events):
            clock.advance(seconds=(MIDNIGHT + timedelta(seconds=at) - clock.now()).total_seconds())
            posts = [_post(event, clock.now()) for event in minute]
            answer = score_posts(posts, ports)
            if answer.errors:
                raise next(iter(answer.errors.values()))
            for post, event in zip(posts, minute, strict=True):
                for found in answer.alerts[post.key]:
                    news = _news(found) - known
                    known |= news
                    alarms += [Alarm(at, critical, event.author) for _, critical in sorted(news)]
        return alarms

    return watch


def _news(found: Counted) -> set[tuple[str, bool]]:
    """Return what an alert asks for: someone to look, and executives to be paged."""
    wanted = {(found.alert_id, False)} if found.requested else set()
    return wanted | ({(found.alert_id, True)} if found.level is Level.CRITICAL else set())


def count_above(limit: int) -> Watcher:
    """Return an alarm when so many posts came within an hour."""
    return lambda events: list(_merged(_hourly(events, lambda count, _: count >= limit)))


def above_three_sigma() -> Watcher:
    """Return an alarm when an hour's posts exceed the mean of the past week by three deviations."""

    def is_high(count: int, history: Sequence[int]) -> bool:
        if len(history) < _HISTORY // 7 or count < _FEWEST:
            return False
        mean = sum(history) / len(history)
        variance = sum(value * value for value in history) / len(history) - mean * mean
        return count > mean + 3 * math.sqrt(max(variance, 0.0))

    return lambda events: list(_merged(_hourly(events, is_high)))


def keyword_count(judge: Judge, limit: int) -> Watcher:
    """Return an alarm when so many posts with a risk keyword came within an hour."""
    known: dict[str, bool] = {}

    def has_word(text: str) -> bool:
        if text not in known:
            known[text] = judge(text).flagged
        return known[text]

    count = count_above(limit)
    return lambda events: count([event for event in events if has_word(event.text)])


def by_minute(events: Iterable[Event]) -> Iterator[tuple[float, list[Event]]]:
    """Yield the end of each minute in which something came, with what came."""
    for minute, some in groupby(events, key=lambda event: int(event.at // MINUTE)):
        yield (minute + 1) * MINUTE, list(some)


def false_alarms(watcher: Watcher, months: Sequence[Sequence[Event]]) -> Mapping[bool, float]:
    """Return alarms a month in months without a case: of any kind, and critical ones."""
    raised = [alarm for month in months for alarm in watcher(month)]
    return {
        critical: sum(alarm.critical is critical for alarm in raised) / len(months)
        for critical in (False, True)
    }


def _hourly(events: Iterable[Event], is_high: Callable[[int, Sequence[int]], bool]) -> Iterator[Alarm]:
    """Look at the past hour at the end of every minute; full hours become history."""
    recent: deque[float] = deque()
    history: deque[int] = deque(maxlen=_HISTORY)
    hour, in_hour = 0, 0
    for at, minute in by_minute(events):
        while (hour + 1) * HOUR < at:
            history.append(in_hour)
            hour, in_hour = hour + 1, 0
        in_hour += len(minute)
        recent.extend(event.at for event in minute)
        while recent[0] <= at - HOUR:
            recent.popleft()
        if is_high(len(recent), history):
            yield Alarm(at)


def _merged(alarms: Iterable[Alarm]) -> Iterator[Alarm]:
    last = float("-inf")
    for alarm in alarms:
        if alarm.at - last > QUIET_HOURS * HOUR:
            yield alarm
        last = alarm.at


def _post(event: Event, fetched_at: datetime) -> Post:
    return Post(
        id=f"{event.author}",
        source="kuchikomi",
        text=event.text,
        published_at=MIDNIGHT + timedelta(seconds=event.at),
        fetched_at=fetched_at,
        brand=builders.BRAND,
        author=f"p{event.author}",
    )
