"""What happens to an incident whose lead leaves or goes away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hikeshi.domain.actions import Role
from hikeshi.domain.circles import Circle
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.incidents import Room, Slot
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.outbox import Message, OutboxRow, OutboxState, WorkflowOrder
from hikeshi.domain.people import Roster
from hikeshi.domain.rotations import Absence
from hikeshi.domain.rounds import ask_anew, take_over, undoable
from hikeshi.domain.standings import Departure, Standings
from hikeshi.services.escalation import passing_on
from hikeshi.services.escalation.calling import who_answered
from hikeshi.services.escalation.ladder import Rung, with_former_lead
from hikeshi.services.escalation.passing_on import pass_on
from hikeshi.services.messages.audience import paged_people, standing_in
from hikeshi.services.messages.freshness import why_pointless
from hikeshi.services.people.directory import effective
from tests.builders import (
    NOON,
    a_configuration,
    a_decision,
    a_person,
    a_room,
    a_roster,
    a_slot,
    an_incident,
)
from tests.fakes.environment import FrozenClock, SequenceIds
from tests.fakes.messaging import InMemoryOutbox
from tests.fakes.responding import InMemoryIncidentRepository

LATER = NOON + timedelta(hours=1)
DAY = timedelta(days=1)


def in_hand(lead: str = "sato", **changes: Any) -> Room:
    """A room that somebody took on at noon."""
    incident = an_incident(
        lead=lead, taken_at=NOON, status=IncidentStatus.FACT_FINDING, answered=("1/round-1",), **changes
    )
    slot = a_slot(Slot.TRIAGE, decision=a_decision(by=lead, at=NOON))
    return a_room(incident=incident, slots=(slot,))


def away(person: str, deputy: str | None = None, **changes: Any) -> Absence:
    absence = Absence(
        id=person,
        person_id=person,
        begins_at=LATER,
        ends_at=LATER + DAY,
        made_at=LATER,
        made_by="nakano",
        deputy=deputy,
    )
    return replace(absence, **changes)


def at_one(*entries: Any, roster: Any = None) -> Configuration:
    configuration = a_configuration(roster=roster or a_roster())
    return effective(configuration, Standings.of(entries), at=LATER)


def passed(room: Room, configuration: Configuration) -> tuple[Room, InMemoryIncidentRepository]:
    incidents = InMemoryIncidentRepository()
    incidents.put(room)
    return looked_at(room, configuration, incidents, at=LATER), incidents


def looked_at(
    room: Room, configuration: Configuration, incidents: InMemoryIncidentRepository, *, at: datetime
) -> Room:
    """The room after the audit's look at a moment."""
    return pass_on(
        room,
        outbox=InMemoryOutbox(incidents.outbox),
        incidents=incidents,
        configuration=configuration,
        clock=FrozenClock(at),
        ids=SequenceIds(),
    )


def is_to_be_passed_on(room: Room, configuration: Configuration, *, at: datetime = LATER) -> bool:
    return passing_on.is_to_be_passed_on(room, configuration, outbox=InMemoryOutbox(), at=at)


GONE = Departure(person_id="sato", at=LATER, by="nakano")


# ---- leaving -----------------------------------------------------------------------------------


def test_when_the_lead_leaves_the_next_round_is_ordered_and_nobody_has_it() -> None:
    after, incidents = passed(in_hand(reached=("sato", "nakano")), at_one(GONE))
    incident = after.incident
    assert (incident.lead, incident.round, incident.reached, incident.expired_at) == (None, 2, (), LATER)
    (order,) = _orders(incidents)
    assert order.name.endswith("-r2")
    assert incidents.kinds(incident.id)[-1] == "lead_left"
    assert not is_to_be_passed_on(after, at_one(GONE))


def _orders(incidents: InMemoryIncidentRepository) -> list[WorkflowOrder]:
    return [row.body for row in incidents.outbox.values() if isinstance(row.body, WorkflowOrder)]


@pytest.mark.parametrize(
    "status", [IncidentStatus.RESPONDING, IncidentStatus.CALMING, IncidentStatus.REPORTING]
)
def test_it_goes_on_wherever_it_stands(status: IncidentStatus) -> None:
    room = in_hand()
    room = replace(room, incident=replace(room.incident, status=status))
    assert passed(room, at_one(GONE))[0].incident.lead is None


def test_somebody_who_is_not_in_the_roster_any_more_has_left() -> None:
    people = {key: person for key, person in a_roster().people.items() if key != "sato"}
    assert is_to_be_passed_on(in_hand(), at_one(roster=Roster(people=people, seats={})))


@pytest.mark.parametrize(
    "changes",
    [{"lead": None}, {"answered": (), "round": 2}, {"status": IncidentStatus.CLOSED}],
    ids=["nobody has it", "the next round asks already", "it is over"],
)
def test_what_is_in_nobodys_hands_is_left_alone(changes: dict[str, Any]) -> None:
    room = in_hand()
    room = replace(room, incident=replace(room.incident, **changes))
    after, incidents = passed(room, at_one(GONE))
    assert after == room
    assert not incidents.outbox


