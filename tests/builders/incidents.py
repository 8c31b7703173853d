"""Incidents, and what stands in their rooms."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hikeshi.domain.actions import Role
from hikeshi.domain.assessment import Category, CrisisType, Level
from hikeshi.domain.circles import Circle, NeedToKnow
from hikeshi.domain.experts import Consultation, Exhibit, ExhibitKind
from hikeshi.domain.facts import Fact, Verdict
from hikeshi.domain.incidents import (
    Decision,
    DecisionSlot,
    Incident,
    ResponseTask,
    Room,
    Slot,
    Spread,
)
from hikeshi.domain.support import Compensation, Inquiry, Surge, Way
from tests.builders.posts import BRAND, BRAND_NAME, NOON


def an_incident(**changes: Any) -> Incident:
    incident = Incident(
        id="inc-00000000000000000000000128",
        number=128,
        brand=BRAND,
        brand_name=BRAND_NAME,
        category=Category.CONTAMINATION,
        crisis_type=CrisisType.OWN_FAULT,
        level=Level.WARNING,
        title="異物混入を訴える写真",
        quote="つきみのチョコを開けたら虫が入っていた。写真を載せておきます",
        source="kuchikomi",
        has_media=True,
        first_post_at=NOON,
        detected_at=NOON + timedelta(minutes=1),
        opened_at=NOON + timedelta(minutes=1),
        spread=Spread(
            posts=1,
            reposts=4,
            authors=1,
            per_minute=5.0,
            normal_per_minute=0.3,
            measured_at=NOON + timedelta(minutes=1),
        ),
        alerts=("alert-" + "0" * 31 + "1",),
    )
    return replace(incident, **changes)


def a_circle(**changes: Any) -> Circle:
    """Legal, HR, executives and the lead: tanaka, kato, takahashi and sato."""
    return replace(Circle(roles=NeedToKnow().roles, since=NOON + timedelta(minutes=1)), **changes)


def a_consultation(**changes: Any) -> Consultation:
    """A question that waits for somebody who is asked besides 小林: 佐々木, of whom nobody else knows."""
    consultation = Consultation(
        id="consultation-1",
        number=1,
        expert="sasaki",
        question="この表示は景品表示法に触れますか",
        exhibits=(Exhibit(kind=ExhibitKind.FACT, ref="fact-1", text="表示は昨年からです"),),
        asked_by="tanaka",
        asked_at=NOON,
        until=NOON + timedelta(days=3),
        nonce="e" * 32,
        check_number="47",
    )
    return replace(consultation, **changes)


def a_room(**changes: Any) -> Room:
    """A fresh room; fields of the incident go in ``incident=an_incident(…)``."""
    return replace(Room(incident=an_incident()), **changes)


def an_inquiry(**changes: Any) -> Inquiry:
    inquiry = Inquiry(
        id="inquiry-1",
        number="CS-1042",
        way=Way.PHONE,
        gist="購入した商品が心配とのことです",
        taken_by="watanabe",
        taken_at=NOON + timedelta(minutes=60),
        due_at=NOON + timedelta(hours=25),
    )
    return replace(inquiry, **changes)


def a_compensation(**changes: Any) -> Compensation:
    compensation = Compensation(
        id="compensation-1",
        number="CS-1042",
        what="商品代金の返金",
        amount_yen=3_240,
        promised_by="watanabe",
        promised_at=NOON + timedelta(minutes=90),
        due_at=NOON + timedelta(days=7),
    )
    return replace(compensation, **changes)


def a_surge(**changes: Any) -> Surge:
    surge = Surge(
        id="surge-1", people=("yamada", "ito"), begun_by="watanabe", begun_at=NOON + timedelta(minutes=70)
    )
    return replace(surge, **changes)


def a_decision(**changes: Any) -> Decision:
    decision = Decision(choice="acknowledged", by="sato", at=NOON + timedelta(minutes=3))
    return replace(decision, **changes)


def a_slot(slot: Slot = Slot.TRIAGE, **changes: Any) -> DecisionSlot:
    return replace(DecisionSlot(slot=slot, generation=1), **changes)


def a_fact(**changes: Any) -> Fact:
    fact = Fact(
        id="fact-1",
        claim="投稿の写真は当社の商品ですか",
        source="playbook",
        added_by="sato",
        added_at=NOON + timedelta(minutes=5),
    )
    return replace(fact, **changes)


def a_judged_fact(**changes: Any) -> Fact:
    fact = a_fact(
        verdict=Verdict.CONFIRMED,
        basis="ロット番号を写真で確かめました",
        judged_by="ito",
        judged_at=NOON + timedelta(minutes=12),
    )
    return replace(fact, **changes)


def a_task(**changes: Any) -> ResponseTask:
    task = ResponseTask(
        id="1-lot",
        department=Role.QUALITY,
        title="製造ロットと出荷日の特定",
        owner="ito",
        due_at=NOON + timedelta(minutes=80),
    )
    return replace(task, **changes)
