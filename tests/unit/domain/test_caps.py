from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hikeshi.domain.assessment import Level
from hikeshi.domain.caps import DEFAULT_CAPS, SendLog, is_capped, overtakes
from hikeshi.domain.people import Channel
from tests.builders import NOON, a_message

BLANK = SendLog(person_id="sato", channel=Channel.SMS)


def after(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def log_of(*minutes: float) -> SendLog:
    log = BLANK
    for number, minute in enumerate(minutes):
        log = log.counted(f"row-{number}", (), caps=DEFAULT_CAPS, at=after(minute))
    return log


def free_after(log: SendLog, minute: float) -> float:
    at = log.free_at("next", caps=DEFAULT_CAPS, at=after(minute))
    return (at - NOON).total_seconds() / 60


@pytest.mark.parametrize(
    ("sent", "now", "free"),
    [
        ((), 0, 0),
        ((0,), 0.5, 1),
        ((0,), 1, 1),
        ((0, 1, 2, 3, 4), 5, 15),
        (tuple(range(0, 44, 4)), 44, 60),
        (tuple(range(0, 168, 8)), 168, 180),
    ],
    ids=["first", "1 a minute", "a minute later", "5 in 15 minutes", "11 an hour", "21 in 3 hours"],
)
def test_a_text_waits_until_no_cap_stands_against_it(
    sent: tuple[float, ...], now: float, free: float
) -> None:
    assert free_after(log_of(*sent), now) == free


@given(st.lists(st.integers(0, 40), min_size=1, max_size=60))
def test_whoever_waits_as_told_never_breaks_a_cap(pauses: list[int]) -> None:
    log, now = BLANK, NOON
    sent: list[datetime] = []
    for number, pause in enumerate(pauses):
        now = log.free_at(str(number), caps=DEFAULT_CAPS, at=now + timedelta(seconds=pause))
        log = log.counted(str(number), (), caps=DEFAULT_CAPS, at=now)
        sent.append(now)
    for cap in DEFAULT_CAPS:
        for start in sent:
            inside = [at for at in sent if start <= at < start + cap.within]
            assert len(inside) <= cap.at_most


def test_a_row_that_was_counted_keeps_its_place_after_a_crash() -> None:
    log = BLANK.counted("row", (), caps=DEFAULT_CAPS, at=NOON)
    assert log.free_at("row", caps=DEFAULT_CAPS, at=after(0.5)) == after(0.5)
    again = log.counted("row", (), caps=DEFAULT_CAPS, at=after(0.5))
    assert len(again.sendings) == 1


@pytest.mark.parametrize(
    ("level", "moment", "capped"),
    [
        (Level.CRITICAL, "page", False),
        (Level.CRITICAL, "level_raised", False),
        (Level.CRITICAL, "roll_call", False),
        (Level.CRITICAL, "status", True),
        (Level.WARNING, "page", True),
    ],
)
def test_nothing_but_a_critical_call_passes_the_caps(level: Level, moment: str, capped: bool) -> None:
    assert is_capped(a_message(level=level, moment=moment)) is capped


@pytest.mark.parametrize(
    ("older", "newer", "gone"),
    [
        ("status", "status", True),
        ("status", "closed", True),
        ("acknowledged", "dismissed", True),
        ("acknowledged", "status", False),
        ("remind", "status", True),
        ("task", "task", False),
        ("page", "status", False),
        ("closed", "status", False),
    ],
)
def test_word_of_where_things_stand_is_overtaken_by_later_word(older: str, newer: str, gone: bool) -> None:
    first, second = a_message(moment=older, incident_version=3), a_message(moment=newer, incident_version=4)
    log = BLANK.counted("row", (second,), caps=DEFAULT_CAPS, at=NOON)
    assert log.has_overtaken(first) is gone
    assert overtakes(second, first) is gone
    assert not overtakes(first, second)


def test_word_of_another_incident_or_of_the_same_moment_overtakes_nothing() -> None:
    status = a_message(moment="status", incident_version=3)
    elsewhere = a_message(moment="status", incident_id="inc-other", incident_version=9)
    log = BLANK.counted("row", (status, elsewhere), caps=DEFAULT_CAPS, at=NOON)
    assert not log.has_overtaken(status)
    assert not overtakes(elsewhere, status)


def test_an_older_word_that_arrives_late_does_not_hide_the_newer() -> None:
    new, old = a_message(moment="status", incident_version=7), a_message(moment="status", incident_version=5)
    log = BLANK.counted("a", (new,), caps=DEFAULT_CAPS, at=NOON)
    log = log.counted("b", (old,), caps=DEFAULT_CAPS, at=after(2))
    assert log.has_overtaken(a_message(moment="status", incident_version=6))