def test_who_answered_before_the_lead_left_is_called_again() -> None:
    after, incidents = passed(in_hand(), at_one(GONE))
    assert who_answered(after, incidents.timeline(after.incident.id)) <= {"hikeshi"}


# ---- going away --------------------------------------------------------------------------------


def test_the_deputy_has_it_from_that_moment_and_is_told_once() -> None:
    configuration = at_one(away("sato", "suzuki"))
    after, incidents = passed(in_hand(), configuration)
    assert (after.incident.lead, after.incident.round, after.incident.taken_at) == ("suzuki", 1, LATER)
    told = [row.body for row in incidents.outbox.values() if isinstance(row.body, Message)]
    assert {(each.person_id, each.moment) for each in told} == {("suzuki", "called_in")}
    assert {each.params["by"] for each in told} == {"佐藤 花子"}
    assert not is_to_be_passed_on(after, configuration)
    found = undoable(after, at=LATER)
    assert found is not None
    assert found.by == "suzuki"


def test_the_deputy_is_among_those_who_hear_what_becomes_of_it() -> None:
    configuration = at_one(away("sato", "suzuki"))
    after, incidents = passed(in_hand(), configuration)
    people = paged_people(incidents.timeline(after.incident.id), configuration.roster)
    assert [person.id for person in people] == ["suzuki"]


@pytest.mark.parametrize(
    "absence",
    [away("sato"), away("sato", "kobayashi"), away("sato", "nobody")],
    ids=["no deputy", "a deputy from outside", "a deputy whom nobody knows"],
)
def test_without_a_deputy_who_can_be_paged_it_stays_theirs(absence: Absence) -> None:
    assert not is_to_be_passed_on(in_hand(), at_one(absence))


def test_a_deputy_from_outside_the_circle_does_not_get_it() -> None:
    circle = Circle(roles=(Role.LEAD,), since=NOON)
    assert not is_to_be_passed_on(in_hand(circle=circle), at_one(away("sato", "tanaka")))
    assert is_to_be_passed_on(in_hand(circle=circle.with_people(["tanaka"])), at_one(away("sato", "tanaka")))


def test_it_goes_to_the_first_along_the_deputies_who_can_be_paged_and_may_know() -> None:
    roster = a_roster(people={"suzuki": a_person("suzuki", deputy="tanaka")})
    configuration = at_one(away("sato", "suzuki"), roster=roster)
    circle = Circle(roles=(Role.LEAD, Role.LEGAL), since=NOON)
    assert passed(in_hand(), configuration)[0].incident.lead == "suzuki"
    assert passed(in_hand(circle=circle), configuration)[0].incident.lead == "tanaka"


def test_whoever_took_it_on_while_away_is_followed_when_they_go_away_anew() -> None:
    first = away("sato", id="first", begins_at=NOON - DAY, ends_at=NOON + DAY, made_at=NOON - DAY)
    second = away("sato", "suzuki", begins_at=NOON + 2 * DAY, ends_at=NOON + 9 * DAY, made_at=NOON)
    configuration = a_configuration(roster=a_roster())

    def passes(at: datetime) -> bool:
        there = effective(configuration, Standings.of((first, second)), at=at)
        return is_to_be_passed_on(in_hand(), there, at=at)

    assert [passes(NOON + hours * DAY / 24) for hours in (1, 30, 49)] == [False, False, True]


@pytest.mark.parametrize(
    ("begins", "made", "passes"),
    [(-60, -60, False), (-60, 5, True), (5, -60, True), (0, 0, True)],
    ids=["knew of it", "entered afterwards", "began afterwards", "in the same second"],
)
def test_whoever_took_it_on_while_away_keeps_it(begins: int, made: int, passes: bool) -> None:
    begins_at, made_at = (NOON + timedelta(minutes=minutes) for minutes in (begins, made))
    absence = away("sato", "suzuki", begins_at=begins_at, made_at=made_at)
    assert is_to_be_passed_on(in_hand(), at_one(absence)) is passes


@pytest.mark.parametrize(
    ("reached", "changes", "passes"),
    [
        (("sato",), {}, True),
        (("ito",), {}, False),
        (("sato",), {"opened_at": NOON - 2 * DAY}, False),
        (("sato",), {"opened_at": NOON - 2 * DAY, "round_began_at": NOON}, True),
    ],
    ids=["called themselves", "not called", "called before it began", "called again while it lasted"],
)
def test_an_absence_that_a_file_names_later_was_not_known_to_whoever_was_called(
    reached: tuple[str, ...], changes: dict[str, Any], passes: bool
) -> None:
    written = datetime(1970, 1, 1, tzinfo=UTC)
    absence = away("sato", "suzuki", begins_at=NOON - DAY, ends_at=NOON + DAY, made_at=written)
    assert is_to_be_passed_on(in_hand(reached=reached, **changes), at_one(absence)) is passes


