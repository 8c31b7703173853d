"""The register of facts: what each fact is good for, and that whoever judges one is led back to it."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urljoin

import pytest

from hikeshi.domain.facts import Verdict
from tests.builders import a_fact
from tests.unit.pages import scenes
from tests.unit.pages.conftest import Browser, Opener

JUDGED = {"fact_id": "fact-17", "verdict": "confirmed", "basis": "記録を確かめました"}


def a_long_register(open_stage: Opener, **changes: object) -> Browser:
    scene = scenes.checking()
    facts = tuple(a_fact(id=f"fact-{n}", claim=f"事実その{n}号", **changes) for n in range(1, 21))
    return open_stage(replace(scene, room=replace(scene.room, facts=facts)))


def item(page: str, fact: str) -> str:
    return page.split(f'id="at-{fact}"')[1].split("</li>", maxsplit=1)[0]


def test_a_verdict_in_the_register_leads_back_to_the_fact_on_its_page(open_stage: Opener) -> None:
    browser = a_long_register(open_stage)
    token = browser.stage.link("ito")
    assert 'name="on" value="facts"' in item(browser.get(f"/r/{token}/facts?page=2").text, "fact-17")
    answer = browser.post(f"/r/{token}/verdict", JUDGED | {"on": "facts"})
    assert answer.status == 303
    assert answer.headers["location"] == "facts?page=fact-17&done=fact_judged#at-fact-17"
    there = urljoin(f"/r/{token}/verdict", answer.headers["location"]).split("#")[0]
    page = browser.get(there).text
    assert "事実と確認" in item(page, "fact-17")
    assert "確認結果を記録しました。" in page


def test_a_verdict_in_the_room_leads_back_to_the_fact_in_the_room(open_stage: Opener) -> None:
    browser = open_stage(scenes.checking())
    token = browser.stage.link("ito")
    assert 'name="on"' not in browser.room("ito").text
    answer = browser.post(f"/r/{token}/verdict", JUDGED | {"fact_id": "fact-2"})
    assert answer.headers["location"] == f"../{token}?done=fact_judged#at-fact-2"


def test_a_refused_verdict_shows_the_form_where_it_was_filled_in(open_stage: Opener) -> None:
    browser = a_long_register(open_stage)
    answer = browser.post(f"/r/{browser.stage.link('ito')}/verdict", JUDGED | {"basis": "", "on": "facts"})
    assert answer.status == 400
    assert "「根拠」が空です。" in answer.text
    assert 'href="#at-fact-17"' in answer.text
    assert "事実その17号" in item(answer.text, "fact-17")


def test_a_form_that_names_another_page_leads_to_its_own(open_stage: Opener) -> None:
    browser = open_stage(scenes.checking())
    token = browser.stage.link("ito")
    added = browser.post(f"/r/{token}/facts", {"claim": "購入店はどこですか", "on": "//evil.example.jp"})
    assert added.headers["location"] == f"../{token}?done=fact_added"
    assert browser.post(f"/r/{token}/dismiss", {"reason": "x", "on": "facts"}).status == 400


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        (
            Verdict.UNVERIFIED,
            "まだ確認していないため、公表文では使えません。裏づけを加えて確認結果を記録すると、",
        ),
        (Verdict.REFUTED, "否定や訂正の文でも同じです。否定するときは「〜ではない」を新しい事実として加え、"),
        (Verdict.CANNOT_KNOW, "第一報では「確認しています」とだけ書けます。新しい記録が得られたら、"),
    ],
)
def test_a_fact_that_no_statement_may_use_says_what_to_do_instead(
    open_stage: Opener, verdict: Verdict, said: str
) -> None:
    browser = a_long_register(open_stage, verdict=verdict, key=verdict is not Verdict.UNVERIFIED)
    card = item(browser.get(f"/r/{browser.stage.link('ito')}/facts").text, "fact-3")
    assert said in card
    assert ('href="#add-fact"' in card) == (verdict is Verdict.REFUTED)
