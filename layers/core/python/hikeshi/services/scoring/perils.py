"""Posts about a life that no rule has words for: a glance at short pieces, then both encoders.

The glance spares all but one post in a hundred the encoders. What they make of the others adds up to one
logit: does somebody mean to harm themselves or others. ``make train-perils`` writes the weights.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from operator import mul
from typing import Any

from hikeshi.domain.assessment import Category, Reason
from hikeshi.domain.errors import ConfigError
from hikeshi.domain.peril import Peril
from hikeshi.domain.phrases import phrase
from hikeshi.ports.scoring import Encoders
from hikeshi.services.scoring.combining import telling
from hikeshi.services.scoring.features import Features
from hikeshi.services.scoring.lexicon import LevelTable
from hikeshi.services.scoring.model import PIECES_LENGTH
from hikeshi.services.scoring.normalise import Normalised
from hikeshi.services.scoring.weighing import Weighed

FORMAT = 2
FILE = "perils.json"
_CATEGORY = {Peril.VIOLENCE: Category.ATTACK, Peril.SELF_HARM: Category.HARASSMENT}
"""As the rules of ``danger.toml`` name them."""
_POINTS_A_LOGIT = 4
_SAID = "life."
"""What the ids of the rules about a life begin with."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """A weight for each number of a meaning, and what is added to their sum."""

    weights: tuple[float, ...]
    bias: float

    def of(self, meaning: Sequence[float]) -> float:
        """Return the weighed sum; an encoder that tells no meaning says nothing."""
        return sum(map(mul, self.weights, meaning), self.bias) if meaning else self.bias


@dataclass(frozen=True, kw_only=True, slots=True)
class PerilModel:
    """The learned weights.

    Attributes
    ----------
    pieces : mapping of str to int
        Run of one or two characters → its weight at a glance, in units of ``unit``.
    quick, thorough : Head
        What each encoder's meaning of a text says.
    violence : Head
        Of the thorough meaning: above zero others are in danger, below it the writer.
    suspected, judged : tuple of float
        How glance and quick head, or glance and both heads, add up; the first is added to the sum.
    cuts : mapping of str to float
        From which logit a post is read by either encoder, noticed, and called.
    """

    pieces: Mapping[str, int]
    unit: float
    bias: float
    quick: Head
    thorough: Head
    violence: Head
    suspected: tuple[float, ...]
    judged: tuple[float, ...]
    cuts: Mapping[str, float]

    def glance(self, short: Collection[str]) -> float:
        """Return what the short pieces of a post say, as a logit."""
        told = sum(filter(None, map(self.pieces.get, short)))
        return self.bias + self.unit * told * PIECES_LENGTH / math.sqrt(len(short) or 1)

    def opinion(self, short: Collection[str], written: str, encoders: Encoders) -> Opinion | None:
        """Return what all three make of a post, None as soon as one of them finds nothing in it."""
        glance = self.glance(short)
        if glance < self.cuts["to_quick"]:
            return None
        quick = self.quick.of(encoders.quick.read(written).meaning)
        if _mixed(self.suspected, (glance, quick)) < self.cuts["to_thorough"]:
            return None
        meaning = encoders.thorough.read(written).meaning
        logit = _mixed(self.judged, (glance, quick, self.thorough.of(meaning)))
        if logit < self.cuts["notice"]:
            return None
        peril = Peril.VIOLENCE if self.violence.of(meaning) > 0 else Peril.SELF_HARM
        return Opinion(logit=logit, peril=peril)


@dataclass(frozen=True, kw_only=True, slots=True)
class Opinion:
    """How surely a post is about a life, and whose."""

    logit: float
    peril: Peril


def heed(
    weighed: Weighed,
    features: Features,
    *,
    model: PerilModel,
    encoders: Encoders,
    levels: LevelTable,
    normal: Normalised,
    written: str,
) -> Weighed:
    """Return the verdict with what was learned about lives; it only ever raises one.

    A rule about a life has said it already. What is merely suspected changes nothing about a post that is
    found for something else: a home address that is passed around is not yet a threat.
    """
    if weighed.score >= levels.critical or any(reason.rule.startswith(_SAID) for reason in weighed.reasons):
        return weighed
    opinion = model.opinion(features.short, written, encoders)
    if opinion is None:
        return weighed
    is_sure = opinion.logit >= model.cuts["warning"]
    if weighed.score >= levels.notice and not is_sure:
        return weighed
    score = max(_score(opinion.logit, model.cuts, levels), min(weighed.score + 1, levels.critical - 1))
    span = telling(normal, written, {piece: float(model.pieces.get(piece, 0)) for piece in features.short})
    rule = f"life.{opinion.peril}.learned"
    reason = Reason(rule=rule, label=phrase(f"rule.{rule}"), points=score - weighed.score, span=span)
    return Weighed(score=score, category=_CATEGORY[opinion.peril], reasons=(*weighed.reasons, reason))


def _score(logit: float, cuts: Mapping[str, float], levels: LevelTable) -> int:
    if logit >= cuts["warning"]:
        beyond = int((logit - cuts["warning"]) * _POINTS_A_LOGIT)
        return min(levels.warning + beyond, levels.critical - 1)
    share = (logit - cuts["notice"]) / (cuts["warning"] - cuts["notice"])
    return levels.notice + int(share * (levels.warning - levels.notice - 1))


def _mixed(weights: Sequence[float], told: Sequence[float]) -> float:
    return sum(map(mul, weights[1:], told), weights[0])


@cache
def load_perils() -> PerilModel:
    """Read the weights that ship with hikeshi.

    Raises
    ------
    ConfigError
        If the file is of another format or lacks something.
    """
    text = (resources.files("hikeshi") / "lexicon" / FILE).read_text("utf-8")
    return built(json.loads(text))


def built(described: Mapping[str, Any]) -> PerilModel:
    """Build the model from its description."""
    try:
        if described["format"] != FORMAT:
            raise ConfigError(f"lexicon/{FILE}: its format is not {FORMAT}: run make train-perils")
        heads = {
            name: Head(weights=tuple(described[name]["weights"]), bias=described[name]["bias"])
            for name in ("quick", "thorough", "violence")
        }
        return PerilModel(
            pieces=described["pieces"],
            unit=described["unit"],
            bias=described["bias"],
            suspected=tuple(described["suspected"]),
            judged=tuple(described["judged"]),
            cuts=described["cuts"],
            **heads,
        )
    except (KeyError, TypeError) as error:
        raise ConfigError(f"lexicon/{FILE} lacks {error}: run make train-perils") from None
