"""The playbook's page: one's own part first, then who does what until when, and how it is judged."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hikeshi.domain.actions import Role
from hikeshi.domain.assessment import Category, CrisisType, Fault
from hikeshi.domain.playbooks import ExpertCall, Playbooks, Refinement, Skeleton
from hikeshi.domain.statements import StatementKind
from tests.builders import a_playbook, a_task
from tests.unit.pages import scenes
from tests.unit.pages.conftest import Browser, Opener
from tests.unit.pages.scenes import event, minute
from tests.unit.pages.stage import NUMBER
from tests.unit.pages.test_room import words

SKELETON = Skeleton(
    opening="ご心配をおかけしております。",
    fact="事実関係を調べております。",
    action="調査しております。",
    contact="お客様相談室にて承ります。",
    care="投稿された方への誹謗中傷はお控えください。",
)
BOOKS = Playbooks(
    default=a_playbook(
        cards={Role.QUALITY: ("製造記録から調べる",), Role.PR: ("窓口を一人に決める",)},
        statements={
            StatementKind.HOLDING: SKELETON,
            StatementKind.FULL: replace(SKELETON, opening="確認した内容をお知らせいたします。", fact=""),
        },
        experts=(ExpertCall(field="食品検査機関", when="時期を示せないとき"),),
    ),
    refinements=(
        Refinement(category=Category.LEAK, approvers=frozenset({Role.LEGAL, Role.EXECUTIVE})),
        Refinement(
            fault=Fault.OURS,
            statements={StatementKind.HOLDING: Skeleton(opening="深くお詫び申し上げます。")},
        ),
    ),
)


def opened(open_stage: Opener, scene: scenes.Scene) -> Browser:
    browser = open_stage(scene)
    browser.stage.configuration = replace(browser.stage.configuration, playbooks=BOOKS)
    return browser


def page(browser: Browser, person: str, below: str = "playbook") -> str:
    return browser.get(f"/r/{browser.stage.link(person)}/{below}").text


def test_s0_3_the_reader_sees_their_own_card_first_and_the_others_folded_away(open_stage: Opener) -> None:
    text = page(opened(open_stage, scenes.responding()), "ito")
    own, rest = text.split('id="tasks"')
    assert "製造記録から調べる" in own
    assert "窓口を一人に決める" not in own
    assert "窓口を一人に決める" in rest.split("<summary>役割を見る</summary>")[1]


def test_somebody_without_a_part_is_told_so(open_stage: Opener) -> None:
    assert "決まった役割はありません" in page(opened(open_stage, scenes.responding()), "nakano")


def test_every_task_says_whose_it_is_when_it_is_due_and_how_it_stands(open_stage: Opener) -> None:
    dropped = a_task(id="1-old", title="古い作業", dropped_at=minute(70))
    scene = scenes.responding()
    room = replace(scene.room, tasks=(*scene.room.tasks, dropped))
    text = words(page(opened(open_stage, replace(scene, room=room)), "ito"))
    for said in (
        "伊藤 学さん 期限 14:17",
        "期限を12分過ぎています",
        "鈴木 健さん 期限 14:45",
        "期限まで16分",
        "結果 専用の窓口を開きました。",
        "不要になりました（14:07）",
        "3件中 1件完了",
    ):
        assert said in text


def test_a_hundred_tasks_are_paged(open_stage: Opener) -> None:
    scene = scenes.responding()
    tasks = tuple(a_task(id=f"1-t{n}", title=f"作業その{n}の{n}") for n in range(45))
    browser = opened(open_stage, replace(scene, room=replace(scene.room, tasks=tasks)))
    assert "3ページ中 3ページ目" in page(browser, "ito", "playbook?page=3")
    assert "playbook?page=2" in page(browser, "ito")


def test_the_room_leads_to_the_page_and_says_what_is_late(open_stage: Opener) -> None:
    text = words(opened(open_stage, scenes.responding()).room("ito").text)
    assert "期限を過ぎた作業 1件" in text
    assert "あなたの役割 品質保証" in text


def test_s2_8_the_judgement_is_shown_with_its_reason_until_a_person_says_otherwise(
    open_stage: Opener,
) -> None:
    text = page(opened(open_stage, scenes.responding()), "sato")
    assert "「異物混入・食品衛生」の投稿と判定したためです（虫などが入っていたという訴え、" in text
    said = event(
        "kind_set",
        90,
        actor="sato",
        type="own_fault",
        fault="ours",
        reason="記録と合いました",
        facts="当社の商品ですか",
    )
    scene = scenes.responding()
    text = page(opened(open_stage, replace(scene, events=(*scene.events, said))), "ito")
    assert (
        "佐藤 花子さんが、種類を「自社の過失」、原因を「当社に原因がある」としました。"
        "理由：記録と合いました。根拠の事実：当社の商品ですか" in text
    )


def test_s2_10_a_refused_judgement_keeps_what_was_typed(open_stage: Opener) -> None:
    browser = opened(open_stage, scenes.responding())
    typed = {"crisis_type": "flaming", "fault": "ours", "kind_facts": "", "reason": "同じロットでした"}
    answer = browser.post(f"/r/{browser.stage.link('sato')}/kind", typed)
    assert answer.status == 409
    assert "原因を決めるには、根拠にする事実の番号が必要です。" in answer.text
    assert "同じロットでした</textarea>" in answer.text
    assert 'value="flaming" required checked' in answer.text


@pytest.mark.parametrize(("person", "offered"), [("sato", True), ("tanaka", True), ("ito", False)])
def test_s0_11_only_who_decides_may_change_the_kind(open_stage: Opener, person: str, offered: bool) -> None:
    text = page(opened(open_stage, scenes.responding()), person)
    assert ("<summary>種類と原因を変える</summary>" in text) is offered


def test_s0_11_the_page_of_a_leak_says_that_the_lead_may_not_approve(open_stage: Opener) -> None:
    scene = scenes.responding()
    incident = replace(scene.room.incident, category=Category.LEAK)
    browser = opened(open_stage, replace(scene, room=replace(scene.room, incident=incident)))
    form = {"version": "1", "check_number": NUMBER}
    answer = browser.post(f"/r/{browser.stage.link('sato')}/approve-statement", form)
    assert answer.status == 403
    assert "この操作は法務、役員の方が行えます。" in answer.text
    assert browser.post(f"/r/{browser.stage.link('tanaka')}/approve-statement", form).status == 303


def test_experts_and_authority_are_named(open_stage: Opener) -> None:
    text = words(page(opened(open_stage, scenes.responding()), "ito"))
    assert "食品検査機関 時期を示せないとき" in text
    assert "公表文の承認 対策本部長、法務、役員" in text


def test_s4_1_s4_12_the_form_of_a_statement_begins_with_the_skeleton(open_stage: Opener) -> None:
    text = page(opened(open_stage, scenes.responding(statement=None)), "suzuki", "statement")
    for said in (SKELETON.opening, SKELETON.fact, SKELETON.contact, SKELETON.care):
        assert f"{said}</textarea>" in text
    scene = scenes.responding(statement=None)
    ours = replace(scene.room.incident, fault=Fault.OURS, crisis_type=CrisisType.OWN_FAULT)
    browser = opened(open_stage, replace(scene, room=replace(scene.room, incident=ours)))
    assert "深くお詫び申し上げます。</textarea>" in page(browser, "suzuki", "statement")


def test_either_skeleton_is_one_press_away_even_after_a_first_text(open_stage: Opener) -> None:
    browser = opened(open_stage, scenes.proven())
    assert 'href="statement?page=full#draft"' in page(browser, "suzuki", "statement")
    full = page(browser, "suzuki", "statement?page=full")
    assert "確認した内容をお知らせいたします。</textarea>" in full
    assert 'value="full" required checked' in full
