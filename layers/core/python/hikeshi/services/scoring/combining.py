"""Bring together what the rules found and what the learned model makes of the whole post."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate

from hikeshi.domain.assessment import Category, Level, Reason
from hikeshi.services.scoring.features import END, LONGEST_READ, Features, mark_of
from hikeshi.services.scoring.lexicon import LevelTable
from hikeshi.services.scoring.model import Model
from hikeshi.services.scoring.normalise import Normalised
from hikeshi.services.scoring.weighing import Weighed

LEARNED = Reason(rule="model.text", label="文面の特徴（学習した重み）", points=0)
_QUESTION = frozenset({"?", f"か{END}", "か。"})
_HELP = frozenset({mark_of("help"), mark_of("trouble")})
_LONGEST_PIECE = 4
_SHOWN = 16
"""Characters of the stretch that is shown for the model's part."""


def combine(
    weighed: Weighed,
    features: Features,
    *,
    model: Model,
    levels: LevelTable,
    normal: Normalised,
    written: str,
) -> Weighed:
    """Return the rules' verdict as the model sees it: the same reasons, and one more for the rest."""
    logit = model.logit(features.pieces, features.marks)
    ruled = weighed.score if weighed.category is not Category.SUPPORT else 0
    score = model.score(logit)
    if ruled >= levels.critical or (ruled >= levels.notice and logit >= model.cuts["rule"]):
        score = max(score, ruled)
    if score < levels.notice:
        return _calm(weighed, min(score, levels.notice - 1), features, model)
    category, is_severe = _kind(weighed, features, model, ruled=ruled, notice=levels.notice)
    is_severe = is_severe and logit >= model.cuts["warning"]
    score = _placed(score, ruled, category, levels, is_severe=is_severe)
    span = _telling(normal, written, model.risk) if score > ruled else None
    return Weighed(
        score=score, category=category, reasons=_explained(weighed.reasons, score, span), is_praise=False
    )


def _calm(weighed: Weighed, score: int, features: Features, model: Model) -> Weighed:
    category = Category.NONE
    if weighed.category is Category.SUPPORT or _asks(features, model):
        category = Category.SUPPORT
    return Weighed(
        score=score,
        category=category,
        reasons=_explained(weighed.reasons, score, None),
        is_praise=weighed.is_praise,
    )


def _asks(features: Features, model: Model) -> bool:
    # Most posts of a stream ask nothing; naming the kind of a post is dear, so only these are weighed.
    if _QUESTION.isdisjoint(features.pieces) and _HELP.isdisjoint(features.scene):
        return False
    logits, _ = model.kinds_of(features.pieces, features.marks)
    support = logits[model.categories.index(Category.SUPPORT)]
    rest = max(each for each, name in zip(logits, model.categories, strict=True) if name != Category.SUPPORT)
    return support - rest >= model.cuts["support"]


def _kind(
    weighed: Weighed, features: Features, model: Model, *, ruled: int, notice: int
) -> tuple[Category, bool]:
    logits, severe = model.kinds_of(features.pieces, features.marks)
    named = dict(zip(model.categories, logits, strict=True))
    del named[Category.NONE], named[Category.SUPPORT]
    if ruled >= notice:
        named[weighed.category] += model.cuts["rule_category"]
    return max(named, key=lambda category: named[category]), severe >= model.cuts["severe"]


def _placed(score: int, ruled: int, category: Category, levels: LevelTable, *, is_severe: bool) -> int:
    """Move a score into the band of its level, keeping its place in it."""
    share = (min(score, 100) - levels.notice) / (100 - levels.notice)
    highest = levels.highest.get(category, Level.WARNING)
    if ruled >= levels.critical:
        return ruled
    if highest is Level.NOTICE or not (is_severe or ruled >= levels.warning):
        return levels.notice + int(share * (levels.warning - levels.notice - 1))
    return max(levels.warning + int(share * (levels.critical - levels.warning - 1)), ruled)


def _explained(reasons: Sequence[Reason], score: int, span: str | None) -> tuple[Reason, ...]:
    rest = score - sum(reason.points for reason in reasons)
    if rest == 0:
        return tuple(reasons)
    return (*reasons, Reason(rule=LEARNED.rule, label=LEARNED.label, points=rest, span=span))


def _telling(normal: Normalised, written: str, weights: Mapping[str, int]) -> str | None:
    """Return the stretch of the post whose pieces speak loudest for a risk."""
    text = normal.text[:LONGEST_READ]
    if not text.strip():
        return None
    tally = [0.0] * len(text)
    for length in range(1, _LONGEST_PIECE + 1):
        for at in range(len(text) - length + 1):
            weight = weights.get(text[at : at + length], 0)
            for place in range(at, at + length) if weight else ():
                tally[place] += weight / length
    sums = [0.0, *accumulate(tally)]
    width = min(_SHOWN, len(text))
    begin = max(range(len(text) - width + 1), key=lambda at: sums[at + width] - sums[at])
    return " ".join(normal.original(written, begin, begin + width).split()) or None
