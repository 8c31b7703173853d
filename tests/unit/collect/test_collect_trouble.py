"""One source's trouble is its own, and no crash loses a post."""

from __future__ import annotations

import pytest

from hikeshi.domain.errors import DeliveryError, FetchError, InvalidFeedError
from hikeshi.domain.sources import Source
from hikeshi.services.collection.collect import fingerprint
from tests.builders import (
    a_source,
)
from tests.fakes.crashing import CrashError, CrashPlan
from tests.unit.collect.collection import Collection, outcomes, some_posts


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
