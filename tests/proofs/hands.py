"""Fills in any form of a room: what people type, well or badly, by the name of the field."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random
from typing import TypeVar

from hikeshi.domain.actions import Action, Role
from hikeshi.domain.assessment import CrisisType, Fault
from hikeshi.domain.care import CareStep, HarmKind
from hikeshi.domain.facts import Credibility, Verdict
from hikeshi.domain.headquarters import InboundVerdict, SourceKind
from hikeshi.domain.incidents import Room
from hikeshi.domain.japan_time import JST
from hikeshi.domain.reports import Answer, ChangeKind, RootCause
from hikeshi.domain.rounds import undoable
from hikeshi.domain.statements import StatementKind
from hikeshi.domain.support import Way
from hikeshi.domain.takedowns import Ground, Look, Platform, TakedownEvent
from hikeshi.runtime.room_forms import fields_of
from hikeshi.services.alerts.dangers import name_of_text
from tests.unit.pages.protected import SAOTOME, WRITTEN
from tests.unit.pages.scenes import HOLDING
from tests.unit.pages.stage import NUMBER

PEOPLE = (
    *("nakano", "sato", "suzuki", "takahashi", "tanaka", "watanabe"),
    *("ito", "yamamoto", "kato", "yoshida", "yamada", "kobayashi"),
)
"""Everybody: each role, somebody twice, and the lawyer from outside."""

RUMOURS = ("倉庫で別の虫が見つかりました", "配送の車が事故にあいました", "納品先から返品が届きました")
ADDRESSES = ("https://matome.example.jp/archives/1", "https://x.com/example/status/2", "住所ではありません")
THREAT = "明日の昼、本社のロビーで待っている。刃物も持った"
NOTHING = "nothing-1"
"""The id of a thing that is not there."""

Of = TypeVar("Of")


@dataclass(frozen=True, kw_only=True)
class Hand:
    """Somebody who types; the same seed types the same into the same room."""

    random: Random
    room: Room
    action: Action
    now: datetime

    def one(self, offered: Sequence[Of]) -> Of:
        return self.random.choice(offered)

    def seldom(self, unusual: str, usual: str = "") -> str:
        return unusual if self.random.random() < 0.15 else usual

    def words(self) -> str:
        """Return words, now and then with a protected name or with what nobody has verified."""
        return self.one(
            ("記録で確かめました", "急ぎます", "特にありません", f"{self.name()}の話です", self.rumour())
        )

    def name(self) -> str:
        return self.one(WRITTEN)

    def rumour(self) -> str:
        return self.one(RUMOURS)

    def id_of(self, things: Sequence[object]) -> str:
        """Return the id of one of the things, or of none."""
        ids = [str(each.id) for each in things]  # type: ignore[attr-defined]  # all of them have one
        return self.one(ids) if ids and not self.seldom("x") else NOTHING

    def choice(self, kind: type[StrEnum]) -> str:
        return self.seldom("nothing", self.one([each.value for each in kind]))

    def numbers(self, things: Sequence[object]) -> str:
        chosen = [str(n) for n in range(1, len(things) + 1) if self.random.random() < 0.5]
        return "、".join([*chosen[:4], *([self.seldom("99")] if self.seldom("x") else [])])

    def tick(self) -> str:
        return self.one(("", "yes"))

    def when(self, **ahead: float) -> str:
        return f"{(self.now + timedelta(**ahead)).astimezone(JST):%Y-%m-%dT%H:%M}"

    def day(self) -> str:
        return self.when(days=self.one((1, 30, 90)))[:10]


def _said(part: str) -> Callable[[Hand], str]:
    def typed(hand: Hand) -> str:
        text = HOLDING[f"said_{part}"]
        text += hand.seldom(f"{hand.name()}に確認しております。")
        marks = hand.numbers(hand.room.facts)
        return f"{text}［{marks}］" if marks and part == "fact" else text

    return typed


def _version(hand: Hand) -> str:
    if hand.action is Action.SIGN_REPORT:
        there = hand.room.report.version if hand.room.report else 1
    else:
        there = hand.room.statement.version if hand.room.statement else 1
    return hand.seldom(str(max(there - 1, 0)), str(there))


def _undone(hand: Hand) -> str:
    found = undoable(hand.room, at=hand.now)
    return found.at.isoformat() if found else "2026-05-13T00:00:00+00:00"


def _claim(hand: Hand) -> str:
    claim = f"事実その{len(hand.room.facts) + 1}号"
    return claim + hand.seldom(f"（{hand.name()}）")


_DUE: Mapping[Action, Callable[[Hand], str]] = {
    Action.ADD_CORRECTION: Hand.day,
    Action.ADD_TASK: lambda hand: hand.when(minutes=hand.one((-5, 30, 3000))),
}

_WORDS = (
    *("reason", "basis", "result", "care_note", "harm_what", "harm_effect", "consent_how", "reveal_reason"),
    "call_told",
    *("question", "source", "source_name", "proof_title", "proof", "task_title", "tone_reason", "grounds"),
    *("inquiry_gist", "private_reply", "public_answer", "compensation_what", "check_note", "evaluation"),
    *("customers", "impact_brand", "impact_money", "impact_rumour", "impact_closure", "impact_market"),
    *("impact_people", "loss_unknown", "lessons", "no_corrections", "feedback_note", "correction", "check"),
    *("effect", "change_text", "passage", "infringes", "doubt_reason", "site_answer", "own_text", "wrong"),
    *("notice", "where", "inbound_source", "guidance", "picture", "finding", "file_title", "original_reason"),
)

FIELDS: Mapping[str, Callable[[Hand], str]] = {
    **dict.fromkeys(_WORDS, Hand.words),
    **{f"cause_{cause}": Hand.tick for cause in RootCause},
    **{f"said_{part}": _said(part) for part in ("opening", "fact", "action", "contact", "care")},
    **dict.fromkeys(
        ("key", "share_statement", "share_files", "leaves", "family_alone"), lambda hand: hand.seldom("yes")
    ),
    **dict.fromkeys(
        ("care_owner", "member", "member_out", "owner", "chief", "hq_member"), lambda hand: hand.one(PEOPLE)
    ),
    **dict.fromkeys(("speed", "precision", "correctness"), lambda hand: hand.one("1359")),
    **dict.fromkeys(("rests_on", "shared_facts", "kind_facts"), lambda hand: hand.numbers(hand.room.facts)),
    **dict.fromkeys(("url", "source_url"), lambda hand: hand.one(ADDRESSES)),
    "check_number": lambda hand: hand.seldom("00", NUMBER),
    "track_id": lambda hand: hand.id_of(hand.room.protections),
    "family_name": lambda hand: SAOTOME.family,
    "given_name": lambda hand: SAOTOME.given,
    "family_reading": lambda hand: SAOTOME.family_reading,
    "given_reading": lambda hand: SAOTOME.given_reading,
    "nicknames": lambda hand: "、".join(SAOTOME.nicknames),
    "handles": lambda hand: "、".join(SAOTOME.handles),
    "places": lambda hand: "、".join(SAOTOME.places),
    "care_step": lambda hand: hand.choice(CareStep),
    "harm_kind": lambda hand: hand.choice(HarmKind),
    "consent_terms": lambda hand: "\n".join((SAOTOME.handles[0], SAOTOME.places[0])),
    "consent_days": lambda hand: hand.one(("30", "0", "120")),
    "of": _undone,
    "expires_after": lambda hand: hand.one(("15", "240", "5")),
    "expert": lambda hand: hand.seldom("sato", "kobayashi"),
    "shared_posts": lambda hand: hand.one(("", "1")),
    "days": lambda hand: hand.seldom("30", "3"),
    "consultation_id": lambda hand: hand.id_of(hand.room.consultations),
    "claim": _claim,
    "on": lambda hand: hand.one(("", "facts", "nowhere")),
    "fact_id": lambda hand: hand.id_of(hand.room.facts),
    "credibility": lambda hand: hand.choice(Credibility),
    "origin": lambda hand: hand.one(("", "工場", "新聞")),
    "verdict": lambda hand: hand.one((*Verdict, Verdict.CONFIRMED, Verdict.CONFIRMED)).value,
    "task_id": lambda hand: hand.id_of(hand.room.tasks),
    "department": lambda hand: hand.choice(Role),
    "due_at": lambda hand: _DUE[hand.action](hand),
    "crisis_type": lambda hand: hand.choice(CrisisType),
    "fault": lambda hand: hand.choice(Fault),
    "kind": lambda hand: hand.choice(StatementKind),
    "next_update_at": lambda hand: hand.when(hours=hand.one((3, 3, 3, -1, 30_000))),
    "version": _version,
    "case_number": lambda hand: hand.one(("CS-1043", "cs-7", "?")),
    "inquiry_way": lambda hand: hand.choice(Way),
    "inquiry_id": lambda hand: hand.id_of(hand.room.inquiries),
    "amount_yen": lambda hand: hand.one(("3,240", "0", "many")),
    "pay_by": lambda hand: hand.when(days=hand.one((-1, 7, 1200))),
    "compensation_id": lambda hand: hand.id_of(hand.room.compensations),
    "check_found": lambda hand: hand.one(("calm", "stirring", "?")),
    "loss_yen": lambda hand: hand.one(("", "１２０，０００", "many")),
    "check_at": Hand.day,
    "change": lambda hand: hand.choice(ChangeKind),
    "correction_id": lambda hand: hand.id_of(hand.room.corrections),
    "effective": Hand.tick,
    "change_id": lambda hand: hand.id_of(hand.room.proposals),
    "answer": lambda hand: hand.choice(Answer),
    "takedown_id": lambda hand: hand.id_of(hand.room.takedowns),
    "ground": lambda hand: hand.choice(Ground),
    "platform": lambda hand: hand.one(("auto", "", Platform.X.value, "nowhere")),
    "posted_at": lambda hand: hand.one(("", hand.when(hours=-2), hand.when(days=1200))),
    "step": lambda hand: hand.choice(TakedownEvent),
    "look": lambda hand: hand.choice(Look),
    "own_post_id": lambda hand: hand.id_of(hand.room.own_posts),
    "meeting": lambda hand: hand.one(("https://meet.example.jp/a", "javascript:alert(1)", "")),
    "meeting_code": lambda hand: hand.one(("", "123")),
    "inbound_words": Hand.rumour,
    "inbound_id": lambda hand: hand.id_of(hand.room.inbound),
    "inbound_verdict": lambda hand: hand.choice(InboundVerdict),
    "bulletin_facts": lambda hand: hand.numbers(hand.room.facts),
    "bulletin_reports": lambda hand: hand.numbers(hand.room.inbound),
    "bulletin": lambda hand: hand.seldom("1", str(max((b.number for b in hand.room.bulletins), default=1))),
    "file_id": lambda hand: hand.id_of(hand.room.files),
    "source_kind": lambda hand: hand.choice(SourceKind),
    "no_danger_texts": lambda hand: hand.seldom(NOTHING, name_of_text(THREAT)),
}
"""What is typed into a field of any form."""


def filled(action: Action, room: Room, *, random: Random, now: datetime, **given: str) -> dict[str, str]:
    """Fill the form of an action in; what is given stands."""
    hand = Hand(random=random, room=room, action=action, now=now)
    return {name: given[name] if name in given else FIELDS[name](hand) for name in fields_of(action)}
