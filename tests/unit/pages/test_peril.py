"""The page of an incident about a life: what protects it stands before everything else."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from hikeshi.domain.peril import LifeAtRisk, Peril
from hikeshi.services.room.action_pages import SubPage
from tests.builders import a_configuration
from tests.unit.pages import scenes
from tests.unit.pages.scenes import Scene
from tests.unit.pages.stage import Stage

SELF_HARM, VIOLENCE = Peril.SELF_HARM, Peril.VIOLENCE


def page(scene: Scene, reader: str = "takahashi", *, stage: Stage | None = None) -> str:
    set_up = (stage or Stage()).play(scene)
    return set_up.desk().show(set_up.link(reader)).body


def box(body: str) -> str:
    found = re.search(r'<section class="card life".*?</section>', body, re.DOTALL)
    return found.group() if found else ""


def in_drill(scene: Scene) -> Scene:
    return replace(scene, room=replace(scene.room, incident=replace(scene.room.incident, drill="drill-1")))


@pytest.mark.parametrize("peril", Peril)
def test_it_is_the_first_thing_in_main_and_calls_the_police(peril: Peril) -> None:
    body = page(scenes.endangering(scenes.found(), peril))
    first = body.split("<main>")[1].lstrip()
    assert first.startswith('<div class="notices">\n<section class="card life"')
    assert 'href="tel:110"' in box(body)
    assert 'href="tel:119"' in box(body)


@pytest.mark.parametrize(
    ("peril", "line"),
    [(SELF_HARM, "人命優先：投稿を見て110番へ。本人を責めない"), (VIOLENCE, "人命優先：投稿を見て110番へ")],
)
def test_the_first_screen_says_it_in_one_line_under_the_title(peril: Peril, line: str) -> None:
    head = page(scenes.endangering(scenes.found(), peril)).split("<main>")[0]
    assert f'</h1>\n<p class="life-first"><a href="#life">{line}</a></p>' in head


def test_it_says_what_to_tell_the_police_of_the_grave_posts_alone() -> None:
    told = box(page(scenes.endangering(scenes.found(), SELF_HARM), "ito"))
    assert "12:57の投稿　https://kuchikomi.example.jp/posts/0" in told
    assert "posts/1" not in told
    assert 'href="https' not in told


def test_each_peril_has_its_own_steps_and_only_the_writer_is_told_helplines() -> None:
    own = box(page(scenes.endangering(scenes.found(), SELF_HARM)))
    others = box(page(scenes.endangering(scenes.found(), VIOLENCE)))
    assert own.count("<li>") == 6 + 1 + 2
    assert others.count("<li>") == 6 + 1
    assert "よりそいホットライン　0120-279-338（24時間・無料）" in own
    assert "#いのちSOS　0120-061-338（無料）" in own
    assert "責める返信や、言い争いになる返信はしません" in own
    assert "現場の責任者がその場で決めます" in others
    assert "0120" not in others


@pytest.mark.parametrize("peril", Peril)
def test_the_steps_stand_under_a_heading_of_their_own(peril: Peril) -> None:
    told = box(page(scenes.endangering(scenes.found(), peril)))
    assert '<h3>いま行うこと（上から順に）</h3>\n<ol class="steps">' in told
    drilled = box(page(in_drill(scenes.endangering(scenes.found(), peril))))
    assert '<h3>実際の案件での手順（訓練では電話しません）</h3>\n<ol class="steps">' in drilled


def test_the_firm_names_other_helplines_in_its_configuration() -> None:
    policy = a_configuration().escalation
    stage = Stage()
    stage.configuration = a_configuration(
        escalation=replace(policy, life_at_risk=LifeAtRisk(helplines=("町の相談室　0120-000-000",)))
    )
    told = box(page(scenes.endangering(scenes.found(), SELF_HARM), stage=stage))
    assert "町の相談室　0120-000-000" in told
    assert "よりそい" not in told


def test_it_names_who_calls_so_that_nobody_waits_for_somebody_else() -> None:
    nobody = box(page(scenes.endangering(scenes.found(), VIOLENCE)))
    taken = scenes.endangering(scenes.checking(), VIOLENCE)
    assert "いまこれを読んでいるあなたが、迷わず通報してください。" in nobody
    assert "担当の佐藤 花子さんが通報します。" in box(page(taken, "ito"))
    assert "担当のあなたが、迷わず通報してください。" in box(page(taken, "sato"))


@pytest.mark.parametrize("peril", Peril)
def test_a_drill_offers_nothing_to_call(peril: Peril) -> None:
    body = page(in_drill(scenes.endangering(scenes.found(), peril)))
    assert "tel:1" not in body
    assert "これは訓練です。110番や119番、相談窓口へは電話しないでください。" in box(body)


def test_it_goes_when_the_incident_is_over_and_stays_away_where_no_life_is_at_risk() -> None:
    for scene in (scenes.endangering(scenes.closed(), SELF_HARM), scenes.found()):
        body = page(scene, "sato")
        assert not box(body)
        assert 'class="life-first"' not in body


def test_it_reads_in_english_too() -> None:
    body = box(page(scenes.endangering(scenes.found(), SELF_HARM), stage=Stage(language="en")))
    assert "Please put lives first" in body
    assert "Yorisoi Hotline 0120-279-338" in body


def unspoken(peril: Peril) -> Scene:
    """Minute 70 or so of the response: the facts are known, and nobody has drafted a word."""
    scene = scenes.endangering(scenes.responding(), peril)
    return replace(scene, room=replace(scene.room, statement=None, tasks=()))


def test_about_a_suicide_people_are_asked_to_say_nothing_in_public() -> None:
    body = page(unspoken(SELF_HARM), "sato")
    asked = "この件は公表しません。公表しないことを決めて、記録してください。"
    assert asked in body
    assert 'href="#no-word"' in body
    assert 'id="no-word"' in body
    assert "公表文を書く</a>" not in body.split("</section>")[1]
    assert "この件は公表しません。公表しないと決めて、理由を記録してください。" in body
    assert "説明の目標まで" not in body


def test_about_a_threat_people_are_told_not_to_hurry() -> None:
    assert "警察と相談するまで、公表を急がないでください。" in page(unspoken(VIOLENCE), "sato")


def test_the_page_of_the_public_word_says_so_too() -> None:
    for peril, caution in ((SELF_HARM, "この件は公表しません。"), (VIOLENCE, "公表を急がないでください。")):
        set_up = Stage().play(unspoken(peril))
        assert caution in set_up.desk().sub_page(set_up.link("suzuki"), SubPage.STATEMENT).body
