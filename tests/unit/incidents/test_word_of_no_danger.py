"""What people read when posts turn out to be no danger: all of them, or those of one danger of two."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hikeshi.domain.incidents import Room
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.people import Channel
from hikeshi.domain.peril import PERIL_FOUND, Peril
from hikeshi.services.incidents.open_incident import open_incident
from hikeshi.services.messages.compose import compose
from hikeshi.services.messages.life_words import PERIL_LEFT
from hikeshi.services.messages.message_text import sms_parts
from hikeshi.services.messages.wording import Wording
from hikeshi.services.playbooks.engaging import seed_claims
from tests.builders import a_circle
from tests.fakes.stage import Stage
from tests.unit.incidents.growing import FIRST, the_room
from tests.unit.incidents.test_no_danger import LYRICS, alerted, grave, harmless, in_hand, taken_back
from tests.unit.incidents.test_protecting import BOOKS, told, turns_out, works

S = IncidentStatus
SELF_HARM, VIOLENCE = Peril.SELF_HARM, Peril.VIOLENCE
FAREWELL = "もう限界なので今夜"
LINK = "https://r.exmp.jp/Kx7mQ2vT9bLc4NfR8sWzYa"
LEFT = {
    VIOLENCE: ("人命優先：投稿を見て110番へ", "危害を予告する投稿への対応は、続けてください。"),
    SELF_HARM: (
        "人命優先：投稿を見て110番へ。本人を責めない",
        "自殺をほのめかす投稿への対応は、続けてください。",
    ),
}
OVER = ("命の危険はないと判断されました（", "人命優先の対応は、ここまで", "終わり")


def quoting(stage: Stage, quoted: Peril, meant: Peril) -> None:
    """Open an incident for lyrics that sound like one danger, in which somebody means the other."""
    alerted(stage, LYRICS, peril=quoted)
    stage.keep(stage.alerts.alert(FIRST), grave(FAREWELL, meant), peril=VIOLENCE, second_peril=SELF_HARM)
    open_incident(FIRST, stage.opening)


def read(stage: Stage, channel: Channel, *, by: str = "nakano") -> str:
    """Return what somebody reads of what is on its way."""
    texts = []
    for message in stage.incidents.messages():
        if (message.person_id, message.channel) == (by, channel):
            person = stage.configuration.roster.people[by]
            composed = compose(message, person=person, link=LINK, wording=Wording(), at=stage.clock.now())
            texts.append(f"{composed.subject}\n{composed.text}".strip())
    assert texts, "nobody told them"
    return "\n".join(texts)


@pytest.mark.parametrize(("quoted", "left"), [(VIOLENCE, SELF_HARM), (SELF_HARM, VIOLENCE)])
def test_where_another_danger_is_left_nobody_reads_that_it_is_over(
    stage: Stage, quoted: Peril, left: Peril
) -> None:
    quoting(stage, quoted, left)
    in_hand(stage)
    assert harmless(stage, LYRICS).incident.perils == (left,)
    assert told(stage, PERIL_LEFT) >= {"nakano", "ito", "suzuki"}
    assert not told(stage, "status") & told(stage, PERIL_LEFT)
    first, go_on = LEFT[left]
    sms, mail = (read(stage, channel) for channel in (Channel.SMS, Channel.MAIL))
    assert sms.startswith(f"#1 {first} ")
    assert "一部は危険なし。対応は継続" in sms
    assert sms_parts(sms) == 2
    subject, *body = mail.splitlines()
    assert subject.startswith(f"【警戒】#1 {first} ")
    assert next(line for line in body if line and not line.endswith("様")).startswith("人命が最優先です。")
    assert f"お願いしたいこと：{go_on}\n" in mail
    assert "通報や避難の連絡をされた方は、その先へ、そのこともお伝えください。" in mail
    assert not [word for word in OVER if word in sms + mail]


def test_in_a_drill_it_asks_nobody_to_tell_anybody(stage: Stage) -> None:
    quoting(stage, VIOLENCE, SELF_HARM)
    in_hand(stage, drill="drill-1")
    harmless(stage, LYRICS)
    mail = read(stage, Channel.MAIL)
    assert LEFT[SELF_HARM][1] in mail
    assert "お伝えください" not in mail


def test_a_circle_does_not_read_which_danger_is_left(stage: Stage) -> None:
    quoting(stage, VIOLENCE, SELF_HARM)
    in_hand(stage, circle=a_circle(since=stage.clock.now()))
    harmless(stage, LYRICS)
    assert told(stage, PERIL_LEFT) == {"tanaka", "kato"}
    said = read(stage, Channel.SMS, by="tanaka") + read(stage, Channel.MAIL, by="tanaka")
    assert "残る投稿への対応は、続けてください。" in said
    assert not [word for word in ("自殺", "危害", "責め") if word in said]


def test_where_none_is_left_it_says_that_somebody_judged_so(stage: Stage) -> None:
    alerted(stage, LYRICS)
    in_hand(stage)
    harmless(stage, LYRICS)
    assert "命の危険はないと判断されました" in read(stage, Channel.SMS)
    mail = read(stage, Channel.MAIL)
    assert "お願いしたいこと：人命優先の対応は、ここまでとします。" in mail
    assert "命の危険はないと判断したことをお伝えください。" in mail
    assert "分かりました" not in mail


def test_a_danger_that_nobody_has_heard_of_yet_is_told_as_one(stage: Stage) -> None:
    """Its post came into the alert a moment before, and the alert has not brought it to the incident."""
    alerted(stage, LYRICS)
    in_hand(stage)
    stage.keep(stage.alerts.alert(FIRST), grave(FAREWELL, SELF_HARM), second_peril=SELF_HARM)
    room = harmless(stage, LYRICS)
    assert room.incident.perils == (SELF_HARM,)
    assert room.incident.endangered_at == stage.clock.now()
    assert stage.incidents.kinds(room.incident.id).count(PERIL_FOUND) == 2
    assert told(stage, "peril") >= {"nakano", "ito", "suzuki"}
    assert not told(stage, PERIL_LEFT)
    assert "人命優先：投稿を見て110番へ。本人を責めない 新たな投稿" in read(stage, Channel.SMS)


def test_what_is_taken_back_calls_and_does_not_look_as_if_the_call_were_called_off(stage: Stage) -> None:
    alerted(stage, LYRICS)
    in_hand(stage)
    harmless(stage, LYRICS)
    stage.incidents.outbox.clear()
    stage.clock.advance(minutes=1)
    taken_back(stage)
    assert read(stage, Channel.SMS).startswith("【警戒】#1 人命優先：投稿を見て110番へ 「危険なし」は撤回 ")


def checking_facts(stage: Stage) -> Room:
    """Let the fact check begin after the words were said to be no danger, as the lifecycle does."""
    alerted(stage, LYRICS)
    in_hand(stage, S.ACKNOWLEDGED)
    harmless(stage, LYRICS)
    room = the_room(stage)
    room = replace(room, incident=replace(room.incident, status=S.FACT_FINDING))
    room, _ = seed_claims(room, BOOKS.of(room.incident), at=stage.clock.now())
    stage.incidents.put(room)
    return the_room(stage)


def test_who_takes_it_back_in_the_fact_check_brings_the_questions_of_the_life(stage: Stage) -> None:
    assert [fact.claim for fact in checking_facts(stage).facts] == ["購入した店舗"]
    asked = [fact.claim for fact in taken_back(stage).facts]
    assert asked == ["購入した店舗", "場所は安全か"]
    other = Stage()
    works(other, S.FACT_FINDING)
    assert asked == [fact.claim for fact in turns_out(other, VIOLENCE).facts]


def test_the_same_in_the_response_and_no_question_twice(stage: Stage) -> None:
    room = checking_facts(stage)
    stage.incidents.put(replace(room, incident=replace(room.incident, status=S.RESPONDING)))
    assert [fact.claim for fact in taken_back(stage).facts] == ["購入した店舗", "場所は安全か"]
    harmless(stage, LYRICS)
    assert [fact.claim for fact in taken_back(stage).facts] == ["購入した店舗", "場所は安全か"]


def test_before_the_fact_check_the_lifecycle_asks_them(stage: Stage) -> None:
    alerted(stage, LYRICS)
    in_hand(stage, S.ACKNOWLEDGED)
    harmless(stage, LYRICS)
    assert not taken_back(stage).facts
