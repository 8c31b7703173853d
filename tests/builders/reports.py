"""Completion reports, and what they ask for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hikeshi.domain.reports import (
    Answer,
    ChangeKind,
    CompletionReport,
    CorrectiveAction,
    Outcome,
    Proposal,
    RootCause,
)
from tests.builders.posts import NOON


def a_report(**changes: Any) -> CompletionReport:
    report = CompletionReport(body="# 対応完了報告書", drafted_at=NOON + timedelta(hours=6))
    return replace(report, **changes)


def an_outcome(**changes: Any) -> Outcome:
    outcome = Outcome(
        brand="なし",
        money="返金とお見舞い",
        rumour="なし",
        closure="なし",
        loss_yen=120_000,
        market="なし",
        people="なし",
    )
    return replace(outcome, **changes)


def a_written_report(**changes: Any) -> CompletionReport:
    """A report in which nothing is missing that people write themselves."""
    written: dict[str, Any] = {
        "evaluation": "検知から4分で担当が決まりました。",
        "outcome": an_outcome(),
        "causes": (RootCause.QUALITY_GAP,),
        "lessons": "休日に製造記録を取り出せませんでした。",
        "no_corrections": "手順どおりに進みました。",
        "edited_by": "suzuki",
    }
    return a_report(**written | changes)


def a_proposal(kind: ChangeKind = ChangeKind.MANUAL, **changes: Any) -> Proposal:
    proposal = Proposal(id=f"128-1-{kind}", generation=1, kind=kind, text="夜間の連絡先に電話を加える")
    return replace(proposal, **changes)


def answered_proposals(generation: int = 1) -> tuple[Proposal, ...]:
    """All three changes, each with its answer."""
    answer = {"answer": Answer.DECLINE, "reason": "いまの決まりで足りています。", "answered_by": "suzuki"}
    return tuple(
        a_proposal(kind, id=f"128-{generation}-{kind}", generation=generation, answered_at=NOON, **answer)
        for kind in ChangeKind
    )


def a_correction(**changes: Any) -> CorrectiveAction:
    action = CorrectiveAction(
        id="corr-1",
        generation=1,
        title="休日のロット照会の手順を作る",
        owner="ito",
        due_at=NOON + timedelta(days=30),
        check="訓練で1時間以内に照会できるか",
        check_at=NOON + timedelta(days=90),
        change_id="128-1-manual",
        added_by="suzuki",
        added_at=NOON + timedelta(hours=6),
    )
    return replace(action, **changes)
