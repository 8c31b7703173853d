"""Buttons: each does one thing once, and says so."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urljoin

import pytest

from hikeshi.domain.actions import Action
from hikeshi.domain.facts import Verdict
from hikeshi.domain.incidents import Slot
from hikeshi.domain.takedowns import TakedownState
from hikeshi.runtime.room_forms import FORMS
from hikeshi.services.action_pages import SPOTS
from tests.builders import NOON, a_correction, a_surge, an_approved_statement
from tests.photos import larva
from tests.unit.pages import scenes
from tests.unit.pages.conftest import Opener
from tests.unit.pages.protected import looked_after
from tests.unit.pages.stage import NUMBER

LEAVES = {
    Action.ACKNOWLEDGE: {"acknowledged", "taken_over"},
    Action.UNDO: {"acknowledgement_undone", "dismissal_undone"},
    Action.MARK_KEY: {"fact_made_key"},
    Action.SET_MEMBER: {"member_added", "member_released"},
    Action.JUDGE_INBOUND: {"inbound_verified"},
    Action.ISSUE_BULLETIN: {"bulletin_superseded"},
    Action.RECORD_TAKEDOWN: {"takedown_sent"},
    Action.CHECK_TAKEDOWN: {"takedown_looked"},
    Action.CHECK_CORRECTION: {"correction_effective"},
    Action.ANSWER_PROPOSAL: {"change_accepted"},
}
"""What an action leaves in the timeline if it is one of several."""

CARE_OF = {"track_id": "care-01"}
CARE = {**CARE_OF, "care_step": "legal"}
WHOLE_LIFE: list[tuple[scenes.Scene, str, Action, dict[str, str]]] = [
    (scenes.checking(), "ito", Action.OPEN_CARE, {}),
    (looked_after(scenes.checking()), "kato", Action.RECORD_NAMES, {**CARE_OF, "family_name": "早乙女"}),
    (looked_after(scenes.checking()), "kato", Action.ASSIGN_CARE, {**CARE, "care_owner": "tanaka"}),
    (looked_after(scenes.checking()), "tanaka", Action.COMPLETE_CARE, {**CARE, "care_note": "渡しました"}),
    (
        looked_after(scenes.checking()),
        "kato",
        Action.NOTE_HARM,
        {**CARE_OF, "harm_kind": "abuse", "harm_what": "中傷", "harm_effect": "不眠"},
    ),
    (
        looked_after(scenes.checking()),
        "kato",
        Action.RECORD_CONSENT,
        {**CARE_OF, "consent_terms": "青山", "consent_how": "面談", "consent_days": "30"},
    ),
    (looked_after(scenes.checking()), "sato", Action.REVOKE_CONSENT, CARE_OF),
    (scenes.found(), "sato", Action.ACKNOWLEDGE, {}),
    (scenes.found(), "sato", Action.DISMISS, {"reason": "他社の商品でした", "check_number": NUMBER}),
    (scenes.found(), "sato", Action.ESCALATE, {}),
    (
        scenes.checking(),
        "tanaka",
        Action.ASK_EXPERT,
        {
            "expert": "kobayashi",
            "question": "回収の届け出は要りますか",
            "shared_facts": "1、２",
            "shared_posts": "1",
            "days": "3",
            "check_number": NUMBER,
        },
    ),
    (scenes.asking(), "tanaka", Action.WITHDRAW_REQUEST, {"consultation_id": "consultation-1"}),
    (scenes.found(), "kato", Action.RESTRICT, {"reason": "従業員個人の話です"}),
    (
        scenes.among_few(scenes.found()),
        "tanaka",
        Action.LIFT_RESTRICTION,
        {"reason": "報道されました", "check_number": NUMBER},
    ),
    (
        scenes.among_few(scenes.found()),
        "tanaka",
        Action.ADMIT,
        {"member": "suzuki", "reason": "公表文を書きます", "check_number": NUMBER},
    ),
    (
        scenes.among_few(scenes.found(), "suzuki"),
        "tanaka",
        Action.EXCLUDE,
        {"member_out": "suzuki", "reason": "文案ができました"},
    ),
    (scenes.checking(), "sato", Action.ADD_FACT, {"claim": "購入店はどこですか", "source": "投稿"}),
    (
        scenes.checking(),
        "ito",
        Action.JUDGE_FACT,
        {"fact_id": "fact-2", "verdict": "refuted", "basis": "受付記録を確かめました"},
    ),
    (scenes.checking(), "sato", Action.ESTABLISH_FACTS, {"check_number": NUMBER}),
    (scenes.responding(), "ito", Action.COMPLETE_TASK, {"task_id": "1-lot", "result": "特定しました"}),
    (
        scenes.responding(),
        "ito",
        Action.ADD_TASK,
        {"task_title": "在庫の確認", "department": "quality", "owner": "ito", "due_at": "2026-05-13T18:00"},
    ),
    (scenes.responding(), "ito", Action.HAND_TASK, {"task_id": "1-lot", "owner": "yamamoto"}),
    (
        scenes.responding(),
        "sato",
        Action.SET_KIND,
        {"crisis_type": "own_fault", "fault": "ours", "kind_facts": "1", "reason": "製造の記録と合いました"},
    ),
    (
        scenes.responding(statement=None),
        "suzuki",
        Action.DRAFT_STATEMENT,
        scenes.HOLDING,
    ),
    (scenes.responding(), "tanaka", Action.APPROVE_STATEMENT, {"version": "1", "check_number": NUMBER}),
    (scenes.responding(), "sato", Action.WAIVE_STATEMENT, {"reason": "お客様へ直接", "check_number": NUMBER}),
    (scenes.calming(), "sato", Action.DECLARE_CALM, {"basis": "平常以下です", "check_number": NUMBER}),
    (
        scenes.attended(),
        "watanabe",
        Action.TAKE_INQUIRY,
        {"case_number": "cs-1043", "inquiry_way": "mail", "inquiry_gist": "返品したいとのことです"},
    ),
    (
        scenes.attended(),
        "watanabe",
        Action.REPLY,
        {"inquiry_id": "inquiry-1", "private_reply": "お詫びし、返金をご案内しました"},
    ),
    (
        scenes.attended(),
        "suzuki",
        Action.ANSWER_IN_PUBLIC,
        {"inquiry_id": "inquiry-1", "public_answer": "公表文の第1案"},
    ),
    (
        scenes.attended(),
        "watanabe",
        Action.PROMISE_COMPENSATION,
        {
            "case_number": "CS-1043",
            "compensation_what": "商品代金の返金",
            "amount_yen": "3,240",
            "pay_by": "2026-05-20T17:00",
        },
    ),
    (scenes.attended(), "watanabe", Action.PAY_COMPENSATION, {"compensation_id": "compensation-1"}),
    (scenes.calming(), "watanabe", Action.BEGIN_SURGE, {}),
    (scenes.attended(surges=(a_surge(),)), "watanabe", Action.END_SURGE, {}),
    (scenes.attended(), "sato", Action.NOTE_CHECK, {"check_found": "calm", "check_note": ""}),
    (
        scenes.calming(),
        "takahashi",
        Action.CALM_EARLY,
        {"reason": "訂正が行き渡りました", "check_number": NUMBER},
    ),
    (
        scenes.reporting(),
        "suzuki",
        Action.EDIT_REPORT,
        {"evaluation": "良", "customers": ""},
    ),
    (scenes.to_sign(), "tanaka", Action.SIGN_REPORT, {"version": "4", "check_number": NUMBER}),
    (
        scenes.reporting(),
        "suzuki",
        Action.NOTE_OUTCOME,
        {"impact_brand": "なし", "loss_yen": "１２０，０００", "impact_people": "なし"},
    ),
    (
        scenes.reporting(),
        "suzuki",
        Action.NOTE_LESSONS,
        {"cause_rule_gap": "yes", "lessons": "夜間の連絡先", "no_corrections": ""},
    ),
    (
        scenes.reporting(),
        "ito",
        Action.GIVE_FEEDBACK,
        {"speed": "4", "precision": "3", "correctness": "5", "feedback_note": ""},
    ),
    (
        scenes.reporting(),
        "suzuki",
        Action.ADD_CORRECTION,
        {
            "correction": "休日の手順を作る",
            "owner": "ito",
            "due_at": "2026-06-30",
            "check": "訓練で確かめる",
            "check_at": "2026-09-30",
            "change": "manual",
        },
    ),
    (
        scenes.closed(),
        "ito",
        Action.COMPLETE_CORRECTION,
        {"correction_id": "corr-1", "result": "手順を配りました"},
    ),
    (
        scenes.closed(parts={"corrections": (a_correction(done_by="ito", done_at=NOON),)}),
        "ito",
        Action.CHECK_CORRECTION,
        {"correction_id": "corr-1", "effective": "yes", "effect": "40分で照会できました"},
    ),
    (
        scenes.reporting(),
        "suzuki",
        Action.ANSWER_PROPOSAL,
        {"change_id": "128-1-manual", "answer": "accept", "change_text": "電話を加える", "reason": ""},
    ),
    (scenes.lapsed(), "ito", Action.ACKNOWLEDGE, {}),
    (scenes.just_taken(), "sato", Action.UNDO, {"of": scenes.minute(43).isoformat()}),
    (scenes.dropped(), "sato", Action.UNDO, {"of": scenes.minute(43).isoformat()}),
    (scenes.just_taken(), "sato", Action.SET_EXPIRY, {"expires_after": "240"}),
    (scenes.checking(), "takahashi", Action.CONFIRM, {}),
    (
        scenes.checking(),
        "ito",
        Action.ADD_SOURCE,
        {"fact_id": "fact-2", "source_name": "製造記録", "credibility": "a", "origin": "", "source_url": ""},
    ),
    (
        scenes.checking(),
        "ito",
        Action.KEEP_PROOF,
        {"fact_id": "fact-2", "proof_title": "製造記録", "proof": "ロット 0513\n出荷 2025年11月"},
    ),
    (scenes.checking(), "ito", Action.ATTACH_TO_FACT, {"fact_id": "fact-2", "file_title": "お客様の写真"}),
    (
        scenes.taking_down(),
        "ito",
        Action.ATTACH_TO_TAKEDOWN,
        {"takedown_id": "takedown-1", "file_title": "掲載の画面"},
    ),
    (scenes.gathered(), "ito", Action.ATTACH_TO_REPORT, {"inbound_id": "inbound-1", "file_title": "現物"}),
    (scenes.checking(), "sato", Action.MARK_KEY, {"fact_id": "fact-2", "key": "yes"}),
    (
        scenes.responding(),
        "suzuki",
        Action.REQUEST_TAKEDOWN,
        {
            "url": "https://matome.example.jp/archives/514",
            "ground": "threat",
            "passage": "店に火をつけてやる",
            "infringes": "放火の予告です",
        },
    ),
    (
        scenes.taking_down(state=TakedownState.PROPOSED),
        "suzuki",
        Action.ADOPT_TAKEDOWN,
        {"takedown_id": "takedown-1", "infringes": "同じ文面です"},
    ),
    (
        scenes.taking_down(),
        "tanaka",
        Action.APPROVE_TAKEDOWN,
        {"takedown_id": "takedown-1", "check_number": NUMBER},
    ),
    (
        scenes.taking_down(state=TakedownState.APPROVED),
        "suzuki",
        Action.RECORD_TAKEDOWN,
        {"takedown_id": "takedown-1", "step": "sent", "site_answer": "受付 0513"},
    ),
    (scenes.taking_down(), "ito", Action.CHECK_TAKEDOWN, {"takedown_id": "takedown-1", "look": "there"}),
    (
        scenes.responding(),
        "suzuki",
        Action.ARCHIVE_OWN_POST,
        {"url": "https://x.com/tsukimi_example/status/2", "own_text": "ご自由に", "wrong": "皮肉です"},
    ),
    (
        scenes.taking_down(),
        "suzuki",
        Action.REMOVE_OWN_POST,
        {"own_post_id": "own-1", "reason": "配慮を欠きました", "notice": "お詫びして取り下げます。"},
    ),
    (
        scenes.taking_down(own={"removed_by": "suzuki", "removed_at": scenes.minute(80)}),
        "suzuki",
        Action.ANNOUNCE_OWN_POST,
        {"own_post_id": "own-1", "where": "自社サイト"},
    ),
    (
        scenes.responding(statement=an_approved_statement()),
        "suzuki",
        Action.PUBLISH_STATEMENT,
        {"version": "1", "check_number": NUMBER},
    ),
    (scenes.found(), "sato", Action.OPEN_HEADQUARTERS, {"reason": "取材対応", "check_number": NUMBER}),
    (scenes.gathered(), "watanabe", Action.ATTEND, {}),
    (scenes.gathered(), "sato", Action.SET_CHIEF, {"chief": "takahashi"}),
    (scenes.gathered(), "sato", Action.SET_MEMBER, {"hq_member": "kato"}),
    (scenes.gathered(), "sato", Action.SET_MEMBER, {"hq_member": "ito", "leaves": "yes"}),
    (scenes.gathered(), "nakano", Action.SET_MEETING, {"meeting": "03-0000-0000", "meeting_code": "12"}),
    (scenes.gathered(), "ito", Action.FILE_INBOUND, {"inbound_source": "工場", "inbound_words": "異常なし"}),
    (
        scenes.gathered(),
        "ito",
        Action.JUDGE_INBOUND,
        {"inbound_id": "inbound-1", "inbound_verdict": "verified", "grounds": "受付記録を確かめました"},
    ),
    (scenes.gathered(), "ito", Action.ADOPT_INBOUND, {"inbound_id": "inbound-2"}),
    (
        scenes.gathered(),
        "sato",
        Action.ISSUE_BULLETIN,
        {"picture": "当社の商品です", "bulletin_facts": "1", "bulletin_reports": "2", "check_number": NUMBER},
    ),
    (
        scenes.gathered(),
        "suzuki",
        Action.WITHDRAW_BULLETIN,
        {"bulletin": "2", "reason": "誤りがありました", "check_number": NUMBER},
    ),
    (scenes.gathered(), "watanabe", Action.READ_BULLETIN, {"bulletin": "2"}),
    (
        scenes.checking(),
        "watanabe",
        Action.ADD_SIGHTING,
        {"source_kind": "news", "finding": "報道はありません", "source_url": ""},
    ),
    (
        scenes.checking(),
        "sato",
        Action.WAIVE_SECOND_VIEW,
        {"reason": "社内の記録で足ります", "check_number": NUMBER},
    ),
]


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
    assert "すでに佐藤 花子さんが 13:38 に担当しています。" in answer.text


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