def test_after_a_lapse_the_deputy_comes_first_and_whoever_is_away_is_not_called() -> None:
    lapsed = in_hand(expired_at=LATER, round=2)
    rung = Rung(position=0, people=(a_person("tanaka"),))

    def called(*entries: Absence) -> list[str]:
        return [each.id for each in with_former_lead(lapsed, rung, at_one(*entries).roster).people]

    assert called(away("sato", "suzuki")) == ["suzuki", "tanaka"]
    assert called(away("sato")) == ["tanaka"]
    assert called() == ["sato", "tanaka"]


def test_reminders_go_to_whoever_stands_in() -> None:
    roster = at_one(
        away("sato", "suzuki"), away("tanaka"), Departure(person_id="kato", at=NOON, by="x")
    ).roster
    people = standing_in(["sato", "tanaka", "kato", "ito", ""], roster)
    assert [person.id for person in people] == ["suzuki", "tanaka", "ito"]


def test_word_of_a_handing_over_that_is_undone_is_not_sent_any_more() -> None:
    configuration = at_one(away("sato", "suzuki"))
    after, incidents = passed(in_hand(), configuration)
    told = next(row.body for row in incidents.outbox.values() if isinstance(row.body, Message))
    suzuki = configuration.roster.person("suzuki")

    def why() -> str:
        outbox = InMemoryOutbox(incidents.outbox)
        return why_pointless(told, suzuki, incidents=incidents, outbox=outbox, at=LATER)

    assert why() == ""
    incidents.put(ask_anew(after, at=LATER))
    assert why() == "nobody has it any more"


# ---- a deputy who never heard ------------------------------------------------------------------


def handed(**became: OutboxState) -> tuple[Room, InMemoryIncidentRepository]:
    """An incident in the hands of 鈴木 since one o'clock, and what became of the word of it by each way."""
    after, incidents = passed(in_hand(), at_one(away("sato", "suzuki")))
    for row in tuple(incidents.outbox.values()):
        way = row.id.rsplit("/", 1)[-1]
        if way in became:
            incidents.outbox[row.id] = replace(row, state=became[way])
    return after, incidents


def in_ten_minutes(handed_over: tuple[Room, InMemoryIncidentRepository]) -> Room:
    room, incidents = handed_over
    at = LATER + timedelta(minutes=10)
    return looked_at(room, at_one(away("sato", "suzuki")), incidents, at=at)


FAILED, SENT, PENDING = OutboxState.FAILED, OutboxState.SENT, OutboxState.PENDING


def test_when_all_word_to_the_deputy_failed_the_next_round_begins() -> None:
    handed_over = handed(sms=FAILED, mail=FAILED)
    after = in_ten_minutes(handed_over)
    assert (after.incident.lead, after.incident.round) == (None, 2)
    incidents = handed_over[1]
    assert incidents.kinds(after.incident.id) == ["passed_on", "message_failed", "lead_left"]
    assert [order.name[-3:] for order in _orders(incidents)] == ["-r2"]
    assert looked_at(after, at_one(), incidents, at=LATER + timedelta(minutes=11)) == after


@pytest.mark.parametrize(
    "became",
    [
        {"sms": SENT, "mail": FAILED},
        {"sms": FAILED, "mail": OutboxState.BUNDLED},
        {"sms": FAILED, "mail": PENDING},
        {"sms": OutboxState.CLAIMED, "mail": FAILED},
        {"sms": OutboxState.WITHHELD, "mail": OutboxState.WITHHELD},
    ],
)
def test_a_deputy_who_heard_or_may_yet_hear_keeps_it(became: dict[str, OutboxState]) -> None:
    assert in_ten_minutes(handed(**became)).incident.lead == "suzuki"


def test_the_other_channel_may_still_bring_the_word() -> None:
    room, incidents = handed(sms=FAILED, mail=FAILED)
    sms = next(row for row in incidents.outbox.values() if row.id.endswith("/suzuki/sms"))
    incidents.outbox[f"{sms.id}/fallback"] = replace(sms, id=f"{sms.id}/fallback", state=PENDING)
    assert in_ten_minutes((room, incidents)).incident.lead == "suzuki"


def test_whoever_sends_has_two_minutes_to_notice_it_first() -> None:
    room, incidents = handed(sms=FAILED, mail=FAILED)
    configuration = at_one(away("sato", "suzuki"))
    for minutes, lead in ((2, "suzuki"), (2.1, None)):
        at = LATER + timedelta(minutes=minutes)
        assert looked_at(room, configuration, incidents, at=at).incident.lead == lead


def test_an_incident_that_somebody_took_on_costs_no_look_into_the_outbox() -> None:
    class Unasked(InMemoryOutbox):
        def about(self, incident_id: str | None, *, limit: int = 500) -> Sequence[OutboxRow]:
            raise AssertionError(incident_id)

    room, _ = handed(sms=FAILED, mail=FAILED)
    taken_again = take_over(ask_anew(room, at=LATER), by="ito", at=LATER + timedelta(minutes=5))[0]
    looks = [
        (each, LATER + timedelta(hours=1)) for each in (in_hand(), ask_anew(room, at=LATER), taken_again)
    ]
    for each, at in (*looks, (room, LATER + DAY)):
        assert not passing_on.is_to_be_passed_on(each, at_one(), outbox=Unasked(), at=at)
