"""An announced suicide that also becomes violence, or the other way round: one incident that tells both."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hikeshi.domain.assessment import Category, CrisisType, Fault
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.peril import PERIL_FOUND, Peril, named
from hikeshi.services.incidents.open_incident import Outcome, open_incident
from hikeshi.services.incidents.titles import retitled
from hikeshi.services.messages.wording import Wording
from tests.fakes.stage import Stage
from tests.unit.incidents.growing import FIRST, OTHER, grow, the_room
from tests.unit.incidents.test_peril import incident_of
from tests.unit.incidents.test_protecting import BOOKS, told, turns_out, works

SELF_HARM, VIOLENCE = Peril.SELF_HARM, Peril.VIOLENCE
EITHER = [(SELF_HARM, VIOLENCE), (VIOLENCE, SELF_HARM)]
BOTH: dict[str, Any] = {"peril": VIOLENCE, "second_peril": SELF_HARM}


def alerted(stage: Stage, alert_id: str, peril: Peril, category: Category = Category.ATTACK) -> Outcome:
    stage.keep(id=alert_id, peril=peril, category=category)
    return open_incident(alert_id, stage.opening).outcome


def becomes_both(stage: Stage, first: Peril) -> None:
    alerted(stage, FIRST, first)
    stage.page(the_room(stage), "nakano")
    stage.incidents.outbox.clear()
    grow(stage, posts=2, **BOTH)
    open_incident(FIRST, stage.opening)


@pytest.mark.parametrize(("first", "second"), EITHER)
def test_title_and_first_line_tell_both_and_all_hear(stage: Stage, first: Peril, second: Peril) -> None:
    becomes_both(stage, first)
    incident = the_room(stage).incident
    assert (incident.perils, named(incident.perils)) == ((VIOLENCE, SELF_HARM), "both")
    assert incident.title == "危害の予告と、自殺をほのめかす投稿"
    assert 4 <= len(incident.title) <= 20
    found = [
        entry.event.details["peril"]
        for entry in stage.incidents.timeline(incident.id)
        if entry.event.kind == PERIL_FOUND
    ]
    assert found == [first, second]
    assert stage.people_told("peril") == ["nakano"]
    said = {each.params["first_key"] for each in stage.incidents.messages() if each.moment == "peril"}
    assert [Wording().text(key) for key in said] == [
        "人命優先（危害・自殺）：投稿を見て110番へ。本人を責めない"
    ]


@pytest.mark.parametrize(("first", "second"), EITHER)
@pytest.mark.parametrize("next_one", Peril)
def test_a_further_alert_of_either_kind_joins(
    stage: Stage, first: Peril, second: Peril, next_one: Peril
) -> None:
    becomes_both(stage, first)
    assert alerted(stage, OTHER, next_one, Category.HARASSMENT) is Outcome.JOINED
    assert len(stage.incidents.rooms) == 1


def test_one_post_that_does_both_opens_one_incident_for_both(stage: Stage) -> None:
    stage.keep(**BOTH)
    open_incident(FIRST, stage.opening)
    assert the_room(stage).incident.title == Wording().text("title.both")
    assert alerted(stage, OTHER, SELF_HARM) is Outcome.JOINED


def test_an_incident_with_the_former_title_for_both_is_retitled_as_the_others_are(stage: Stage) -> None:
    stage.keep(**BOTH)
    open_incident(FIRST, stage.opening)
    former = Wording().text("title_before.both")
    assert former != Wording().text("title.both")
    old = replace(the_room(stage).incident, title=former)
    assert retitled(replace(old, second_peril=None), Wording()).title == Wording().text("title.violence")


def test_what_was_opened_for_something_else_keeps_its_title_and_takes_the_next_one_in(
    stage: Stage,
) -> None:
    stage.keep(category=Category.LEAK)
    open_incident(FIRST, stage.opening)
    title = the_room(stage).incident.title
    grow(stage, posts=2, **BOTH)
    open_incident(FIRST, stage.opening)
    assert the_room(stage).incident.title == title
    assert alerted(stage, OTHER, VIOLENCE, Category.LEAK) is Outcome.JOINED


@pytest.mark.parametrize(("first", "second"), EITHER)
def test_two_matters_that_each_know_of_one_danger_stay_apart(
    stage: Stage, first: Peril, second: Peril
) -> None:
    alerted(stage, FIRST, first)
    assert alerted(stage, OTHER, second) is Outcome.OPENED
    assert incident_of(stage, FIRST).perils == (first,)
    assert incident_of(stage, OTHER).perils == (second,)


def test_what_runs_comes_before_what_is_over(stage: Stage) -> None:
    alerted(stage, OTHER, VIOLENCE)
    over = the_room(stage)
    closed = replace(
        over.incident,
        status=IncidentStatus.CLOSED,
        closed_at=stage.clock.now(),
        after_care_until=stage.clock.now() + timedelta(days=30),
    )
    stage.incidents.put(replace(over, incident=closed))
    stage.clock.advance(minutes=1)
    alerted(stage, FIRST, SELF_HARM)
    grow(stage, posts=2, **BOTH)
    open_incident(FIRST, stage.opening)
    third = "alert-" + "0" * 31 + "3"
    assert alerted(stage, third, VIOLENCE) is Outcome.JOINED
    assert incident_of(stage, third).id == incident_of(stage, FIRST).id


def test_what_is_over_under_another_topic_does_not_come_back_for_it(stage: Stage) -> None:
    becomes_both(stage, SELF_HARM)
    room = the_room(stage)
    over = replace(room.incident, status=IncidentStatus.CLOSED, closed_at=stage.clock.now())
    stage.incidents.put(replace(room, incident=over))
    stage.clock.advance(minutes=1)
    stage.keep(id=OTHER, peril=VIOLENCE, category=Category.LEAK, last_post_at=stage.clock.now())
    assert open_incident(OTHER, stage.opening).outcome is Outcome.OPENED


@pytest.mark.parametrize(("first", "second"), EITHER)
def test_what_protects_either_life_is_worked_on(stage: Stage, first: Peril, second: Peril) -> None:
    works(stage)
    turns_out(stage, first)
    stage.incidents.outbox.clear()
    grow(stage, posts=3, **BOTH)
    open_incident(FIRST, stage.opening)
    room = the_room(stage)
    assert {"1-police", "1-person"} <= {task.id for task in room.tasks if task.is_open}
    new = {"kato"} if second is SELF_HARM else set()
    assert told(stage, "task") == new


def test_the_playbook_of_both_asks_for_both_and_only_the_gravest_says_who_stands_down() -> None:
    kind = (Category.HARASSMENT, CrisisType.FLAMING, Fault.UNKNOWN)
    book = BOOKS.resolve(*kind, VIOLENCE, SELF_HARM)
    assert [task.id for task in book.tasks] == ["lot", "draft", "police", "person"]
    assert set(book.claims) >= {"本人は無事か", "場所は安全か"}
    alone = BOOKS.resolve(*kind, SELF_HARM)
    assert "draft" not in {task.id for task in alone.tasks}
