"""The record of who was told what: on the page, names and ways, never addresses."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.outbox import OutboxRow
from hikeshi.domain.people import Channel
from hikeshi.services.messages.deliveries import counted, deliveries
from hikeshi.services.messages.wording import Wording
from tests.builders import NOON, a_chat_row, a_message, a_message_row, a_person, a_roster, a_workflow_row
from tests.unit.pages import scenes
from tests.unit.pages.stage import Stage

LATER = NOON + timedelta(minutes=3)


def a_row(person: str = "sato", channel: Channel = Channel.SMS, **changes: object) -> OutboxRow:
    row_id = str(changes.pop("id", f"cause/{person}/{channel.value}"))
    return a_message_row(id=row_id, body=a_message(person_id=person, channel=channel, **changes))


def claimed(row: OutboxRow) -> OutboxRow:
    return row.claimed(by="writer", at=NOON)


def states(*rows: OutboxRow) -> list[str]:
    found = deliveries(rows, roster=a_roster(), words=Wording())
    return [each.state for each in found]


@pytest.mark.parametrize(
    ("row", "state"),
    [
        (a_row(), "送信待ち"),
        (claimed(a_row()), "送信待ち"),
        (claimed(a_row()).held_back(until=LATER), "時間をおいて送信"),
        (a_row(held=True), "時間をおいて送信"),
        (claimed(a_row()).sent(provider_id="m-1", parts=2, text="本文", at=LATER), "送信済み"),
        (claimed(a_row()).bundled(into="cause/sato/sms", at=LATER), "まとめて送信"),
        (claimed(a_row()).failed("OptedOut", at=LATER), "送信できず"),
        (claimed(a_row()).cancelled("triage was decided", at=LATER), "取り消し"),
    ],
)
def test_every_state_has_words_of_its_own(row: OutboxRow, state: str) -> None:
    assert states(row) == [state]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (claimed(a_row()).withheld("takes no part in the drill", at=LATER), "訓練の参加者ではないため"),
        (claimed(a_row()).cancelled("incident is closed", at=LATER), "案件が終了したため"),
        (claimed(a_row()).cancelled("triage was decided", at=LATER), "すでに決まったため"),
        (
            claimed(a_row()).attempted().failed("no answer to 1 attempts", at=LATER),
            "1回送っても応答がないため",
        ),
        (claimed(a_row()).failed("OptedOut", at=LATER), "OptedOut"),
    ],
)
def test_the_log_says_why_nothing_went_out_and_leaves_the_words_of_a_provider(
    row: OutboxRow, why: str
) -> None:
    (found,) = deliveries((row,), roster=a_roster(), words=Wording())
    assert found.why == why


@pytest.mark.parametrize("status", [each for each in IncidentStatus if not each.is_open])
def test_every_end_of_an_incident_has_its_words_in_the_log(status: IncidentStatus) -> None:
    assert f"delivery_why.incident is {status.value}" in Wording()


def test_the_log_tells_who_how_what_and_when_with_the_newest_first() -> None:
    sent = claimed(a_row()).attempted().sent(provider_id="m-1", parts=2, text="本文", at=LATER)
    waiting = a_row("takahashi", Channel.MAIL)
    newest, older = deliveries((waiting, sent, a_workflow_row()), roster=a_roster(), words=Wording())
    assert (newest.whom, newest.channel, newest.what) == ("佐藤 花子", "SMS", "呼び出し")
    assert (newest.at, newest.provider_id, newest.parts, newest.attempts) == (LATER, "m-1", 2, 1)
    assert (older.whom, older.channel) == ("高橋 誠", "メール")


def test_a_room_of_a_chat_and_somebody_who_is_no_longer_in_the_roster_have_names_too() -> None:
    found = deliveries((a_chat_row(), a_row("gone")), roster=a_roster(), words=Wording())
    assert {each.whom for each in found} == {"chat:ops", "名簿にない方"}


def test_the_summary_counts_what_became_of_the_messages() -> None:
    sent = claimed(a_row()).sent(provider_id="m", parts=1, text="", at=LATER)
    found = deliveries((sent, a_row("ito"), a_row("tanaka")), roster=a_roster(), words=Wording())
    assert dict(counted(found)) == {"送信済み": 1, "送信待ち": 2}


def test_every_moment_of_the_catalogue_has_a_name_in_the_log() -> None:
    words = Wording()
    moments = {key.split(".")[1] for key in words if key.startswith("message.")}
    assert {moment for moment in moments if f"delivery.{moment}" not in words} == set()


def test_the_page_shows_the_record_and_no_address_or_text() -> None:
    stage = Stage().play(scenes.found())
    incident_id = next(iter(stage.incidents.rooms))
    row = a_row(incident_id=incident_id)
    stage.outbox.add((claimed(row).sent(provider_id="m-1", parts=1, text="ひみつの本文", at=NOON),))
    body = stage.desk().show(stage.link()).body
    assert "連絡の記録" in body
    assert "佐藤 花子（SMS）" in body
    assert "送信済み 1件" in body
    for hidden in (a_person("sato").phone, a_person("sato").mail, "ひみつの本文", "m-1"):
        assert str(hidden) not in body


def test_before_anybody_was_told_there_is_no_record() -> None:
    stage = Stage().play(scenes.found())
    assert "連絡の記録" not in stage.desk().show(stage.link()).body


def test_what_comes_at_a_set_time_is_called_by_its_occasion() -> None:
    asked = a_row(moment="due", params={"news_key": "news.report_feedback"})
    told = a_row("ito", moment="due", params={"news_key": "news.reply_due"})
    found = deliveries((asked, told), roster=a_roster(), words=Wording())
    assert {each.what for each in found} == {"対応の振り返りをお願いします", "お客様への返信の期限が来ました"}
