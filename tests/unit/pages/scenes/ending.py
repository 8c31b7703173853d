"""Calm, the report, its signatures, and what comes after."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hikeshi.domain.actions import Role
from hikeshi.domain.incidents import Slot
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.reports import Answer, ChangeKind, Feedback, RootCause, Signature
from tests.builders import (
    a_compensation,
    a_correction,
    a_last_word,
    a_proposal,
    a_report,
    a_statement,
    an_inquiry,
    an_outcome,
)
from tests.unit.pages.scenes.parts import Scene, alerted, decided, event, minute, moved, posts
from tests.unit.pages.scenes.working import RESPONDING, responding

_CALMING = (
    *RESPONDING,
    event("statement_approved", 95, actor="tanaka", version="1"),
    event(
        "task_done",
        101,
        actor="ito",
        title="製造ロットと出荷日の特定",
        result="1ロットに特定しました。",
    ),
    event("task_done", 104, actor="suzuki", title="第一報の準備", result="自社サイトに掲載しました。"),
    event("response_completed", 104, actor="suzuki"),
    event("status_changed", 104, **moved("responding", "calming")),
)


def calming() -> Scene:
    """Five hours on: everything is done, posts ebb."""
    before = responding().room
    approved = a_statement(drafted_at=minute(78), approved_by="tanaka", approved_at=minute(95))
    tasks = tuple(replace(t, done_by=t.owner, done_at=t.done_at or minute(102)) for t in before.tasks)
    incident = replace(
        before.incident,
        status=IncidentStatus.CALMING,
        spread=replace(before.incident.spread, per_minute=0.2, posts=20, measured_at=minute(299)),
    )
    room = replace(
        before,
        incident=incident,
        tasks=tasks,
        statement=approved,
        slots=(*before.slots, decided(Slot.RESPONSE, 104, by="suzuki")),
    )
    late = tuple(
        replace(p, post=replace(p.post, id=f"late-{n}", published_at=minute(45 + 33 * n)))
        for n, p in enumerate(posts(6))
    )
    return Scene(room=room, events=_CALMING, at=minute(300), alerts=(alerted((*posts(), *late)),))


BODY = """# #128 完了報告書

## 概要

- 案件：異物混入を訴える写真
- 最初の投稿：2026年5月13日 12:57（日本時間）
- 最初の投稿から担当の決定まで：43分

## 確認した事実

| 事実 | 結果 | 根拠 |
|---|---|---|
| 投稿の写真は当社の商品ですか | 「はい」と確認 | ロット番号を写真で確かめました |
| 健康への影響はありますか | 「いいえ」と確認 | 受付記録を確かめました |

## 経過

1. 12:58 投稿を検知しました。
2. 13:40 佐藤 花子さんが担当になりました。
3. 14:32 田中 翠さんが公表文の第1案を承認しました。
"""


def reporting(*, parts: dict[str, Any] | None = None, **report: Any) -> Scene:
    """Six hours on: calm, the report and the changes are drafted."""
    before = calming()
    drafted = {
        "body": BODY,
        "response_figures": RESPONSE_FIGURES,
        "result_figures": RESULT_FIGURES,
        "drafted_at": minute(332),
    }
    room = replace(
        before.room,
        incident=replace(before.room.incident, status=IncidentStatus.REPORTING),
        report=a_report(**drafted | report),
        proposals=CHANGES,
        slots=(*before.room.slots, decided(Slot.CALMING, 330)),
        **(parts or {}),
    )
    events = (
        *_CALMING,
        event("calm_declared", 330, actor="sato", basis="3時間、平常を下回っています"),
        event("report_drafted", 332),
    )
    return Scene(room=room, events=events, at=minute(345), alerts=before.alerts)


RESPONSE_FIGURES = """### 速さ
| 節目 | 時刻 | 投稿からの時間 |
|---|---|---|
| 検知 | 5月13日 12:58 | 1分 |
| 公表の承認 | 5月13日 14:32 | 1時間35分 |
"""

RESULT_FIGURES = """### 投稿の推移と回復
最も多かったのは 13:00〜14:00 の12件です。そこから半分に減るまで、約2時間でした（回復の半減期）。

