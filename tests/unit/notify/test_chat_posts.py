from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hikeshi.domain.assessment import Level
from hikeshi.domain.chats import Chat, ChatKind
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.outbox import OutboxState
from hikeshi.domain.people import Channel
from hikeshi.services.messages.chat_posts import ChatPoster, posts_of, tell_chats
from hikeshi.services.messages.dispatch import Outcome
from tests.builders import (
    a_chat_post,
    a_chat_row,
    a_configuration,
    a_decision,
    a_message,
    a_message_row,
    a_room,
    a_slot,
    an_incident,
)
from tests.fakes.chatting import RecordingChats
from tests.unit.notify.office import Office

OPS = Chat(name="ops", kind=ChatKind.SLACK, secret="hikeshi/chat/ops")
BOARD = Chat(
    name="board",
    kind=ChatKind.TEAMS,
    secret="hikeshi/chat/board",
    levels=frozenset({Level.CRITICAL}),
    language="en",
)


class Room(Office):
    """The office, with rooms of chats beside it."""

    def __init__(self, *chats: Chat) -> None:
        super().__init__()
        self.chats, self.rooms = RecordingChats(), chats or (OPS,)

    def poster(self) -> ChatPoster:
        return ChatPoster(
            outbox=self.outbox,
            incidents=self.incidents,
            drills=self.drills,
            sender=self.chats,
            configuration=a_configuration(chats=self.rooms),
            clock=self.clock,
            ids=self.ids,
        )

    def post(self, **changes: Any) -> Outcome:
        row = a_chat_row(**changes)
        self.outbox.add((row,))
        return self.poster().post(row)


def heard(*rows: Any, chats: tuple[Chat, ...] = (OPS,)) -> list[str]:
    return [row.id for row in posts_of(rows, chats)]


def test_a_page_to_many_people_on_many_channels_is_one_post_to_each_room_of_its_level() -> None:
    office = Room()
    rows = [
        a_message_row(
            id=f"inc-128/1/warning/0/{person}/{channel.value}",
            body=a_message(person_id=person, channel=channel),
        )
        for person in ("nakano", "sato")
        for channel in Channel
    ]
    tell_chats(rows, (OPS, BOARD), outbox=office.outbox)
    assert list(office.outbox.rows) == ["inc-128/1/warning/0/chat:ops"]


@pytest.mark.parametrize(
    ("moment", "params", "is_heard"),
    [
        ("page", {}, True),
        ("level_raised", {}, True),
        ("acknowledged", {}, True),
        ("dismissed", {}, True),
        ("closed", {}, True),
        ("clock", {"news_key": "news.clock_behind"}, True),
        ("status", {"news_key": "news.fact_check"}, True),
        ("peril", {"more_key": "life_more.found"}, True),
        ("peril_left", {"left_key": "left.violence"}, True),
        ("status", {"news_key": "news.no_danger"}, True),
        ("help_called", {"help_key": "help.called"}, True),
        ("status", {"news_key": "news.statement_drafted"}, False),
        ("task", {}, False),
        ("remind", {}, False),
    ],
)
def test_a_room_hears_of_the_course_of_an_incident_and_not_of_what_one_person_is_asked(
    moment: str, params: dict[str, str], is_heard: bool
) -> None:
    row = a_message_row(id="cause/nakano/sms", body=a_message(moment=moment, params=params))
    assert heard(row) == (["cause/chat:ops"] if is_heard else [])


def test_a_message_about_no_incident_and_a_fallback_are_not_heard() -> None:
    silent = a_message_row(body=a_message(incident_number=0))
    assert heard(silent, a_message_row(id="cause/nakano/sms/fallback")) == []


def test_a_post_says_level_number_and_title_and_carries_no_link() -> None:
    office = Room()
    assert office.post() is Outcome.SENT
    ((room, text),) = office.chats.posted
    assert room == "ops"
    assert text.splitlines() == [
        "【警戒】#128 異物混入を訴える写真",
        "担当できる方は、ご自身に届いたSMSまたはメールのリンクから「担当する」を押してください。",
    ]
    assert "http" not in text
    stored = office.stored(a_chat_row().id)
    assert (stored.state, stored.provider_id, stored.sent_text) == (OutboxState.SENT, "request-1", text)


def test_a_room_that_was_asked_to_call_hears_of_the_call_and_of_the_all_clear() -> None:
    office = Room()
    said = {"summary": "危害を予告する投稿", "brand": "つきみ製菓", "noted_at": "2026-05-14T13:33:00+09:00"}
    called = a_chat_post(moment="help_called", params=said | {"help_key": "help.called"})
    safe = a_chat_post(moment="status", params=said | {"news_key": "news.no_danger"})
    assert office.post(id="called", body=called) is Outcome.SENT
    assert office.post(id="safe", body=safe) is Outcome.SENT
    told = [text for _, text in office.chats.posted]
    assert told[0] == "#128 警察へ通報済み 危害を予告する投稿"
    assert told[1].startswith("#128 命の危険はない")


def test_a_room_reads_its_own_language() -> None:
    office = Room(replace(BOARD, levels=frozenset(Level)))
    office.post(body=a_chat_post(target="board"))
    assert "use the link in your own SMS or mail" in office.chats.posted[0][1]


def test_what_is_due_for_a_room_is_one_post_with_the_most_urgent_first() -> None:
    office = Room()
    office.incident(201, level=Level.CRITICAL)
    critical = a_chat_post(
        incident_id="inc-201", incident_number=201, level=Level.CRITICAL, params={"summary": "発火"}
    )
    office.outbox.add((a_chat_row(id="critical", body=critical),))
    assert office.post() is Outcome.SENT
    ((_, text),) = office.chats.posted
    assert text.splitlines()[:2] == ["【重大】#201 発火", "【警戒】#128 異物混入を訴える写真"]
    assert office.stored("critical").state is OutboxState.BUNDLED


def test_a_page_is_not_posted_once_somebody_has_it_and_nothing_but_the_end_after_the_end() -> None:
    office = Room()
    office.incidents.put(a_room(slots=(a_slot(decision=a_decision()),)))
    assert office.post(body=a_chat_post(cancel_when_decided="triage")) is Outcome.CANCELLED
    office.incidents.put(a_room(incident=an_incident(status=IncidentStatus.CLOSED)))
    assert office.post(id="raised", body=a_chat_post(moment="level_raised")) is Outcome.CANCELLED
    assert office.post(id="closed", body=a_chat_post(moment="closed")) is Outcome.SENT


def test_a_room_that_was_taken_out_of_the_configuration_hears_no_more() -> None:
    office = Room(BOARD)
    assert office.post() is Outcome.CANCELLED


def test_a_service_that_is_down_is_asked_once_more_and_then_given_up() -> None:
    office = Room()
    office.chats.failures = 2
    assert office.post() is Outcome.POSTPONED
    office.clock.advance(minutes=1)
    assert office.poster().post(a_chat_row()) is Outcome.POSTPONED
    office.clock.advance(minutes=1)
    assert office.poster().post(a_chat_row()) is Outcome.FAILED
    assert office.stored(a_chat_row().id).last_error == "HTTP 503"
