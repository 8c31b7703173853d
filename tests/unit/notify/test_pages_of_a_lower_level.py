"""A page of a level that rose since goes only to somebody who did not hear of the rise."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from hikeshi.domain.assessment import Level
from hikeshi.domain.outbox import OutboxState
from hikeshi.domain.people import Channel
from hikeshi.services.messages.dispatch import Outcome
from tests.builders import a_message, a_message_row, a_room, an_incident
from tests.unit.notify.office import Office

PAGE = a_message_row(id="page", body=a_message(level=Level.WARNING))


class Risen(Office):
    """The office once the incident rose; what tells of the rise is queued by :meth:`told`."""

    def __init__(self) -> None:
        super().__init__()
        self.incidents.put(a_room(incident=an_incident(level=Level.CRITICAL)))

    def told(self, state: OutboxState, *, due_at: datetime | None = None, **message: Any) -> Risen:
        made = {"moment": "level_raised", "level": Level.CRITICAL, "channel": Channel.MAIL} | message
        row = a_message_row(id="rise", body=a_message(**made))
        self.add(replace(row, state=state, due_at=due_at or self.clock.now()))
        return self


@pytest.mark.parametrize("moment", ["level_raised", "page", "called_in"])
@pytest.mark.parametrize("state", [OutboxState.SENT, OutboxState.BUNDLED, OutboxState.PENDING])
def test_whoever_heard_of_the_rise_or_is_about_to_is_not_paged_for_less(
    moment: str, state: OutboxState
) -> None:
    office = Risen().told(state, moment=moment)
    assert office.dispatch(PAGE) is Outcome.CANCELLED
    assert office.stored("page").last_error == "overtaken by a newer message"


@pytest.mark.parametrize("state", [OutboxState.FAILED, OutboxState.CANCELLED])
def test_whoever_did_not_hear_is_paged_all_the_same(state: OutboxState) -> None:
    assert Risen().told(state).dispatch(PAGE) is Outcome.SENT


def test_word_that_waits_for_the_morning_is_not_about_to_be_heard() -> None:
    office = Risen()
    morning = office.clock.now() + timedelta(hours=8)
    assert office.told(OutboxState.PENDING, due_at=morning).dispatch(PAGE) is Outcome.SENT


@pytest.mark.parametrize(
    "other", [{"person_id": "ito"}, {"generation": 2}, {"level": Level.WARNING}, {"moment": "status"}]
)
def test_other_words_are_no_word_of_the_rise(other: dict[str, Any]) -> None:
    assert Risen().told(OutboxState.SENT, **other).dispatch(PAGE) is Outcome.SENT


def test_a_page_of_the_level_that_holds_is_sent_beside_any_word() -> None:
    office = Risen().told(OutboxState.SENT)
    page = a_message_row(id="page", body=a_message(level=Level.CRITICAL))
    assert office.dispatch(page) is Outcome.SENT
