"""Buttons: each does one thing once, and says so."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urljoin

import pytest

from hikeshi.domain.actions import Action
from hikeshi.domain.facts import Verdict
from hikeshi.domain.incidents import Slot
from hikeshi.runtime.room_forms import FORMS
from hikeshi.services.room.action_pages import SPOTS
from tests.photos import larva
from tests.unit.pages import scenes
from tests.unit.pages.conftest import Opener
from tests.unit.pages.stage import NUMBER
from tests.unit.pages.whole_life import LEAVES, WHOLE_LIFE


@pytest.mark.parametrize(("scene", "person", "action", "fields"), WHOLE_LIFE)
def test_every_action_leads_back_to_the_room_which_confirms_it(
    open_stage: Opener, scene: scenes.Scene, person: str, action: Action, fields: dict[str, str]
) -> None:
    browser = open_stage(scene)
    path = f"/r/{browser.stage.link(person)}/{SPOTS[action].path}"
    answer = browser.post(path, fields, file=larva() if FORMS[action].takes_file else None)
    assert answer.status == 303
    new = browser.stage.incidents.kinds(scene.room.incident.id)[len(scene.events) :]
    assert set(new) & LEAVES.get(action, {SPOTS[action].done})
    room = browser.get(urljoin(path, answer.headers["location"]))
    assert room.status == 200
    assert '<div class="notice done" role="status">' in room.text


def test_every_action_is_tried(open_stage: Opener) -> None:
    on_the_page_itself = {action for action, spot in SPOTS.items() if spot.answers}
    assert {action for _, _, action, _ in WHOLE_LIFE} | on_the_page_itself == set(Action)


@pytest.mark.parametrize("prefix", ["", "/live", "/restapis/abc123/live/_user_request_"])
def test_every_address_on_a_page_holds_under_any_path(open_stage: Opener, prefix: str) -> None:
    browser = open_stage(scenes.found())
    token = browser.stage.link()
    here = f"{prefix}/r/{token}"
    for page, at in (
        (browser.get(f"/r/{token}").text, here),
        (browser.post(f"/r/{token}/dismiss", {"reason": "x"}).text, f"{here}/dismiss"),
    ):
        targets = re.findall(r'action="([^"]+)"', page)
        assert {urljoin(at, target) for target in targets} >= {f"{here}/acknowledge", f"{here}/dismiss"}
        assert all(urljoin(at, target).startswith(f"{here}/") for target in targets)
    answer = browser.post(f"/r/{token}/acknowledge")
    assert urljoin(f"{here}/acknowledge", answer.headers["location"]).split("?")[0] == here


def test_the_second_person_sees_who_was_first_and_when(open_stage: Opener) -> None:
    browser = open_stage(scenes.found())
    browser.post(f"/r/{browser.stage.link('sato')}/acknowledge")
    answer = browser.post(f"/r/{browser.stage.link('suzuki')}/acknowledge")
    assert answer.status == 200
    assert "すでに佐藤 花子さんが 13:38 から担当しています。" in answer.text


def test_pressing_twice_is_no_conflict(open_stage: Opener) -> None:
    browser = open_stage(scenes.found())
    path = f"/r/{browser.stage.link()}/acknowledge"
    assert [browser.post(path).status for _ in range(3)] == [303, 303, 303]
    assert browser.stage.incidents.kinds(scenes.found().room.incident.id).count("acknowledged") == 1


def test_a_refused_form_keeps_what_was_typed(open_stage: Opener) -> None:
    browser = open_stage(scenes.found())
    answer = browser.post(
        f"/r/{browser.stage.link()}/dismiss", {"reason": "他社の商品でした", "check_number": "11"}
    )
    assert answer.status == 403
    assert "残り2回" in answer.text
    assert "この画面を開いたリンクと同じSMSまたはメールに書かれた2桁の番号" in answer.text
    assert re.search(r'name="reason"[^>]*>\s*他社の商品でした</textarea>', answer.text)
    assert 'value="11"' not in answer.text


def test_a_refused_verdict_comes_back_open_and_filled_in(open_stage: Opener) -> None:
    browser = open_stage(scenes.checking())
    fields = {"fact_id": "fact-3", "verdict": "confirmed", "basis": "根" * 1001}
    answer = browser.post(f"/r/{browser.stage.link()}/verdict", fields)
    assert answer.status == 400
    item = answer.text.split('id="at-fact-3"')[1].split("</li>")[0]
    assert "<details open>" in item
    assert 'value="confirmed" required checked' in item
    assert "根根根" in item


def test_three_wrong_numbers_lock_the_link_and_no_other(open_stage: Opener) -> None:
    browser = open_stage(scenes.found())
    token, other = browser.stage.link("sato"), browser.stage.link("suzuki")
    form = {"reason": "x", "check_number": "11"}
    for _ in range(3):
        last = browser.post(f"/r/{token}/dismiss", form)
    assert "確認番号を3回間違えたため" in last.text
    assert "最新のSMSまたはメールのリンクを開き" in last.text
    assert "監視デスクへお知らせください。" in last.text
    assert "<form" not in last.text
    right = browser.post(f"/r/{token}/dismiss", {**form, "check_number": NUMBER})
    assert right.status == 403
    assert browser.post(f"/r/{other}/dismiss", {**form, "check_number": NUMBER}).status == 303


def test_a_number_in_full_width_digits_is_the_same_number(open_stage: Opener) -> None:
    browser = open_stage(scenes.found())
    form = {"reason": "他社の商品でした", "check_number": "４７"}
    assert browser.post(f"/r/{browser.stage.link()}/dismiss", form).status == 303


def test_a_button_pressed_without_its_number_does_not_count_as_a_wrong_one(open_stage: Opener) -> None:
    browser = open_stage(scenes.found())
    token = browser.stage.link()
    for _ in range(5):
        assert browser.post(f"/r/{token}/dismiss", {"reason": "x", "check_number": ""}).status == 400
    assert browser.post(f"/r/{token}/dismiss", {"reason": "x", "check_number": NUMBER}).status == 303


def test_who_may_not_is_told_who_may(open_stage: Opener) -> None:
    browser = open_stage(scenes.responding())
    form = {"version": "1", "check_number": NUMBER}
    answer = browser.post(f"/r/{browser.stage.link('ito')}/approve-statement", form)
    assert answer.status == 403
    assert "この操作は対策本部長、法務、役員の方が行えます。" in answer.text


def test_who_may_not_cannot_use_up_the_tries(open_stage: Opener) -> None:
    browser = open_stage(scenes.responding())
    form = {"version": "1", "check_number": "11"}
    token = browser.stage.link("ito")
    for _ in range(4):
        browser.post(f"/r/{token}/approve-statement", form)
    assert all(grant.wrong_numbers == 0 for grant in browser.stage.links.grants.values())


def test_a_step_that_is_not_ready_names_what_is_missing(open_stage: Opener) -> None:
    browser = open_stage(scenes.reporting())
    answer = browser.post(
        f"/r/{browser.stage.link('tanaka')}/sign-report", {"version": "1", "check_number": NUMBER}
    )
    assert answer.status == 409
    assert "次に生かすことを記入してください。" in answer.text


def test_an_action_out_of_its_time_says_where_the_incident_stands(open_stage: Opener) -> None:
    browser = open_stage(scenes.closed())
    answer = browser.post(f"/r/{browser.stage.link()}/facts", {"claim": "x"})
    assert answer.status == 409
    assert "現在の状態（完了）では、この操作は行えません。" in answer.text


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("fact-source", {"fact_id": "fact-2", "source_name": "x", "credibility": "z"}),
        ("verdict", {"fact_id": "fact-2", "verdict": "maybe", "basis": "x"}),
        ("verdict", {"fact_id": "fact-2", "verdict": "confirmed", "basis": ""}),
        ("facts", {"claim": "x", "level": "critical"}),
        ("facts", {}),
        ("facts", b"claim=a&claim=b"),
        ("facts", b"claim=%FF%FE"),
        ("facts", b"\xff\xfe\x00"),
        ("facts", b"claim=" + b"a" * 70_000),
        ("facts", b'{"claim": "x"}'),
        ("facts", b"&".join(b"f%d=1" % n for n in range(5000))),
    ],
)
def test_a_form_that_no_page_of_ours_sends_is_refused_and_changes_nothing(
    open_stage: Opener, path: str, fields: dict[str, str] | bytes
) -> None:
    browser = open_stage(scenes.checking())
    before = browser.stage.incidents.room(scenes.checking().room.incident.id)
    assert browser.post(f"/r/{browser.stage.link()}/{path}", fields).status == 400
    assert browser.stage.incidents.room(before.incident.id) == before


def test_another_media_type_is_a_page_and_not_json(open_stage: Opener) -> None:
    browser = open_stage(scenes.checking())
    path = f"/r/{browser.stage.link()}/facts"
    answer = browser.post(path, b'{"claim":"x"}', {"content-type": "application/json"})
    assert answer.status == 400
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site", "origin": "https://evil.example.com"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example.com", "host": "r.example.jp"},
    ],
)
def test_a_form_from_another_site_is_refused(open_stage: Opener, headers: dict[str, str]) -> None:
    browser = open_stage(scenes.found())
    assert browser.post(f"/r/{browser.stage.link()}/acknowledge", headers=headers).status == 403
    assert "acknowledged" not in browser.stage.incidents.kinds(scenes.found().room.incident.id)


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "same-origin", "origin": "null"},
        {"origin": "null"},
        {"origin": "https://r.example.jp", "host": "r.example.jp"},
        {},
    ],
)
def test_a_form_from_our_own_page_is_taken(open_stage: Opener, headers: dict[str, str]) -> None:
    browser = open_stage(scenes.found())
    assert browser.post(f"/r/{browser.stage.link()}/acknowledge", headers=headers).status == 303


def test_a_confirmation_in_the_address_is_believed_only_if_it_is_true(open_stage: Opener) -> None:
    browser = open_stage(scenes.found())
    token = browser.stage.link()
    for claimed in ("acknowledged", "report_signed", "<script>", "a" * 3000):
        page = browser.get(f"/r/{token}?done={claimed}")
        assert page.status == 200
        assert 'class="notice' not in page.text


def test_a_confirmation_is_gone_after_ten_minutes(open_stage: Opener) -> None:
    browser = open_stage(scenes.found())
    token = browser.stage.link()
    browser.post(f"/r/{token}/acknowledge")
    browser.stage.clock.advance(minutes=11)
    assert 'class="notice' not in browser.get(f"/r/{token}?done=acknowledged").text


def test_the_next_update_is_meant_in_japan_time(open_stage: Opener) -> None:
    browser = open_stage(scenes.responding(statement=None))
    browser.post(f"/r/{browser.stage.link('suzuki')}/statement", scenes.HOLDING)
    statement = browser.stage.incidents.room(scenes.found().room.incident.id).statement
    assert statement is not None
    assert statement.next_update_at is not None
    assert statement.next_update_at.isoformat() == "2026-05-13T16:30:00+09:00"


def test_what_people_type_is_kept_without_what_could_act(open_stage: Opener) -> None:
    browser = open_stage(scenes.checking())
    form = {"fact_id": "fact-2", "verdict": "confirmed", "basis": "一行目\r\n二行目\u202e\x00終わり"}
    browser.post(f"/r/{browser.stage.link()}/verdict", form)
    fact = browser.stage.incidents.room(scenes.found().room.incident.id).fact("fact-2")
    assert fact.verdict is Verdict.CONFIRMED
    assert fact.basis == "一行目\n二行目終わり"


def test_an_incident_that_was_decided_in_another_generation_can_be_taken_again(open_stage: Opener) -> None:
    scene = scenes.found()
    reopened = replace(scene.room, incident=replace(scene.room.incident, generation=2))
    old = replace(scenes.decided(Slot.TRIAGE, 3, choice="acknowledged"), generation=1)
    browser = open_stage(replace(scene, room=replace(reopened, slots=(old,))))
    assert browser.post(f"/r/{browser.stage.link()}/acknowledge").status == 303
