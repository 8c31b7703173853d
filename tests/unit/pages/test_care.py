"""The page of the protected: who sees it, what it shows, and what it never shows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hikeshi.domain.actions import Action
from hikeshi.domain.assessment import Category
from hikeshi.domain.care import ABOUT_STAFF, CareStep
from hikeshi.domain.caring import open_if_about_staff, open_track
from hikeshi.domain.masking import MASK, Mask
from hikeshi.domain.outbox import Message
from hikeshi.services.room.action_pages import SPOTS, SubPage
from tests.builders import NOON, a_room, an_incident
from tests.unit.pages import scenes
from tests.unit.pages.conftest import Browser, Opener
from tests.unit.pages.protected import SAOTOME, looked_after
from tests.unit.pages.stage import NUMBER, Stage

READERS = ("kato", "tanaka", "sato", "takahashi")
OTHERS = ("nakano", "suzuki", "watanabe", "ito", "yoshida", "yamada")
FOUND = Mask([SAOTOME]).finds
NAMES = {
    "track_id": "care-01",
    "family_name": "早乙女",
    "given_name": "翔太",
    "family_reading": "さおとめ",
    "given_reading": "しょうた",
    "nicknames": "しょうたん",
    "handles": "@saotome_s0514",
    "places": "緑ヶ丘第三高校、つきみ北町店",
    "family_alone": "",
}


def care(browser: Browser, person: str = "kato") -> str:
    return browser.get(f"/r/{browser.stage.link(person)}/care").text


def post(browser: Browser, action: Action, fields: dict[str, str], person: str = "kato") -> tuple[int, str]:
    answer = browser.post(f"/r/{browser.stage.link(person)}/{SPOTS[action].path}", fields)
    return answer.status, answer.text


@pytest.mark.parametrize("category", Category)
def test_s3_7_the_checklist_opens_by_itself_when_the_category_is_about_staff(category: Category) -> None:
    room, events = open_if_about_staff(a_room(incident=an_incident(category=category)), at=NOON)
    if category not in ABOUT_STAFF:
        assert (room.protections, events) == ((), ())
        return
    (track,) = room.protections
    assert {item.step for item in track.items} == set(CareStep)
    assert [event.kind for event in events] == ["care_opened"]
    assert open_if_about_staff(room, at=NOON) == (room, ())


def test_s3_7_anybody_can_say_that_a_member_of_staff_is_the_subject_and_hr_and_legal_hear_of_it(
    open_stage: Opener,
) -> None:
    browser = open_stage(scenes.checking())
    status, _ = post(browser, Action.OPEN_CARE, {}, person="ito")
    assert status == 303
    bodies = [row.body for row in browser.stage.incidents.outbox.values()]
    told = {body.person_id for body in bodies if isinstance(body, Message)}
    assert told == {"kato", "tanaka"}
    assert "従業員の保護を始めました" in browser.get(f"/r/{browser.stage.link('ito')}?done=care_opened").text
    assert "本人の相談相手を1人決める" in care(browser)


@pytest.mark.parametrize("person", READERS)
def test_s3_7_those_who_look_after_people_see_the_page(open_stage: Opener, person: str) -> None:
    browser = open_stage(looked_after(scenes.checking()))
    token = browser.stage.link(person)
    assert browser.get(f"/r/{token}/care").status == 200
    assert 'href="' + token + '/care"' in browser.get(f"/r/{token}").text


@pytest.mark.parametrize("person", OTHERS)
def test_s3_6_everybody_else_gets_the_page_that_says_nothing(open_stage: Opener, person: str) -> None:
    browser = open_stage(looked_after(scenes.checking()))
    token = browser.stage.link(person)
    nothing = browser.get("/r/nothing").text
    assert browser.get(f"/r/{token}/care").text == nothing
    for action in Action:
        if SPOTS[action].page is SubPage.CARE:
            answer = browser.post(f"/r/{token}/{SPOTS[action].path}", {"track_id": "care-01"})
            assert (answer.status, answer.text) == (404, nothing)
    room = browser.get(f"/r/{token}").text
    assert f"{token}/care" not in room
    assert "対象になった従業員の保護を進めています" in room


def test_s3_6_a_recorded_name_disappears_from_the_room_at_once(open_stage: Opener) -> None:
    scene = scenes.checking()
    named = replace(scene.room.incident, quote="早乙女翔太って店員がひどい")
    browser = open_stage(replace(scene, room=replace(scene.room, incident=named)))
    post(browser, Action.OPEN_CARE, {})
    assert "早乙女翔太" in browser.room().text
    assert "まだ記録されていません" in browser.room("kato").text
    status, _ = post(browser, Action.RECORD_NAMES, NAMES)
    assert status == 303
    page = browser.room().text
    assert not FOUND(page)
    assert f"{MASK}って店員がひどい" in page
    assert not FOUND(care(browser))


def test_s3_6_the_names_are_shown_once_with_a_reason_to_those_who_may_and_that_is_kept(
    open_stage: Opener,
) -> None:
    browser = open_stage(looked_after(scenes.checking()))
    status, page = post(
        browser,
        Action.REVEAL_NAMES,
        {"track_id": "care-01", "reveal_reason": "本人へ連絡するため", "check_number": NUMBER},
    )
    assert status == 200
    assert "早乙女 翔太" in page
    assert "緑ヶ丘第三高校" in page
    (entry,) = [
        e
        for e in browser.stage.incidents.timeline(scenes.found().room.incident.id)
        if e.event.kind == "names_revealed"
    ]
    assert entry.event.actor == "kato"
    assert entry.event.details == {"label": "A", "reason": "本人へ連絡するため"}
    assert not FOUND(care(browser))
    assert not FOUND(browser.get(f"/r/{browser.stage.link('kato')}/care?done=names_revealed").text)
    assert "加藤" in browser.room().text
    assert "氏名を確かめました。理由：本人へ連絡するため" in browser.room().text


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"reveal_reason": "", "check_number": NUMBER}, 400),
        ({"reveal_reason": "見たい", "check_number": "11"}, 403),
        ({"reveal_reason": "見たい", "check_number": ""}, 400),
    ],
)
def test_s3_6_without_a_reason_and_the_number_no_name_is_shown(
    open_stage: Opener, fields: dict[str, str], status: int
) -> None:
    browser = open_stage(looked_after(scenes.checking()))
    answered, page = post(browser, Action.REVEAL_NAMES, {"track_id": "care-01", **fields})
    assert answered == status
    assert not FOUND(page)


def test_s3_6_a_term_that_is_found_everywhere_is_refused(open_stage: Opener) -> None:
    browser = open_stage(looked_after(scenes.checking()))
    status, page = post(browser, Action.RECORD_NAMES, NAMES | {"nicknames": "し"})
    assert status == 400
    assert "呼び名" in page


def test_s3_7_each_step_has_an_owner_and_is_done_once(open_stage: Opener) -> None:
    browser = open_stage(looked_after(scenes.checking(), blurting=False))
    step = {"track_id": "care-01", "care_step": "counselling"}
    assert post(browser, Action.ASSIGN_CARE, {**step, "care_owner": "tanaka"})[0] == 303
    assert "担当：田中 翠" in care(browser) or "田中 翠" in care(browser)
    assert post(browser, Action.COMPLETE_CARE, {**step, "care_note": "産業医の面談を決めました"})[0] == 303
    assert "産業医の面談を決めました" in care(browser)
    assert post(browser, Action.COMPLETE_CARE, {**step, "care_note": "もう一度"})[0] == 200
    assert "もう一度" not in care(browser)
    assert post(browser, Action.ASSIGN_CARE, {**step, "care_owner": "nobody"})[0] == 400


def test_s3_7_harm_is_logged_for_those_who_look_after_people_and_for_nobody_else(open_stage: Opener) -> None:
    browser = open_stage(looked_after(scenes.checking(), blurting=False))
    harm = {
        "track_id": "care-01",
        "harm_kind": "threat",
        "harm_what": "電話がありました",
        "harm_effect": "怖い",
    }
    assert post(browser, Action.NOTE_HARM, harm)[0] == 303
    assert "電話がありました" in care(browser)
    room = browser.room("ito").text
    assert "電話がありました" not in room
    assert "被害を記録しました（脅し）" in room


def test_s3_6_consent_says_what_is_watched_and_is_taken_back_at_once(open_stage: Opener) -> None:
    browser = open_stage(looked_after(scenes.checking()))
    assert "見守っています" in care(browser)
    assert post(browser, Action.REVOKE_CONSENT, {"track_id": "care-01"})[0] == 303
    assert "見守っていません" in care(browser)
    assert post(browser, Action.REVOKE_CONSENT, {"track_id": "care-01"})[0] == 409
    (room,) = browser.stage.incidents.rooms.values()
    assert room.protections[0].consents[-1].terms == ()
    again = {
        "track_id": "care-01",
        "consent_terms": "青山の家\n早乙女翔太",
        "consent_how": "書面",
        "consent_days": "90",
    }
    assert post(browser, Action.RECORD_CONSENT, again)[0] == 303
    page = care(browser)
    assert "2件の語を" in page
    assert "青山の家" not in page
    assert post(browser, Action.RECORD_CONSENT, again | {"consent_days": "91"})[0] == 409


@pytest.mark.parametrize("language", ["ja", "en"])
def test_s3_6_both_languages_have_the_page(language: str) -> None:
    stage = Stage(language=language).play(looked_after(scenes.checking()))
    body = stage.desk().sub_page(stage.link("kato"), SubPage.CARE).body
    assert not FOUND(body)
    assert "—" not in body.split("<main>")[1]


def test_ten_people_and_three_hundred_entries_still_open_on_a_phone(open_stage: Opener) -> None:
    scene = looked_after(scenes.checking(), blurting=False)
    room = scene.room
    for _ in range(9):
        room, _ = open_track(room, by="kato", at=scene.at)
    (harm,) = room.harms
    long = replace(harm, what="早乙女さんへ" + "害" * 990, effect="影" * 1000)
    track = room.protections[0]
    seen = tuple(
        replace(track.sightings[0], post=f"{n:032x}", url="https://a.example.jp/" + "b" * 400)
        for n in range(200)
    )
    room = replace(
        room,
        protections=(replace(track, sightings=seen), *room.protections[1:]),
        harms=tuple(replace(long, id=f"harm-{n:03d}") for n in range(300)),
    )
    browser = open_stage(replace(scene, room=room))
    token = browser.stage.link("kato")
    for path in ("", "/care", "/care?page=10"):
        page = browser.get(f"/r/{token}{path}")
        assert page.status == 200
        assert len(page.text.encode()) <= 200_000
        assert not FOUND(page.text)
    assert "ほか 280件" in browser.get(f"/r/{token}/care").text
    assert browser.get(f"/r/{token}/care?page=10").text.count("対象者J") >= 1
    status, _ = post(browser, Action.OPEN_CARE, {})
    assert status == 409


def test_s3_6_no_event_of_the_protection_holds_a_name() -> None:
    scene = looked_after(scenes.checking(), blurting=False)
    about = [
        event for event in scene.events if event.kind.startswith(("care", "harm", "consent", "exposure"))
    ]
    assert len(about) == 6
    assert not any(FOUND(repr(event)) for event in about)
