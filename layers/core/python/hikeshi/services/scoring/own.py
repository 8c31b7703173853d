"""The scorer with a company's own words, rules and weights.

What a company wrote down itself is honoured even where the learned part, which has never seen it, would
let the post pass; and points that people's feedback changed count on top of whatever the rest said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from hikeshi.domain.assessment import Assessment, Category, CrisisType, Intent, Level, Reason
from hikeshi.domain.phrases import phrase
from hikeshi.domain.posts import Post
from hikeshi.ports.scoring import Scorer
from hikeshi.services.scoring.layering import Layered
from hikeshi.services.scoring.normalise import normalise
from hikeshi.services.scoring.reach import axes_of

_UNDECIDED = (Category.NONE, Category.SUPPORT)


class OwnScorer:
    """Judges posts by the lexicon with own entries; implements :class:`hikeshi.ports.scoring.Scorer`.

    Parameters
    ----------
    whole : Scorer
        Judges by everything, with the own entries among it.
    rules : Scorer
        Judges by the rules alone, with the own entries among them.
    shipped_rules : Scorer
        Judges by the rules alone as they ship: what the own entries add is the difference.
    """

    def __init__(self, own: Layered, *, whole: Scorer, rules: Scorer, shipped_rules: Scorer) -> None:
        self._own = own
        self._whole = whole
        self._rules = rules
        self._shipped_rules = shipped_rules
        lexicon = own.lexicon
        self._points: Mapping[str, int] = {rule.id: rule.weight for rule in lexicon.rules} | {
            shift.id: shift.points for shift in lexicon.shifts
        }
        self._categories = {rule.id: rule.category for rule in lexicon.rules}

    def assess(self, post: Post) -> Assessment:
        """Judge a post; any text whatever gets an answer."""
        judged = self._whole.assess(post)
        if self._own.own_words.find(normalise(post.text).text):
            judged = self._with_own(judged, self._rules.assess(post), post)
        return self._reweighted(judged, post) if self._own.weights else judged

    def _with_own(self, judged: Assessment, told: Assessment, post: Post) -> Assessment:
        """Let what the own entries add count: the level, and where the level is the same, the category."""
        if told.level.rank > judged.level.rank:
            is_own = told.level.rank > self._shipped_rules.assess(post).level.rank
            return told if is_own else judged
        heaviest = max(told.reasons, key=lambda reason: reason.points, default=None)
        if heaviest is None or heaviest.rule not in self._own.own_rules or told.level is not judged.level:
            return judged
        return replace(judged, category=told.category, crisis_type=told.crisis_type)

    def _reweighted(self, judged: Assessment, post: Post) -> Assessment:
        reasons = tuple(map(self._repointed, judged.reasons))
        total = sum(reason.points for reason in reasons)
        if total == judged.score:
            return judged
        category = judged.category
        if category in _UNDECIDED:
            category = self._category_of(reasons)
        score = max(0, min(total, self._ceiling(judged, category)))
        if score != total:
            reasons += (Reason(rule="limit.own", label=phrase("rule.limit.own"), points=score - total),)
        level = self._level(score, category)
        if level is Level.NONE:
            is_support = judged.intent is Intent.SUPPORT
            return replace(
                judged,
                score=score,
                level=level,
                category=judged.category if is_support else Category.NONE,
                crisis_type=CrisisType.NONE,
                intent=judged.intent if judged.intent is not Intent.RISK else Intent.OTHER,
                axes=axes_of(post, importance=score),
                reasons=reasons,
            )
        return Assessment(
            score=score,
            level=level,
            category=category,
            crisis_type=self._own.lexicon.levels.crisis_types.get(category, CrisisType.NONE),
            intent=Intent.RISK,
            axes=axes_of(post, importance=score),
            reasons=reasons,
        )

    def _repointed(self, reason: Reason) -> Reason:
        """Give a reason the points of the new weight; one that counted in part counts in part again."""
        weight, written = self._own.weights.get(reason.rule), self._points.get(reason.rule)
        if weight is None or not written:
            return reason
        return replace(reason, points=round(reason.points * weight / written))

    def _category_of(self, reasons: tuple[Reason, ...]) -> Category:
        named = [reason for reason in reasons if reason.rule in self._categories]
        if not named:
            return Category.NONE
        return self._categories[max(named, key=lambda reason: reason.points).rule]

    def _ceiling(self, judged: Assessment, category: Category) -> int:
        """Points alone make nothing critical, and no ordinary complaint a warning."""
        levels = self._own.lexicon.levels
        if levels.highest.get(category) is Level.NOTICE:
            return levels.warning - 1
        return 100 if judged.level is Level.CRITICAL else levels.critical - 1

    def _level(self, score: int, category: Category) -> Level:
        levels = self._own.lexicon.levels
        if category in _UNDECIDED:
            return Level.NONE
        if score >= levels.critical:
            return Level.CRITICAL
        if score >= levels.warning:
            return Level.WARNING
        return Level.NOTICE if score >= levels.notice else Level.NONE
