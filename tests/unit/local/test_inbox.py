from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hikeshi.domain.configuration import Configuration
from infra.configuring.checks import check_directory
from infra.local.inbox import as_json, linked, page, strangers
from infra.local.messages import ArrivedMessage, MessageStore, mail_in, sms_in
from tests.builders import NOON

OPERATOR = "arn:aws:sns:ap-northeast-1:000000000000:operator"
LINK = "http://127.0.0.1:8123/r/Kx7mQ2vT9bLc4NfR8sWzYa"


@pytest.fixture(scope="module")
def configuration() -> Configuration:
    document = check_directory(Path(__file__).parents[3] / "infra" / "config").document
    assert document is not None
    return document.to_configuration()


def an_sms(**changes: object) -> ArrivedMessage:
    fields = {"id": "1", "channel": "sms", "address": "+819000000003", "text": "本文", "arrived_at": NOON}
    return ArrivedMessage(**{**fields, **changes})  # type: ignore[arg-type]  # test data


def a_call(**changes: object) -> ArrivedMessage:
    fields = {"id": "3", "channel": "operator", "subject": "件名", "text": "本文", "arrived_at": NOON}
    return ArrivedMessage(**{**fields, **changes})  # type: ignore[arg-type]  # test data


def a_mail(**changes: object) -> ArrivedMessage:
    fields = {"id": "2", "channel": "mail", "recipient": "sato", "subject": "件名"}
    return an_sms(**{"address": "", **fields, **changes})


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (f"【重大】#128 商品に虫の写真 18件/分\n確認番号47\n{LINK}", "47"),
        (f"{LINK}　確認番号 47\nこのメールは #128 について", "47"),
        (f"#128 第一報を公表 次回更新16:30\n{LINK}", None),
    ],
)
def test_links_and_numbers_are_read_out_of_a_text(text: str, number: str | None) -> None:
    message = an_sms(text=text)
    assert message.links == (LINK,)
    assert message.number == number


def test_an_address_that_is_no_signed_link_is_not_one() -> None:
    assert an_sms(text="http://example.jp/r/short https://example.jp/").links == ()


def test_messages_go_to_their_people_and_nobody_else(configuration: Configuration) -> None:
    answer = as_json(configuration, [an_sms(), a_mail()])
    people = answer["people"]
    assert [m["id"] for m in people["sato"]["sms"]] == ["1"]
    assert [m["id"] for m in people["sato"]["mail"]] == ["2"]
    assert sum(len(p["sms"]) + len(p["mail"]) for p in people.values()) == 2
    assert answer["strangers"] == []


def test_a_message_to_somebody_outside_the_roster_is_shown_as_wrong(configuration: Configuration) -> None:
    lost = an_sms(address="+819000009999")
    assert strangers(configuration, [lost]) == [lost]
    assert "名簿にない宛先" in page(configuration, [lost], person=None)


def test_the_newest_message_is_on_top(configuration: Configuration) -> None:
    shown = page(
        configuration,
        [an_sms(id="1", text="先"), an_sms(id="2", text="後", arrived_at=NOON + timedelta(minutes=3))],
        person="sato",
    )
    assert shown.index("後") < shown.index("先")
    assert "13:00" in shown
    assert "12:57" in shown


def test_a_text_is_shown_as_text_and_only_its_addresses_open(configuration: Configuration) -> None:
    shown = linked(f"<script>alert(1)</script> {LINK}")
    assert "<script>" not in shown
    assert f'<a href="{LINK}"' in shown


def test_an_empty_inbox_says_what_will_come(configuration: Configuration) -> None:
    assert "まだだれにも連絡は届いていません" in page(configuration, [], person=None)


def test_the_page_needs_no_script(configuration: Configuration) -> None:
    assert "<script" not in page(configuration, [an_sms(), a_mail()], person=None)


def test_the_page_reloads_itself_and_so_shows_no_mail_that_was_opened_by_hand(
    configuration: Configuration,
) -> None:
    held = [a_mail(id="1", text="先の本文"), a_mail(id="2", text="後の本文")]
    everybody = page(configuration, held, person=None)
    assert 'http-equiv="refresh"' in everybody
    assert "先の本文" not in everybody
    assert 'href="/people/sato#mail-1"' in everybody
    his = page(configuration, held, person="sato")
    assert 'id="mail-1" open' in his
    assert "先の本文" in his
    assert his.count("<details") == his.count(" open>")


def test_a_message_that_arrives_twice_is_one(tmp_path: Path) -> None:
    store = MessageStore(tmp_path / "messages.sqlite")
    store.keep([an_sms()])
    store.keep([an_sms(arrived_at=NOON + timedelta(minutes=1)), a_mail()])
    assert store.all() == [an_sms(), a_mail()]


def test_an_emptied_inbox_stays_empty_when_the_emulator_repeats_itself(tmp_path: Path) -> None:
    store = MessageStore(tmp_path / "messages.sqlite")
    store.keep([an_sms()])
    store.hide_all()
    store.keep([an_sms(), an_sms(id="new")])
    assert [message.id for message in MessageStore(tmp_path / "messages.sqlite").all()] == ["new"]


def test_the_emulators_list_of_sms_is_read() -> None:
    answer = {
        "sms_messages": {
            "+819000000003": [{"MessageId": "a", "PhoneNumber": "+819000000003", "Message": "本文"}]
        },
        "region": "ap-northeast-1",
    }
    assert sms_in(answer, at=NOON) == [an_sms(id="a")]


def test_the_envelope_of_a_mail_is_read() -> None:
    body = (
        '{"Type": "Notification", "MessageId": "m", "Subject": "件名", "Message": "本文",'
        ' "Timestamp": "2026-05-13T03:57:00.000Z",'
        ' "MessageAttributes": {"recipient": {"Type": "String", "Value": "sato"}}}'
    )
    at = datetime(2026, 5, 13, 3, 57, tzinfo=UTC)
    assert mail_in(body, at=NOON, operator_topic=OPERATOR) == a_mail(id="m", arrived_at=at)


def test_what_comes_by_the_operators_topic_is_a_call() -> None:
    body = f'{{"MessageId": "m", "TopicArn": "{OPERATOR}", "Subject": "件名", "Message": "本文"}}'
    assert mail_in(body, at=NOON, operator_topic=OPERATOR) == a_call(id="m")


def test_calls_to_the_operator_are_shown_and_are_nobody_elses(configuration: Configuration) -> None:
    held = [a_call(id="1", text="古い"), a_call(id="2", text="新しい <b>太字</b>", subject="止まっています")]
    everything = as_json(configuration, [an_sms(id="3"), *held])
    assert [call["text"] for call in everything["operator"]] == ["古い", "新しい <b>太字</b>"]
    assert everything["strangers"] == []
    shown = page(configuration, held, person=None)
    assert shown.index("新しい &lt;b&gt;") < shown.index("古い")
    assert "止まっています" in shown
    assert "運用担当" not in page(configuration, held, person="sato")


def test_without_a_call_the_inbox_says_nothing_of_the_operator(configuration: Configuration) -> None:
    assert "運用担当" not in page(configuration, [an_sms()], person=None)
