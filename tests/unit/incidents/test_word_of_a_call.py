"""Who hears that the police was called: whoever was asked for it lately, by a page or by word of the life."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hikeshi.domain.assessment import Category
from hikeshi.domain.outbox import Message, OutboxState
from hikeshi.domain.peril import PERIL_AGAIN, PERIL_HELD, Peril
from hikeshi.services.incidents.open_incident import open_incident
from hikeshi.services.incidents.peril_desk import ASKS_FOR_HELP, note_call
from hikeshi.services.messages.wording import Wording
from tests.fakes.stage import Stage
from tests.unit.incidents.growing import OTHER, the_room
from tests.unit.incidents.test_no_danger import LYRICS, alerted, harmless, in_hand, taken_back
from tests.unit.incidents.test_protecting import called_at, told, turns_out, works

VIOLENCE = Peril.VIOLENCE


def noted(stage: Stage, by: str) -> set[str]:
    """Note a call two minutes later; return who hears of it."""
    stage.clock.advance(minutes=2)
    known = set(stage.incidents.outbox)
    note_call(the_room(stage).incident.id, by=stage.by(by), told="URLを伝えました")
    rows = (row.body for row_id, row in stage.incidents.outbox.items() if row_id not in known)
    messages = [body for body in rows if isinstance(body, Message) and body.moment == "help_called"]
    assert len({each.person_id for each in messages}) == len(messages)
    return {each.person_id for each in messages}


def in_response(stage: Stage) -> set[str]:
    """Let a life turn up in a response that runs for hours; return who is asked to call."""
    works(stage)
    called_at(stage, 180, "paged", "nakano,takahashi")
    turns_out(stage, VIOLENCE)
    return told(stage, "peril")


def further(stage: Stage) -> str:
    """Let a further threat come in; return what the timeline says last."""
    stage.keep(id=OTHER, peril=VIOLENCE, category=Category.LEAK, signature=(1, 2, 3))
    open_incident(OTHER, stage.opening)
    return stage.incidents.kinds(the_room(stage).incident.id)[-1]


def test_whoever_was_sent_word_of_the_life_hears_of_the_call_as_those_do_who_were_paged(
    stage: Stage,
) -> None:
    asked = in_response(stage)
    assert {"ito", "nakano", "takahashi", "yamada"} <= asked
    assert noted(stage, "ito") == asked - {"ito"}


def test_of_one_thing_they_hear_once(stage: Stage) -> None:
    in_response(stage)
    assert noted(stage, "ito")
    assert noted(stage, "tanaka") == set()


def test_whom_a_further_threat_asks_once_more_hears_of_the_next_call(stage: Stage) -> None:
    asked = in_response(stage)
    noted(stage, "ito")
    stage.clock.advance(minutes=6)
    assert further(stage) == PERIL_AGAIN
    assert {"ito"} < noted(stage, "sato") <= asked | {"ito"}
    assert noted(stage, "sato") == set()


def test_word_that_waits_has_asked_nobody_yet(stage: Stage) -> None:
    in_response(stage)
    stage.clock.advance(minutes=6)
    further(stage)
    noted(stage, "ito")
    stage.keep(id=OTHER[:-1] + "3", peril=VIOLENCE, category=Category.LEAK, signature=(4, 5, 6))
    open_incident(OTHER[:-1] + "3", stage.opening)
    assert stage.incidents.kinds(the_room(stage).incident.id)[-1] == PERIL_HELD
    assert noted(stage, "ito") == set()
    stage.clock.advance(minutes=5)
    assert noted(stage, "ito")


def test_a_danger_that_is_one_again_asks_for_the_next_call_as_well(stage: Stage) -> None:
    alerted(stage, LYRICS)
    in_hand(stage)
    stage.clock.advance(minutes=40)
    assert noted(stage, "ito") == {"sato"}
    stage.clock.advance(minutes=1)
    harmless(stage, LYRICS)
    stage.incidents.outbox.clear()
    taken_back(stage)
    assert noted(stage, "ito") == told(stage, "peril") - {"ito"}


@pytest.mark.parametrize(
    "state", [OutboxState.CANCELLED, OutboxState.WITHHELD, OutboxState.FAILED], ids=lambda each: each.value
)
def test_whom_no_word_reached_hears_of_no_call(stage: Stage, state: OutboxState) -> None:
    in_response(stage)
    for row_id, row in stage.incidents.outbox.items():
        stage.incidents.outbox[row_id] = replace(row, state=state)
    assert noted(stage, "ito") <= {"sato"}


def test_what_was_said_more_than_half_an_hour_ago_wakes_nobody(stage: Stage) -> None:
    in_response(stage)
    stage.clock.advance(minutes=29)
    assert noted(stage, "ito") == set()


def test_what_was_said_before_the_matter_came_back_does_not_count(stage: Stage) -> None:
    in_response(stage)
    room = the_room(stage)
    stage.incidents.put(replace(room, incident=replace(room.incident, generation=2)))
    called_at(stage, 0, "reopened", "")
    assert noted(stage, "ito") == set()


def test_every_message_that_begins_with_the_call_for_help_counts() -> None:
    words = Wording()
    texts = [key for key in words if key.startswith("message.") and key.endswith(".sms")]
    asking = {key.split(".")[1] for key in texts if "{first}" in words.template(key)}
    assert asking == ASKS_FOR_HELP
