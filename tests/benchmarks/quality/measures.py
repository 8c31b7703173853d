"""From verdicts to one column of the table."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.benchmarks.peers.verdict import Verdict
from tests.benchmarks.quality import datasets, metrics
from tests.benchmarks.quality.datasets import LabelledPost

PER = 10_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Sets:
    """Everything that every contender judges."""

    labelled: Sequence[LabelledPost]
    benign: Mapping[str, Sequence[str]]
    toxicity: Sequence[tuple[str, bool]]
    questions: Sequence[tuple[str, bool]]

    def texts(self) -> list[str]:
        """Return all texts in one list, for one process to judge."""
        listed = [post.text for post in self.labelled]
        for some in self.benign.values():
            listed += some
        return listed + [text for text, _ in (*self.toxicity, *self.questions)]


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """The verdicts of one contender, by set."""

    labelled: Sequence[Verdict]
    benign: Mapping[str, Sequence[Verdict]]
    toxicity: Sequence[Verdict]
    questions: Sequence[Verdict]


def load(posts: str, *, rows: int) -> Sets:
    """Read the sets.

    Raises
    ------
    MissingDataError
        If one is not there.
    """
    return Sets(
        labelled=datasets.labelled(posts),
        benign={name: datasets.texts(name, limit=rows) for name in datasets.BENIGN},
        toxicity=datasets.toxicity(),
        questions=datasets.questions(),
    )


def split(sets: Sets, verdicts: Sequence[Verdict]) -> Judged:
    """Give each set its verdicts back, in the order of :meth:`Sets.texts`."""
    rest = iter(verdicts)

    def take(count: int) -> list[Verdict]:
        return [next(rest) for _ in range(count)]

    return Judged(
        labelled=take(len(sets.labelled)),
        benign={name: take(len(some)) for name, some in sets.benign.items()},
        toxicity=take(len(sets.toxicity)),
        questions=take(len(sets.questions)),
    )


def figures(sets: Sets, judged: Judged) -> dict[str, float]:
    """Return every figure of the table by its key; what a contender has no notion of is left out."""
    found = _on_labelled(sets.labelled, judged.labelled)
    for name, verdicts in judged.benign.items():
        found[f"{name}.urgent"] = PER * metrics.share([verdict.urgent for verdict in verdicts])
        found[f"{name}.any"] = PER * metrics.share([verdict.flagged for verdict in verdicts])
    toxic = [kind for _, kind in sets.toxicity]
    found["toxicity"] = metrics.auc([verdict.score for verdict in judged.toxicity], toxic)
    asked = [verdict.support for verdict in judged.questions]
    if None not in asked:
        flags, kinds = [bool(flag) for flag in asked], [kind for _, kind in sets.questions]
        found["support.recall"] = metrics.recall(flags, kinds)
        found["support.precision"] = metrics.precision(flags, kinds)
    return found


def _on_labelled(posts: Sequence[LabelledPost], verdicts: Sequence[Verdict]) -> dict[str, float]:
    scores = [verdict.score for verdict in verdicts]
    risks = [post.is_risk for post in posts]
    flagged = [verdict.flagged for verdict in verdicts]
    severe = [verdict.urgent for post, verdict in zip(posts, verdicts, strict=True) if post.is_severe]
    found = {
        "auc": metrics.auc(scores, risks),
        "ap": metrics.average_precision(scores, risks),
        "recall": metrics.recall(flagged, risks),
        "false_alarms": metrics.false_alarms(flagged, risks),
        "recall_at": metrics.recall_at(scores, risks, at_most=0.02),
        "severe": metrics.share(severe),
    }
    named = [
        (post.category == verdict.category, verdict.flagged)
        for post, verdict in zip(posts, verdicts, strict=True)
        if post.is_risk
    ]
    if all(verdict.category is not None for verdict in verdicts):
        found["category"] = metrics.share([right and flag for right, flag in named])
        found["category_of_found"] = metrics.share([right for right, flag in named if flag])
    return found


def intervals(
    posts: Sequence[LabelledPost], verdicts: Sequence[Verdict], *, draws: int = 200
) -> dict[str, tuple[float, float]]:
    """Return 95 % intervals of the figures on the labelled posts, from resampling whole families.

    Posts of a family were written together, and are right or wrong together more often than chance.
    """
    families: dict[str, list[tuple[LabelledPost, Verdict]]] = {}
    for pair in zip(posts, verdicts, strict=True):
        families.setdefault(pair[0].family, []).append(pair)
    draw = random.Random(draws)  # noqa: S311  # anyone must be able to repeat it
    names = sorted(families)
    found: dict[str, list[float]] = {}
    for _ in range(draws):
        some = [pair for name in draw.choices(names, k=len(names)) for pair in families[name]]
        drawn_posts, drawn_verdicts = zip(*some, strict=True)
        for key, value in _on_labelled(drawn_posts, drawn_verdicts).items():
            found.setdefault(key, []).append(value)
    return {
        key: (metrics.quantile(values, 0.025), metrics.quantile(values, 0.975))
        for key, values in found.items()
    }


def confusions(posts: Sequence[LabelledPost], verdicts: Sequence[Verdict]) -> Counter[tuple[str, str]]:
    """Count (expected, got) as ``category/level``, only where they differ."""
    pairs: Counter[tuple[str, str]] = Counter()
    for post, verdict in zip(posts, verdicts, strict=True):
        expected, got = _name(post.category, post.level), _name(verdict.category or "?", verdict.level or "?")
        if expected != got:
            pairs[expected, got] += 1
    return pairs


def _name(category: str, level: str) -> str:
    """Name a judgement; a category that raises no level raises nobody either, but for support."""
    if level == "none" and category != "support":
        return "none"
    return f"{category}/{level}"
