"""What waited says of a life what holds when it goes out, and what only said what held before is not sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hikeshi.domain.assessment import Level
from hikeshi.domain.circles import Circle
from hikeshi.domain.incidents import Incident, Room
from hikeshi.domain.links import EXPERT
from hikeshi.domain.outbox import ChatPost, Message, OutboxRow, OutboxState
from hikeshi.domain.people import Channel, Way
from hikeshi.domain.peril import Peril
from hikeshi.domain.playbooks import Playbooks, Refinement
from hikeshi.services.messages.chat_posts import posts_of
from hikeshi.services.messages.compose import compose_line
from hikeshi.services.messages.freshness import why_stale
from hikeshi.services.messages.life_words import ALL_CLEAR, PERIL_LEFT, words_of_left
from hikeshi.services.messages.notices import Notice, notice_rows
from hikeshi.services.messages.up_to_date import up_to_date
from hikeshi.services.messages.wording import Wording
from hikeshi.services.playbooks.engaging import step_params
from tests.builders import a_circle, a_configuration, a_message, a_person, a_playbook, a_room, an_incident
from tests.fakes.stage import Stage
from tests.unit.incidents.growing import the_room
from tests.unit.incidents.test_no_danger import LYRICS, alerted, harmless, in_hand, taken_back
from tests.unit.notify import test_chat_posts
from tests.unit.notify.office import Office

VIOLENCE, SELF_HARM = Peril.VIOLENCE, Peril.SELF_HARM
BOOKS = Playbooks(
    default=a_playbook(first_steps=("健康被害を確かめる", "商品を特定する")),
    refinements=(Refinement(peril=VIOLENCE, first_steps=("110番へ通報する",)),),
)
TITLES = {(): "商品に虫の写真", (VIOLENCE,): "危害を予告する投稿", (SELF_HARM,): "自殺をほのめかす投稿"}
NONE_LEFT = "no life is at risk any more"
AGAIN = "a life is at risk again"


def at_risk(*perils: Peril, **changes: Any) -> Incident:
    first, second, *_ = (*perils, None, None)
    title = TITLES.get(perils, "危害と自殺")
    return an_incident(**({"peril": first, "second_peril": second, "title": title} | changes))


def a_room_with(*perils: Peril, **changes: Any) -> Room:
    return a_room(incident=at_risk(*perils, **changes))


def queued(office: Office, incident: Incident, moment: str = "page", **params: str) -> tuple[OutboxRow, ...]:
    """Queue a message as it is caused, with the first steps that a page carries."""
    at = office.clock.now()
    params |= step_params(BOOKS.of(incident)) if moment == "page" else {}
    notice = Notice(cause="cause", moment=moment, params=params, asks=True)
    by = "kato" if incident.circle is not None else "nakano"
    rows = notice_rows(incident, [a_person(by)], notice, ids=office.ids, at=at)
    office.outbox.add(rows)
    return rows


def an_office() -> Office:
    office = Office()
    office.configured = a_configuration(playbooks=BOOKS)
    return office


def heard(then: Incident, now: Incident, moment: str = "page", **params: str) -> dict[Channel, str]:
    """Return what is said of an incident that stood in one way, and stands in another when it is sent."""
    office = an_office()
    office.incidents.put(a_room(incident=then))
    queued(office, then, moment, **params)
    office.incidents.put(a_room(incident=now))
    office.sweep_until_quiet()
    return {each.channel: f"{each.subject}\n{each.text}".strip() for each in office.sender.delivered}


# ---- calls go out, and say what holds ----------------------------------------------------------


@pytest.mark.parametrize("moment", ["called_in", "roll_call", "level_raised", "clock", "headquarters"])
def test_no_call_asks_for_the_police_after_the_all_clear(moment: str) -> None:
    for text in heard(at_risk(VIOLENCE), at_risk(), moment).values():
        assert "110番" not in text
        assert "人命" not in text
        assert "危害" not in text


def test_a_page_that_waited_for_the_all_clear_calls_for_the_matter_and_not_for_the_police() -> None:
    said = heard(at_risk(VIOLENCE), at_risk())
    assert set(said) == {Channel.SMS, Channel.MAIL}
    for text in said.values():
        assert "110番" not in text
        assert "人命" not in text
        assert TITLES[(VIOLENCE,)] not in text
        assert TITLES[()] in text
    mail = said[Channel.MAIL]
    assert "1. 健康被害を確かめる\n2. 商品を特定する\n" in mail
    assert "3. " not in mail
    assert "確認番号" in mail
    assert "担当できる方は「担当する」を押してください" in mail


def test_one_that_was_true_when_it_was_queued_stays_as_it_was() -> None:
    said = heard(at_risk(VIOLENCE), at_risk(VIOLENCE, title="ほかの題"))
    for text in said.values():
        assert "人命優先：投稿を見て110番へ" in text
        assert TITLES[(VIOLENCE,)] in text
    assert "1. 110番へ通報する\n2. 健康被害を確かめる\n" in said[Channel.MAIL]


def test_a_call_says_which_danger_is_left() -> None:
    for text in heard(at_risk(VIOLENCE, SELF_HARM), at_risk(SELF_HARM), "called_in").values():
        assert "人命優先：投稿を見て110番へ。本人を責めない" in text
        assert "危害" not in text


@pytest.mark.parametrize("moment", ["page", "called_in", "roll_call"])
def test_a_life_that_was_found_since_comes_first(moment: str) -> None:
    said = heard(at_risk(), at_risk(VIOLENCE), moment)
    assert said[Channel.SMS].startswith("【警戒】#128 人命優先：投稿を見て110番へ ")
    assert "\n\n人命が最優先です。" in said[Channel.MAIL]


@pytest.mark.parametrize(
    ("then", "now", "police"),
    [((VIOLENCE,), (), False), ((), (SELF_HARM,), True), ((VIOLENCE, SELF_HARM), (VIOLENCE,), True)],
)
def test_what_is_kept_among_few_says_it_too_and_no_more(
    then: tuple[Peril, ...], now: tuple[Peril, ...], *, police: bool
) -> None:
    circle = a_circle()
    for text in heard(at_risk(*then, circle=circle), at_risk(*now, circle=circle)).values():
        assert ("110番へ" in text) is police
        assert not [word for word in ("自殺", "危害", "責め", "投稿を見て", *TITLES.values()) if word in text]


def test_a_chat_is_told_what_holds_as_well() -> None:
    office = an_office()
    rows = queued(office, at_risk(VIOLENCE))
    office.incidents.put(a_room_with())
    (post,) = {row.id: row.body for row in posts_of(rows, (test_chat_posts.OPS,))}.values()
    assert isinstance(post, ChatPost)
    now = up_to_date(post, incidents=office.incidents, playbooks=BOOKS)
    line = compose_line(now, wording=Wording(), at=office.clock.now())
    assert line.startswith("【警戒】#128")
    assert TITLES[()] in line
    assert "110" not in line


@pytest.mark.parametrize(
    "message",
    [
        a_message(moment="page", incident_number=0),
        a_message(moment="page", incident_id="unheard-of"),
        a_message(moment="expert_asked", purpose=EXPERT, params={"by": "法務部"}),
        a_message(moment="status", params={"summary": "前の題", "news_key": "news.response"}),
    ],
)
def test_what_calls_nobody_is_left_as_it_is(message: Message) -> None:
    office = an_office()
    office.incidents.put(a_room_with(VIOLENCE))
    assert up_to_date(message, incidents=office.incidents, playbooks=BOOKS) is message


@pytest.mark.parametrize("perils", [(), (VIOLENCE,)])
@pytest.mark.parametrize("moment", ["page", "status"])
def test_it_costs_no_reading_more(
    monkeypatch: pytest.MonkeyPatch, moment: str, perils: tuple[Peril, ...]
) -> None:
    """The incident is read when a message is claimed, and once more for the names that its text hides."""
    office = an_office()
    office.incidents.put(a_room_with(*perils))
    (sms, _) = queued(office, at_risk(VIOLENCE), moment)
    reads: list[str] = []
    found = office.incidents.room

    def counted(incident_id: str) -> Room:
        reads.append(incident_id)
        return found(incident_id)

    monkeypatch.setattr(office.incidents, "room", counted)
    office.dispatcher().dispatch(sms)
    assert len(office.texts()) == 1
    assert len(reads) == 2


# ---- what only told of the life ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("perils", "why"), [((), ""), ((VIOLENCE,), AGAIN), ((SELF_HARM,), AGAIN), ((VIOLENCE, SELF_HARM), AGAIN)]
)
def test_an_all_clear_is_sent_while_it_holds(perils: tuple[Peril, ...], why: str) -> None:
    said = a_message(moment="status", params={"news_key": ALL_CLEAR})
    assert why_stale(said, a_room_with(*perils)) == why
    other = a_message(moment="status", params={"news_key": "news.response"})
    assert not why_stale(other, a_room_with(*perils))


@pytest.mark.parametrize(
    ("perils", "why"),
    [((), NONE_LEFT), ((VIOLENCE,), AGAIN), ((SELF_HARM,), ""), ((VIOLENCE, SELF_HARM), AGAIN)],
)
def test_word_that_one_danger_is_left_is_sent_while_it_is_the_only_one(
    perils: tuple[Peril, ...], why: str
) -> None:
    said = a_message(moment=PERIL_LEFT, params=words_of_left((SELF_HARM,)))
    assert why_stale(said, a_room_with(*perils)) == why


@pytest.mark.parametrize(
    ("perils", "why"), [((), NONE_LEFT), ((SELF_HARM,), ""), ((VIOLENCE, SELF_HARM), AGAIN)]
)
def test_the_same_where_few_may_know_which(perils: tuple[Peril, ...], why: str) -> None:
    circle: Circle = a_circle()
    office = an_office()
    rows = queued(office, at_risk(SELF_HARM, circle=circle), PERIL_LEFT, **words_of_left((SELF_HARM,)))
    for row in rows:
        assert isinstance(row.body, Message)
        assert why_stale(row.body, a_room_with(*perils, circle=circle)) == why


@pytest.mark.parametrize("why", [NONE_LEFT, AGAIN])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_record_says_why_it_was_not_sent(why: str, language: str) -> None:
    assert f"delivery_why.{why}" in Wording(language)


def test_an_all_clear_that_waited_for_its_readers_own_delay_does_not_follow_what_took_it_back() -> None:
    office, stage = Office(), Stage()
    office.incidents.rooms.clear()
    stage.incidents, stage.clock = office.incidents, office.clock
    alerted(stage, LYRICS)
    in_hand(stage, level=Level.CRITICAL)
    roster = stage.configuration.roster
    ways = (Way(channel=Channel.SMS), Way(channel=Channel.MAIL, delay=timedelta(minutes=10)))
    late = replace(roster.people["nakano"], normal=ways)
    office.roster = replace(roster, people={**roster.people, "nakano": late})
    stage.configuration = replace(stage.configuration, roster=office.roster)
    harmless(stage, LYRICS)
    office.sweep()
    stage.clock.advance(minutes=4)
    taken_back(stage)
    office.sweep_until_quiet()
    assert the_room(stage).incident.peril is VIOLENCE
    last = [each for each in office.sender.delivered if each.person_id == "nakano"][-1]
    assert "「危険なし」は撤回" in last.subject or "「危険なし」は撤回" in last.text
    (waited,) = [
        row
        for row in office.outbox.rows.values()
        if isinstance(row.body, Message)
        and (row.body.person_id, row.body.channel) == ("nakano", Channel.MAIL)
        and row.body.params.get("news_key") == ALL_CLEAR
    ]
    assert (waited.state, waited.last_error) == (OutboxState.CANCELLED, AGAIN)
