"""Rotations: a turn is never empty, never doubled, and changes hands to the second."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hikeshi.domain.japan_time import JST
from hikeshi.domain.rotations import WEEK, Rotation, ShiftOverride

MONDAY = datetime(2026, 9, 7, 9, 0, tzinfo=JST)
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)

moments = st.integers(-300_000_000, 300_000_000).map(lambda n: MONDAY + timedelta(seconds=n))
names = st.sampled_from(["arai", "ueda", "sato", "ito", "mori"])
members = st.lists(names, min_size=1, max_size=5, unique=True)
turns = st.sampled_from([timedelta(hours=12), DAY, WEEK, 2 * WEEK])


def a_rotation(*people: str, overrides: tuple[ShiftOverride, ...] = (), every: timedelta = WEEK) -> Rotation:
    return Rotation(
        id="desk",
        name="監視当番",
        people=people or ("arai", "ueda", "sato"),
        starts_at=MONDAY,
        every=every,
        overrides=overrides,
    )


def an_override(person: str, begins: datetime, ends: datetime, *, made: int = 0) -> ShiftOverride:
    return ShiftOverride(
        id=f"o-{made}",
        rotation_id="desk",
        person_id=person,
        begins_at=begins,
        ends_at=ends,
        made_at=MONDAY + timedelta(minutes=made),
        made_by="nakano",
    )


def test_the_first_of_the_list_begins_and_the_next_follows_to_the_second() -> None:
    rotation = a_rotation()
    assert rotation.holder(MONDAY) == "arai"
    assert rotation.holder(MONDAY + WEEK - SECOND) == "arai"
    assert rotation.holder(MONDAY + WEEK) == "ueda"


def test_the_turn_before_the_first_belongs_to_the_last_of_the_list() -> None:
    assert a_rotation().holder(MONDAY - SECOND) == "sato"


@given(members, turns, moments)
def test_at_every_moment_one_of_the_people_is_on_call_for_one_whole_turn(
    people: list[str], every: timedelta, at: datetime
) -> None:
    rotation = a_rotation(*people, every=every)
    begins = MONDAY + ((at - MONDAY) // every) * every
    assert begins <= at < begins + every
    assert {rotation.holder(begins), rotation.holder(begins + every - SECOND)} == {rotation.holder(at)}
    following = people[(people.index(rotation.holder(at)) + 1) % len(people)]
    assert rotation.holder(begins + every) == following


@given(members, moments)
def test_over_a_round_everybody_has_one_turn(people: list[str], at: datetime) -> None:
    rotation = a_rotation(*people)
    assert sorted(rotation.holder(at + n * WEEK) for n in range(len(people))) == sorted(people)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (datetime(2026, 12, 28, 8, 59, 59, tzinfo=JST), datetime(2026, 12, 28, 9, 0, tzinfo=JST)),
        (datetime(2027, 1, 4, 8, 59, 59, tzinfo=JST), datetime(2027, 1, 4, 9, 0, tzinfo=JST)),
        (datetime(2028, 2, 28, 8, 59, 59, tzinfo=JST), datetime(2028, 2, 28, 9, 0, tzinfo=JST)),
        (datetime(2028, 3, 6, 8, 59, 59, tzinfo=JST), datetime(2028, 3, 6, 9, 0, tzinfo=JST)),
    ],
)
def test_weeks_change_hands_over_the_ends_of_months_and_years(before: datetime, after: datetime) -> None:
    rotation = a_rotation("arai", "ueda")
    assert rotation.holder(before) != rotation.holder(after)
    assert rotation.holder(after) == rotation.holder(after + WEEK - SECOND)


def test_new_years_eve_belongs_to_one_shift() -> None:
    rotation = a_rotation("arai", "ueda")
    shift = rotation.shift_at(datetime(2026, 12, 31, 23, 50, tzinfo=JST))
    assert shift.ends_at == datetime(2027, 1, 4, 9, 0, tzinfo=JST)


def test_an_override_holds_from_its_first_moment_until_before_its_last() -> None:
    begins, ends = MONDAY + DAY, MONDAY + 2 * DAY
    rotation = a_rotation(overrides=(an_override("mori", begins, ends),))
    seen = [rotation.holder(at) for at in (begins - SECOND, begins, ends - SECOND, ends)]
    assert seen == ["arai", "mori", "mori", "arai"]


def test_of_two_overrides_that_overlap_the_later_entered_holds() -> None:
    older = an_override("mori", MONDAY, MONDAY + 3 * DAY, made=1)
    newer = an_override("ito", MONDAY + DAY, MONDAY + 2 * DAY, made=2)
    rotation = a_rotation(overrides=(older, newer))
    holders = [rotation.holder(MONDAY + timedelta(hours=h)) for h in (0, 24, 47, 48, 72)]
    assert holders == ["mori", "ito", "ito", "mori", "arai"]


@given(
    st.lists(st.tuples(names, moments, st.integers(1, 400)), min_size=1, max_size=6),
    moments,
)
def test_shifts_follow_each_other_without_gap_and_each_has_one_holder(
    given_overrides: list[tuple[str, datetime, int]], at: datetime
) -> None:
    overrides = tuple(
        an_override(person, begins, begins + timedelta(hours=hours), made=n)
        for n, (person, begins, hours) in enumerate(given_overrides)
    )
    rotation = a_rotation(overrides=overrides)
    shifts = rotation.shifts(at, count=6)
    assert shifts[0].begins_at == at
    for shift, following in pairwise(shifts):
        assert shift.ends_at == following.begins_at
        assert shift.person_id != following.person_id
        assert shift.ends_at is not None
        assert rotation.holder(shift.begins_at) == rotation.holder(shift.ends_at - SECOND) == shift.person_id


def test_a_shift_of_one_person_alone_has_no_end() -> None:
    assert a_rotation("arai").shifts(MONDAY, count=3) == (a_rotation("arai").shift_at(MONDAY),)
    assert a_rotation("arai").shift_at(MONDAY).ends_at is None


def test_everybody_else_steps_in_in_the_order_of_their_turns() -> None:
    rotation = a_rotation("arai", "ueda", "sato")
    assert rotation.in_order(MONDAY + WEEK) == ("ueda", "sato", "arai")
    covered = a_rotation("arai", "ueda", overrides=(an_override("mori", MONDAY, MONDAY + DAY),))
    assert covered.in_order(MONDAY) == ("mori", "arai", "ueda")
