"""Every schedule of up to three faults over the way from an alert to a phone and back."""

from __future__ import annotations

from functools import partial

import pytest

from tests.faults.promises import broken
from tests.faults.schedules import explore
from tests.faults.world import Story, run, silence

pytestmark = [pytest.mark.soak, pytest.mark.timeout(7_200)]

CALLS = 60
"""More than a run without faults makes."""


@pytest.mark.parametrize("place", range(CALLS))
@pytest.mark.parametrize("story", Story)
def test_three_faults_of_which_the_first_strikes_here_lose_nobody(place: int, story: Story) -> None:
    with silence():
        calls = len(run({}, story)[0])
        assert calls < CALLS
        first = range(place, min(place + 1, calls))
        runs = explore(partial(run, story=story), faults=3, first=first)
        assert [line for ran in runs for line in broken(ran, story)] == []
