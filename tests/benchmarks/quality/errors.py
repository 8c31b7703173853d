"""Write out what is judged wrong in the half that may be read, and what is flagged in harmless streams."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.benchmarks.peers.verdict import Verdict
from tests.benchmarks.quality.datasets import LabelledPost


def write_mistakes(path: Path, posts: Sequence[LabelledPost], verdicts: Sequence[Verdict]) -> int:
    """List the posts judged otherwise than labelled, the gravest kind first; return how many."""
    groups: dict[str, list[str]] = {}
    for post, verdict in zip(posts, verdicts, strict=True):
        kind = _kind(post, verdict)
        if kind is not None:
            groups.setdefault(kind, []).append(
                f"| {post.id} | {post.category}/{post.level} | {verdict.category}/{verdict.level} "
                f"| {verdict.score:g} | {_one_line(post.text)} |"
            )
    lines = ["# Posts of the development half that are judged otherwise than labelled", ""]
    lines += [f"Renew: `python -m tests.benchmarks.bench_quality --posts dev --alone --errors {path}`", ""]
    for kind in _KINDS:
        listed = sorted(groups.get(kind, []), key=lambda line: line.split("|")[2])
        lines += [
            f"## {kind}: {len(listed)}",
            "",
            "| id | expected | got | score | text |",
            "|---|---|---|---|---|",
        ]
        lines += [*listed, ""]
    path.write_text("\n".join(lines), encoding="utf-8")
    return sum(map(len, groups.values()))


def write_flagged(path: Path, streams: Iterable[tuple[str, Sequence[str], Sequence[Verdict]]]) -> int:
    """List what is flagged in streams that nobody called risky, for a check by hand; return how many."""
    lines = ["| stream | got | score | text |", "|---|---|---|---|"]
    for name, texts, verdicts in streams:
        for text, verdict in zip(texts, verdicts, strict=True):
            if verdict.flagged:
                got = f"{verdict.category}/{verdict.level}"
                lines.append(f"| {name} | {got} | {verdict.score:g} | {_one_line(text)} |")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(lines) - 2


_MISSED, _FALSE = "Missed: a risk without a level", "False alarm: a level where none belongs"
_TOO_LOW, _TOO_HIGH = "Level too low", "Level too high"
_MISNAMED = "Right level, other category"
_SUPPORT = "Support and none mixed up"
_KINDS = (_MISSED, _FALSE, _TOO_LOW, _MISNAMED, _TOO_HIGH, _SUPPORT)
_RANKS = {"none": 0, "notice": 1, "warning": 2, "critical": 3}


def _kind(post: LabelledPost, verdict: Verdict) -> str | None:
    expected, got = _RANKS[post.level], _RANKS[verdict.level or "none"]
    if not expected and not got:
        return _SUPPORT if (post.category == "support") != (verdict.category == "support") else None
    if not got:
        return _MISSED
    if not expected:
        return _FALSE
    if expected != got:
        return _TOO_LOW if got < expected else _TOO_HIGH
    return _MISNAMED if post.category != verdict.category else None


def _one_line(text: str) -> str:
    return " ⏎ ".join(text.replace("|", "｜").split("\n"))
