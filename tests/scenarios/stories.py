"""What happens before a scenario begins that is about a later part of an incident's life.

Every step is taken as people take it, at their links; what they heard on the way is another
scenario's matter and is taken for granted.
"""

from __future__ import annotations

from datetime import timedelta

from hikeshi.domain.assessment import Level
from hikeshi.domain.incidents import Slot
from hikeshi.domain.japan_time import JST
from hikeshi.domain.reporting import current_proposals
from tests.scenarios.world import World

TAKE, DISMISS, STEP_UP = "担当する", "誤検知として閉じる", "上位者へ上申する"
REVIVE = "終了を取り消す"
JUDGE, ADD_FACT, ESTABLISH = "確認結果を記録する", "確認する事実を追加する", "事実確認を終えて対応を始める"
DONE, DRAFT, APPROVE, WAIVE = "完了にする", "承認を依頼する", "公表を承認する", "公表しないと決める"
PUBLISH = "公表したと記録する"
LOOK = "見た内容を加える"
SUPPORT, PROVE, CONFIRM = "裏づけを加える", "証拠を保管する", "確認しました"
CALM, EDIT, SIGN = "沈静化と判断する", "対応の評価を記録する", "報告書に署名する"
OUTCOME, LESSONS, CHANGE = "結果の評価を記録する", "反省と改善を記録する", "この変更に答える"
CORRECT, CORRECTED, CHECKED = "是正措置を加える", "是正措置を完了にする", "効果を確かめた結果を記録する"


def word(world: World, **changes: str) -> dict[str, str]:
    """The form of a holding statement that lacks nothing and promises its next word in three hours."""
    promise = world.agenda.now().astimezone(JST) + timedelta(hours=3)
    return {
        "kind": "holding",
        "said_opening": "このたびはご心配をおかけしております。",
        "said_fact": "当社の商品に関する投稿を確認いたしました。",
        "said_action": "現在、詳しい状況を調査しております。",
        "said_contact": "お客様相談室　0120-000-000",
        "said_care": "投稿された方への誹謗中傷はお控えくださいますよう、お願いいたします。",
        "next_update_at": f"{promise:%Y-%m-%dT%H:%M}",
    } | changes


def taken_on(world: World, *, by: str = "sato", level: Level | str = Level.WARNING) -> None:
    """Somebody posts, and five minutes later a person has it in hand."""
    world.post(level=level)
    world.passes(minutes=5)
    world.person(by).presses(TAKE)
    world.takes_for_granted()


def looked_elsewhere(world: World, *, by: str = "sato") -> None:
    """Somebody has looked at a second kind of source."""
    world.person(by).presses(LOOK, source_kind="direct_messages", finding="同じ申し出は届いていません")


def facts_checked(world: World, *, by: str = "sato", level: Level | str = Level.WARNING) -> None:
    """The facts are established, and the departments have their tasks."""
    taken_on(world, by=by, level=level)
    claim = world.room.facts[0].id
    world.person(by).presses(JUDGE, about=claim, verdict="confirmed", basis="写真で確かめました")
    looked_elsewhere(world, by=by)
    world.person(by).presses(ESTABLISH)
    world.takes_for_granted()


def tasks_done(world: World, *, by: str = "sato", level: Level | str = Level.WARNING) -> None:
    """Every department has done its part; only the statement is left."""
    facts_checked(world, by=by, level=level)
    for task in (each for each in world.room.tasks if each.done_at is None):
        world.person(task.owner).presses(DONE, about=task.id, result="終わりました")
    world.takes_for_granted()


def responded(world: World, *, level: Level | str = Level.WARNING) -> None:
    """All is done and said; the posts are watched until it is calm."""
    tasks_done(world, level=level)
    world.sato.presses(WAIVE, reason="個別にお詫びしました")
    assert world.room.slot(Slot.RESPONSE).decision is not None
    world.takes_for_granted()


def calm(world: World, *, level: Level | str = Level.WARNING) -> None:
    """It is calm, and the report is drafted."""
    responded(world, level=level)
    world.passes(hours=6)
    world.sato.presses(CALM, basis="投稿が平常に戻りました")
    world.takes_for_granted()


def reported(world: World, *, level: Level | str = Level.WARNING) -> None:
    """The report is filled in and waits for a signature."""
    calm(world, level=level)
    written(world)
    world.takes_for_granted()


def written(world: World) -> None:
    """Public relations write what only people know, and answer the three changes."""
    writes = world.suzuki
    writes.presses(EDIT, evaluation="一時間で第一報を出せました")
    no_harm = dict.fromkeys(("brand", "money", "rumour", "closure", "market", "people"), "なし")
    impacts = {f"impact_{kind}": text for kind, text in no_harm.items()}
    writes.presses(OUTCOME, **impacts, loss_unknown="集計の途中です")
    writes.presses(
        LESSONS,
        cause_quality_gap="yes",
        lessons="写真の確認を早めます",
        no_corrections="手順のとおりに進みました",
    )
    for change in current_proposals(world.room):
        writes.presses(CHANGE, about=change.id, answer="decline", reason="いまの決まりで足りています")


def closed(world: World, *, level: Level | str = Level.WARNING) -> None:
    """Signed and closed; after-care has begun."""
    reported(world, level=level)
    signed(world)
    world.takes_for_granted()


def signed(world: World) -> None:
    """Legal signs, and the lead."""
    world.tanaka.presses(SIGN)
    world.sato.presses(SIGN)
