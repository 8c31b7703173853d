"""Quiet hours on Japan's clock, most of them across midnight; and what is delivered when because of them."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hikeshi.domain.assessment import Level
from hikeshi.domain.japan_time import JST, read_moment
from hikeshi.domain.people import Channel, Person, Way
from hikeshi.domain.quiet_hours import QuietHours
from hikeshi.services.messages.notices import EVERY_CHANNEL
from hikeshi.services.messages.reaching import deliveries
from tests.builders import a_person

NIGHT = QuietHours(begins=time(22), ends=time(7))
EVENING = datetime(2026, 12, 31, 23, 50, tzinfo=JST)
MORNING = datetime(2027, 1, 1, 7, 0, tzinfo=JST)
BOTH = frozenset(Channel)

times = st.times().map(lambda t: t.replace(second=0, microsecond=0, tzinfo=None))
moments = st.integers(-200_000_000, 200_000_000).map(lambda n: EVENING + timedelta(seconds=n))


@pytest.mark.parametrize(
    ("at", "until"),
    [
        (datetime(2026, 12, 31, 21, 59, 59, tzinfo=JST), None),
        (datetime(2026, 12, 31, 22, 0, tzinfo=JST), MORNING),
        (EVENING, MORNING),
        (datetime(2027, 1, 1, 0, 0, tzinfo=JST), MORNING),
        (datetime(2027, 1, 1, 6, 59, 59, tzinfo=JST), MORNING),
        (MORNING, None),
        (datetime(2026, 12, 31, 14, 50, tzinfo=UTC), MORNING),
        (datetime(2028, 2, 28, 23, 0, tzinfo=JST), datetime(2028, 2, 29, 7, 0, tzinfo=JST)),
    ],
)
def test_a_night_is_quiet_across_midnight_months_and_years(at: datetime, until: datetime | None) -> None:
    assert NIGHT.end_after(at) == until


@given(times, times, moments)
def test_quiet_ends_at_the_hour_that_was_chosen_within_a_day_and_is_over_then(
    begins: time, ends: time, at: datetime
) -> None:
    if begins == ends:
        return
    hours = QuietHours(begins=begins, ends=ends)
    clock = at.astimezone(JST).time()
    within = begins <= clock < ends if begins < ends else clock >= begins or clock < ends
    until = hours.end_after(at)
    assert (until is not None) is within
    if until is not None:
        assert at < until <= at + timedelta(days=1)
        assert until.astimezone(JST).time() == ends
        assert hours.end_after(until) is None


def sleeper(person: str = "sato", **changes: Any) -> Person:
    return a_person(person, **{"quiet": NIGHT, **changes})


def due(
    *people: Person, level: Level = Level.WARNING, urgent: bool = True
) -> list[tuple[str, str, datetime, bool]]:
    planned = deliveries(people, urgent=urgent, level=level, channels=EVERY_CHANNEL, at=EVENING)
    return [(each.person.id, each.channel.value, each.due_at, each.held) for each in planned]


def test_what_is_critical_passes() -> None:
    assert {(at, held) for _, _, at, held in due(sleeper(), level=Level.CRITICAL)} == {(EVENING, False)}


def test_a_page_waits_for_the_morning_if_somebody_else_on_the_step_is_awake() -> None:
    found = due(sleeper(), a_person("takahashi"))
    assert found == [
        ("sato", "sms", MORNING, True),
        ("sato", "mail", MORNING, True),
        ("takahashi", "sms", EVENING, False),
        ("takahashi", "mail", EVENING, False),
    ]


def test_a_page_that_would_be_held_whole_goes_at_once() -> None:
    found = due(sleeper(), sleeper("takahashi"))
    assert {(at, held) for _, _, at, held in found} == {(EVENING, False)}


def test_news_wait_for_the_morning_even_if_everybody_sleeps() -> None:
    assert {(at, held) for _, _, at, held in due(sleeper(), urgent=False)} == {(MORNING, True)}


def test_a_delay_that_reaches_into_the_quiet_is_held_and_one_that_reaches_out_is_not() -> None:
    late = sleeper(urgent=(Way(channel=Channel.MAIL), Way(channel=Channel.SMS, delay=timedelta(minutes=15))))
    awake = a_person("takahashi")
    before = datetime(2026, 12, 31, 21, 55, tzinfo=JST)
    planned = deliveries((late, awake), urgent=True, level=Level.WARNING, channels=EVERY_CHANNEL, at=before)
    assert [(d.channel.value, d.due_at, d.held) for d in planned[:2]] == [
        ("mail", before, False),
        ("sms", MORNING, True),
    ]
    early = datetime(2027, 1, 1, 6, 50, tzinfo=JST)
    planned = deliveries((late, awake), urgent=True, level=Level.WARNING, channels=EVERY_CHANNEL, at=early)
    assert [(d.channel.value, d.due_at, d.held) for d in planned[:2]] == [
        ("mail", MORNING, True),
        ("sms", early + timedelta(minutes=15), False),
    ]


@given(st.lists(st.booleans(), min_size=1, max_size=5), moments, st.sampled_from(list(Level)))
def test_somebody_on_a_step_is_always_told_at_once(sleeping: list[bool], at: datetime, level: Level) -> None:
    people = [a_person(f"p{n}", quiet=NIGHT if asleep else None) for n, asleep in enumerate(sleeping)]
    planned = deliveries(people, urgent=True, level=level, channels=EVERY_CHANNEL, at=at)
    assert any(each.due_at == at for each in planned)
    assert {each.person.id for each in planned} == {person.id for person in people}


def test_a_person_who_chose_nothing_is_told_on_every_channel_at_once() -> None:
    assert [(c, at) for _, c, at, _ in due(a_person())] == [("sms", EVENING), ("mail", EVENING)]


def test_urgent_and_normal_have_an_order_of_their_own() -> None:
    person = a_person(
        urgent=(Way(channel=Channel.SMS), Way(channel=Channel.MAIL, delay=timedelta(minutes=3))),
        normal=(Way(channel=Channel.MAIL),),
    )
    three = EVENING + timedelta(minutes=3)
    assert [(c, at) for _, c, at, _ in due(person)] == [("sms", EVENING), ("mail", three)]
    assert [(c, at) for _, c, at, _ in due(person, urgent=False)] == [("mail", EVENING)]


@pytest.mark.parametrize(
    ("changes", "channels"),
    [
        ({}, ["sms", "mail"]),
        ({"verified": frozenset({Channel.MAIL})}, ["mail"]),
        ({"verified": BOTH}, ["sms", "mail"]),
        ({"opted_out": frozenset({Channel.SMS})}, ["mail"]),
        ({"opted_out": frozenset({Channel.SMS}), "verified": frozenset({Channel.SMS})}, ["mail"]),
        ({"phone": None}, ["mail"]),
        ({"urgent": (Way(channel=Channel.SMS),)}, ["sms"]),
        ({"urgent": (Way(channel=Channel.SMS),), "opted_out": frozenset({Channel.SMS})}, ["mail"]),
        ({"urgent": (Way(channel=Channel.SMS),), "verified": frozenset({Channel.MAIL})}, ["mail"]),
        ({"opted_out": BOTH}, []),
    ],
)
def test_confirmed_addresses_come_first_and_refused_ones_never(
    changes: dict[str, Any], channels: list[str]
) -> None:
    assert [contact.channel.value for contact in a_person(**changes).contacts(urgent=True)] == channels


@pytest.mark.parametrize(
    ("written", "closing", "read"),
    [
        ("2026-09-07 09:00", False, datetime(2026, 9, 7, 9, 0, tzinfo=JST)),
        ("2026-12-31T23:50", False, datetime(2026, 12, 31, 23, 50, tzinfo=JST)),
        ("2026-12-31", False, datetime(2026, 12, 31, tzinfo=JST)),
        ("2026-12-31", True, datetime(2027, 1, 1, tzinfo=JST)),
        ("2028-02-28", True, datetime(2028, 2, 29, tzinfo=JST)),
        ("2026-12-31T23:50:00+09:00", True, datetime(2026, 12, 31, 23, 50, tzinfo=JST)),
    ],
)
def test_a_moment_is_read_as_in_japan_and_a_day_alone_counts_to_its_end(
    written: str, closing: bool, read: datetime
) -> None:
    assert read_moment(written, closing=closing) == read


@pytest.mark.parametrize("written", ["", "tomorrow", "2026-13-01", "2026-12-31T23:50Z", 20261231, None])
def test_anything_else_is_no_moment(written: object) -> None:
    with pytest.raises(ValueError, match=r"write a time|written as in Japan"):
        read_moment(written)
