"""An incident that nobody has heard of is told to the operator, and stands in its timeline."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hikeshi.domain.assessment import Level
from hikeshi.domain.outbox import OutboxState
from hikeshi.domain.peril import Peril
from hikeshi.services.audit.operator_call import TOLD_AGAIN_AFTER
from hikeshi.services.audit.unheard import GRAVE_AGAIN_AFTER, note_unheard, unheard, unheard_finding
from tests.builders import NOON, a_message, a_message_row, a_room, an_incident
from tests.fakes.messaging import InMemoryOutbox
from tests.fakes.responding import InMemoryIncidentRepository

FIRST, LAST = "1/warning/0", "1/warning/-1"
LATER = NOON + timedelta(minutes=3)
QUESTION = an_incident().question


class Ladder:
    """An incident opened at noon, and what became of its pages."""

    def __init__(self, *paged: str, **incident: Any) -> None:
        self.outbox = InMemoryOutbox()
        self.incidents = InMemoryIncidentRepository(self.outbox.rows)
        made = {"paged": paged, "opened_at": NOON, "detected_at": NOON} | incident
        self.incidents.put(a_room(incident=an_incident(**made)))

    def page(
        self, step: str, state: OutboxState, *, moment: str = "page", held: bool = False, **row: Any
    ) -> Ladder:
        number = len(self.outbox.rows)
        body = a_message(moment=moment, step=step, held=held, cancel_when_decided=QUESTION if step else None)
        made = a_message_row(id=f"{step}/{number}", body=body, created_at=NOON)
        self.outbox.add((replace(made, state=state, **row),))
        return self

    def found(self, minutes: float = 3) -> str | None:
        room = self.incidents.room(an_incident().id)
        at = NOON + timedelta(minutes=minutes)
        seen = unheard(room, outbox=self.outbox, incidents=self.incidents, at=at)
        return seen.kind if seen else None


@pytest.mark.parametrize("state", [OutboxState.FAILED, OutboxState.CANCELLED])
def test_pages_that_all_came_to_nothing_are_found(state: OutboxState) -> None:
    ladder = Ladder(FIRST)
    assert ladder.page(FIRST, state).found() == "nobody"


def test_a_last_resort_that_had_nobody_to_page_is_found() -> None:
    assert Ladder(LAST).found() == "nobody"


def test_a_last_resort_that_reached_nobody_is_found_although_an_earlier_step_did() -> None:
    ladder = Ladder(FIRST, LAST).page(FIRST, OutboxState.SENT)
    assert ladder.page(LAST, OutboxState.FAILED).found() == "last"


def test_a_reminder_that_came_to_those_of_the_last_resort_tells_them() -> None:
    ladder = Ladder(FIRST, LAST).page(FIRST, OutboxState.SENT).page(LAST, OutboxState.FAILED)
    assert ladder.page("", OutboxState.SENT, moment="remind").found() is None


@pytest.mark.parametrize("state", [OutboxState.SENT, OutboxState.BUNDLED, OutboxState.CLAIMED])
def test_somebody_who_heard_or_is_about_to_is_enough(state: OutboxState) -> None:
    ladder = Ladder(FIRST).page(FIRST, OutboxState.FAILED)
    assert ladder.page(FIRST, state, due_at=LATER).found() is None


def test_what_waits_for_the_morning_reaches_nobody_now() -> None:
    ladder = Ladder(FIRST).page(FIRST, OutboxState.FAILED)
    morning = NOON + timedelta(hours=8)
    assert ladder.page(FIRST, OutboxState.PENDING, due_at=morning).found() == "nobody"


def test_what_a_cap_or_a_delay_holds_back_until_the_next_page_is_on_its_way() -> None:
    ten = NOON + timedelta(minutes=10)
    waits = Ladder(FIRST, next_page_at=ten).page(FIRST, OutboxState.PENDING, due_at=ten)
    assert waits.found() is None
    comes_too_late = Ladder(FIRST, next_page_at=ten)
    comes_too_late.page(FIRST, OutboxState.PENDING, due_at=ten + timedelta(seconds=1))
    assert comes_too_late.found() == "nobody"


def test_what_waits_for_the_morning_is_not_on_its_way_though_the_next_page_comes_later() -> None:
    morning = NOON + timedelta(minutes=20)
    ladder = Ladder(FIRST, next_page_at=NOON + timedelta(minutes=30))
    ladder.page(FIRST, OutboxState.PENDING, due_at=morning, held=True)
    assert ladder.found() == "nobody"
    assert ladder.found(minutes=16) is None


@pytest.mark.parametrize("moment", ["remind", "level_raised", "roll_call", "peril"])
def test_what_was_heard_before_the_round_began_is_not_heard_of_it(moment: str) -> None:
    began_at = NOON + timedelta(minutes=5)
    ladder = Ladder("1/warning/r2/0", round=2, round_began_at=began_at)
    assert ladder.page("", OutboxState.SENT, moment=moment).found(minutes=9) == "nobody"
    ladder.page("", OutboxState.SENT, moment=moment, created_at=began_at)
    assert ladder.found(minutes=9) is None


@pytest.mark.parametrize("moment", ["remind", "level_raised", "roll_call", "peril"])
def test_whoever_heard_of_it_by_another_word_has_heard(moment: str) -> None:
    ladder = Ladder(FIRST).page(FIRST, OutboxState.FAILED)
    assert ladder.page("", OutboxState.SENT, moment=moment).found() is None


def test_a_page_has_two_minutes_for_its_tries() -> None:
    ladder = Ladder(FIRST).page(FIRST, OutboxState.FAILED)
    assert ladder.found(minutes=2) is None
    assert ladder.found(minutes=2.1) == "nobody"


@pytest.mark.parametrize(
    "incident",
    [{"drill": "drill-1"}, {"lead": "sato", "answered": (QUESTION,)}, {"status": "closed"}, {"paged": ()}],
    ids=["a drill", "taken", "over", "not paged yet"],
)
def test_nothing_is_found_where_nobody_has_to_be_called(incident: dict[str, Any]) -> None:
    if "status" in incident:
        incident = {"status": type(an_incident().status)(incident["status"])}
    ladder = Ladder(FIRST, **incident).page(FIRST, OutboxState.FAILED)
    assert ladder.found() is None


def test_it_is_noted_once_for_each_round_and_level() -> None:
    ladder = Ladder(FIRST).page(FIRST, OutboxState.FAILED)
    for _ in range(2):
        room = ladder.incidents.room(an_incident().id)
        seen = unheard(room, outbox=ladder.outbox, incidents=ladder.incidents, at=LATER)
        assert seen is not None
        note_unheard(room, seen, incidents=ladder.incidents, at=LATER)
    assert ladder.incidents.kinds(an_incident().id) == ["unheard_nobody"]


@pytest.mark.parametrize(
    ("incident", "again"),
    [
        ({"level": Level.WARNING}, TOLD_AGAIN_AFTER),
        ({"level": Level.CRITICAL}, GRAVE_AGAIN_AFTER),
        ({"level": Level.WARNING, "peril": Peril.SELF_HARM}, GRAVE_AGAIN_AFTER),
    ],
)
def test_the_graver_it_is_the_sooner_the_operator_hears_of_it_again(
    incident: dict[str, Any], again: timedelta
) -> None:
    ladder = Ladder(f"1/{incident['level']}/-1", **incident)
    room = ladder.incidents.room(an_incident().id)
    seen = unheard(room, outbox=ladder.outbox, incidents=ladder.incidents, at=LATER)
    assert seen is not None
    assert unheard_finding(room, seen).again_after == again
