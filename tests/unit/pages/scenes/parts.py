"""What every scene is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hikeshi.domain.alerts import Alert, AlertedPost
from hikeshi.domain.assessment import Level, Reason
from hikeshi.domain.clock_marks import ClockMarks
from hikeshi.domain.incidents import DecisionSlot, Incident, Room, Slot, Spread
from hikeshi.domain.phrases import phrase
from hikeshi.domain.timeline import TimelineEvent
from hikeshi.services.messages.wording import Wording
from tests.builders import (
    NOON,
    a_decision,
    a_post,
    a_slot,
    an_alert,
    an_alerted_post,
    an_evidence,
    an_incident,
)


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A room, what led to it, and when it is looked at."""

    room: Room
    events: tuple[TimelineEvent, ...]
    at: datetime
    alerts: tuple[tuple[Alert, tuple[AlertedPost, ...]], ...] = ()


HOLDING = {
    "kind": "holding",
    "said_opening": "このたびはご心配をおかけしております。",
    "said_fact": "当社の商品に関する投稿を確認いたしました。",
    "said_action": "現在、詳しい状況を調査しております。",
    "said_contact": "お客様相談室　0120-000-000",
    "said_care": "投稿された方への誹謗中傷はお控えくださいますよう、お願いいたします。",
    "next_update_at": "2026-05-13T16:30",
    "tone_reason": "",
}
"""A form that lacks nothing."""


def minute(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def event(kind: str, at: float, /, actor: str = "hikeshi", **details: str) -> TimelineEvent:
    return TimelineEvent(kind=kind, at=minute(at), actor=actor, details=details)


def decided(slot: Slot, at: float, by: str = "sato", choice: str = "done") -> DecisionSlot:
    return a_slot(slot, decision=a_decision(choice=choice, by=by, at=minute(at)))


def moved(before: str, after: str) -> dict[str, str]:
    return {"from": before, "to": after}


def named(rule: str, points: int, span: str | None = None) -> Reason:
    """A reason as the rule of the lexicon gives it."""
    return Reason(rule=rule, label=Wording().text(f"rule.{rule}"), points=points, span=span)


_REASONS = (
    named("contamination.insect_found", points=42, span="虫が入っていた"),
    named("shift.first_hand", points=18),
    Reason(rule="shift.media", label=phrase("rule.shift.media", kinds="photo"), points=12),
)

_WORDS = (
    "つきみのチョコを開けたら虫が入っていた。写真を載せておきます",
    "これ本当？ 同じ商品を今朝子どもが食べた",
    "つきみに電話したけどつながらない",
    "写真を見た。しばらく買うのをやめる",
)


def posts(count: int = 14, *, every: float = 2.6) -> tuple[AlertedPost, ...]:
    """Posts that come ever closer together."""
    made = []
    for n in range(count):
        at = minute(0 if n == 0 else 34 - (count - n) * every * (count - n) / count)
        post = a_post(
            id=f"post-{n}",
            text=_WORDS[n % len(_WORDS)],
            published_at=at,
            fetched_at=at + timedelta(seconds=40),
            url=f"https://kuchikomi.example.jp/posts/{n}",
            author=f"author_{n}",
        )
        evidence = an_evidence(
            uri=f"s3://hikeshi-archive/evidence/{post.key}.json",
            sha256=f"{n:02x}" * 32,
            captured_at=at + timedelta(seconds=50),
        )
        why = phrase("grouped.led") if n == 0 else phrase("grouped.copy", percent=91)
        made.append(an_alerted_post(post=post, evidence=evidence, why_grouped=why))
    return tuple(made)


def alerted(kept: tuple[AlertedPost, ...]) -> tuple[Alert, tuple[AlertedPost, ...]]:
    alert = an_alert(
        posts=len(kept),
        reposts=742,
        authors=len(kept),
        level=Level.CRITICAL,
        reasons=_REASONS,
        why_grouped=phrase("grouped.copy", percent=91),
        why_level=phrase("raised.reposts", reposts=300),
    )
    return alert, kept


def the_incident(**changes: Any) -> Incident:
    return an_incident(
        level=Level.CRITICAL,
        clock=ClockMarks(told_at=NOON + timedelta(minutes=1)),
        spread=Spread(
            posts=14,
            reposts=742,
            authors=386,
            per_minute=18.2,
            normal_per_minute=0.3,
            sigma=8.4,
            acceleration=2.6,
            new_words=("混入", "回収"),
            measured_at=minute(40),
        ),
        **changes,
    )
