"""What follows when people say what kind of crisis it is, and tasks that nobody does in time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from hikeshi.domain.actions import Role
from hikeshi.domain.assessment import CrisisType, Fault
from hikeshi.domain.incidents import Slot
from hikeshi.domain.playbooks import Playbooks, PlaybookTask, Refinement, Skeleton
from hikeshi.domain.statements import StatementKind
from tests.builders import a_playbook
from tests.scenarios import stories
from tests.scenarios.policies import a_company
from tests.scenarios.stories import DONE, WAIVE
from tests.scenarios.world import World

CHANGE, HAND, ADD = "種類と原因を変える", "この方に渡す", "作業を依頼する"
FIVE = tuple(f"はじめに行うこと その{n}" for n in range(1, 6))
RUMOUR = {
    "crisis_type": "competitor_attack",
    "fault": "not_ours",
    "kind_facts": "1",
    "reason": "写真の商品は当社のものではありません",
}


@pytest.fixture
def world() -> Iterator[World]:
    """A company whose playbook turns from quality to legal where the fault is not ours."""
    removal = PlaybookTask(id="removal", department=Role.LEGAL, title="削除の請求の検討", due_minutes=60)
    rumour = Refinement(
        fault=Fault.NOT_OURS,
        tasks=(removal,),
        cards={Role.LEGAL: ("投稿の記録を残す",)},
        stand_down=frozenset({Role.QUALITY}),
        statements={StatementKind.HOLDING: Skeleton(opening="確認した事実をご説明いたします。")},
    )
    ours = Refinement(
        fault=Fault.OURS,
        statements={StatementKind.HOLDING: Skeleton(opening="深くお詫び申し上げます。")},
    )
    playbook = a_playbook(first_steps=FIVE, cards={Role.QUALITY: ("製造記録から調べる",)})
    books = Playbooks(default=playbook, refinements=(rumour, ours))
    with World(a_company(playbooks=books)).begun() as world:
        yield world


def test_s0_8_the_first_mail_and_the_first_page_carry_the_five_first_steps(world: World) -> None:
    world.post()
    world.nakano.mailbox.expects(*FIVE)
    world.nakano.phone.texts[-1].opens().says(*FIVE)
    world.takes_for_granted()


def test_s0_3_the_mail_of_a_department_is_its_own(world: World) -> None:
    stories.taken_on(world)
    world.sato.presses(stories.JUDGE, about="1-claim-01", verdict="refuted", basis="別の会社の商品でした")
    stories.looked_elsewhere(world)
    stories.looked_elsewhere(world)
    world.sato.presses(stories.ESTABLISH)
    mine = world.ito.mailbox.texts[-1]
    mine.says("製造ロットと出荷日の特定", "製造記録から調べる")
    assert "第一報の準備" not in mine.body
    world.takes_for_granted()


def test_s4_1_a_rumour_engages_legal_keeps_what_is_done_and_lets_the_rest_go(world: World) -> None:
    stories.facts_checked(world)
    world.watanabe.presses(DONE, about="1-desk", result="窓口を開きました")
    world.takes_for_granted()
    world.sato.presses(CHANGE, **RUMOUR)
    world.tanaka.hears("削除の請求の", "#1")
    world.people("ito", "watanabe", "suzuki", "kato").are_silent()
    room = world.room
    assert room.task("1-desk").done_by == "watanabe"
    assert not room.task("1-lot").is_open
    assert room.task("1-removal").is_open
    world.sato.latest.opens().turned_to(CHANGE).says("不要になりました", "他者からの攻撃／当社に原因はない")
    assert [entry.event.details["task"] for entry in world.happened("task_dropped")] == ["1-lot"]


def test_s4_1_the_statement_begins_with_an_apology_or_with_an_explanation(world: World) -> None:
    stories.facts_checked(world)
    world.sato.presses(CHANGE, **RUMOUR)
    assert "確認した事実をご説明いたします。" in statement_page(world)
    world.sato.presses(CHANGE, **RUMOUR | {"crisis_type": "own_fault", "fault": "ours"})
    assert "深くお詫び申し上げます。" in statement_page(world)
    world.takes_for_granted()


def statement_page(world: World) -> str:
    form = world.suzuki.latest.opens().turned_to(stories.DRAFT)._form(stories.DRAFT, "")
    assert form is not None
    return form.fields["said_opening"]


def test_s2_10_a_fault_is_not_named_before_a_fact_is_checked(world: World) -> None:
    stories.taken_on(world)
    page = world.sato.latest.opens().tries(CHANGE, **RUMOUR)
    assert page.status == 409
    page.says("根拠にする事実の番号が必要です")
    assert world.incident.fault is Fault.UNKNOWN


def test_s2_8_a_kind_that_a_person_named_outlives_a_graver_alert(world: World) -> None:
    stories.taken_on(world)
    world.sato.presses(CHANGE, **RUMOUR | {"fault": "unknown", "kind_facts": "", "crisis_type": "flaming"})
    world.post(level="critical")
    world.passes(minutes=1)
    assert world.incident.crisis_type is CrisisType.FLAMING
    world.takes_for_granted()


def test_a_task_that_changes_hands_is_reminded_of_there_and_the_lead_hears_when_it_is_late(
    world: World,
) -> None:
    stories.facts_checked(world)
    world.ito.presses(HAND, task_id="1-lot", owner="yamamoto")
    world.yamamoto.hears("製造ロット", "#1")
    for task in ("1-desk", "1-word"):
        world.sato.presses(DONE, about=task, result="終わりました")
    world.sato.presses(WAIVE, reason="個別にお答えしました")
    world.takes_for_granted()
    world.passes(minutes=46)
    world.yamamoto.phone.expects("間近", "製造ロット")
    world.yamamoto.mailbox.expects("期限", "近づきました", "製造ロット")
    world.ito.is_silent()
    world.passes(minutes=15)
    for late in (world.yamamoto, world.sato):
        late.phone.expects("14:02期限切れ", "製造ロッ")
        late.mailbox.expects("期限", "過ぎました", "製造ロット")
    world.yamamoto.presses(DONE, about="1-lot", result="特定しました")
    assert world.room.slot(Slot.RESPONSE).decision is not None
    world.takes_for_granted()


def test_a_task_that_somebody_added_keeps_the_response_open(world: World) -> None:
    stories.tasks_done(world)
    world.sato.presses(
        ADD, task_title="在庫の確認", department="quality", owner="ito", due_at="2026-05-13T18:00"
    )
    world.ito.hears("在庫の確認", "18:00")
    world.sato.presses(WAIVE, reason="個別にお答えしました")
    assert world.room.slot(Slot.RESPONSE).decision is None
    added = world.room.tasks[-1]
    assert replace(added, id="") == replace(added, id="", added_by="sato", owner="ito")
    world.ito.presses(DONE, about=added.id, result="在庫はありません")
    assert world.room.slot(Slot.RESPONSE).decision is not None
    world.takes_for_granted()
