"""Which alert a post belongs to: the one that holds its text or a text of its kin, or a new one.

Kinship is a relation of two texts (:mod:`hikeshi.domain.kinship`), and an alert is what it connects: a
text that is kin to two alerts makes them one. So the partition of texts into alerts, and every count in
it, is the same in whatever order the posts come. What a person has drawn apart or put together is
``pinned`` and stays as it is.

The id of an alert is that of the text that led it first, so that two processes which meet one text at
once write the same record and one of them finds out. A new text is looked up again after it was stored:
of two that are stored at once, the later look sees both.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hikeshi.domain.alerts import QUOTE_LENGTH, Alert, AlertedPost
from hikeshi.domain.assessment import Assessment
from hikeshi.domain.kinship import Kinship, TextPrint, Tie, kinship_of
from hikeshi.domain.peril import peril_of, perils_of
from hikeshi.domain.phrases import phrase
from hikeshi.domain.posts import Post
from hikeshi.domain.similarity import canonical, family_of, signature_of
from hikeshi.domain.sources import Brand
from hikeshi.domain.targets import targets_of
from hikeshi.domain.terms import terms_of
from hikeshi.ports.scoring import AlertStore
from hikeshi.services.alerts.dangers import naming

_LOOKED_AT = 3
"""Kindred alerts that are asked whether they hold the post already."""

_NAMED = 3
"""Shared terms that are named."""

_TERMS_KEPT = 12
_MOST_READ = 5_000
"""Letters of a text in which names are looked for, as words are."""

_LED = phrase("grouped.led")
_SAME_TEXT = phrase("grouped.same")


@dataclass(frozen=True, kw_only=True, slots=True)
class Home:
    """The alert that a post belongs to, and why.

    Attributes
    ----------
    known : AlertedPost or None
        The post as it was last counted there.
    text : TextPrint or None
        The post's text, if it was not met before.
    kin : tuple of Alert
        Further alerts that the text is kin to.
    """

    alert: Alert
    why: str
    known: AlertedPost | None = None
    text: TextPrint | None = None
    kin: tuple[Alert, ...] = ()

    @property
    def is_new(self) -> bool:
        """Tell whether the alert is not stored yet."""
        return self.alert.version == 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Neighbourhood:
    """Where kin is looked for, and the words that are no sign of it."""

    alerts: AlertStore
    brand: Brand
    window: timedelta
    familiar: Collection[int] = ()


def alert_id_for(brand: str, text: str, *, beside: Iterable[str] = ()) -> str:
    """Return the id that every process gives to the alert led by this text.

    ``beside`` are names without which it would be another text, though copies may lack them.
    """
    named = "\x00".join((brand, family_of(text), *sorted(beside)))
    return f"alert-{hashlib.sha256(named.encode()).hexdigest()[:32]}"


def leads_of(post: Post, assessment: Assessment, *, brand: str) -> str:
    """Return the id of the alert that a post's text would lead.

    Copies add a 【label】, a mention, the name of a site. Where a threat names a place or a person there
    that its words do not name, it is no copy of theirs.
    """
    if peril_of(assessment) is None:
        return alert_id_for(brand, post.text)
    said = canonical(post.text)
    return alert_id_for(brand, post.text, beside=(name for name in _named_in(post.text) if name not in said))


def find_home(post: Post, assessment: Assessment, *, around: Neighbourhood, at: datetime) -> Home:
    """Find or make the alert of a post."""
    leads = leads_of(post, assessment, brand=around.brand.id)
    held = root_of(around.alerts.home_of(leads) or leads, around.alerts)
    if held is not None:
        known = around.alerts.member(held.id, post.key)
        return Home(alert=held, why=known.why_grouped if known else _SAME_TEXT, known=known)
    text = print_of(post, assessment, brand=around.brand)
    kin = kin_of(text, around)
    for near, _ in kin[:_LOOKED_AT]:
        known = around.alerts.member(near.id, post.key)
        if known is not None:
            return Home(alert=near, why=known.why_grouped, known=known, text=_in(near, text))
    if kin:
        nearest, tie = kin[0]
        others = tuple(alert for alert, _ in kin[1:])
        return Home(alert=nearest, why=_why(tie), text=_in(nearest, text), kin=others)
    return Home(alert=_led_by(post, assessment, text=text, brand=around.brand.id, at=at), why=_LED, text=text)


def print_of(post: Post, assessment: Assessment, *, brand: Brand) -> TextPrint:
    """Return what grouping remembers of a post's text; the words that the brand is found by are left out."""
    leads = leads_of(post, assessment, brand=brand.id)
    own = unicodedata.normalize("NFKC", f"{brand.name} {brand.query}").casefold()
    peril = peril_of(assessment)
    # Without a threat all copies are one text, and whichever comes first has to name the same.
    naming = canonical(post.text) if peril is None else post.text
    return TextPrint(
        alert_id=leads,
        leads=leads,
        category=assessment.category,
        published_at=post.published_at,
        signature=signature_of(post.text),
        terms=tuple(term for term in terms_of(post.text) if term not in own)[:_TERMS_KEPT],
        peril=peril,
        targets=tuple(sorted(_named_in(naming))),
    )


