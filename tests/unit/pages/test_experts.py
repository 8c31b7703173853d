"""Experts from outside: shown what was chosen for them and that alone, for as long as it lasts."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from hikeshi.domain.consulting import digest_of_opinion
from hikeshi.domain.experts import Exhibit, ExhibitKind
from hikeshi.domain.links import EXPERT
from tests.builders import a_configuration, a_consultation, a_roster, an_evidence_file, an_expert
from tests.photos import PDF, SECRET, heic, phone_photo
from tests.unit.pages import scenes
from tests.unit.pages.conftest import Browser, Opener, Page
from tests.unit.pages.stage import NUMBER
from tests.unit.pages.test_get_is_inert import everything
from tests.unit.pages.test_need_to_know import NOBODYS, answer, every_address

OPINION = {"opinion": "届け出は要りません。\n理由は次のとおりです。", "check_number": NUMBER}
ASK = {
    "expert": "kobayashi",
    "question": "回収の届け出は要りますか",
    "shared_facts": "1",
    "shared_posts": "2",
    "days": "3",
    "check_number": NUMBER,
}


def link_of(browser: Browser) -> str:
    """Give the expert the link of the newest consultation, as its message would."""
    (room,) = browser.stage.incidents.rooms.values()
    asked = room.consultations[-1]
    return browser.stage.link(asked.expert, purpose=EXPERT, nonce=asked.nonce)


def asked(open_stage: Opener, **changes: str) -> Browser:
    """Let 田中 ask 小林 about the first fact and the second post."""
    browser = open_stage(scenes.checking())
    form = ASK | changes
    assert browser.post(f"/r/{browser.stage.link('tanaka')}/ask-expert", form).status == 303
    return browser


def test_s0_17_the_page_lists_who_fits_with_contract_and_hours(open_stage: Opener) -> None:
    browser = open_stage(scenes.checking())
    page = browser.get(f"/r/{browser.stage.link('tanaka')}/experts")
    for said in ("法律", "小林 律", "顧問契約 2026-04", "この件の分野", "平日09:00–18:00"):
        assert said in page.text


def test_s0_17_a_number_means_the_post_beside_it_though_many_alerts_came_later(open_stage: Opener) -> None:
    scene = scenes.checking()
    ((alert, posts),) = scene.alerts
    early = min(post.evidence.captured_at for post in posts) - timedelta(days=1)
    others = [
        (
            replace(alert, id=f"alert-{number}"),
            (
                replace(
                    posts[0],
                    post=replace(posts[0].post, id=f"late-{number}", text=f"{number}件目の話題"),
                    evidence=replace(posts[0].evidence, captured_at=early),
                ),
            ),
        )
        for number in range(2, 14)
    ]
    ids = (alert.id, *(other.id for other, _ in others))
    room = replace(scene.room, incident=replace(scene.room.incident, alerts=ids))
    browser = open_stage(replace(scene, room=room, alerts=(*scene.alerts, *others)))
    page = browser.get(f"/r/{browser.stage.link('tanaka')}/experts").text
    offered = re.findall(r'name="shared_posts" value="(\d+)".*?>([^<>]+)</', page, re.DOTALL)
    assert len(offered) == len(posts) + 9
    number, said = offered[-1]
    form = ASK | {"shared_posts": number}
    assert browser.post(f"/r/{browser.stage.link('tanaka')}/ask-expert", form).status == 303
    assert said.strip() in browser.get(f"/r/{link_of(browser)}").text


def test_s0_17_an_expert_sees_the_question_and_what_was_chosen_and_nothing_else(open_stage: Opener) -> None:
    browser = asked(open_stage)
    page = browser.get(f"/r/{link_of(browser)}")
    assert page.status == 200
    for said in (
        "回収の届け出は要りますか",
        "投稿の写真は当社の商品ですか",
        "これ本当？ 同じ商品を今朝子どもが食べた",
    ):
        assert said in page.text
    for hidden in (
        "健康への影響はありますか",
        "虫が入っていた",
        "商品に異物混入",
        "佐藤 花子",
        "重大",
        "author_",
    ):
        assert hidden not in page.text, hidden


def test_s0_17_a_link_of_an_expert_opens_that_page_and_no_other_address(open_stage: Opener) -> None:
    browser = asked(open_stage)
    token = link_of(browser)
    uniform = browser.get(f"/r/{NOBODYS}").text
    before = everything(browser)
    for method, path in every_address(token):
        page = answer(browser, method, path)
        if path == f"/r/{token}":
            assert page.status == 200
        elif path.endswith("/opinion"):
            assert page.status == 400, "an empty answer is none"
        else:
            assert (page.status, page.text) == (404, "" if method == "HEAD" else uniform), path
    assert everything(browser) == before


def test_s0_17_nothing_that_is_written_later_is_shown_to_the_expert(open_stage: Opener) -> None:
    browser = asked(open_stage)
    token = link_of(browser)
    verdict = {"fact_id": "fact-1", "verdict": "refuted", "basis": "店長の名前が出ました"}
    assert browser.post(f"/r/{browser.stage.link('sato')}/verdict", verdict).status == 303
    assert "店長の名前" not in browser.get(f"/r/{token}").text


def test_s0_17_an_opinion_is_kept_under_its_digest_and_told_to_asker_lead_and_legal(
    open_stage: Opener,
) -> None:
    browser = asked(open_stage)
    token = link_of(browser)
    assert browser.post(f"/r/{token}/opinion", OPINION).status == 303
    (room,) = browser.stage.incidents.rooms.values()
    (consultation,) = room.consultations
    opinion = consultation.opinion
    assert opinion is not None
    assert opinion.text == OPINION["opinion"]
    assert opinion.sha256 == digest_of_opinion(consultation, opinion.text, at=opinion.given_at)
    told = {
        m.person_id
        for m in browser.stage.incidents.messages()
        if m.params.get("news_key") == "news.expert_answered"
    }
    assert told == {"tanaka", "sato"}
    inside = browser.get(f"/r/{browser.stage.link('tanaka')}/experts").text
    assert "届け出は要りません。" in inside
    assert opinion.sha256 in inside
    assert opinion.sha256 in browser.get(f"/r/{token}").text


def test_s0_17_an_opinion_is_given_once(open_stage: Opener) -> None:
    browser = asked(open_stage)
    token = link_of(browser)
    browser.post(f"/r/{token}/opinion", OPINION)
    again = browser.post(f"/r/{token}/opinion", OPINION | {"opinion": "やはり要ります"})
    assert "ご意見はすでにお預かりしています。" in again.text
    (room,) = browser.stage.incidents.rooms.values()
    assert room.consultations[0].opinion is not None
    assert room.consultations[0].opinion.text == OPINION["opinion"]


def test_s0_17_a_wrong_number_leads_back_to_the_answer_as_it_was_typed(open_stage: Opener) -> None:
    browser = asked(open_stage)
    wrong = browser.post(f"/r/{link_of(browser)}/opinion", OPINION | {"check_number": "00"}).text
    assert '<a class="button second" href="#opinion">' in wrong
    assert OPINION["opinion"].splitlines()[0] in wrong


def test_s0_17_three_wrong_numbers_lock_the_answer(open_stage: Opener) -> None:
    browser = asked(open_stage)
    token = link_of(browser)
    for _ in range(3):
        assert browser.post(f"/r/{token}/opinion", OPINION | {"check_number": "00"}).status == 403
    assert browser.post(f"/r/{token}/opinion", OPINION).status == 403
    assert "確認番号を3回間違えた" in browser.get(f"/r/{token}").text


def _dead(browser: Browser, token: str) -> None:
    uniform = browser.get(f"/r/{NOBODYS}").text
    for page in (browser.get(f"/r/{token}"), browser.post(f"/r/{token}/opinion", OPINION)):
        assert (page.status, page.text) == (404, uniform)


def test_s0_17_the_link_is_dead_when_the_window_ends(open_stage: Opener) -> None:
    browser = asked(open_stage)
    token = link_of(browser)
    browser.stage.clock.set(browser.stage.clock.now() + timedelta(days=3) - timedelta(seconds=1))
    assert browser.get(f"/r/{token}").status == 200
    browser.stage.clock.set(browser.stage.clock.now() + timedelta(seconds=1))
    _dead(browser, token)


def test_s0_17_the_link_is_dead_when_the_question_is_taken_back(open_stage: Opener) -> None:
    browser = asked(open_stage)
    token = link_of(browser)
    (room,) = browser.stage.incidents.rooms.values()
    form = {"consultation_id": room.consultations[0].id}
    page = browser.post(f"/r/{browser.stage.link('tanaka')}/withdraw-request", form)
    assert page.status == 303
    _dead(browser, token)


def test_s0_17_the_link_is_dead_when_the_incident_is_over(open_stage: Opener) -> None:
    scene = scenes.closed()
    still = a_consultation(expert="kobayashi", asked_at=scene.at, until=scene.at + timedelta(days=3))
    browser = open_stage(replace(scene, room=replace(scene.room, consultations=(still,))))
    _dead(browser, link_of(browser))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"expert": "sato"}, "依頼する方"),
        ({"shared_facts": "9"}, "見せる事実"),
        ({"shared_posts": "99"}, "見せる投稿"),
        ({"share_statement": "yes"}, "公表文の案"),
        ({"days": "30"}, "見られる期間"),
    ],
)
def test_s0_17_what_the_page_never_offered_is_refused_by_its_name(
    open_stage: Opener, wrong: dict[str, str], field: str
) -> None:
    browser = open_stage(scenes.checking())
    page = browser.post(f"/r/{browser.stage.link('tanaka')}/ask-expert", ASK | wrong)
    assert page.status == 400
    assert field in page.text


def test_s0_17_what_is_shown_is_ticked_beside_its_words_and_several_may_be(open_stage: Opener) -> None:
    browser = open_stage(scenes.checking())
    link = browser.stage.link("tanaka")
    page = browser.get(f"/r/{link}/experts").text
    assert 'name="shared_facts" value="2">健康への影響はありますか（未確認）</label>' in page
    assert 'name="shared_posts" value="1">' in page
    ticked = urlencode([*ASK.items(), ("shared_facts", "2")]).encode()
    assert browser.post(f"/r/{link}/ask-expert", ticked).status == 303
    (room,) = browser.stage.incidents.rooms.values()
    assert [each.ref for each in room.consultations[-1].exhibits][:2] == ["fact-1", "fact-2"]


def test_s0_17_what_was_ticked_stays_so_when_the_form_is_refused(open_stage: Opener) -> None:
    browser = open_stage(scenes.checking())
    form = urlencode([*(ASK | {"question": ""}).items(), ("shared_facts", "2")]).encode()
    refused = browser.post(f"/r/{browser.stage.link('tanaka')}/ask-expert", form)
    assert refused.status == 400
    assert refused.text.count('name="shared_facts" value="1" checked') == 1
    assert refused.text.count('name="shared_facts" value="2" checked') == 1
    assert refused.text.count('name="shared_posts" value="1" checked') == 0


def test_s0_17_one_expert_is_asked_one_thing_at_a_time(open_stage: Opener) -> None:
    browser = asked(open_stage)
    again: Page = browser.post(f"/r/{browser.stage.link('tanaka')}/ask-expert", ASK)
    assert again.status == 409
    assert "まだ回答待ちです" in again.text


@pytest.mark.parametrize("person", ["nakano", "ito", "watanabe"])
def test_s0_17_asking_outside_is_for_lead_executive_legal_hr_and_pr(open_stage: Opener, person: str) -> None:
    browser = open_stage(scenes.checking())
    assert browser.post(f"/r/{browser.stage.link(person)}/ask-expert", ASK).status == 403


def test_s2_22_an_expert_on_reputation_fits_every_incident_and_is_listed_first(open_stage: Opener) -> None:
    browser = open_stage(scenes.checking())
    roster = a_roster(
        experts=(
            an_expert(field="security", person_id="sasaki"),
            an_expert(field="reputation"),
        )
    )
    browser.stage.configuration = a_configuration(roster=roster)
    page = browser.get(f"/r/{browser.stage.link('tanaka')}/experts").text
    assert page.count("この件の分野") == 1
    assert page.index("広報・評判") < page.index("情報セキュリティ")


def test_what_an_expert_is_shown_keeps_its_line_breaks_and_runs_no_markup(open_stage: Opener) -> None:
    scene = scenes.checking()
    shown = Exhibit(kind=ExhibitKind.FACT, ref="fact-1", text="<b>一行目</b>\n二行目")
    asked_once = a_consultation(
        expert="kobayashi", exhibits=(shown,), asked_at=scene.at, until=scene.at + timedelta(days=3)
    )
    browser = open_stage(replace(scene, room=replace(scene.room, consultations=(asked_once,))))
    page = browser.get(f"/r/{link_of(browser)}").text
    assert "&lt;b&gt;一行目&lt;/b&gt;\n二行目" in page


# ---- files ------------------------------------------------------------------------------------------


def with_photo(open_stage: Opener, content: bytes, **changes: str) -> Browser:
    """Let 伊藤 attach a photo to the first fact, and 田中 ask 小林 about it."""
    browser = open_stage(scenes.checking())
    attached = {"fact_id": "fact-1", "file_title": "お客様が撮影した写真"}
    browser.post(f"/r/{browser.stage.link('ito')}/fact-file", attached, file=content)
    another = attached | {"fact_id": "fact-2"}
    browser.post(f"/r/{browser.stage.link('ito')}/fact-file", another, file=PDF, name="record.pdf")
    form = ASK | changes
    assert browser.post(f"/r/{browser.stage.link('tanaka')}/ask-expert", form).status == 303
    return browser


def test_s0_17_an_expert_gets_copies_of_the_files_that_were_shared_and_of_no_other(
    open_stage: Opener,
) -> None:
    browser = with_photo(open_stage, phone_photo(), share_files="yes")
    (room,) = browser.stage.incidents.rooms.values()
    photo, other = room.files
    link = link_of(browser)
    page = browser.get(f"/r/{link}").text
    assert f'href="{link}/file?id={photo.id}"' in page
    assert other.id not in page
    copy = browser.get(f"/r/{link}/file?id={photo.id}")
    assert copy.status == 200
    assert copy.content.startswith(b"\xff\xd8\xff")
    assert SECRET not in copy.content
    nothing = browser.get("/r/nothing").text
    assert browser.get(f"/r/{link}/file?id={other.id}").text == nothing
    asked_for = {"file_id": photo.id, "original_reason": "x", "check_number": NUMBER}
    assert browser.post(f"/r/{link}/original", asked_for).text == nothing
    browser.stage.clock.set(browser.stage.clock.now() + timedelta(days=4))
    assert browser.get(f"/r/{link}/file?id={photo.id}").text == nothing


@pytest.mark.parametrize(("content", "tick"), [(phone_photo(), ""), (heic(), "yes")])
def test_s0_17_a_file_that_was_not_shared_or_goes_to_few_stays_inside(
    open_stage: Opener, content: bytes, tick: str
) -> None:
    browser = with_photo(open_stage, content, share_files=tick)
    (room,) = browser.stage.incidents.rooms.values()
    link = link_of(browser)
    assert "file?id=" not in browser.get(f"/r/{link}").text
    assert browser.get(f"/r/{link}/file?id={room.files[0].id}").status == 404


def test_s0_17_more_files_than_a_page_can_list_are_not_shared_in_one_question(open_stage: Opener) -> None:
    scene = scenes.checking()
    files = tuple(
        an_evidence_file(id=f"file-{n}", about=f"fact-{1 + n % 2}", sha256=f"{n:064x}") for n in range(51)
    )
    browser = open_stage(replace(scene, room=replace(scene.room, files=files)))
    path = f"/r/{browser.stage.link('tanaka')}/ask-expert"
    both = ASK | {"shared_facts": "1、2", "share_files": "yes"}
    answer = browser.post(path, both)
    assert (answer.status, "1件の依頼で50件までです。共有する事実を減らすか、" in answer.text) == (409, True)
    assert "回収の届け出は要りますか" in answer.text
    assert browser.post(path, both | {"shared_facts": "1"}).status == 303
    page = browser.get(f"/r/{browser.stage.link('tanaka')}/experts").text
    assert page.count("file?id=") == 1
    assert "ほか 25件" in page


def test_s0_17_the_newest_questions_come_first_and_the_others_a_page_further(open_stage: Opener) -> None:
    scene = scenes.checking()
    shown = tuple(
        Exhibit(kind=ExhibitKind.FACT, ref=f"fact-{n}", text=f"事実その{n}号") for n in range(1, 12)
    )
    asked_of = tuple(
        a_consultation(id=f"consultation-{n}", number=n, question=f"問いその{n}号", exhibits=shown)
        for n in range(1, 6)
    )
    browser = open_stage(replace(scene, room=replace(scene.room, consultations=asked_of)))
    token = browser.stage.link("tanaka")
    first = browser.get(f"/r/{token}/experts").text
    assert [n for n in range(1, 6) if f"問いその{n}号" in first] == [3, 4, 5]
    assert 'href="experts?page=2"' in first
    assert "事実その8号" in first
    assert "事実その9号" not in first
    assert "ほか 3件" in first
    second = browser.get(f"/r/{token}/experts?page=2").text
    assert [n for n in range(1, 6) if f"問いその{n}号" in second] == [1, 2]
    assert 'href="experts?page=1"' in second
