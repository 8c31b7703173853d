"""A source that fails or brings nothing any more is told to the desk."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hikeshi.domain.actions import Role
from hikeshi.domain.errors import FetchError
from hikeshi.domain.outbox import Message
from hikeshi.domain.people import Channel
from hikeshi.domain.sources import TALLIED_HOURS, Cursor
from hikeshi.services.collection.collect import CollectReport
from tests.builders import (
    NOON,
    a_configuration,
    a_person,
    a_post,
    a_roster,
    a_source,
    a_watch_list,
)
from tests.fakes.crashing import CrashError, CrashPlan
from tests.unit.collect.collection import Collection, some_posts


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
