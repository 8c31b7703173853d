"""The way from an alert to a phone and back, struck at every call to the outside.

``make soak`` runs all schedules of up to three faults; here are all of one, and of two those whose first
fault strikes every nineteenth call. ``test_dispatch.py`` runs all of three over the dispatcher alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from inspect import isfunction
from typing import Any, get_type_hints

import pytest

from hikeshi.ports import responding, scoring
from hikeshi.runtime.responder_desk import ResponderDesk
from hikeshi.services.escalation.page import Paging
from hikeshi.services.incidents.drive_workflow import WorkflowDriver
from hikeshi.services.incidents.lifecycle import Asking
from hikeshi.services.incidents.open_incident import Opening
from hikeshi.services.messages.dispatch import Dispatcher
from tests.faults.fate import Kind
from tests.faults.promises import broken
from tests.faults.replays import Replays
from tests.faults.schedules import Ran, explore
from tests.faults.stories import FIRST, LAST, Story
from tests.faults.world import Seen, run, silence

EVERY = 19

ELSEWHERE = {
    "IncidentRepository.recent": "lists incidents for commands; nobody is told by it",
    "IncidentRepository.still_open": "the auditor's, which sets going again what was lost",
    "IncidentRepository.restless_brands": "how often feeds are read",
    "IncidentRepository.still_owing": "the auditor's, for incidents that are over",
    "IncidentRepository.opened_since": "counts for the digest",
    "Outbox.about": "the record of what people were sent",
    "ProofStore.keep": "evidence of a fact, after somebody has the incident",
    "ProofStore.keep_file": "a photo or document, after somebody has the incident",
    "ProofStore.file": "handed out again to whoever asks for it",
    "LinkStore.count_wrong_number": "a wrong number, which is no way of taking an incident on",
    "IncidentRepository.of_drill": "finds an exercise by its name, to score and end it",
    "Workflow.stop_lifecycle": "ends an exercise, which nobody waits for",
    "AlertStore.recent": "grouping, before there is an alert",
    "AlertStore.member": "grouping, before there is an alert",
    "AlertStore.home_of": "grouping, before there is an alert",
    "AlertStore.prints": "grouping, before there is an alert",
    "AlertStore.has_author": "grouping, before there is an alert",
    "AlertStore.move": "grouping, before there is an alert",
    "AlertStore.every": "counts alerts for the digest",
    "AlertStore.posts": "read for the page and when an alert joins an incident",
}
"""Operations of the ports that the way does not lead over, each with what it is for."""


@pytest.fixture(autouse=True)
def _silence() -> Iterator[None]:
    with silence():
        yield


@pytest.mark.parametrize("story", Story)
def test_one_fault_at_any_call_loses_nobody_and_sends_no_sms_more_than_twice(story: Story) -> None:
    runs = one_fault(story)
    assert len(runs) > 100
    assert [line for ran in runs for line in broken(ran, story)] == []


@pytest.mark.parametrize("story", Story)
def test_two_faults_lose_nobody_either(story: Story) -> None:
    calls = len(run({}, story)[0])
    replays = Replays(story)
    runs = explore(replays.run, faults=2, first=range(0, calls, EVERY), in_stages=replays.run_in_stages)
    assert [line for ran in runs for line in broken(ran, story)] == []


@pytest.mark.parametrize(
    ("story", "sms", "mails"),
    [
        (Story.SILENCE, {FIRST: 1, LAST: 1}, {LAST: 1}),
        (Story.ANSWER, {FIRST: 1}, {}),
        (Story.OPTED_OUT, {}, {FIRST: 1}),
    ],
)
def test_without_a_fault_everybody_gets_each_message_once(
    story: Story, sms: dict[str, int], mails: dict[str, int]
) -> None:
    _, seen = run({}, story)
    assert (seen.sms, seen.mails, seen.died) == (sms, mails, ())


def test_a_run_that_loses_the_answer_of_the_provider_twice_sends_two_sms_and_a_mail() -> None:
    # The one loss that nobody can see through: without this the faults would prove nothing.
    first = run({}, Story.SILENCE)[0].index("Sender.send")
    again = run({first: Kind.LOST_REPLY}, Story.SILENCE)[0].index("Sender.send", first + 1)
    _, seen = run({first: Kind.LOST_REPLY, again: Kind.LOST_REPLY}, Story.SILENCE)
    assert (seen.sms[FIRST], seen.mails[FIRST]) == (2, 1)


def test_no_operation_of_any_port_is_left_out() -> None:
    struck = {operation for story in Story for ran in one_fault(story) for operation in ran.trace}
    assert set(ELSEWHERE) <= operations()
    assert operations() - struck <= set(ELSEWHERE)


@cache
def one_fault(story: Story) -> tuple[Ran[Seen], ...]:
    return tuple(explore(Replays(story).run, faults=1))


def operations() -> set[str]:
    """Every method of every port that the functions on the way are given, read off their signatures."""
    bundles: tuple[type[Any], ...] = (
        Opening,
        Asking,
        Paging,
        Dispatcher,
        WorkflowDriver,
        ResponderDesk,
    )
    ports = {hint for bundle in bundles for hint in get_type_hints(bundle).values() if _is_port(hint)}
    return {
        f"{port.__name__}.{name}"
        for port in ports
        for name, member in vars(port).items()
        if isfunction(member) and not name.startswith("_")
    }


def _is_port(hint: Any) -> bool:
    return getattr(hint, "__module__", "") in {responding.__name__, scoring.__name__}
