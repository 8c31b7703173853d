from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hikeshi.domain.actions import Role
from hikeshi.domain.assessment import Level
from hikeshi.domain.errors import AlreadyDecidedError, InvalidFormError, NotAllowedError, NotReadyError
from hikeshi.domain.incidents import Incident, Slot
from hikeshi.domain.lifecycle import IncidentStatus, LifecycleEvent
from hikeshi.domain.outbox import WorkflowCommand
from hikeshi.domain.rounds import is_settled, is_taken, undoable
from hikeshi.services.escalation.expiry import acknowledgement_expires_at, expire_acknowledgement
from hikeshi.services.escalation.page import LadderPlace, Paging, Step, page_step
from hikeshi.services.facts import fact_register
from hikeshi.services.incidents import handover, respond
from hikeshi.services.incidents.lifecycle import advance_incident
from tests.builders import (
    NOON,
    a_configuration,
    a_person,
    a_roll_call_policy,
    a_room,
    a_roster,
    an_approved_statement,
    an_incident,
)
from tests.fakes.stage import Stage

S = IncidentStatus
ID = an_incident().id
CRITICAL = an_incident(level=Level.CRITICAL, next_page_at=NOON)
"""As opening leaves it: its first page is due."""


def incident(stage: Stage) -> Incident:
    return stage.incidents.room(ID).incident


def later(stage: Stage, **span: float) -> None:
    stage.clock.set(stage.clock.now() + timedelta(**span))


def taken(stage: Stage, by: str = "sato", level: Level = Level.WARNING) -> None:
    stage.incidents.put(a_room(incident=an_incident(level=level, reached=("nakano", "sato", "ito"))))
    respond.acknowledge(ID, by=stage.by(by))


def undo(stage: Stage, by: str) -> None:
    found = undoable(stage.incidents.room(ID), at=stage.clock.now())
    handover.undo(ID, by=stage.by(by), of=found.at.isoformat() if found else "gone")


def lapse(stage: Stage) -> bool:
    return expire_acknowledgement(
        ID, incidents=stage.incidents, configuration=stage.configuration, at=stage.clock.now()
    )


def step(stage: Stage, position: int = 0, **place: Any) -> Step:
    paging = Paging(
        incidents=stage.incidents, configuration=stage.configuration, clock=stage.clock, ids=stage.ids
    )
    level = place.pop("level", Level.WARNING)
    asked = LadderPlace(incident_id=ID, generation=1, level=level, position=position, **place)
    return page_step(asked, paging=paging)


# ---- taken back ------------------------------------------------------------------------------------


def test_an_acknowledgement_taken_back_leaves_nobody_and_asks_again(stage: Stage) -> None:
    taken(stage)
    later(stage, minutes=9)
    undo(stage, "sato")
    assert incident(stage).lead is None
    assert incident(stage).round == 2
    assert not is_taken(stage.incidents.room(ID))
    (order,) = (o for o in stage.incidents.orders() if o.command is WorkflowCommand.START_LADDER)
    assert order.name == f"{ID}-1-warning-r2"
    assert '"question": "1/round-2"' in order.payload


def test_after_ten_minutes_it_stands(stage: Stage) -> None:
    taken(stage)
    later(stage, minutes=10, seconds=1)
    with pytest.raises(NotReadyError):
        undo(stage, "sato")
    assert incident(stage).lead == "sato"


def test_the_ladder_of_the_round_after_pages_those_who_were_told_that_it_was_taken(stage: Stage) -> None:
    taken(stage)
    undo(stage, "sato")
    assert step(stage, round=1).answered is True
    assert step(stage, round=2) == Step(answered=False, position=0, wait_seconds=300)
    assert stage.people_told("page") == ["ito", "nakano", "suzuki", "watanabe"]
    assert {m.params["again_key"] for m in stage.incidents.messages() if m.moment == "page"} == {
        "again.undone"
    }
    assert incident(stage).paged == ("1/warning/r2/0",)


def test_whoever_takes_it_on_in_a_later_round_leads_and_those_called_are_told(stage: Stage) -> None:
    taken(stage)
    undo(stage, "sato")
    step(stage, round=2)
    respond.acknowledge(ID, by=stage.by("ito"))
    assert incident(stage).lead == "ito"
    assert is_settled(stage.incidents.room(ID), "1/round-2")
    assert stage.people_told("acknowledged") == ["nakano", "suzuki", "watanabe"]
    with pytest.raises(AlreadyDecidedError) as late:
        respond.acknowledge(ID, by=stage.by("nakano"))
    assert (late.value.decision, late.value.by) == ("acknowledged", "ito")