%curve
| 時間帯 | 投稿 |
|---|---|
| 5月13日 12:00〜13:00 | 3件 |
| 5月13日 13:00〜14:00 | 12件 |
| 5月13日 14:00〜15:00 | 8件 |
| 5月13日 15:00〜16:00 | 2件 |
| 5月13日 16:00〜17:00 | 0件 |

### 投稿の内訳
%shares
| 内容 | 投稿 | 割合 |
|---|---|---|
| 批判・指摘 | 21件 | 84% |
| 困りごと | 4件 | 16% |
"""

CHANGES = (
    a_proposal(
        ChangeKind.MANUAL,
        text="休日でも一時間以内に製造記録を取り出せるようにする（#128の振り返り）",
        target="crisis#事実の確認",
        base="1.0",
        diff="--- manual/crisis.md 1.0\n+++ manual/crisis.md\n@@ -30,1 +30,2 @@\n"
        " - 記録は消さずに残します。\n"
        "+- 休日でも一時間以内に製造記録を取り出せるようにする（#128の振り返り）",
    ),
    a_proposal(ChangeKind.WATCH_WORD, text="ひのまる幼虫"),
    a_proposal(
        ChangeKind.QUESTION,
        text="問い　異物の投稿を見つけました。最初にすることはどれですか。\n"
        "○　監視デスクへ知らせる\n×　個人のアカウントから返信する\n理由　最初の数時間が大切です。",
    ),
)

WRITTEN: dict[str, Any] = {
    "evaluation": "最初の投稿から43分で担当が決まり、目標の3時間より前に第一報を出しました。",
    "customers": "お客様相談室に14件のお電話をいただき、説明にご納得いただきました。",
    "outcome": an_outcome(),
    "causes": (RootCause.QUALITY_GAP, RootCause.SNS_SPREAD),
    "lessons": "夜間の連絡先に電話を加えます。",
    "edited_by": "suzuki",
    "version": 4,
}

ANSWERED: dict[str, Any] = {
    "proposals": tuple(
        replace(
            each,
            answer=Answer.DECLINE if each.kind is ChangeKind.WATCH_WORD else Answer.ACCEPT,
            reason="いまの言葉で見つけられました" if each.kind is ChangeKind.WATCH_WORD else "",
            answered_by="suzuki",
            answered_at=minute(340),
        )
        for each in CHANGES
    ),
    "corrections": (a_correction(added_at=minute(341)),),
    "statement": a_last_word(drafted_at=minute(300), version=2),
    "feedback": (
        Feedback(
            generation=1,
            by="ito",
            at=minute(338),
            speed=4,
            precision=4,
            correctness=5,
            note="休日の照会に時間がかかりました",
        ),
    ),
}


def to_sign(**report: Any) -> Scene:
    """Everything is written and answered; nobody has signed."""
    return written(reporting(**WRITTEN | report))


def written(scene: Scene) -> Scene:
    """The changes are answered, and something is put right."""
    return replace(scene, room=replace(scene.room, **ANSWERED))


def closed(*, parts: dict[str, Any] | None = None) -> Scene:
    """The next morning: signed and closed."""
    signatures = (
        Signature(by="tanaka", at=minute(355), roles=frozenset({Role.LEGAL})),
        Signature(by="sato", at=minute(360), roles=frozenset({Role.LEAD})),
    )
    signed = {
        "signatures": signatures,
        "signed_by": "sato",
        "signed_at": minute(360),
        "sha256": "c0" * 32,
    }
    before = to_sign(**signed)
    incident = replace(before.room.incident, status=IncidentStatus.CLOSED, closed_at=minute(360))
    slots = (*before.room.slots, decided(Slot.REPORT, 360, by="sato"))
    events = (
        *before.events,
        event("report_signed", 355, actor="tanaka"),
        event("report_signed", 360, actor="sato"),
        event("report_completed", 360),
    )
    room = replace(before.room, incident=incident, slots=slots, **(parts or {}))
    return Scene(room=room, events=events, at=minute(20 * 60), alerts=before.alerts)


def attended(**parts: Any) -> Scene:
    """A day later: closed, and customers are still being answered."""
    before = closed(parts={"inquiries": (an_inquiry(),), "compensations": (a_compensation(),)} | parts)
    incident = replace(before.room.incident, after_care_until=minute(30 * 24 * 60))
    return replace(before, room=replace(before.room, incident=incident))
