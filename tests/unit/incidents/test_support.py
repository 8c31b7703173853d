"""Those outside: each gets a reply and a public answer, what was promised is given, and more people help."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hikeshi.domain.errors import AlreadyDecidedError, InvalidFormError, NotAllowedError, NotReadyError
from hikeshi.domain.incidents import Room
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.owing import owes
from hikeshi.domain.support import Way, case_number, names_somebody
from hikeshi.services.aftercare import support_desk
from hikeshi.services.audit.reminders import remind_of_promises
from tests.builders import NOON, a_compensation, a_room, an_incident, an_inquiry
from tests.fakes.stage import Stage

ID = an_incident().id
CLOSED = IncidentStatus.CLOSED
OURS = ("reply_", "compensation_", "care_")


def remind(stage: Stage) -> list[str]:
    """Let the auditor ask once; return what was added about those outside and after-care."""
    before = len(stage.incidents.timeline(ID))
    remind_of_promises(
        stage.incidents.room(ID),
        incidents=stage.incidents,
        configuration=stage.configuration,
        clock=stage.clock,
        ids=stage.ids,
    )
    return [kind for kind in stage.incidents.kinds(ID)[before:] if kind.startswith(OURS)]


def taken(stage: Stage) -> Room:
    stage.room(IncidentStatus.RESPONDING)
    return support_desk.take_inquiry(
        ID, by=stage.by("watanabe"), number="ｃｓ－１０４２", way=Way.PHONE, gist="返品したいとのことです"
    )


def test_s2_9_a_complaint_is_settled_by_a_reply_and_a_public_answer_and_by_neither_alone() -> None:
    stage = Stage()
    (inquiry,) = taken(stage).inquiries
    assert (inquiry.number, inquiry.missing) == ("CS-1042", ("reply", "public"))
    room = support_desk.reply(ID, by=stage.by("watanabe"), inquiry_id=inquiry.id, text="お詫びしました")
    assert room.inquiries[0].missing == ("public",)
    room = support_desk.answer_in_public(
        ID, by=stage.by("suzuki"), inquiry_id=inquiry.id, text="公表文の第2案に書きました"
    )
    assert room.inquiries[0].missing == ()
    assert stage.incidents.kinds(ID) == ["inquiry_taken", "inquiry_replied", "inquiry_answered"]


def test_s2_9_the_first_reply_stays_and_the_second_person_hears_who_was_first() -> None:
    stage = Stage()
    (inquiry,) = taken(stage).inquiries
    support_desk.reply(ID, by=stage.by("watanabe"), inquiry_id=inquiry.id, text="お詫びしました")
    with pytest.raises(AlreadyDecidedError) as refused:
        support_desk.reply(ID, by=stage.by("sato"), inquiry_id=inquiry.id, text="別の返信です")
    assert (refused.value.by, refused.value.decision) == ("watanabe", "replied")


def test_s2_6_a_reply_that_nobody_gave_within_a_day_is_asked_for_once() -> None:
    stage = Stage()
    taken(stage)
    stage.clock.advance(hours=23)
    assert remind(stage) == []
    stage.clock.advance(hours=1)
    assert remind(stage) == ["reply_reminded"]
    assert remind(stage) == []
    assert ("watanabe", "sms") in stage.told("due")


@pytest.mark.parametrize(
    "text", ["090-0000-1234 に折り返し", "yamada@example.jp 様", "０３ ０００００ ００００"]
)
def test_s2_23_no_phone_number_and_no_address_is_taken_down(text: str) -> None:
    stage = Stage()
    stage.room(IncidentStatus.RESPONDING)
    with pytest.raises(InvalidFormError) as refused:
        support_desk.take_inquiry(ID, by=stage.by("watanabe"), number="CS-1", way=Way.MAIL, gist=text)
    assert refused.value.field == "inquiry_gist"
    assert names_somebody(text)


@pytest.mark.parametrize("number", ["山田太郎", "YAMADA", "", "09000001234", "CS-1042-0000000000000000000"])
def test_s2_23_a_customer_is_a_case_number_and_never_a_name(number: str) -> None:
    stage = Stage()
    stage.room(IncidentStatus.RESPONDING)
    due_at = NOON + timedelta(days=9)
    with pytest.raises(InvalidFormError) as refused:
        support_desk.promise(
            ID, by=stage.by("watanabe"), number=number, what="返金", amount_yen=500, due_at=due_at
        )
    assert refused.value.field == "case_number"
    assert case_number(number) is None


def test_the_same_case_is_not_taken_down_twice() -> None:
    stage = Stage()
    taken(stage)
    with pytest.raises(NotReadyError) as refused:
        support_desk.take_inquiry(
            ID, by=stage.by("ito"), number="CS-1042", way=Way.MAIL, gist="同じお申し出です"
        )
    assert refused.value.missing == ("known_inquiry",)


def test_s2_23_a_compensation_is_asked_for_before_it_is_due_when_it_is_and_every_week_until_it_is_given() -> (
    None
):
    stage = Stage()
    stage.room(IncidentStatus.RESPONDING)
    due_at = stage.clock.now() + timedelta(days=7)
    by = stage.by("watanabe")
    room = support_desk.promise(ID, by=by, number="CS-7", what="返金", amount_yen=3240, due_at=due_at)
    stage.clock.set(due_at - timedelta(hours=25))
    assert remind(stage) == []
    stage.clock.set(due_at - timedelta(hours=24))
    assert remind(stage) == ["compensation_near"]
    stage.clock.set(due_at)
    assert remind(stage) == ["compensation_late"]
    stage.clock.advance(hours=7 * 24)
    assert remind(stage) == ["compensation_late"]
    support_desk.pay(ID, by=by, compensation_id=room.compensations[0].id)
    stage.clock.advance(hours=7 * 24)
    assert remind(stage) == []


@pytest.mark.parametrize(("after", "why"), [(timedelta(), "past"), (timedelta(days=1500), "too_far")])
def test_s2_23_nothing_is_promised_for_a_day_that_nobody_can_keep(after: timedelta, why: str) -> None:
    stage = Stage()
    stage.room(IncidentStatus.RESPONDING)
    due_at = stage.clock.now() + after
    with pytest.raises(InvalidFormError) as refused:
        support_desk.promise(
            ID, by=stage.by("watanabe"), number="CS-7", what="返金", amount_yen=1, due_at=due_at
        )
    assert (refused.value.field, refused.value.why) == ("pay_by", why)


def test_s2_23_a_closed_incident_owes_until_everything_is_answered_and_given() -> None:
    closed = an_incident(status=CLOSED)
    assert owes(a_room(incident=closed, inquiries=(an_inquiry(),)))
    assert owes(a_room(incident=closed, compensations=(a_compensation(),)))
    paid = a_compensation(paid_by="watanabe", paid_at=NOON)
    assert not owes(a_room(incident=closed, compensations=(paid,)))


def test_s2_32_one_press_tells_everybody_on_the_list_and_another_lets_them_go() -> None:
    stage = Stage()
    stage.room(IncidentStatus.RESPONDING)
    room = support_desk.begin_surge(ID, by=stage.by("watanabe"))
    assert room.surges[0].people == ("yamada", "ito")
    assert {person for person, _ in stage.told("due")} == {"yamada", "ito"}
    with pytest.raises(AlreadyDecidedError):
        support_desk.begin_surge(ID, by=stage.by("takahashi"))
    room = support_desk.end_surge(ID, by=stage.by("takahashi"))
    assert (room.surges[0].ended_by, room.surges[0].begun_by) == ("takahashi", "watanabe")
    assert stage.incidents.kinds(ID) == ["surge_begun", "surge_ended"]
    news = [message.params["news_key"] for message in stage.incidents.messages()]
    assert (news.count("news.surge_begun"), news.count("news.surge_ended")) == (4, 4)
    assert len(support_desk.begin_surge(ID, by=stage.by("takahashi")).surges) == 2


def test_s2_32_who_helps_is_not_for_everybody_to_call() -> None:
    stage = Stage()
    stage.room(IncidentStatus.RESPONDING)
    with pytest.raises(NotAllowedError):
        support_desk.begin_surge(ID, by=stage.by("ito"))
    with pytest.raises(NotReadyError):
        support_desk.end_surge(ID, by=stage.by("watanabe"))


def test_s0_22_a_check_that_was_made_is_not_asked_for() -> None:
    stage = Stage()
    closed = an_incident(
        status=CLOSED, closed_at=stage.clock.now(), after_care_until=stage.clock.now() + timedelta(days=30)
    )
    stage.incidents.put(a_room(incident=closed))
    stage.clock.advance(hours=5 * 24)
    support_desk.note_check(ID, by=stage.by("sato"), calm=True, note="新しい投稿はありません")
    stage.clock.advance(hours=2 * 24)
    assert remind(stage) == []
    stage.clock.advance(hours=7 * 24)
    assert remind(stage) == ["care_check_reminded"]
