"""What a replay and a fit came to, as tables for people and as records for machines."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from hikeshi.domain.feedback import JAPAN
from hikeshi.domain.plain_text import plain_line
from hikeshi.services.messages.wording import Wording
from infra.lab.proposing import Proposal
from infra.lab.replaying import Change, Effect, Replay, Timing

SHOWN = 40
_QUOTE = 44
_EFFECTS = {
    Effect.LOST: "見つからなくなる",
    Effect.FOUND: "見つかるようになる",
    Effect.FALSE_ALARM_ADDED: "誤報が増える",
    Effect.FALSE_ALARM_REMOVED: "誤報が減る",
    Effect.RAISED: "上がる（正解不明）",
    Effect.LOWERED: "下がる（正解不明）",
}


def replay_record(compared: Replay) -> dict[str, Any]:
    """Return a replay as ``--json`` writes it."""
    return {
        "cases": compared.cases,
        "loses": compared.loses,
        **{effect.value: [_change_record(each) for each in compared.of(effect)] for effect in Effect},
        "alerts": [_timing_record(each) for each in compared.timings],
        "minutes_gained": _gained(compared),
    }


def tell_replay(compared: Replay, console: Console, words: Wording) -> None:
    """Print what would change: counts, posts, then minutes."""
    summary = Table(box=None, pad_edge=False, title=f"過去の投稿 {compared.cases:,} 件", title_justify="left")
    summary.add_column("変化")
    summary.add_column("件数", justify="right")
    for effect in Effect:
        summary.add_row(_EFFECTS[effect], str(len(compared.of(effect))))
    console.print(summary)
    if compared.changes:
        console.print(_changes_table(compared, words))
    moved = [timing for timing in compared.timings if timing.before != timing.after]
    if moved:
        console.print(_timings_table(moved))
    elif not compared.timings:
        console.print("時刻のある投稿で警戒に届いたものがないので、分は測っていません", highlight=False)
    gained = _gained(compared)
    if gained["earlier"] or gained["later"]:
        console.print(
            f"警戒に届くのが早まる {gained['earlier']} 件（中央値 {gained['median_earlier']} 分）、"
            f"遅くなる {gained['later']} 件",
            highlight=False,
        )


def proposal_record(proposal: Proposal) -> dict[str, Any]:
    """Return a fit as ``--json`` writes it."""
    return {
        "samples": proposal.fit.samples,
        "errors_before": proposal.fit.errors_before,
        "errors_after": proposal.fit.errors_after,
        "weights": {
            rule: {"before": proposal.before[rule], "after": points, "cases": proposal.fit.cases[rule]}
            for rule, points in proposal.weights.items()
        },
        "taken_back": list(proposal.taken_back),
        "replay": replay_record(proposal.replay),
    }


def tell_proposal(proposal: Proposal, labels: Mapping[str, str], console: Console, words: Wording) -> None:
    """Print which rules change, and what that would do."""
    table = Table(box=None, pad_edge=False, title="点数の変わる規則", title_justify="left")
    table.add_column("規則", overflow="fold")
    for heading in ("いま", "候補", "事例"):
        table.add_column(heading, justify="right")
    table.add_column("ID", overflow="fold")
    for rule, points in proposal.weights.items():
        cases = proposal.fit.cases[rule]
        label = Text(labels.get(rule, rule))
        table.add_row(label, str(proposal.before[rule]), str(points), str(cases), rule)
    console.print(table)
    if proposal.taken_back:
        console.print(
            f"見つかっていた事例を失うため見送った規則: {', '.join(proposal.taken_back)}", highlight=False
        )
    fit = proposal.fit
    console.print(
        f"学習に使わなかった組での誤り: {fit.errors_before:g} → {fit.errors_after:g}（{fit.samples:,} 件）"
        + ("" if fit.errors_after < fit.errors_before else "。良くなる裏付けはありません"),
        highlight=False,
    )
    tell_replay(proposal.replay, console, words)


def _changes_table(compared: Replay, words: Wording) -> Table:
    order = list(Effect)
    changes = sorted(compared.changes, key=lambda change: order.index(change.effect))
    left = len(changes) - SHOWN
    table = Table(box=None, pad_edge=False, caption=f"ほか {left} 件（--json で全件）" if left > 0 else None)
    for heading in ("変化", "いま", "候補", "投稿"):
        table.add_column(heading, overflow="fold")
    for change in changes[:SHOWN]:
        table.add_row(
            _EFFECTS[change.effect],
            f"{words.text(f'level.{change.before.level}')} {change.before.score}",
            f"{words.text(f'level.{change.after.level}')} {change.after.score}",
            _quote(change.case.post.text),
        )
    return table


def _timings_table(timings: list[Timing]) -> Table:
    table = Table(box=None, pad_edge=False, title="警戒に届く時刻（日本時間）", title_justify="left")
    for heading in ("いま", "候補"):
        table.add_column(heading)
    table.add_column("早まる分", justify="right")
    table.add_column("投稿", overflow="fold")
    for timing in timings[:SHOWN]:
        gained = timing.minutes_gained
        table.add_row(
            *(f"{at.astimezone(JAPAN):%m/%d %H:%M}" if at else "—" for at in (timing.before, timing.after)),
            "—" if gained is None else f"{gained:+.0f}",
            _quote(timing.quote),
        )
    return table


def _quote(text: str) -> Text:
    line = plain_line(text)
    return Text(line if len(line) <= _QUOTE else line[: _QUOTE - 1] + "…")


def _gained(compared: Replay) -> dict[str, Any]:
    minutes = [t.minutes_gained for t in compared.timings if t.minutes_gained is not None]
    earlier = [each for each in minutes if each > 0]
    return {
        "earlier": len(earlier),
        "later": sum(each < 0 for each in minutes),
        "median_earlier": round(median(earlier), 1) if earlier else 0,
        "now_reached": sum(t.before is None for t in compared.timings),
        "no_longer_reached": sum(t.after is None for t in compared.timings),
    }


def _change_record(change: Change) -> dict[str, Any]:
    return {
        "id": change.case.post.id,
        "text": change.case.post.text,
        "expected": change.case.expected.value if change.case.expected else None,
        "before": {"level": change.before.level.value, "score": change.before.score},
        "after": {"level": change.after.level.value, "score": change.after.score},
        "rules": sorted({reason.rule for reason in (*change.before.reasons, *change.after.reasons)}),
    }


def _timing_record(timing: Timing) -> dict[str, Any]:
    return {
        "matter": timing.matter,
        "quote": timing.quote,
        "before": timing.before.isoformat() if timing.before else None,
        "after": timing.after.isoformat() if timing.after else None,
        "minutes_gained": timing.minutes_gained,
    }