@pytest.mark.parametrize(("person", "may"), [("sato", True), ("nakano", False), ("ito", False)])
def test_an_acknowledgement_is_taken_back_by_its_owner_alone(stage: Stage, person: str, may: bool) -> None:
    taken(stage)
    if may:
        undo(stage, person)
        assert incident(stage).round == 2
    else:
        with pytest.raises(NotAllowedError):
            undo(stage, person)


@pytest.mark.parametrize(("person", "may"), [("sato", True), ("nakano", True), ("ito", False)])
def test_a_dismissal_is_taken_back_by_its_owner_or_those_who_answer_for_all(
    stage: Stage, person: str, may: bool
) -> None:
    stage.room()
    respond.dismiss(ID, by=stage.by("sato"), reason="玩具の写真でした")
    if may:
        undo(stage, person)
        assert incident(stage).generation == 2
    else:
        with pytest.raises(NotAllowedError):
            undo(stage, person)


@pytest.mark.parametrize(("minutes", "may"), [(-1, True), (1, False)])
def test_once_something_is_published_since_the_acknowledgement_stands(
    stage: Stage, minutes: int, may: bool
) -> None:
    taken(stage)
    room = stage.incidents.room(ID)
    out = an_approved_statement(published_at=stage.clock.now() + timedelta(minutes=minutes))
    found = undoable(replace(room, statement=out), at=stage.clock.now())
    assert (found is not None) is may


def test_what_the_page_showed_is_what_is_taken_back_and_nothing_later(stage: Stage) -> None:
    taken(stage)
    shown = undoable(stage.incidents.room(ID), at=stage.clock.now())
    assert shown is not None
    undo(stage, "sato")
    later(stage, minutes=1)
    respond.acknowledge(ID, by=stage.by("ito"))
    with pytest.raises(NotReadyError):
        handover.undo(ID, by=stage.by("sato"), of=shown.at.isoformat())
    assert incident(stage).lead == "ito"


@pytest.mark.parametrize("noted", [True, False])
def test_a_dismissal_taken_back_opens_the_next_generation_whether_or_not_the_workflow_noted_it(
    stage: Stage, noted: bool
) -> None:
    stage.room()
    respond.dismiss(ID, by=stage.by("sato"), reason="玩具の写真でした")
    if noted:
        advance_incident(ID, LifecycleEvent.DISMISSED, stage.lifecycle, generation=1)
    undo(stage, "sato")
    again = incident(stage)
    assert (again.status, again.generation, again.round) == (S.REOPENED, 2, 1)
    assert [o.name for o in stage.incidents.orders()] == [f"{ID}-2"]
    assert advance_incident(ID, LifecycleEvent.DISMISSED, stage.lifecycle, generation=1).incident == again


# ---- lapsed ----------------------------------------------------------------------------------------


def test_an_acknowledgement_lapses_when_nothing_moves_and_not_a_moment_before(stage: Stage) -> None:
    taken(stage)
    later(stage, hours=6, seconds=-1)
    assert lapse(stage) is False
    later(stage, seconds=1)
    assert lapse(stage) is True
    assert (incident(stage).round, incident(stage).lead) == (2, "sato")
    assert lapse(stage) is False


def test_whatever_somebody_does_puts_it_off(stage: Stage) -> None:
    taken(stage)
    later(stage, hours=5)
    fact_register.add_fact(ID, by=stage.by("ito"), claim="購入した店舗", source="")
    due_at = acknowledgement_expires_at(stage.incidents.room(ID), stage.configuration)
    assert due_at == stage.clock.now() + timedelta(hours=6)


def test_the_lead_whose_acknowledgement_lapsed_is_paged_with_the_first_step(stage: Stage) -> None:
    taken(stage)
    later(stage, hours=6)
    lapse(stage)
    step(stage, round=2)
    assert stage.people_told("page") == ["ito", "nakano", "sato", "suzuki", "watanabe"]


def test_the_lead_goes_on_by_pressing_again(stage: Stage) -> None:
    taken(stage)
    later(stage, hours=6)
    lapse(stage)
    respond.acknowledge(ID, by=stage.by("sato"))
    assert incident(stage).expired_at is None
    assert stage.incidents.kinds(ID)[-1] == "taken_over"
    assert step(stage, round=2).answered is True


def test_a_calm_incident_is_left_to_its_reminders(stage: Stage) -> None:
    room = stage.room(S.CALMING)
    assert acknowledgement_expires_at(room, stage.configuration) is None


@pytest.mark.parametrize("minutes", [15, 7 * 24 * 60])
def test_the_span_is_set_for_one_incident(stage: Stage, minutes: int) -> None:
    taken(stage)
    handover.set_expiry(ID, by=stage.by("nakano"), after=timedelta(minutes=minutes))
    later(stage, minutes=minutes)
    assert lapse(stage) is True


