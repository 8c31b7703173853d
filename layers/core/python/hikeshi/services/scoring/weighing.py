"""From what was found in a post to a score whose parts add up, each with its name and its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hikeshi.domain.assessment import Category, Level, Reason
from hikeshi.domain.phrases import phrase
from hikeshi.services.scoring.candidates import Candidate, HitIndex
from hikeshi.services.scoring.language import Reading
from hikeshi.services.scoring.lexicon import LevelTable, Lexicon, Shift
from hikeshi.services.scoring.matcher import Hit
from hikeshi.services.scoring.normalise import Normalised

_ALSO_SHARE, _ALSO_MOST = 5, 12
"""A further rule of the same category adds a fifth of its weight, all of them twelve points at most."""
_OTHER_SHARE, _OTHER_MOST = 10, 6
"""Rules of other categories add a tenth, six points at most."""
_SUPPOSED, _ASKED, _WITH_MEDIA = -32, -8, 6
_SHOWN_SPAN = 60


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that holds in a post, and how its sentence puts it."""

    candidate: Candidate
    reading: Reading


@dataclass(frozen=True, kw_only=True, slots=True)
class Weighed:
    """A score before it has a level."""

    score: int = 0
    category: Category = Category.NONE
    reasons: tuple[Reason, ...] = ()
    is_praise: bool = False
    is_firm: bool = False
    """Whether its heaviest rule is one that nothing lowers."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Scene:
    """All that weighing looks at."""

    index: HitIndex
    lexicon: Lexicon
    normal: Normalised
    written: str
    media: tuple[str, ...]

    def words(self, start: int, end: int) -> str:
        return " ".join(self.normal.original(self.written, start, min(end, start + _SHOWN_SPAN)).split())


def weigh(
    findings: Sequence[Finding],
    *,
    index: HitIndex,
    lexicon: Lexicon,
    normal: Normalised,
    written: str,
    media: tuple[str, ...],
) -> Weighed:
    """Turn the findings of one post into its score, category and reasons."""
    if not findings:
        return Weighed(is_praise="praise" in index.by_group)
    scene = _Scene(index=index, lexicon=lexicon, normal=normal, written=written, media=media)
    risks = [f for f in findings if f.candidate.rule.category is not Category.SUPPORT]
    pleas = [f for f in findings if f.candidate.rule.category is Category.SUPPORT]
    weighed = _weigh_risk(risks, scene) if risks else Weighed()
    severe = weighed.score >= lexicon.levels.warning
    if pleas and not severe and (weighed.score < lexicon.levels.notice or _asks_rather_than_blames(weighed)):
        return _weigh_plea(pleas[0], scene)
    if weighed.score < lexicon.levels.notice:
        is_praise = "praise" in index.by_group
        return Weighed(score=weighed.score, reasons=weighed.reasons, is_praise=is_praise)
    return weighed


def _asks_rather_than_blames(weighed: Weighed) -> bool:
    return weighed.category in (Category.COMPLAINT, Category.DEFECT)


def _weigh_plea(plea: Finding, scene: _Scene) -> Weighed:
    candidate = plea.candidate
    points = min(candidate.rule.weight, scene.lexicon.levels.notice - 1)
    span = scene.words(candidate.start, candidate.end)
    reason = Reason(rule=candidate.rule.id, label=candidate.rule.label, points=points, span=span)
    return Weighed(score=points, category=Category.SUPPORT, reasons=(reason,))


def _weigh_risk(risks: Sequence[Finding], scene: _Scene) -> Weighed:
    top = max(risks, key=lambda f: (f.candidate.rule.weight + _manner(f), f.candidate.rule.critical))
    rule = top.candidate.rule
    reasons = [
        Reason(
            rule=rule.id,
            label=rule.label,
            points=rule.weight,
            span=scene.words(top.candidate.start, top.candidate.end),
        )
    ]
    reasons += _further(top, risks, scene)
    reasons += _manners(top)
    reasons += _shifts(top, scene)
    is_dangerous = any(f.candidate.rule.critical and _manner(f) > _SUPPOSED for f in risks)
    reasons += _limits(reasons, rule.category, scene.lexicon.levels, is_dangerous=is_dangerous)
    score = sum(reason.points for reason in reasons)
    return Weighed(score=score, category=rule.category, reasons=tuple(reasons), is_firm=rule.firm)


def _further(top: Finding, risks: Sequence[Finding], scene: _Scene) -> list[Reason]:
    room = {True: _ALSO_MOST, False: _OTHER_MOST}
    reasons: list[Reason] = []
    for finding in risks:
        rule = finding.candidate.rule
        same = rule.category is top.candidate.rule.category
        points = min(rule.weight // (_ALSO_SHARE if same else _OTHER_SHARE), room[same])
        if finding is top or points <= 0 or finding.reading.is_supposed:
            continue
        room[same] -= points
        span = scene.words(finding.candidate.start, finding.candidate.end)
        reasons.append(Reason(rule=rule.id, label=rule.label, points=points, span=span))
    return reasons


def _manner(finding: Finding) -> int:
    if finding.candidate.rule.plain:
        return 0
    return (_SUPPOSED if finding.reading.is_supposed else 0) + (_ASKED if finding.reading.is_asked else 0)


def _manners(top: Finding) -> list[Reason]:
    if top.candidate.rule.plain:
        return []
    reasons = []
    if top.reading.is_supposed:
        reasons.append(_own("manner.supposed", _SUPPOSED))
    if top.reading.is_asked:
        reasons.append(_own("manner.asked", _ASKED))
    return reasons


def _shifts(top: Finding, scene: _Scene) -> list[Reason]:
    category = top.candidate.rule.category
    reasons = []
    if scene.media:
        kinds = ",".join(scene.media[:3])
        reasons.append(
            Reason(rule="shift.media", label=phrase("rule.shift.media", kinds=kinds), points=_WITH_MEDIA)
        )
    for shift in scene.lexicon.shifts:
        hit = _shift_hit(shift, category, top.candidate, scene)
        if hit is not None and not (top.candidate.rule.firm and shift.points < 0):
            span = scene.words(hit.start, hit.end)
            reasons.append(Reason(rule=shift.id, label=shift.label, points=shift.points, span=span))
    return reasons


def _shift_hit(shift: Shift, category: Category, top: Candidate, scene: _Scene) -> Hit | None:
    if (shift.only and category not in shift.only) or category in shift.never:
        return None
    for group in sorted(shift.groups):
        for hit in scene.index.by_group.get(group, ()):
            near = hit.end > top.start - 140 and hit.start < top.end + 140
            own = any(hit.start < word.end and word.start < hit.end for word in top.words)
            if near and not own:
                return hit
    return None


def _limits(
    reasons: Sequence[Reason], category: Category, levels: LevelTable, *, is_dangerous: bool
) -> list[Reason]:
    total = sum(reason.points for reason in reasons)
    ceiling, label = 100, phrase("rule.limit.ceiling")
    if not is_dangerous:
        ceiling, label = levels.critical - 1, phrase("rule.limit.ceiling_harm")
    if levels.highest.get(category) is Level.NOTICE:
        ceiling, label = levels.warning - 1, phrase("rule.limit.ceiling_usual")
    if total > ceiling:
        return [Reason(rule="limit.ceiling", label=label, points=ceiling - total)]
    if total < 0:
        return [_own("limit.floor", -total)]
    return []


def _own(rule: str, points: int) -> Reason:
    """Return a reason that no file of the lexicon names."""
    return Reason(rule=rule, label=phrase(f"rule.{rule}"), points=points)
