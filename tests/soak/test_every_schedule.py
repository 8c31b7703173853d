"""Every schedule of up to three faults over the way from an alert to a phone and back."""

from __future__ import annotations

from functools import partial

import pytest

from tests.faults.promises import broken
from tests.faults.replays import Replays
from tests.faults.schedules import explore
from tests.faults.stories import Story
from tests.faults.texts import written_once
from tests.faults.world import Seen, run, silence

pytestmark = [pytest.mark.soak, pytest.mark.timeout(14_400)]

LEAST = 20_000
"""Runs of the shortest story, those left out that would stand where another stood before."""


@pytest.mark.parametrize("story", Story)
def test_no_three_faults_lose_anybody_or_send_a_third_sms(story: Story) -> None:
    replays = Replays(story)
    wrong: list[str] = []
    played = 0
    with silence(), written_once():
        for ran in explore(replays.run, faults=3, in_stages=replays.run_in_stages):
            played += 1
            wrong += broken(ran, story)
    assert wrong == []
    assert played > LEAST


@pytest.mark.parametrize("story", Story)
def test_leaving_out_what_stands_alike_leaves_out_no_outcome(story: Story) -> None:
    """Two faults are few enough to run them all, and so to check the short cut."""
    with silence():
        whole = explore(partial(run, story=story), faults=2)
        outcomes = {_outcome(ran.seen) for ran in whole}
        replays = Replays(story)
        with written_once():
            short = explore(replays.run, faults=2, in_stages=replays.run_in_stages)
            assert {_outcome(ran.seen) for ran in short} == outcomes


def _outcome(seen: Seen) -> tuple[object, ...]:
    """Return what the promises are about."""
    reached = tuple(
        sorted((person, seen.sms[person], seen.mails[person]) for person in seen.sms | seen.mails)
    )
    return reached, seen.alike, seen.answers, seen.decided_by, seen.incidents, seen.settled
