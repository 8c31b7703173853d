from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hikeshi.domain.timeline import GENESIS, TimelineEntry, TimelineEvent, chain, first_broken
from tests.builders import NOON

EVENTS = st.lists(
    st.builds(
        TimelineEvent,
        kind=st.sampled_from(("opened", "paged", "acknowledged")),
        at=st.integers(0, 10_000).map(lambda seconds: NOON + timedelta(seconds=seconds)),
        actor=st.sampled_from(("hikeshi", "sato")),
        details=st.dictionaries(st.text(max_size=5), st.text(max_size=20), max_size=3),
    ),
    max_size=8,
)


def entries(events: list[TimelineEvent]) -> list[TimelineEntry]:
    return list(chain(events, after_seq=0, after_digest=GENESIS))


@given(EVENTS, st.integers(0, 8))
def test_a_chain_written_in_parts_is_the_chain_written_at_once(events: list[TimelineEvent], cut: int) -> None:
    first = entries(events[:cut])
    seq, digest = (first[-1].seq, first[-1].digest) if first else (0, GENESIS)
    parts = [*first, *chain(events[cut:], after_seq=seq, after_digest=digest)]
    assert parts == entries(events)
    assert first_broken(parts) is None


@given(EVENTS.filter(len), st.data())
def test_any_change_is_found_at_its_place(events: list[TimelineEvent], data: st.DataObject) -> None:
    whole = entries(events)
    place = data.draw(st.integers(0, len(whole) - 1))
    event = whole[place].event
    forged = data.draw(
        st.sampled_from(
            (
                replace(event, kind="forged"),
                replace(event, actor="somebody"),
                replace(event, at=event.at + timedelta(microseconds=1)),
                replace(event, details={**event.details, "forged": "x"}),
            )
        )
    )
    whole[place] = replace(whole[place], event=forged)
    assert first_broken(whole) == place + 1


@given(EVENTS.filter(lambda events: len(events) > 1), st.data())
def test_a_missing_entry_is_found(events: list[TimelineEvent], data: st.DataObject) -> None:
    whole = entries(events)
    place = data.draw(st.integers(0, len(whole) - 2))
    del whole[place]
    assert first_broken(whole) == place + 1


def test_the_digest_is_the_same_on_every_machine() -> None:
    event = TimelineEvent(kind="acknowledged", at=NOON, actor="sato", details={"b": "二", "a": "一"})
    (entry,) = entries([event])
    assert entry.digest == "720add64f3e5ea53e1cdedd27ef3b56ddeeb83287ea4d122876f45b29ea7edbf"
    assert entries([replace(event, details={"a": "一", "b": "二"})])[0].digest == entry.digest


@pytest.mark.parametrize("at", [NOON, NOON.replace(microsecond=5)])
def test_the_first_entry_rests_on_nothing(at: datetime) -> None:
    (entry,) = entries([TimelineEvent(kind="opened", at=at)])
    assert (entry.seq, entry.previous) == (1, GENESIS)
