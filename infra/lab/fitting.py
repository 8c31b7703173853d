"""Learns other points for rules from labelled cases: a small logistic regression, in plain Python.

The points as they are written are the starting point and the prior: what is learned is a step for each
rule, kept small by an L2 penalty, bounded, and taken only where several cases speak for it and answers
change by it. Nothing is random but the folds of the cross-validation, which are seeded.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hikeshi.domain.assessment import Level
from hikeshi.ports.scoring import Scorer
from infra.lab.cases import Case
from infra.lab.replaying import judged, matters_of
from infra.progress import Shown, unseen

LONGEST_STEP = 8.0
"""Points by which one fit may change a rule."""

LEAST_CASES = 3
"""Cases in which a rule has to occur before it is changed."""

FOLDS = 5
_SOFTNESS = 8.0
"""Points over which a level turns from unlikely to likely."""
_PRIOR = 4.0
"""Points that a step is expected to have: the L2 penalty."""
_PEOPLE = 3.0
"""A word on a real alert counts as much as three labelled texts."""
_ROUNDS = 120


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """A case as the fit sees it.

    Attributes
    ----------
    score : float
        Before any step.
    parts : mapping of str to float
        By rule: the share of its points that counted.
    answers : tuple of (threshold, bool)
        For the scores at which notice and warning begin, whether it should reach them.
    """

    score: float
    parts: Mapping[str, float]
    answers: tuple[tuple[int, bool], ...]
    weight: float
    matter: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Fit:
    """What was learned.

    Attributes
    ----------
    weights : mapping of str to int
        New points of the rules that change.
    cases : mapping of str to int
        How many cases each rule occurs in.
    errors_before, errors_after : float
        Wrong answers in cases that the steps were not learned on (cross-validated), weighted.
    """

    weights: Mapping[str, int]
    cases: Mapping[str, int]
    samples: int
    errors_before: float
    errors_after: float


def samples_of(
    cases: Sequence[Case],
    scorer: Scorer,
    *,
    points: Mapping[str, int],
    notice: int,
    warning: int,
    shown: Shown = unseen,
) -> list[Sample]:
    """Judge the labelled cases and see which rules their scores come from."""
    labelled = [case for case in cases if case.expected is not None]
    samples = []
    answers_now = judged(labelled, scorer, "いまの言葉での採点", shown)
    for case, matter, now in zip(labelled, matters_of(labelled), answers_now, strict=True):
        parts: dict[str, float] = {}
        for reason in now.reasons:
            written = points.get(reason.rule)
            if written:
                parts[reason.rule] = reason.points / written
        expected = case.expected or Level.NONE
        answers = ((notice, expected.at_least(Level.NOTICE)), (warning, expected.at_least(Level.WARNING)))
        weight = _PEOPLE if case.from_people else 1.0
        samples.append(Sample(score=now.score, parts=parts, answers=answers, weight=weight, matter=matter))
    return samples


def fit(samples: Sequence[Sample], *, points: Mapping[str, int], seed: int) -> Fit:
    """Learn steps, and measure on held-out folds whether they help."""
    before, after = _cross_validated(samples, seed)
    counts = _counts(samples)
    steps = pruned(samples, learn(samples))
    weights = {
        rule: _bounded(points[rule], step)
        for rule, step in sorted(steps.items())
        if _bounded(points[rule], step) != points[rule]
    }
    return Fit(weights=weights, cases=counts, samples=len(samples), errors_before=before, errors_after=after)


def learn(samples: Sequence[Sample]) -> dict[str, float]:
    """Return a step for each rule that occurs often enough, by projected gradient descent."""
    rules = sorted(rule for rule, count in _counts(samples).items() if count >= LEAST_CASES)
    steps = dict.fromkeys(rules, 0.0)
    told = [sample for sample in samples if steps.keys() & sample.parts.keys()]
    rates = _rates(told, steps)
    for _ in range(_ROUNDS):
        slopes = {rule: step / _PRIOR**2 for rule, step in steps.items()}
        for sample in told:
            pull = _pull(sample, steps)
            for rule in sample.parts.keys() & steps.keys():
                slopes[rule] += pull * sample.parts[rule]
        steps = {
            rule: max(-LONGEST_STEP, min(LONGEST_STEP, step - rates[rule] * slopes[rule]))
            for rule, step in steps.items()
        }
    return steps


def pruned(samples: Sequence[Sample], steps: Mapping[str, float]) -> dict[str, float]:
    """Keep of the steps, in whole points, those without which more answers would be wrong.

    A likelihood also gains by moving what is right further away from the threshold; a person who reads
    the candidate gains nothing by it.
    """
    kept = {rule: float(round(step)) for rule, step in steps.items() if round(step)}
    by_rule: dict[str, list[Sample]] = {rule: [] for rule in kept}
    for sample in samples:
        for rule in sample.parts.keys() & kept.keys():
            by_rule[rule].append(sample)
    for rule in sorted(kept, key=lambda each: (abs(kept[each]), each)):
        without = {other: step for other, step in kept.items() if other != rule}
        if errors(by_rule[rule], without) <= errors(by_rule[rule], kept):
            kept = without
    return kept


def errors(samples: Sequence[Sample], steps: Mapping[str, float]) -> float:
    """Return how many answers are wrong with these steps, weighted."""
    return sum(
        sample.weight
        for sample in samples
        for threshold, should in sample.answers
        if (_moved(sample, steps) >= threshold) is not should
    )


def _counts(samples: Sequence[Sample]) -> Counter[str]:
    return Counter(rule for sample in samples for rule in sample.parts)


def _moved(sample: Sample, steps: Mapping[str, float]) -> float:
    return sample.score + sum(share * steps.get(rule, 0.0) for rule, share in sample.parts.items())


def _pull(sample: Sample, steps: Mapping[str, float]) -> float:
    """Return the slope of the loss of one sample along its score."""
    moved = _moved(sample, steps)
    return sample.weight * sum(
        (_sigmoid((moved - threshold + 0.5) / _SOFTNESS) - should) / _SOFTNESS
        for threshold, should in sample.answers
    )


def _rates(samples: Sequence[Sample], steps: Mapping[str, float]) -> dict[str, float]:
    """Return for each rule a length of step that cannot overshoot: one over a bound of the curvature."""
    bends = dict.fromkeys(steps, 1 / _PRIOR**2)
    for sample in samples:
        whole = sum(abs(share) for rule, share in sample.parts.items() if rule in steps)
        for rule in sample.parts.keys() & steps.keys():
            bend = sample.weight * len(sample.answers) / (4 * _SOFTNESS**2)
            bends[rule] += bend * abs(sample.parts[rule]) * whole
    return {rule: 1 / bend for rule, bend in bends.items()}


def _cross_validated(samples: Sequence[Sample], seed: int) -> tuple[float, float]:
    matters = sorted({sample.matter for sample in samples})
    random.Random(seed).shuffle(matters)  # noqa: S311  # folds of a measurement, nothing secret
    fold_of = {matter: place % FOLDS for place, matter in enumerate(matters)}
    after = 0.0
    for fold in range(FOLDS):
        held = [sample for sample in samples if fold_of[sample.matter] == fold]
        rest = [sample for sample in samples if fold_of[sample.matter] != fold]
        after += errors(held, pruned(rest, learn(rest)))
    return errors(samples, {}), after


def _bounded(points: int, step: float) -> int:
    moved = points + round(step)
    return max(1, min(100, moved)) if points > 0 else max(-100, min(-1, moved))


def _sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-value)) if value >= 0 else math.exp(value) / (1 + math.exp(value))
