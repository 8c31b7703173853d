"""A page whose only awake recipient cannot be reached goes to those who sleep, at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hikeshi.domain.outbox import Message, OutboxRow, OutboxState
from hikeshi.domain.people import Channel
from hikeshi.services.escalation.sleepers import is_asleep
from tests.builders import a_message, a_message_row, a_person, a_room, an_incident
from tests.unit.notify.office import Office

INCIDENT = an_incident()
STEP = "1/warning/0"
MORNING = timedelta(hours=8)


class Night(Office):
    """An office where 田中 is awake, and 中野 and 伊藤 are held until the morning."""

    def __init__(self) -> None:
        super().__init__()
        self.incidents.put(a_room(incident=an_incident(paged=(STEP,), reached=("tanaka", "nakano", "ito"))))
        for person in ("tanaka", "nakano", "ito"):
            for channel in Channel:
                body = a_message(
                    person_id=person,
                    channel=channel,
                    step=STEP,
                    cancel_when_decided=INCIDENT.question,
                    held=person != "tanaka",
                )
                row = a_message_row(id=f"{INCIDENT.id}/{STEP}/{person}/{channel.value}", body=body)
                self.add(replace(row, due_at=row.due_at + MORNING) if body.held else row)

    def nobody_answers_at(self, *people: str) -> None:
        for each in map(a_person, people):
            self.sender.refused |= {str(each.phone), str(each.mail)}

    def rows_to(self, person: str) -> list[OutboxRow]:
        rows = self.outbox.rows.values()
        return [row for row in rows if isinstance(row.body, Message) and row.body.person_id == person]


def told(office: Night) -> set[str]:
    return {each.person_id for each in office.sender.delivered}


def test_whoever_was_spared_is_called_at_once_and_nobody_of_the_next_rung() -> None:
    office = Night()
    office.nobody_answers_at("tanaka")
    office.sweep()
    office.sweep()
    assert told(office) == {"nakano", "ito"}
    assert office.incidents.kinds(INCIDENT.id) == ["message_failed", "woken"]
    (entry,) = [e for e in office.incidents.timeline(INCIDENT.id) if e.event.kind == "woken"]
    assert entry.event.details == {"people": "nakano,ito"}


def test_nobody_hears_the_same_again_in_the_morning() -> None:
    office = Night()
    office.nobody_answers_at("tanaka")
    office.sweep()
    office.sweep()
    before = len(office.sender.delivered)
    office.clock.advance(seconds=MORNING.total_seconds() + 60)
    office.sweep()
    assert len(office.sender.delivered) == before
    struck = [row for row in office.rows_to("nakano") if row.state is OutboxState.CANCELLED]
    assert [row.last_error for row in struck] == ["called at once instead"] * 2


def test_sleepers_sleep_on_while_somebody_awake_was_reached() -> None:
    office = Night()
    office.sender.refused.add(str(a_person("tanaka").phone))
    office.sweep()
    office.sweep()
    assert told(office) == {"tanaka"}
    assert all(row.state is OutboxState.PENDING for row in office.rows_to("nakano"))


def test_where_the_sleepers_cannot_be_reached_either_the_next_rung_is_paged() -> None:
    office = Night()
    office.nobody_answers_at("tanaka", "nakano", "ito")
    office.sweep()
    office.sweep()
    office.sweep_until_quiet()
    assert "sato" in told(office)
    kinds = office.incidents.kinds(INCIDENT.id)
    assert kinds.count("woken") == 1
    assert kinds[-1] == "paged"


def test_once_somebody_has_it_nobody_is_woken() -> None:
    office = Night()
    room = office.incidents.room(INCIDENT.id)
    taken = replace(room.incident, lead="sato", answered=(INCIDENT.question,))
    office.incidents.put(replace(room, incident=taken))
    office.nobody_answers_at("tanaka")
    office.sweep()
    assert all(is_asleep(row, at=office.clock.now()) for row in office.rows_to("nakano"))


def test_what_waits_for_a_cap_does_not_sleep() -> None:
    row = a_message_row(body=a_message(held=True))
    early = row.due_at - timedelta(hours=1)
    assert is_asleep(row, at=early)
    assert not is_asleep(row, at=row.due_at)
    assert not is_asleep(replace(row, waited=True), at=early)
    assert not is_asleep(replace(row, body=a_message(held=False)), at=early)
    assert not is_asleep(row.cancelled("x"), at=early)
