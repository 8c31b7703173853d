"""Bring together what the rules found and what the learned model makes of the whole post."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from hikeshi.domain.assessment import Category, Level, Reason
from hikeshi.domain.phrases import phrase
from hikeshi.ports.scoring import Encoder, Encoders, Reading
from hikeshi.services.scoring.features import END, LONGEST_READ, Features, mark_of
from hikeshi.services.scoring.lexicon import LevelTable
from hikeshi.services.scoring.model import Calibration, Model
from hikeshi.services.scoring.normalise import Normalised
from hikeshi.services.scoring.weighing import Weighed

LEARNED = Reason(rule="model.text", label=phrase("rule.model.text"), points=0)
_QUESTION = frozenset({"?", f"か{END}", "か。"})
"""Short pieces that a question has."""
_HELP = frozenset({mark_of("help"), mark_of("trouble")})
_SURE = 70
"""Rules that come to so many points have found more than one sign of the same risk."""
QUICK_SAYS, THOROUGH_SAYS, ALL_SAYS = 1 / 3, 1 / 2, 1 / 2
"""What the last encoder to read weighs beside the network; `make train` sets the cuts for just these."""
_LONGEST_PIECE = 3
_SHOWN = 16
"""Characters of the stretch that is shown for the model's part."""


def combine(
    weighed: Weighed,
    features: Features,
    *,
    model: Model,
    encoders: Encoders | None,
    levels: LevelTable,
    normal: Normalised,
    written: str,
) -> Weighed:
    """Return the rules' verdict as the model sees it: the same reasons, and one more for the rest."""
    ruled = weighed.score if weighed.category is not Category.SUPPORT else 0
    pleads = weighed.category is Category.SUPPORT or _may_ask(features)
    if ruled < levels.notice and not pleads and not model.may_be_risk(features.short):
        return _calm(weighed, 0, is_plea=False)
    pieces = features.pieces()
    hidden = model.hidden(pieces, features.marks)
    is_ruled = ruled >= levels.notice
    opinion = _opinion(model, encoders, features, hidden, written, is_ruled=is_ruled)
    calibration = opinion.calibration
    score = calibration.score(opinion.risk)
    if ruled >= levels.notice and (weighed.is_firm or opinion.risk >= _rule_cut(ruled, calibration, levels)):
        score = max(score, ruled)
    if score < levels.notice:
        is_plea = weighed.category is Category.SUPPORT or (pleads and _asks(opinion))
        return _calm(weighed, min(score, levels.notice - 1), is_plea=is_plea)
    category, is_severe = _kind(weighed, opinion, ruled=ruled, notice=levels.notice)
    category = weighed.category if weighed.is_firm else category
    is_severe = is_severe and opinion.risk >= calibration.cuts["warning"]
    score = _placed(score, ruled, category, levels, is_severe=is_severe)
    span = telling(normal, written, model.voices(pieces, hidden)) if score > ruled else None
    return Weighed(
        score=score, category=category, reasons=_explained(weighed.reasons, score, span), is_praise=False
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Opinion:
    """What the network thinks of a post, and the last encoder that read it, which ``says`` its share.

    The categories are asked for only when a post is shown to somebody or may plead for help.
    """

    risk: float
    calibration: Calibration
    model: Model
    hidden: Sequence[float]
    reading: Reading | None
    says: float = 0.0

    def kinds(self) -> tuple[dict[Category, float], float]:
        """Return a logit for each category, and one for being severe."""
        named, severe = self.model.kinds(self.hidden)
        if self.reading is None:
            return named, severe
        told, says = self.reading.kinds, self.says
        return {name: _mean(logit, told[name], says) for name, logit in named.items()}, _mean(
            severe, self.reading.severe, says
        )


def _mean(network: float, encoder: float, says: float) -> float:
    return network + says * (encoder - network)


def _opinion(
    model: Model,
    encoders: Encoders | None,
    features: Features,
    hidden: Sequence[float],
    written: str,
    *,
    is_ruled: bool,
) -> _Opinion:
    """Ask the network, then the quick encoder about what it suspects, then the thorough one likewise.

    What a rule finds is read by the quick one in any case, and by both unless network and quick one are as
    sure that it is harmless as it takes to overrule a sure rule. Where the thorough one reads all, it is
    asked at once; a plea for help that the first look sets aside is no part of that.
    """
    network = model.risk(hidden)
    if encoders is None:
        return _Opinion(risk=network, calibration=model.alone, model=model, hidden=hidden, reading=None)
    if encoders.reads_all and (is_ruled or model.may_be_risk(features.short)):
        return _read_anyway(model, encoders.thorough, hidden, written)
    cuts = model.read.cuts
    reading = encoders.quick.read(written) if is_ruled or network >= cuts["to_quick"] else None
    risk = _mean(network, cuts["not_quick"] if reading is None else reading.risk, QUICK_SAYS)
    says = QUICK_SAYS
    if reading is not None and risk >= cuts["ruled_to_thorough" if is_ruled else "to_thorough"]:
        reading, says = encoders.thorough.read(written), THOROUGH_SAYS
        risk = _mean(network, reading.risk, says)
    else:
        risk += cuts["not_thorough"]
    return _Opinion(risk=risk, calibration=model.read, model=model, hidden=hidden, reading=reading, says=says)


def _read_anyway(model: Model, thorough: Encoder, hidden: Sequence[float], written: str) -> _Opinion:
    """Ask the thorough encoder, whatever the network makes of the post."""
    reading = thorough.read(written)
    risk = _mean(model.risk(hidden), reading.risk, ALL_SAYS)
    return _Opinion(
        risk=risk, calibration=model.read_all, model=model, hidden=hidden, reading=reading, says=ALL_SAYS
    )


def _rule_cut(ruled: int, calibration: Calibration, levels: LevelTable) -> float:
    """Return the logit down to which the rules' verdict stands: the surer they are, the further."""
    if ruled >= levels.critical:
        return -math.inf
    return calibration.cuts["sure_rule" if ruled >= _SURE else "rule"]


def _calm(weighed: Weighed, score: int, *, is_plea: bool) -> Weighed:
    return Weighed(
        score=score,
        category=Category.SUPPORT if is_plea else Category.NONE,
        reasons=_explained(weighed.reasons, score, None),
        is_praise=weighed.is_praise,
    )


def _may_ask(features: Features) -> bool:
    """Tell whether a post could be a plea for help: most posts of a stream ask nothing."""
    return not (_QUESTION.isdisjoint(features.short) and _HELP.isdisjoint(features.scene))


def _asks(opinion: _Opinion) -> bool:
    named, _ = opinion.kinds()
    support = named.pop(Category.SUPPORT)
    return support - max(named.values()) >= opinion.calibration.cuts["support"]


def _kind(weighed: Weighed, opinion: _Opinion, *, ruled: int, notice: int) -> tuple[Category, bool]:
    named, severe = opinion.kinds()
    del named[Category.NONE], named[Category.SUPPORT]
    cuts = opinion.calibration.cuts
    if ruled >= notice:
        named[weighed.category] += cuts["rule_category"]
    return max(named, key=lambda category: named[category]), severe >= cuts["severe"]


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


def telling(normal: Normalised, written: str, voices: Mapping[str, float]) -> str | None:
    """Return the stretch of the post whose pieces speak loudest for a risk."""
    text = normal.text[:LONGEST_READ]
    if not text.strip():
        return None
    tally = [0.0] * len(text)
    for length in range(1, _LONGEST_PIECE + 1):
        for at in range(len(text) - length + 1):
            weight = voices.get(text[at : at + length], 0.0)
            for place in range(at, at + length) if weight else ():
                tally[place] += weight / length
    sums = [0.0, *accumulate(tally)]
    width = min(_SHOWN, len(text))
    begin = max(range(len(text) - width + 1), key=lambda at: sums[at + width] - sums[at])
    return " ".join(normal.original(written, begin, begin + width).split()) or None
