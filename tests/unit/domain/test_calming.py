"""What counts as quiet, hour by hour."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hikeshi.domain.calming import Heard, Quiet, declare_calm_early, declare_calm_when_quiet, quiet_of
from hikeshi.domain.errors import NotReadyError
from hikeshi.domain.incidents import Slot
from hikeshi.domain.lifecycle import IncidentStatus
from tests.builders import NOON, a_room, an_incident

SIX_HOURS = timedelta(hours=6)
NORMAL = 0.1
"""Six voices an hour."""


def ago(hours: float) -> datetime:
    return NOON - timedelta(hours=hours)


def quiet(*heard: Heard, normal: float = NORMAL, wanted: timedelta = SIX_HOURS) -> Quiet:
    return quiet_of(heard, normal_per_minute=normal, wanted=wanted, since=ago(24), at=NOON)


def voices(count: int, hours: float) -> tuple[Heard, ...]:
    return tuple(Heard(at=ago(hours)) for _ in range(count))


def test_s2_6_what_is_at_the_brands_normal_for_the_whole_time_is_quiet() -> None:
    found = quiet(*(heard for hour in range(6) for heard in voices(6, hour + 0.5)))
    assert (found.missing, found.lasts, found.per_minute) == ((), SIX_HOURS, NORMAL)


def test_s2_6_one_hour_above_normal_begins_the_count_anew() -> None:
    found = quiet(*voices(7, 2.5))
    assert found.missing == ("calm_rate",)
    assert (found.lasts, found.earliest_at) == (timedelta(hours=2), NOON + timedelta(hours=4))


def test_s2_6_the_same_posts_are_loud_for_a_small_brand_and_quiet_for_a_large_one() -> None:
    posts = voices(30, 0.5)
    assert quiet(*posts, normal=0.3).missing == ("calm_rate",)
    assert quiet(*posts, normal=2.0).missing == ()


def test_a_single_post_in_an_hour_is_no_noise_even_where_nothing_is_normal() -> None:
    assert quiet(*voices(1, 0.5), normal=0.0).missing == ()
    assert quiet(*voices(2, 0.5), normal=0.0).missing == ("calm_rate",)


def test_s2_6_new_coverage_within_the_time_keeps_it_open() -> None:
    found = quiet(Heard(at=ago(2), press=True))
    assert found.missing == ("calm_press",)
    assert found.earliest_at == ago(2) + SIX_HOURS
    assert quiet(Heard(at=ago(7), press=True)).missing == ()


def test_no_time_wanted_asks_for_nothing() -> None:
    assert quiet(*voices(500, 0.1), wanted=timedelta()).missing == ()


def test_a_voice_of_the_future_is_not_counted() -> None:
    assert quiet(*voices(500, -1)).missing == ()


@given(
    lived=st.timedeltas(timedelta(), timedelta(hours=12)),
    wanted=st.timedeltas(timedelta(minutes=1), timedelta(hours=12)),
    heard=st.lists(st.builds(Heard, at=st.floats(0, 24).map(ago))),
    normal=st.floats(0, 5),
)
def test_s2_6_no_hour_before_the_alarm_counts_as_quiet(
    lived: timedelta, wanted: timedelta, heard: list[Heard], normal: float
) -> None:
    found = quiet_of(heard, normal_per_minute=normal, wanted=wanted, since=NOON - lived, at=NOON)
    assert found.lasts <= lived
    assert found.missing or lived >= wanted
    assert found.earliest_at >= NOON - lived + wanted


def test_s2_6_calm_is_refused_until_it_is_quiet_and_an_early_end_stays_on_record() -> None:
    room = a_room(incident=an_incident(status=IncidentStatus.CALMING))
    loud = quiet(*voices(7, 2.5))
    with pytest.raises(NotReadyError) as refused:
        declare_calm_when_quiet(room, loud, by="sato", at=NOON, basis="静かです")
    assert refused.value.missing == ("calm_rate",)
    ended, (event,) = declare_calm_early(room, loud, by="takahashi", at=NOON, reason="訂正が広まりました")
    assert event.kind == "calm_declared_early"
    assert event.details == {"reason": "訂正が広まりました", "hours": "2", "wanted": "6"}
    decision = ended.slot(Slot.CALMING).decision
    assert decision is not None
    assert (decision.by, decision.note) == ("takahashi", "訂正が広まりました")
