"""Asking for a post to be taken down: on what ground, with what evidence, by whom, and until when."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from hikeshi.domain.errors import (
    AlreadyDecidedError,
    DeliveryError,
    InvalidFormError,
    NotAllowedError,
    NotReadyError,
    RefusedRequestError,
)
from hikeshi.domain.incidents import Room
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.owing import owes
from hikeshi.domain.removing import request_takedown
from hikeshi.domain.takedowns import (
    Ground,
    Look,
    Platform,
    Takedown,
    TakedownEvent,
    TakedownState,
    address_of,
    shows,
)
from hikeshi.services.takedowns import takedown_desk
from hikeshi.services.takedowns.takedown_desk import Asked
from hikeshi.services.takedowns.takedown_promises import takedowns
from tests.builders import NOON, a_configuration, a_room, a_takedown, an_incident
from tests.fakes.responding import InMemoryProofStore
from tests.fakes.stage import Stage

ID = an_incident().id
EXPOSED = "店員の本名は森田 光、自宅は月見駅の裏"
BAD_REVIEW = "まずい。二度と買わない。"


def asked(**changes: object) -> Asked:
    request = Asked(
        url="https://matome.example.jp/archives/513",
        ground=Ground.PRIVACY,
        passage=EXPOSED,
        reason="氏名と住所は当社の社員のもので、同意がありません",
        posted_at=NOON,
    )
    return replace(request, **changes)  # type: ignore[arg-type]  # a test names what it changes


def ask(stage: Stage, by: str = "suzuki", **changes: object) -> Takedown:
    room = takedown_desk.request_takedown(ID, by=stage.by(by), asked=asked(**changes))
    return room.takedowns[-1]


def record(stage: Stage, takedown: Takedown, step: TakedownEvent, note: str = "") -> Takedown:
    room = takedown_desk.record_step(ID, by=stage.by("suzuki"), takedown_id=takedown.id, step=step, note=note)
    return room.takedowns[takedown.number - 1]


def sent(stage: Stage) -> Takedown:
    takedown = ask(stage)
    takedown_desk.approve_takedown(ID, by=stage.by("tanaka"), takedown_id=takedown.id)
    return record(stage, takedown, TakedownEvent.SENT, "受付 0513")


# ---- the ground ---------------------------------------------------------------------------------


def test_s3_2_criticism_is_refused_with_the_reason_and_nothing_is_kept(stage: Stage) -> None:
    with pytest.raises(RefusedRequestError) as refused:
        ask(stage, ground=Ground.CRITICISM, passage=BAD_REVIEW, doubt_reason="評判が下がります")
    assert refused.value.findings == (("takedown_criticism", ""),)
    assert stage.incidents.room(ID).takedowns == ()
    assert stage.proofs.files == {}
    assert stage.incidents.messages() == []


def test_s3_2_no_way_around_the_form_asks_for_the_removal_of_criticism() -> None:
    with pytest.raises(NotReadyError) as refused:
        request_takedown(a_room(), a_takedown(ground=Ground.CRITICISM))
    assert refused.value.missing == ("takedown_ground",)


@pytest.mark.parametrize("ground", [ground for ground in Ground if ground is not Ground.CRITICISM])
def test_s3_2_a_bad_review_under_a_legal_ground_is_held_up_until_somebody_says_why(
    stage: Stage, ground: Ground
) -> None:
    with pytest.raises(RefusedRequestError) as refused:
        ask(stage, ground=ground, passage=BAD_REVIEW)
    assert refused.value.findings[0] == (f"not_shown_{ground}", "")
    assert stage.proofs.files == {}
    takedown = ask(stage, ground=ground, passage=BAD_REVIEW, doubt_reason="添付の写真に写っています")
    assert takedown.doubt_reason == "添付の写真に写っています"


# ---- evidence first ------------------------------------------------------------------------------


def test_s1_15_text_address_and_time_lie_in_the_archive_under_their_digest(stage: Stage) -> None:
    takedown = ask(stage)
    kept = stage.proofs.files[ID, f"{takedown.evidence.sha256}.json"]
    assert hashlib.sha256(kept).hexdigest() == takedown.evidence.sha256
    document = json.loads(kept)
    assert (document["url"], document["text"]) == (takedown.url, EXPOSED)
    assert document["posted_at"] == NOON.isoformat()
    assert document["kept_at"] == stage.clock.now().isoformat()
    event = stage.incidents.timeline(ID)[-1].event
    assert (event.kind, event.details["sha256"]) == ("takedown_requested", takedown.evidence.sha256)
    assert takedown.url not in str(event.details)


def test_s1_15_what_cannot_be_kept_is_not_asked(stage: Stage) -> None:
    class Full(InMemoryProofStore):
        def keep(self, incident_id: str, *, name: str, content: bytes) -> str:
            raise DeliveryError("the archive does not answer")

    stage.proofs = Full()
    with pytest.raises(DeliveryError):
        ask(stage)
    assert stage.incidents.room(ID).takedowns == ()


@pytest.mark.parametrize(
    "url", ["matome.example.jp/1", "javascript:alert(1)", "https://a@example.jp/", "http://[1"]
)
def test_what_is_no_address_is_refused_by_its_field(stage: Stage, url: str) -> None:
    with pytest.raises(InvalidFormError) as refused:
        ask(stage, url=url)
    assert refused.value.field == "url"


def test_an_address_is_asked_about_once_however_it_is_written(stage: Stage) -> None:
    ask(stage, url="https://twitter.com/a/status/1?s=20", ground=Ground.PRIVACY)
    with pytest.raises(NotReadyError) as refused:
        ask(stage, url="http://www.x.com/a/status/1/?s=20#top")
    assert refused.value.missing == ("takedown_known",)
    assert address_of("https://mobile.twitter.com/a/") == address_of("https://x.com/a")
    assert address_of("https://x.com/a?page=2") != address_of("https://x.com/a?page=3")


# ---- two people ----------------------------------------------------------------------------------


def test_s1_15_legal_is_asked_and_whoever_asked_cannot_approve(stage: Stage) -> None:
    takedown = ask(stage)
    assert stage.people_told("status") == ["tanaka"]
    with pytest.raises(NotAllowedError):
        takedown_desk.approve_takedown(ID, by=stage.by("suzuki"), takedown_id=takedown.id)
    own = ask(stage, "tanaka", url="https://matome.example.jp/2")
    with pytest.raises(NotReadyError) as refused:
        takedown_desk.approve_takedown(ID, by=stage.by("tanaka"), takedown_id=own.id)
    assert refused.value.missing == ("second_person",)


def test_s1_15_an_executive_approves_only_what_no_other_of_legal_can(stage: Stage) -> None:
    of_others = ask(stage)
    with pytest.raises(NotReadyError) as refused:
        takedown_desk.approve_takedown(ID, by=stage.by("takahashi"), takedown_id=of_others.id)
    assert refused.value.missing == ("takedown_by_legal",)
    stage.incidents.outbox.clear()
    own = ask(stage, "tanaka", url="https://matome.example.jp/2")
    assert stage.people_told("status") == ["takahashi"]
    takedown_desk.approve_takedown(ID, by=stage.by("takahashi"), takedown_id=own.id)
    assert stage.incidents.room(ID).takedowns[-1].approved_by == "takahashi"


def test_s1_15_the_second_approval_learns_of_the_first_and_the_asker_is_told(stage: Stage) -> None:
    takedown = ask(stage)
    stage.incidents.outbox.clear()
    takedown_desk.approve_takedown(ID, by=stage.by("tanaka"), takedown_id=takedown.id)
    assert stage.told("status") == {("suzuki", "mail")}
    with pytest.raises(AlreadyDecidedError):
        takedown_desk.approve_takedown(ID, by=stage.by("tanaka"), takedown_id=takedown.id)


@pytest.mark.parametrize("step", TakedownEvent)
def test_s1_15_no_record_takes_the_place_of_an_approval(stage: Stage, step: TakedownEvent) -> None:
    takedown = ask(stage)
    if step is TakedownEvent.WITHDRAWN:
        assert record(stage, takedown, step).state is TakedownState.WITHDRAWN
        return
    with pytest.raises((NotReadyError, InvalidFormError)):
        record(stage, takedown, step)
    assert stage.incidents.room(ID).takedowns == (takedown,)


# ---- the clock -----------------------------------------------------------------------------------


def due(room: Room, at: datetime) -> list[str]:
    return [each.kind for each in takedowns(room) if each.due_at <= at]


def test_s1_15_the_clock_runs_from_the_sending_for_as_long_as_is_configured(stage: Stage) -> None:
    stage.configuration = a_configuration(takedown_deadline=timedelta(days=14))
    takedown = sent(stage)
    assert takedown.deadline == stage.clock.now() + timedelta(days=14)
    assert takedown.reference == "受付 0513"
    room, deadline = stage.incidents.room(ID), takedown.deadline
    assert deadline is not None
    assert due(room, deadline - timedelta(days=1, seconds=1)) == []
    assert due(room, deadline - timedelta(days=1)) == ["takedown_reminded"]
    assert due(room, deadline) == ["takedown_reminded", "takedown_overdue"]


def test_s1_15_an_answer_ends_the_reminders_and_its_words_are_kept(stage: Stage) -> None:
    takedown = sent(stage)
    refused = record(stage, takedown, TakedownEvent.REFUSED, "規約に反しないとの回答")
    assert (refused.state, refused.result) == (TakedownState.REFUSED, "規約に反しないとの回答")
    assert due(stage.incidents.room(ID), NOON + timedelta(days=60)) == []


def test_s1_15_what_was_approved_and_not_sent_is_asked_after_the_next_day(stage: Stage) -> None:
    takedown = ask(stage)
    takedown_desk.approve_takedown(ID, by=stage.by("tanaka"), takedown_id=takedown.id)
    room, at = stage.incidents.room(ID), stage.clock.now()
    assert due(room, at + timedelta(hours=23)) == []
    assert due(room, at + timedelta(hours=24)) == ["takedown_unsent"]


def test_s1_15_a_closed_incident_is_still_asked_after_while_an_answer_is_owed(stage: Stage) -> None:
    takedown = sent(stage)
    room = stage.incidents.room(ID)
    closed = replace(room, incident=replace(room.incident, status=IncidentStatus.CLOSED))
    assert owes(closed)
    stage.incidents.put(closed)
    assert record(stage, takedown, TakedownEvent.REMOVED).state is TakedownState.REMOVED
    assert not owes(stage.incidents.room(ID))


# ---- the looks of people -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("look", "expected"),
    [
        (Look.GONE, TakedownState.REMOVED),
        (Look.THERE, TakedownState.SENT),
        (Look.UNKNOWN, TakedownState.SENT),
    ],
)
def test_s1_15_a_person_who_looks_moves_the_request(
    stage: Stage, look: Look, expected: TakedownState
) -> None:
    takedown = sent(stage)
    room = takedown_desk.note_look(ID, by=stage.by("ito"), takedown_id=takedown.id, look=look)
    assert room.takedowns[0].state is expected
    assert "takedown_looked" in stage.incidents.kinds(ID)


def test_s1_15_what_comes_back_has_to_be_sent_again(stage: Stage) -> None:
    takedown = record(stage, sent(stage), TakedownEvent.REMOVED)
    room = takedown_desk.note_look(ID, by=stage.by("ito"), takedown_id=takedown.id, look=Look.THERE)
    assert room.takedowns[0].state is TakedownState.APPROVED
    assert record(stage, takedown, TakedownEvent.SENT).state is TakedownState.SENT


# ---- what stands on a page -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (f"速報\n{EXPOSED}\n続き", True),
        ("店員の本名は 森田光 、 自宅は月見駅の裏 だそうです", True),
        ("自宅は月見駅の表です。別人の話です。", False),
        ("このページは削除されました", False),
        ("", False),
    ],
)
def test_a_page_shows_a_passage_however_it_is_spaced(page: str, expected: bool) -> None:
    assert shows(EXPOSED, page) is expected


def test_one_line_that_is_left_is_still_there() -> None:
    assert shows("店員の本名は森田 光です\nhttps://t.co/x 自宅は月見駅の裏です", "自宅は月見駅の裏です")


def test_the_address_decides_whom_the_letter_goes_to_unless_somebody_says(stage: Stage) -> None:
    assert ask(stage, url="https://x.com/a/status/1").platform is Platform.X
    said = ask(stage, url="https://a.example.jp/1", platform=Platform.SUMMARY_SITE)
    assert said.platform is Platform.SUMMARY_SITE
