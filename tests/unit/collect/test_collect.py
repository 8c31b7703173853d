"""What of a feed is new, and when a source is read."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.sources import Source
from hikeshi.services.collection.collect import BUDGET, fingerprint
from tests.builders import (
    BRAND,
    NOON,
    a_post,
    a_room,
    a_source,
    an_incident,
)
from tests.fakes.collecting import InMemorySourceStore
from tests.unit.collect.collection import Collection, outcomes, some_posts


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
