"""The invented company: its people, and how it is set up."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

from hikeshi.domain.actions import Role
from hikeshi.domain.assessment import Category, Level
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.escalation import EscalationPolicy, Ladder, LadderStep, RollCall
from hikeshi.domain.experts import Expert, ExpertField
from hikeshi.domain.people import Channel, Person, Roster
from hikeshi.domain.playbooks import Playbook, Playbooks, PlaybookTask
from hikeshi.domain.response_clock import DEFAULT_ALLOWANCES
from hikeshi.domain.sources import Brand, Source, WatchList
from tests.builders.posts import BRAND, BRAND_NAME

_PEOPLE: tuple[tuple[str, str, str, str, tuple[Role, ...]], ...] = (
    ("nakano", "中野 葵", "監視デスク", "監視デスク", (Role.DESK,)),
    ("sato", "佐藤 花子", "広報部長", "広報部", (Role.LEAD, Role.PR)),
    ("suzuki", "鈴木 健", "広報担当", "広報部", (Role.PR,)),
    ("takahashi", "高橋 誠", "常務執行役員", "経営", (Role.EXECUTIVE,)),
    ("tanaka", "田中 翠", "法務課長", "法務部", (Role.LEGAL,)),
    ("watanabe", "渡辺 結", "相談室長", "お客様相談室", (Role.CUSTOMER_SUPPORT,)),
    ("ito", "伊藤 学", "品質保証課長", "品質保証部", (Role.QUALITY,)),
    ("yamamoto", "山本 楓", "品質保証担当", "品質保証部", (Role.QUALITY,)),
    ("kato", "加藤 薫", "人事課長", "人事部", (Role.HR,)),
    ("yoshida", "吉田 樹", "情報システム課長", "情報システム部", (Role.IT,)),
    ("yamada", "山田 渚", "店舗運営課長", "店舗運営部", (Role.STORE_OPS,)),
    ("kobayashi", "小林 律", "弁護士", "社外", (Role.EXPERT,)),
)


def a_person(id: str = "sato", **changes: Any) -> Person:  # noqa: A002  # reads as the field it sets
    """One of the cast; an unknown id makes a new member of the public relations department."""
    known = {row[0]: (1001 + place, *row[1:]) for place, row in enumerate(_PEOPLE)}
    newcomer = (2000, "森 光", "広報担当", "広報部", (Role.PR,))
    number, name, title, department, roles = known.get(id, newcomer)
    person = Person(
        id=id,
        name=name,
        title=title,
        department=department,
        roles=frozenset(roles),
        phone=f"+81900000{number}",
        mail=f"{id}@example.jp",
        deputy="yamamoto" if id == "ito" else None,
    )
    return replace(person, **changes)


def a_roster(**changes: Any) -> Roster:
    """Everybody; ``people=`` adds to or replaces members of the cast by id."""
    people = {known[0]: a_person(known[0]) for known in _PEOPLE}
    people.update(changes.pop("people", {}))
    roster = Roster(
        people=people,
        seats={
            Role.DESK: ("nakano",),
            Role.LEAD: ("sato",),
            Role.PR: ("suzuki",),
            Role.EXECUTIVE: ("takahashi",),
            Role.LEGAL: ("tanaka",),
            Role.CUSTOMER_SUPPORT: ("watanabe",),
            Role.QUALITY: ("ito",),
            Role.HR: ("kato",),
            Role.IT: ("yoshida",),
            Role.STORE_OPS: ("yamada",),
            Role.EXPERT: ("kobayashi",),
        },
        experts=(an_expert(),),
        engages={
            Category.CONTAMINATION: (Role.QUALITY, Role.CUSTOMER_SUPPORT, Role.PR),
            Category.MISCONDUCT: (Role.STORE_OPS, Role.HR, Role.PR),
        },
        surge=("yamada", "ito"),
    )
    return replace(roster, **changes)


def an_escalation_policy(**changes: Any) -> EscalationPolicy:
    desk = LadderStep(wait_seconds=300, roles=(Role.DESK,), departments=True)
    lead = LadderStep(wait_seconds=300, roles=(Role.LEAD,))
    executive = LadderStep(wait_seconds=600, roles=(Role.EXECUTIVE,))
    at_once = LadderStep(wait_seconds=120, roles=(Role.EXECUTIVE, Role.LEAD), departments=True)
    policy = EscalationPolicy(
        ladders={
            Level.NOTICE: Ladder(
                steps=(LadderStep(wait_seconds=3600, roles=(Role.DESK,), channels=(Channel.MAIL,)),),
                repeats=0,
            ),
            Level.WARNING: Ladder(steps=(desk, lead, executive), repeat_from=1, repeats=1),
            Level.CRITICAL: Ladder(steps=(at_once, executive), repeats=1),
        },
        last_resort=(Role.EXECUTIVE, Role.LEGAL),
        response_clock=DEFAULT_ALLOWANCES,
    )
    return replace(policy, **changes)


def a_roll_call_policy() -> EscalationPolicy:
    """The usual ladders; at critical every executive must confirm, asked four times, ten minutes apart."""
    policy = an_escalation_policy()
    roll_call = RollCall(roles=(Role.EXECUTIVE,), every=timedelta(minutes=10), repeats=3)
    critical = replace(policy.ladders[Level.CRITICAL], roll_call=roll_call)
    return replace(policy, ladders={**policy.ladders, Level.CRITICAL: critical})


def a_playbook(**changes: Any) -> Playbook:
    playbook = Playbook(
        first_steps=("商品と購入日を確かめます", "投稿者への連絡窓口を用意します"),
        claims=("投稿の写真は当社の商品ですか", "健康への影響はありますか"),
        tasks=(
            PlaybookTask(id="lot", department=Role.QUALITY, title="製造ロットと出荷日の特定", due_minutes=60),
            PlaybookTask(
                id="desk", department=Role.CUSTOMER_SUPPORT, title="投稿者への連絡窓口の用意", due_minutes=30
            ),
            PlaybookTask(id="word", department=Role.PR, title="第一報の準備", due_minutes=45),
        ),
    )
    return replace(playbook, **changes)


def a_brand(**changes: Any) -> Brand:
    brand = Brand(id=BRAND, name=BRAND_NAME, query="つきみ製菓 OR (つきみ AND チョコ)", normal_per_minute=0.3)
    return replace(brand, **changes)


def a_source(**changes: Any) -> Source:
    source = Source(
        id="kuchikomi",
        name="口コミ広場",
        url="https://kuchikomi.example.jp/feed.atom",
        hosts=("kuchikomi.example.jp",),
    )
    return replace(source, **changes)


def a_watch_list(**changes: Any) -> WatchList:
    watches = WatchList(brands={BRAND: a_brand()}, sources={"kuchikomi": a_source()})
    return replace(watches, **changes)


def a_configuration(**changes: Any) -> Configuration:
    configuration = Configuration(
        watches=a_watch_list(),
        roster=a_roster(),
        escalation=an_escalation_policy(),
        playbooks=Playbooks(default=a_playbook()),
        calm_after=timedelta(),  # what is not about calm need not wait for it
    )
    return replace(configuration, **changes)


def an_expert(**changes: Any) -> Expert:
    """小林 律, the lawyer from outside."""
    expert = Expert(
        person_id="kobayashi",
        field=ExpertField.LAW,
        contract="顧問契約 2026-04",
        opens=time(9),
        closes=time(18),
    )
    return replace(expert, **changes)
