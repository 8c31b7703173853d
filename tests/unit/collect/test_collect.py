from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hikeshi.domain.actions import Role
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.errors import DeliveryError, FetchError, InvalidFeedError
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.outbox import Message
from hikeshi.domain.people import Channel
from hikeshi.domain.posts import Post
from hikeshi.domain.sources import TALLIED_HOURS, Cursor, Source
from hikeshi.services.collect import BUDGET, Collecting, CollectReport, collect_posts, fingerprint
from tests.builders import (
    BRAND,
    NOON,
    a_configuration,
    a_person,
    a_post,
    a_room,
    a_roster,
    a_source,
    a_watch_list,
    an_incident,
)
from tests.fakes.collecting import InMemoryPostQueue, InMemorySourceStore, ScriptedFeedReader
from tests.fakes.crashing import CrashError, CrashPlan
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


# ---- what is new -------------------------------------------------------------------------------


def test_new_posts_are_queued_once() -> None:
    collection = Collection()
    collection.publish(*some_posts(1, 2))
    assert collection.run().new == 2
    collection.publish(*some_posts(1, 2, 3))
    assert collection.next_minute().new == 1
    assert collection.queue.ids() == ["post-1", "post-2", "post-3"]
    assert not collection.store.pages


def test_the_oldest_post_of_a_read_is_queued_first_whatever_the_order_of_the_feed() -> None:
    collection = Collection()
    first, second, third = some_posts(1, 2, 3)
    later = [replace(p, published_at=NOON + timedelta(minutes=m)) for p, m in ((second, 2), (third, 4))]
    collection.publish(later[1], first, later[0])
    collection.run()
    assert collection.queue.ids() == ["post-1", "post-2", "post-3"]


def test_an_unchanged_feed_is_asked_conditionally_and_brings_nothing() -> None:
    collection = Collection()
    collection.publish(*some_posts(1))
    collection.run()
    assert outcomes(collection.next_minute()) == ["not_modified"]
    assert collection.store.cursors["kuchikomi"].last_success_at == NOON + timedelta(minutes=1)


@pytest.mark.parametrize("change", [{"reposts": 120}, {"text": "書き直しました"}, {"media": ("video",)}])
def test_a_post_that_spreads_or_is_edited_is_queued_again(change: dict[str, Any]) -> None:
    collection = Collection()
    collection.publish(a_post())
    collection.run()
    collection.publish(a_post(**change))
    assert collection.next_minute().new == 1


def test_the_time_of_fetching_alone_makes_nothing_new() -> None:
    later = a_post(fetched_at=NOON + timedelta(hours=1), published_at=NOON + timedelta(hours=1))
    assert fingerprint(a_post()) == fingerprint(later)


def test_items_that_cannot_be_read_are_counted_and_their_neighbours_queued() -> None:
    collection = Collection()
    collection.publish(*some_posts(1))
    collection.feeds.rejected = 2
    (result,) = collection.run().results
    assert (result.new, result.rejected) == (1, 2)


def test_a_post_that_no_queue_message_holds_is_counted_and_its_neighbours_queued() -> None:
    incompressible = "".join(chr(0x10000 + n * 7919 % 0x60000) for n in range(100_000))
    collection = Collection()
    collection.publish(a_post(id="huge", text=incompressible), *some_posts(1))
    (result,) = collection.run().results
    assert (result.new, result.rejected) == (1, 1)


# ---- slots and leases --------------------------------------------------------------------------


def test_a_source_is_read_once_a_slot_however_often_the_schedule_fires() -> None:
    collection = Collection(a_source(every_minutes=5))
    collection.clock.set(NOON.replace(minute=55))
    read = [outcomes(collection.run())[0]] + [outcomes(collection.next_minute())[0] for _ in range(6)]
    assert read == ["read", "not_due", "not_due", "not_due", "not_due", "not_modified", "not_due"]
    assert outcomes(collection.run()) == ["not_due"]
    assert len(collection.feeds.reads) == 2


@pytest.mark.parametrize(
    ("status", "reads"),
    [
        (IncidentStatus.DETECTED, 7),
        (IncidentStatus.CALMING, 7),
        (IncidentStatus.REPORTING, 2),
        (IncidentStatus.CLOSED, 2),
    ],
)
def test_s2_6_a_source_is_read_more_often_until_the_incident_of_its_brand_is_calm(
    status: IncidentStatus, reads: int
) -> None:
    collection = Collection(a_source(every_minutes=5))
    collection.incidents.put(a_room(incident=an_incident(status=status)))
    collection.clock.set(NOON.replace(minute=54))
    for _ in range(7):
        collection.next_minute()
    assert len(collection.feeds.reads) == reads


