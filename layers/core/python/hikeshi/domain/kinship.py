"""Whether two texts are about one matter: a relation of the two alone, the same whichever came first.

Alerts are what this relation connects. Since it asks nothing of the order in which texts arrive, neither
does the partition of texts into alerts.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from hikeshi.domain.assessment import Category
from hikeshi.domain.hours import word_place
from hikeshi.domain.peril import Peril
from hikeshi.domain.similarity import CONTAINED, SAME_FAMILY, containment, likeness
from hikeshi.domain.targets import names_another
from hikeshi.domain.terms import weight_of, weight_together

LEAST_SHARED = 2
"""Terms that two texts of one topic share at least."""

LEAST_WEIGHT = 2.0
"""What these terms weigh together at least: two names, or a name and two short words."""

LEAST_OVERLAP = 0.5
"""The share that they are of all the terms of the text that has fewer."""


class Tie(StrEnum):
    """What two texts have in common."""

    COPY = "copy"
    QUOTE = "quote"
    TOPIC = "topic"


@dataclass(frozen=True, kw_only=True, slots=True)
class TextPrint:
    """A text as grouping remembers it.

    Attributes
    ----------
    alert_id : str
        The alert it was counted in when it was met first; that one may have been merged since.
    leads : str
        Id of the alert that this text alone would lead; names the text.
    published_at : datetime
        Of the post that brought it.
    terms : tuple of str
        See :mod:`hikeshi.domain.terms`, without the words of the brand's own query.
    peril : Peril or None
        The life it puts at risk: a matter of its own, whatever the topic.
    targets : tuple of str or None
        The places and people it names; None if it was stored before they were.
    """

    alert_id: str
    leads: str
    category: Category
    published_at: datetime
    signature: tuple[int, ...]
    terms: tuple[str, ...] = ()
    peril: Peril | None = None
    targets: tuple[str, ...] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Kinship:
    """What ties two texts, how strongly (0–1), and the terms they share if it is the topic."""

    tie: Tie
    share: float
    terms: tuple[str, ...] = ()

    @property
    def rank(self) -> tuple[int, float]:
        """Order of strength: a copy before a quotation before a topic."""
        return (len(Tie) - list(Tie).index(self.tie), self.share)


def kinship_of(
    one: TextPrint, other: TextPrint, *, window: timedelta, familiar: Collection[int] = ()
) -> Kinship | None:
    """Return what ties two texts of one brand, None if nothing does.

    ``familiar`` are places of words that the brand's posts use all the time: sharing them says nothing.
    """
    if abs(one.published_at - other.published_at) > window:
        return None
    alike = likeness(one.signature, other.signature)
    if alike >= SAME_FAMILY:
        return None if _threaten_apart(one, other) else Kinship(tie=Tie.COPY, share=alike)
    quoted = containment(one.signature, other.signature)
    if quoted >= CONTAINED:
        return None if _threaten_apart(one, other) else Kinship(tie=Tie.QUOTE, share=quoted)
    return _topic(one, other, familiar)


def _threaten_apart(one: TextPrint, other: TextPrint) -> bool:
    """Tell whether two texts that are alike put different lives at risk.

    Whoever threatens a second shop changes its name and little else, or names it beside the first. An
    edited copy or a quotation lacks words of the other or adds some; it does not do both, and names the
    same places and people.
    """
    if _names_more(one, other) or _names_more(other, one):
        return True
    if one.peril is None or other.peril is None:
        return False
    mine, theirs = set(one.terms), set(other.terms)
    return not (mine <= theirs or theirs <= mine)


def _names_more(threat: TextPrint, other: TextPrint) -> bool:
    """Tell whether a threat names somebody or somewhere that the other text does not.

    Of a text that threatens nobody that is asked as well: one that leaves the place out would make one
    alert of two threats.
    """
    if threat.peril is None or threat.targets is None or other.targets is None:
        return False
    return names_another(threat.targets, other.targets)


def _topic(one: TextPrint, other: TextPrint, familiar: Collection[int]) -> Kinship | None:
    if one.category is not other.category or one.peril is not other.peril or _threaten_apart(one, other):
        return None
    mine, theirs = ({t for t in each.terms if word_place(t) not in familiar} for each in (one, other))
    shared = mine & theirs
    weight = weight_together(shared)
    if len(shared) < LEAST_SHARED or weight < LEAST_WEIGHT:
        return None
    overlap = weight / min(weight_together(mine), weight_together(theirs))
    if overlap < LEAST_OVERLAP:
        return None
    named = tuple(sorted(shared, key=lambda term: (-weight_of(term), -len(term), term)))
    return Kinship(tie=Tie.TOPIC, share=overlap, terms=named)