@pytest.mark.parametrize("minutes", [14, 7 * 24 * 60 + 1])
def test_a_span_out_of_range_is_refused(stage: Stage, minutes: int) -> None:
    taken(stage)
    with pytest.raises(InvalidFormError):
        handover.set_expiry(ID, by=stage.by("sato"), after=timedelta(minutes=minutes))


def test_only_the_lead_and_the_desk_set_the_span(stage: Stage) -> None:
    taken(stage, by="ito")
    handover.set_expiry(ID, by=stage.by("ito"), after=timedelta(hours=1))
    with pytest.raises(NotAllowedError):
        handover.set_expiry(ID, by=stage.by("watanabe"), after=timedelta(hours=2))


# ---- the roll --------------------------------------------------------------------------------------


@pytest.fixture
def rolled(stage: Stage) -> Stage:
    """A critical incident whose two executives must both confirm."""
    roster = a_roster(people={"mori": a_person("mori", roles=frozenset({Role.EXECUTIVE}))})
    seats = {**roster.seats, Role.EXECUTIVE: ("takahashi", "mori")}
    stage.configuration = a_configuration(
        roster=replace(roster, seats=seats), escalation=a_roll_call_policy()
    )
    stage.incidents.put(a_room(incident=CRITICAL))
    return stage


def called(stage: Stage, position: int) -> Step:
    return step(stage, position, level=Level.CRITICAL, roll_call=True)


def test_nobody_gets_the_page_and_the_roll_call_at_the_same_moment(rolled: Stage) -> None:
    assert called(rolled, 0) == Step(answered=False, position=0, wait_seconds=600)
    assert rolled.people_told("roll_call") == []
    step(rolled, 0, level=Level.CRITICAL)
    assert {"takahashi", "mori"} <= set(rolled.people_told("page"))


def test_those_who_have_not_confirmed_are_asked_again_and_the_others_left_alone(rolled: Stage) -> None:
    called(rolled, 0)
    handover.confirm(ID, by=rolled.by("mori"))
    respond.acknowledge(ID, by=rolled.by("sato"))
    later(rolled, minutes=10)
    called(rolled, 1)
    assert rolled.people_told("roll_call") == ["takahashi"]


def test_somebody_who_takes_it_on_does_not_end_the_roll_call(rolled: Stage) -> None:
    respond.acknowledge(ID, by=rolled.by("sato"))
    assert called(rolled, 0).answered is False
    assert rolled.people_told("roll_call") == ["mori", "takahashi"]


def test_it_ends_when_everybody_has_confirmed_and_taking_it_on_confirms_too(rolled: Stage) -> None:
    handover.confirm(ID, by=rolled.by("mori"))
    assert "1/roll-call-critical" not in incident(rolled).answered
    respond.acknowledge(ID, by=rolled.by("takahashi"))
    assert "1/roll-call-critical" in incident(rolled).answered
    assert called(rolled, 1).answered is True


def test_a_person_confirms_once_and_only_if_on_the_roll(rolled: Stage) -> None:
    handover.confirm(ID, by=rolled.by("mori"))
    with pytest.raises(AlreadyDecidedError):
        handover.confirm(ID, by=rolled.by("mori"))
    with pytest.raises(NotAllowedError):
        handover.confirm(ID, by=rolled.by("ito"))


def test_having_seen_it_moves_nothing(rolled: Stage) -> None:
    respond.acknowledge(ID, by=rolled.by("sato"))
    at = incident(rolled).last_move_at
    later(rolled, minutes=5)
    handover.confirm(ID, by=rolled.by("mori"))
    assert incident(rolled).last_move_at == at


def test_after_the_last_time_the_lead_and_the_desk_hear_who_never_did(rolled: Stage) -> None:
    respond.acknowledge(ID, by=rolled.by("sato"))
    handover.confirm(ID, by=rolled.by("mori"))
    called(rolled, -1)
    assert rolled.people_told("status") == ["nakano", "sato"]
    ended = rolled.incidents.timeline(ID)[-1].event
    assert (ended.kind, ended.details["people"]) == ("roll_call_ended", "takahashi")


def test_a_dismissal_ends_the_roll_call(rolled: Stage) -> None:
    respond.dismiss(ID, by=rolled.by("sato"), reason="他社の商品でした")
    assert "1/roll-call-critical" in incident(rolled).answered
    assert called(rolled, 1).answered is True
    assert rolled.incidents.room(ID).slot(Slot.TRIAGE).decision is not None
