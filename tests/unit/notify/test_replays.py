"""The short cuts of the fault schedules leave nothing out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import pytest

from tests.builders import a_message, a_message_row
from tests.faults.backstage import InMemory
from tests.faults.fate import Fate
from tests.faults.replays import Replays
from tests.faults.schedules import explore
from tests.faults.stories import Story
from tests.faults.telling import Telling
from tests.faults.world import Seen, run, silence


@pytest.fixture(autouse=True)
def _silence() -> Iterator[None]:
    with silence():
        yield


def outcome(seen: Seen) -> tuple[object, ...]:
    return seen.sms, seen.mails, seen.alike, seen.answers, seen.decided_by, seen.incidents, seen.settled


@pytest.mark.parametrize("story", [Story.ANSWER, Story.SILENCE])
def test_a_run_that_goes_on_from_another_comes_to_what_a_whole_one_comes_to(story: Story) -> None:
    replayed = [(ran.strikes, outcome(ran.seen)) for ran in explore(Replays(story).run, faults=1)]
    whole = [(ran.strikes, outcome(ran.seen)) for ran in explore(partial(run, story=story), faults=1)]
    assert replayed == whole


def test_what_grows_from_a_run_leaves_that_run_as_it_was() -> None:
    replays = Replays(Story.ANSWER)
    trace, seen = replays.run({})
    runs = list(explore(replays.run, faults=1))
    assert len(runs) > 100
    assert replays.run({}) == (trace, seen)


@dataclass
class Changing:
    word: str


def test_states_differ_by_everything_but_the_names_of_what_was_minted() -> None:
    telling, row = Telling(), a_message_row()
    one, other = f"inc-{1:026d}", f"inc-{2:026d}"
    assert telling.digest({one: row}, one) == telling.digest({other: row}, other)
    assert telling.digest({one: row}, one) != telling.digest({one: row}, other)
    assert telling.digest({one: row}) != telling.digest({one: row.claimed(by="w", at=row.due_at)})
    assert telling.digest(["a", "b"]) != telling.digest(["a"], "b")
    assert telling.digest(1) != telling.digest(True)


def test_what_could_change_unseen_is_refused() -> None:
    with pytest.raises(TypeError, match="Changing"):
        Telling().digest([Changing(word="x")])


def test_a_second_way_is_refused_for_it_asks_how_the_first_was_sent() -> None:
    backstage = InMemory(Fate())
    outbox = backstage.port("outbox")
    assert outbox is not None
    outbox.add((a_message_row(id="x", body=a_message(nth=2)),))
    with pytest.raises(TypeError, match="x is a second way"):
        backstage.told()