def kin_of(text: TextPrint, around: Neighbourhood) -> list[tuple[Alert, Kinship]]:
    """Return the alerts that hold a text of its kin, the closest first."""
    moment = text.published_at
    known = around.alerts.prints(around.brand.id, since=moment - around.window, until=moment + around.window)
    closest: dict[str, tuple[Alert, Kinship]] = {}
    roots: dict[str, Alert | None] = {}
    for other in known:
        tie = kinship_of(text, other, window=around.window, familiar=around.familiar)
        if tie is None or other.leads == text.leads:
            continue
        if other.alert_id not in roots:
            roots[other.alert_id] = root_of(other.alert_id, around.alerts)
        root = roots[other.alert_id]
        if root is not None and root.pinned:
            # A person may have taken this very text out of it.
            root = root_of(around.alerts.home_of(other.leads) or root.id, around.alerts)
        if root is not None and (root.id not in closest or tie.rank > closest[root.id][1].rank):
            closest[root.id] = (root, tie)
    return sorted(closest.values(), key=lambda pair: (*(-part for part in pair[1].rank), pair[0].id))


def root_of(alert_id: str, alerts: AlertStore) -> Alert | None:
    """Return an alert, or the one that took its posts over; None if there is none."""
    alert, passed = alerts.alert(alert_id), {alert_id}
    while alert is not None and alert.merged_into is not None and alert.merged_into not in passed:
        passed.add(alert.merged_into)
        alert = alerts.alert(alert.merged_into)
    return alert


def counted(home: Home, member: AlertedPost, *, new_author: bool) -> Alert:
    """Count the post in its alert, and let the alert say what its heaviest post is about."""
    judged = member.assessment
    grown = home.alert.add(member, new_author=new_author, known=home.known)
    importance = max(home.alert.axes.importance, judged.axes.importance)
    grown = naming(replace(grown, axes=replace(home.alert.axes, importance=importance)), member)
    if home.is_new or judged.score <= home.alert.score:
        return grown
    return replace(grown, category=judged.category, crisis_type=judged.crisis_type, reasons=judged.reasons)


def _named_in(text: str) -> frozenset[str]:
    return targets_of(text[:_MOST_READ])


def _in(alert: Alert, text: TextPrint) -> TextPrint:
    return replace(text, alert_id=alert.id)


def _why(kinship: Kinship) -> str:
    key = f"grouped.{kinship.tie}"
    if kinship.tie is Tie.TOPIC:
        return phrase(key, terms=",".join(kinship.terms[:_NAMED]))
    return phrase(key, percent=int(kinship.share * 100))


def _led_by(post: Post, assessment: Assessment, *, text: TextPrint, brand: str, at: datetime) -> Alert:
    return Alert(
        id=text.leads,
        brand=brand,
        category=assessment.category,
        crisis_type=assessment.crisis_type,
        level=assessment.level,
        content=assessment.level,
        score=assessment.score,
        axes=assessment.axes,
        reasons=assessment.reasons,
        quote=" ".join(post.text.split())[:QUOTE_LENGTH],
        has_media=bool(post.media),
        source=post.source,
        signature=text.signature,
        why_grouped=_LED,
        first_post_at=post.published_at,
        last_post_at=post.published_at,
        detected_at=at,
        drill=post.drill,
    ).endangering(*perils_of(assessment))
