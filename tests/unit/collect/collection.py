"""Sources, feeds and queues on a stage, for the tests of collecting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hikeshi.domain.configuration import Configuration
from hikeshi.domain.posts import Post
from hikeshi.domain.sources import Source
from hikeshi.services.collection.collect import Collecting, CollectReport, collect_posts
from tests.builders import (
    NOON,
    a_configuration,
    a_post,
    a_source,
    a_watch_list,
)
from tests.fakes.collecting import InMemoryPostQueue, InMemorySourceStore, ScriptedFeedReader
from tests.fakes.crashing import CrashPlan
from tests.fakes.environment import FrozenClock
from tests.fakes.messaging import InMemoryOutbox
from tests.fakes.responding import InMemoryIncidentRepository


class Collection:
    """The service over fakes, one minute at a time."""

    def __init__(self, *sources: Source, **configuration: Any) -> None:
        self.clock = FrozenClock(NOON)
        self.feeds = ScriptedFeedReader()
        self.store = InMemorySourceStore()
        self.queue = InMemoryPostQueue()
        self.outbox = InMemoryOutbox()
        self.incidents = InMemoryIncidentRepository()
        watches = a_watch_list(sources={source.id: source for source in sources or (a_source(),)})
        self.configuration: Configuration = a_configuration(watches=watches, **configuration)

    def run(self, plan: CrashPlan | None = None) -> CollectReport:
        around: Any = plan.around if plan else lambda port: port
        queue: Any = _CrashesBetweenPosts(self.queue, plan) if plan else self.queue
        ports = Collecting(
            feeds=around(self.feeds),
            store=around(self.store),
            queue=queue,
            outbox=around(self.outbox),
            incidents=self.incidents,
            clock=self.clock,
        )
        return collect_posts(self.configuration, ports)

    def next_minute(self, plan: CrashPlan | None = None) -> CollectReport:
        self.clock.advance(minutes=1)
        return self.run(plan)

    def publish(self, *posts: Post, source: str = "kuchikomi") -> None:
        self.feeds.feeds[source] = posts


class _CrashesBetweenPosts:
    """The queue takes posts one by one, and the process may die between any two."""

    def __init__(self, queue: InMemoryPostQueue, plan: CrashPlan) -> None:
        self._queue, self._plan = queue, plan

    def send(self, posts: Sequence[Post]) -> None:
        for post in posts:
            self._plan.moment()
            self._queue.send_one(post)
        self._plan.moment()


def outcomes(report: CollectReport) -> list[str]:
    return [result.outcome.value for result in report.results]


def some_posts(*numbers: int) -> list[Post]:
    return [a_post(id=f"post-{n}", text=f"投稿 {n}") for n in numbers]
