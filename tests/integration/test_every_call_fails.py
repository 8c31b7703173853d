"""The adapters as they are deployed, struck at every call that botocore makes.

What a port promises to the services is proved on fakes (``tests/unit/notify/test_every_fault.py``); here
it is proved that the adapters keep it when AWS throttles, loses an answer, or a process ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from random import Random

import pytest
from moto import mock_aws

from tests.builders import NOON
from tests.composition import forget_what_was_built
from tests.fakes.environment import FrozenClock
from tests.faults.calls import CallFate, sites_of, struck
from tests.faults.fate import Kind, kinds_at
from tests.faults.on_moto import OnMoto
from tests.faults.promises import broken
from tests.faults.schedules import Ran, Strikes, explore
from tests.faults.stories import Story
from tests.faults.world import Seen, World, silence

ELSEWHERE = {
    "dynamodb_alerts": "grouping, before there is an alert, and the pages after it",
    "dynamodb_incidents.DynamoDbIncidentRepository._index:query": "lists incidents for digest and auditor",
    "dynamodb_incidents.DynamoDbIncidentRepository.recent:query": "lists incidents for commands",
    "dynamodb_incidents.DynamoDbIncidentRepository.restless_brands:get_item": "how often feeds are read",
    "dynamodb_links.DynamoDbLinkStore.count_wrong_number:update_item": "a wrong number takes nothing on",
    "dynamodb_links.DynamoDbLinkStore.every:scan": "the operator's",
    "dynamodb_links.DynamoDbLinkStore.revoke:update_item": "the operator's",
    "dynamodb_outbox.DynamoDbOutbox.about:query": "the record of what people were sent",
    "stepfunctions.StepFunctionsWorkflow.stop_lifecycle:stop_execution": "ends an exercise",
}
"""Places of the adapters that the way does not lead over, each with what it is for."""

SAMPLED = 200
sites: set[str] = set()


@pytest.fixture(autouse=True, scope="module")
def _clients() -> Iterator[None]:
    forget_what_was_built()
    with silence():
        yield
    forget_what_was_built()


def run(strikes: Strikes, story: Story) -> tuple[tuple[str, ...], Seen]:
    fate = CallFate(strikes=strikes)
    with mock_aws(), struck(fate):
        clock = FrozenClock(NOON)
        seen = World(fate, story, OnMoto(fate, clock), clock).run()
    sites.update(fate.sites)
    return tuple(fate.trace), seen


def struck_in_turn(story: Story) -> Iterator[Ran[Seen]]:
    """Strike each call once, by one kind of fault after another."""
    calls, _ = run({}, story)
    for place, call in enumerate(calls):
        kinds = kinds_at(call)
        strikes = {place: kinds[place % len(kinds)]}
        trace, seen = run(strikes, story)
        yield Ran(strikes=strikes, trace=trace, seen=seen)


def test_a_fault_at_any_call_loses_nobody_and_sends_no_sms_more_than_twice() -> None:
    runs = list(struck_in_turn(Story.ANSWER))
    assert len(runs) > 20
    assert [line for ran in runs for line in broken(ran, Story.ANSWER)] == []


@pytest.mark.soak
@pytest.mark.timeout(7_200)
@pytest.mark.parametrize("story", Story)
def test_any_fault_at_any_call_loses_nobody_either(story: Story) -> None:
    runs = explore(partial(run, story=story), faults=1)
    assert [line for ran in runs for line in broken(ran, story)] == []


@pytest.mark.soak
@pytest.mark.timeout(7_200)
@pytest.mark.parametrize("story", Story)
def test_three_faults_anywhere_lose_nobody(story: Story) -> None:
    dice = Random(story.value)  # noqa: S311  # repeatable, and nothing depends on it
    for _ in range(SAMPLED):
        strikes: dict[int, Kind] = {}
        for _ in range(3):
            calls, _ = run(strikes, story)
            place = dice.randrange(max(strikes, default=-1) + 1, len(calls) + 1)
            if place < len(calls):
                strikes[place] = dice.choice(kinds_at(calls[place]))
        trace, seen = run(strikes, story)
        assert broken(Ran(strikes=strikes, trace=trace, seen=seen), story) == []


@pytest.mark.parametrize("story", Story)
def test_without_a_fault_nothing_dies_and_every_promise_holds(story: Story) -> None:
    trace, seen = run({}, story)
    assert seen.died == ()
    assert seen.alike <= 1
    assert broken(Ran(strikes={}, trace=trace, seen=seen), story) == []


def test_a_lost_answer_to_the_provider_is_not_asked_for_again_by_the_client() -> None:
    send = run({}, Story.SILENCE)[0].index("sns.Publish")
    trace, seen = run({send: Kind.LOST_REPLY}, Story.SILENCE)
    # The client would send again within the same process; the dispatcher does, later, and counts it.
    assert trace[send + 1] != "sns.Publish"
    assert seen.sms["nakano"] == 2


def test_no_call_of_any_adapter_on_the_way_is_left_out() -> None:
    for story in Story:
        calls, _ = run({}, story)
    run({calls.index("sns.Publish"): Kind.CRASH}, story)  # what died is left to a sweep
    fate = CallFate()
    with mock_aws(), struck(fate):
        modules = OnMoto(fate, FrozenClock(NOON)).adapters
    left = {site for site in sites_of(*modules) - sites if site.split(".")[0] not in ELSEWHERE}
    assert left <= set(ELSEWHERE)
    assert {site for site in ELSEWHERE if ":" in site} <= sites_of(*modules)
