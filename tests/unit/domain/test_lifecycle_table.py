from __future__ import annotations

import pytest

from hikeshi.domain.errors import IllegalTransitionError
from hikeshi.domain.lifecycle import FINAL, TRANSITIONS, IncidentStatus, LifecycleEvent, next_status

PAIRS = [(status, event) for status in IncidentStatus for event in LifecycleEvent]


@pytest.mark.parametrize(("status", "event"), PAIRS)
def test_a_pair_outside_the_table_is_refused_and_says_both(
    status: IncidentStatus, event: LifecycleEvent
) -> None:
    if (status, event) in TRANSITIONS:
        assert next_status(status, event) is TRANSITIONS[status, event]
        return
    with pytest.raises(IllegalTransitionError) as refused:
        next_status(status, event)
    assert (refused.value.status, refused.value.event) == (status, event)


def test_every_status_can_be_reached_from_detection() -> None:
    reached = {IncidentStatus.DETECTED}
    while new := {t for (source, _), t in TRANSITIONS.items() if source in reached} - reached:
        reached |= new
    assert reached == set(IncidentStatus)


def test_every_status_leads_to_an_end() -> None:
    ending = set(FINAL)
    while new := {source for (source, _), t in TRANSITIONS.items() if t in ending} - ending:
        ending |= new
    assert ending == set(IncidentStatus)


def test_every_event_is_used_and_an_end_is_left_only_by_reopening() -> None:
    assert {event for _, event in TRANSITIONS} == set(LifecycleEvent)
    assert {event for status, event in TRANSITIONS if status in FINAL} == {LifecycleEvent.REOPENED}
    assert not any(status.is_open for status in FINAL)
