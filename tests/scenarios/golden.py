"""What the company of the golden case did, from its first telephone call to the signed report."""

from __future__ import annotations

from dataclasses import dataclass

from hikeshi.domain.japan_time import JST
from hikeshi.domain.lifecycle import IncidentStatus
from tests.scenarios import stories
from tests.scenarios.stories import (
    ADD_FACT,
    APPROVE,
    CALM,
    CONFIRM,
    DONE,
    DRAFT,
    ESTABLISH,
    JUDGE,
    PROVE,
    PUBLISH,
    SUPPORT,
    TAKE,
    word,
)
from tests.scenarios.world import World


@dataclass(frozen=True, kw_only=True)
class Link:
    """A link of the chain: what is claimed, on which facts it rests, and who bears it out independently."""

    claim: str
    rests_on: str = ""
    sources: tuple[str, ...] = ()


LOT = Link(claim="写真の商品のロットは 0513 である", sources=("写真の印字", "製造記録"))
SHIPPED = Link(claim="ロット 0513 は半年前に出荷した", rests_on="3", sources=("出荷伝票", "販売店の受領記録"))
LARVA = Link(claim="写真の幼虫は生後30日から40日である", sources=("専門機関の鑑定", "大学の研究者の所見"))
NOT_OURS = Link(claim="虫は製造のときに入ったものではない", rests_on="4、5")
"""The playbook's own questions are facts 1 and 2."""

EXPLANATION = {
    "kind": "full",
    "said_fact": (
        "写真の商品は、半年前に出荷したものです［3、4］。写っている幼虫は、生後30日から40日です［5］。"
        "製造時点で混入したものではありません［6］。"
    ),
    "said_action": "保管の方法を、あらためて商品の箱に記します。",
}


def passes_until(world: World, hours: int, minutes: int) -> None:
    """Let the clock on the wall come to a time of that day."""
    wall = world.now.astimezone(JST).replace(hour=hours, minute=minutes, second=0, microsecond=0)
    world.passes(seconds=(wall - world.now).total_seconds())


def add(world: World, link: Link) -> None:
    """Put a link of the chain on the register, with its sources and a record of them."""
    quality = world.ito
    register = quality.latest.opens().follows("facts")
    register.presses(ADD_FACT, claim=link.claim, source="品質保証部", key="yes", rests_on=link.rests_on)
    fact = next(fact.id for fact in world.room.facts if fact.claim == link.claim)
    for source in link.sources:
        quality.presses(SUPPORT, about=fact, source_name=source, credibility="a")
        quality.presses(PROVE, about=fact, proof_title=source, proof="記録の写しです")
    quality.presses(JUDGE, about=fact, verdict="confirmed", basis="記録と鑑定が一致しました")


def says(world: World, **changes: str) -> None:
    """Public relations write, the lead and legal approve, and it is put out."""
    world.suzuki.presses(DRAFT, **word(world, **changes))
    world.sato.presses(APPROVE)
    world.tanaka.presses(APPROVE)
    world.suzuki.presses(PUBLISH)


def responds(world: World) -> None:
    """Do what the company did, from its first telephone call to the explanation three hours later."""
    passes_until(world, 13, 0)
    world.sato.presses(TAKE)
    passes_until(world, 13, 10)
    world.takahashi.presses(CONFIRM)
    passes_until(world, 13, 25)
    add(world, LOT)
    passes_until(world, 13, 30)
    stories.looked_elsewhere(world)
    world.sato.presses(ESTABLISH)
    passes_until(world, 13, 40)
    says(world)
    for (hours, minutes), link in (((14, 5), SHIPPED), ((15, 10), LARVA), ((15, 15), NOT_OURS)):
        passes_until(world, hours, minutes)
        add(world, link)
    passes_until(world, 15, 57)
    says(world, **EXPLANATION)
    for task in (each for each in world.room.tasks if each.done_at is None):
        world.person(task.owner).presses(DONE, about=task.id, result="終わりました")


def ends(world: World) -> None:
    """Watch until it is calm, write the report and sign it."""
    assert world.incident.status is IncidentStatus.CALMING
    world.passes(hours=7)
    world.sato.presses(CALM, basis="新しい投稿が1時間に1件未満になりました")
    stories.written(world)
    stories.signed(world)
    assert not world.incident.status.is_open
    world.takes_for_granted()