def test_s2_6_no_source_is_read_more_often_than_it_allows_and_one_of_another_brand_as_ever() -> None:
    slow = a_source(every_minutes=60)
    assert slow.minutes(()) == 60
    assert slow.minutes({BRAND}) == 12
    assert replace(slow, busy_minutes=30).minutes({BRAND}) == 30
    assert replace(slow, busy_minutes=90).minutes({BRAND}) == 60
    assert replace(slow, brand="another").minutes({BRAND}) == 60
    assert replace(slow, brand=BRAND).minutes({BRAND}) == 12
    assert a_source(every_minutes=1).minutes({BRAND}) == 1


def test_without_an_answer_about_incidents_every_source_keeps_its_pace(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def gone() -> frozenset[str]:
        raise ConnectionError("no answer")

    collection = Collection()
    monkeypatch.setattr(collection.incidents, "restless_brands", gone)
    report = collection.run()
    assert outcomes(report) == ["read"]
    assert isinstance(report.fault, ConnectionError)


def test_a_run_that_loses_the_lease_reads_nothing() -> None:
    collection = Collection()

    class TakenInBetween(InMemorySourceStore):
        def lease(self, cursor: Any, *, at: Any) -> Any:
            super().lease(cursor, at=at)
            return super().lease(cursor, at=at)

    collection.store = TakenInBetween()
    assert outcomes(collection.run()) == ["taken"]
    assert collection.feeds.reads == []


def test_a_run_that_is_overtaken_while_it_reads_stores_and_queues_nothing() -> None:
    collection = Collection()
    collection.publish(*some_posts(1))
    read = collection.feeds.read

    def slow(source: Source, cursor: Any, *, at: Any) -> Any:
        page = read(source, cursor, at=at)
        collection.store.lease(collection.store.load(source.id)[0], at=at)
        return page

    collection.feeds.read = slow  # type: ignore[method-assign]  # the slow reader of this test alone
    assert outcomes(collection.run()) == ["taken"]
    assert collection.queue.posts == []


def test_no_source_is_begun_so_late_that_it_could_not_end() -> None:
    collection = Collection()
    moments = iter([NOON, NOON + BUDGET + timedelta(seconds=1)])
    collection.clock.now = lambda: next(moments)  # type: ignore[method-assign]  # time runs out at once
    assert outcomes(collection.run()) == ["postponed"]


# ---- one source's trouble is its own -----------------------------------------------------------


def three_sources() -> list[Source]:
    return [a_source(id=name) for name in ("a", "b", "c")]


@pytest.mark.parametrize("error", [FetchError("status 503"), InvalidFeedError("a web page, not a feed")])
def test_a_source_that_fails_leaves_the_others_alone(error: Exception) -> None:
    collection = Collection(*three_sources())
    collection.publish(*some_posts(1), source="a")
    collection.feeds.feeds["b"] = error
    collection.publish(*some_posts(3), source="c")
    report = collection.run()
    assert outcomes(report) == ["read", "failed", "read"]
    assert collection.queue.ids() == ["post-1", "post-3"] or collection.queue.ids() == ["post-3", "post-1"]
    assert collection.store.cursors["b"].last_error == str(error)


def test_a_failed_read_keeps_the_place_in_the_feed() -> None:
    collection = Collection()
    collection.publish(*some_posts(1))
    collection.run()
    before = collection.store.cursors["kuchikomi"]
    collection.feeds.feeds["kuchikomi"] = InvalidFeedError("the answer is empty")
    collection.next_minute()
    after = collection.store.cursors["kuchikomi"]
    assert (after.etag, after.seen, after.page, after.failures) == (before.etag, before.seen, before.page, 1)


def test_a_fault_of_our_own_is_raised_after_the_others_had_their_turn() -> None:
    collection = Collection(*three_sources())
    for name, number in (("a", 1), ("b", 2), ("c", 3)):
        collection.publish(*some_posts(number), source=name)
    collection.feeds.feeds["b"] = RuntimeError("the table does not answer")
    with pytest.raises(ExceptionGroup, match="1 of 3 sources") as raised:
        collection.run()
    assert raised.group_contains(RuntimeError)
    assert sorted(collection.queue.ids()) == ["post-1", "post-3"]


def test_a_queue_that_fails_half_way_loses_nothing_and_fails_the_run() -> None:
    collection = Collection()
    collection.queue.refuse_after = 2
    collection.publish(*some_posts(1, 2, 3, 4))
    with pytest.raises(ExceptionGroup) as raised:
        collection.run()
    assert raised.group_contains(DeliveryError)
    collection.queue.refuse_after = None
    collection.next_minute()
    assert set(collection.queue.ids()) == {"post-1", "post-2", "post-3", "post-4"}


def test_a_page_left_behind_is_sent_in_the_next_minute_though_the_source_is_not_due() -> None:
    collection = Collection(a_source(every_minutes=60))
    collection.queue.refuse_after = 0
    collection.publish(*some_posts(1))
    with pytest.raises(ExceptionGroup):
        collection.run()
    collection.queue.refuse_after = None
    report = collection.next_minute()
    assert (outcomes(report), report.new) == (["not_due"], 1)


# ---- crashes -----------------------------------------------------------------------------------


def moments_of_two_runs() -> int:
    collection, plan = Collection(), CrashPlan()
    collection.publish(*some_posts(1, 2))
    collection.run(plan)
    collection.publish(*some_posts(1, 2, 3))
    collection.next_minute(plan)
    return plan.passed


@pytest.mark.parametrize("moment", range(1, moments_of_two_runs() + 1))
def test_a_crash_at_any_moment_loses_no_post_and_repeats_are_redeliveries(moment: int) -> None:
    collection, plan = Collection(), CrashPlan(at=moment)
    for posts in (some_posts(1, 2), some_posts(1, 2, 3)):
        collection.publish(*posts)
        try:
            collection.next_minute(plan)
        except* CrashError:
            collection.next_minute()
    collection.next_minute()
    assert set(collection.queue.ids()) == {"post-1", "post-2", "post-3"}
    assert len({fingerprint(post) for post in collection.queue.posts}) == 3
    assert len(collection.queue.posts) <= 3 + 3
    assert not collection.store.pages


def test_a_post_that_left_the_feed_after_the_crash_is_not_lost() -> None:
    collection = Collection()
    collection.publish(*some_posts(1))
    with pytest.raises(ExceptionGroup):
        # load, lease, read and save have two moments each: the ninth is the first post to the queue.
        collection.run(CrashPlan(at=9))
    assert collection.queue.posts == []
    collection.publish()
    collection.next_minute()
    assert collection.queue.ids() == ["post-1"]


# ---- silence -----------------------------------------------------------------------------------


def silenced(**configuration: Any) -> Collection:
    collection = Collection(**configuration)
    collection.run()
    collection.feeds.feeds["kuchikomi"] = FetchError("the source took too long")
    return collection


def messages(collection: Collection) -> list[Message]:
    return [row.body for row in collection.outbox.rows.values() if isinstance(row.body, Message)]


def test_the_third_failure_in_a_row_is_told_to_the_desk() -> None:
    collection = silenced()
    reports = [collection.next_minute() for _ in range(4)]
    assert [report.silent for report in reports] == [(), (), ("kuchikomi",), ()]
    (message,) = messages(collection)
    assert (message.person_id, message.channel, message.moment) == ("nakano", Channel.MAIL, "source_silent")
    assert not message.link
    assert message.params == {"source": "口コミ広場", "minutes": "3", "last_success_at": NOON.isoformat()}


def test_a_success_in_between_begins_the_count_anew() -> None:
    collection = silenced()
    failing = collection.feeds.feeds["kuchikomi"]
    for feed in (failing, failing, (), failing, failing):
        collection.feeds.feeds["kuchikomi"] = feed
        collection.next_minute()
    assert collection.store.cursors["kuchikomi"].failures == 2
    assert messages(collection) == []


def test_a_silence_that_lasts_is_said_again_but_once_a_day() -> None:
    collection = silenced()
    told = [minute for minute in range(1, 200) if collection.next_minute().silent]
    assert told == [3, 63, 123, 183]
    assert len(collection.outbox.rows) == 1
    collection.clock.advance(days=1)
    for _ in range(60):
        collection.next_minute()
    assert len(collection.outbox.rows) == 2


@pytest.mark.parametrize("moment", range(1, 9))
def test_a_crash_while_failing_tells_the_desk_once(moment: int) -> None:
    collection = silenced()
    collection.next_minute()
    collection.next_minute()
    try:
        collection.next_minute(CrashPlan(at=moment))
    except* (CrashError, FetchError):
        pass
    collection.next_minute()
    assert len(messages(collection)) == 1


def test_everybody_at_the_desk_is_told_by_mail_or_else_by_sms() -> None:
    people = {
        "nakano": a_person("nakano", mail=None),
        "mori": a_person("mori", roles=frozenset({Role.DESK})),
        "hara": a_person("hara", phone=None, mail=None),
    }
    roster = a_roster(people=people)
    roster = replace(roster, seats={**roster.seats, Role.DESK: ("nakano", "mori", "hara")})
    collection = silenced(roster=roster)
    for _ in range(3):
        collection.next_minute()
    assert [(m.person_id, m.channel.value) for m in messages(collection)] == [
        ("nakano", "sms"),
        ("mori", "mail"),
    ]


def test_a_source_that_was_never_read_is_told_by_its_tries() -> None:
    collection = Collection(a_source(every_minutes=5))
    collection.feeds.feeds["kuchikomi"] = FetchError("status 404")
    for _ in range(3):
        collection.clock.advance(minutes=5)
        collection.run()
    assert messages(collection)[0].params == {"source": "口コミ広場", "minutes": "15"}


def test_no_sources_are_no_work() -> None:
    collection = Collection()
    collection.configuration = a_configuration(watches=a_watch_list(sources={}))
    assert collection.run() == CollectReport(results=())


# ---- nothing where much is usual ---------------------------------------------------------------


def a_lively_source(days: int, *, every: int = 10) -> Collection:
    """A source that brought a post every ten minutes for so many days, read as often."""
    collection = Collection(a_source(every_minutes=every))
    for number in range(days * 24 * 60 // every):
        collection.publish(a_post(id=str(number), text=f"投稿 {number}"))
        collection.run()
        collection.clock.advance(minutes=every)
    return collection


def quiet(collection: Collection, *, minutes: int, every: int = 10) -> list[int]:
    """Read on while nothing new comes; returns the minutes at which the desk was told."""
    told = []
    for minute in range(0, minutes, every):
        if collection.run().silent:
            told.append(minute)
        collection.clock.advance(minutes=every)
    return told


def test_a_lively_source_that_brings_nothing_any_more_is_told_though_it_can_be_read() -> None:
    collection = a_lively_source(2)
    last = collection.clock.now() - timedelta(minutes=10)
    told = quiet(collection, minutes=4 * 60)
    assert len(told) == 1
    assert 60 <= told[0] <= 150
    (message,) = messages(collection)
    assert (message.moment, message.params["source"]) == ("source_silent", "口コミ広場")
    assert message.params["last_success_at"] == last.isoformat()
    assert 10 <= int(message.params["expected"]) <= 12


def test_one_post_ends_the_silence_and_the_next_one_is_told_anew() -> None:
    collection = a_lively_source(2)
    quiet(collection, minutes=3 * 60)
    collection.publish(a_post(id="again", text="また始まりました"))
    collection.run()
    cursor = collection.store.cursors["kuchikomi"]
    assert cursor.quiet_told_at is None
    assert cursor.last_new_at == collection.clock.now()


def test_a_silence_is_told_once_and_not_with_every_read() -> None:
    collection = a_lively_source(2)
    assert len(quiet(collection, minutes=20 * 60)) == 1


def test_a_new_source_that_falls_silent_is_not_told_before_a_day_is_known() -> None:
    collection = a_lively_source(0)
    collection.publish(*some_posts(*range(60)))
    assert quiet(collection, minutes=20 * 60) == []


def test_a_silent_source_of_few_posts_is_calm() -> None:
    collection = a_lively_source(3, every=180)
    assert quiet(collection, minutes=20 * 60, every=60) == []


def test_the_hours_of_two_weeks_are_kept_and_no_more() -> None:
    cursor = Cursor(source_id="kuchikomi").with_new(5, at=NOON)
    for hour in range(1, 500):
        cursor = cursor.with_new(1, at=NOON + timedelta(hours=hour))
    assert len(cursor.tally) == len(cursor.by_hour) == TALLIED_HOURS
    assert max(cursor.by_hour) == (NOON + timedelta(hours=499)).replace(minute=0)
    assert set(cursor.tally) == {1}
    assert cursor.with_new(2, at=NOON).tally[0] == 3
