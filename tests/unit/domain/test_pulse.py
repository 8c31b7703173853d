from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from hikeshi.domain.pulse import KEPT, NO_PULSE, Pulse, together
from tests.builders import NOON

facts = st.lists(
    st.tuples(st.integers(0, 500), st.integers(0, 90), st.integers(0, 90)).map(
        lambda f: (f[0], min(f[1:]), max(f[1:]))
    ),
    max_size=8,
)


def beaten(given: list[tuple[int, int, int]]) -> Pulse:
    pulse = Pulse()
    for count, start, end in given:
        pulse = pulse.with_voices(
            count, start=NOON + timedelta(minutes=start), end=NOON + timedelta(minutes=end)
        )
    return pulse


def test_what_came_between_two_moments_is_spread_over_them() -> None:
    pulse = beaten([(100, 0, 19)])
    end = NOON + timedelta(minutes=19)
    assert pulse.voices(until=end) == 50.0
    assert pulse.voices(until=end, minutes=20) == 100.0
    assert pulse.voices(until=NOON - timedelta(minutes=1)) == 0.0


def test_half_an_hour_is_remembered() -> None:
    pulse = beaten([(30, 0, 29), (1, 45, 45)])
    assert len(pulse.beats) == KEPT
    assert pulse.voices(until=NOON + timedelta(minutes=45), minutes=60) == 15.0


@given(given=facts, order=st.randoms(use_true_random=False))
def test_the_same_facts_in_any_order_give_the_same_pulse(
    given: list[tuple[int, int, int]], order: object
) -> None:
    shuffled = list(given)
    order.shuffle(shuffled)  # type: ignore[attr-defined]  # a random.Random
    assert beaten(shuffled) == beaten(given)


@given(given=facts)
def test_nothing_is_counted_twice(given: list[tuple[int, int, int]]) -> None:
    pulse = beaten(given)
    if pulse.until is not None:
        assert pulse.voices(until=pulse.until, minutes=KEPT) <= sum(count for count, _, _ in given) + 1e-9


def test_pulses_taken_together_beat_as_one_and_one_that_cannot_tell_silences_all() -> None:
    early = NO_PULSE.with_voices(3, start=NOON, end=NOON)
    late = NO_PULSE.with_voices(4, start=NOON + timedelta(minutes=5), end=NOON + timedelta(minutes=5))
    both = together((early, late))
    assert both.voices(until=NOON + timedelta(minutes=9)) == 7.0
    assert both.voices(until=NOON + timedelta(minutes=10)) == 4.0
    assert together((early, NO_PULSE)) == together(()) == NO_PULSE
