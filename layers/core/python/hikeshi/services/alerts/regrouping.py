"""Making one alert out of two, or two out of one, with every count exact at every moment.

Posts move one by one, each in one transaction with both alerts: whoever dies in between leaves two sound
alerts, and the next try goes on from there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from hikeshi.domain.alerts import Alert, AlertedPost
from hikeshi.domain.assessment import Level
from hikeshi.domain.errors import InputError, NotFoundError
from hikeshi.domain.levels import DecisionTable
from hikeshi.domain.peril import perils_of
from hikeshi.domain.phrases import phrase
from hikeshi.domain.sources import Brand
from hikeshi.ports.scoring import AlertStore
from hikeshi.services.alerts.dangers import naming
from hikeshi.services.alerts.grouping import alert_id_for, leads_of, print_of

MOST_MOVED = 200
"""Posts of an alert that is merged by itself; two larger ones stay apart and meet in their incident."""

MOST_SPLIT = 1_000

_SPLIT = phrase("grouped.split")


def merged(alerts: Sequence[Alert], store: AlertStore) -> Alert:
    """Make one alert of several that belong together, as far as no person drew a border between them.

    Returns the alert that the first one is (in) now. The one with an incident takes the others over,
    then the one with most posts.
    """
    first, *others = alerts
    for other in others:
        if not _may_merge(first, other):
            continue
        chief, part = sorted((first, other), key=_chief, reverse=True)
        if part.posts > MOST_MOVED:
            continue
        first = absorbed(part, into=chief, store=store)
    return first


def absorbed(part: Alert, *, into: Alert, store: AlertStore, pinned: bool = False) -> Alert:
    """Move every post of an alert into another, which takes its incident too."""
    target = replace(into, incident_id=into.incident_id or part.incident_id, pinned=into.pinned or pinned)
    members = store.posts(part.id, limit=MOST_SPLIT)
    for left, member in reversed(list(enumerate(members))):
        source = _without(part, member)
        if not left:
            source = replace(source, merged_into=target.id, posts=0, reposts=0, authors=0)
        grown, kept = _with(target, member, store)
        part, target = store.move(kept, source=source, target=grown, gone=None, text=None)
    if not members:
        store.save(replace(part, merged_into=target.id), None)
        target = store.save(target, None)
    return target


def merged_by_person(ids: Sequence[str], store: AlertStore) -> Alert:
    """Make one alert of two, because a person says so; it stays one.

    Raises
    ------
    NotFoundError
        If there is no such alert, or its posts are elsewhere already.
    InputError
        If they cannot be one: another brand, or each in an incident of its own.
    """
    into, part = (_standing(alert_id, store) for alert_id in ids)
    if into.id == part.id or into.brand != part.brand:
        raise InputError(
            "同じブランドの、別々のアラートを 2 つ指定してください / two alerts of one brand are needed"
        )
    if into.incident_id and part.incident_id and into.incident_id != part.incident_id:
        raise InputError(
            f"それぞれ別の案件（{into.incident_id}、{part.incident_id}）になっているため、まとめられません"
            " / each belongs to an incident"
        )
    if part.posts > MOST_SPLIT:
        raise InputError(
            f"{part.id} は投稿が {MOST_SPLIT} 件を超えています。先に書き、もう一方をそこへまとめてください"
            f" / {part.id} has more than {MOST_SPLIT} posts; name it first"
        )
    return absorbed(part, into=into, store=store, pinned=True)


def split_by_person(
    alert_id: str,
    keys: Collection[str],
    store: AlertStore,
    *,
    brand: Brand,
    table: DecisionTable,
    at: datetime,
) -> tuple[Alert, Alert]:
    """Take posts out of an alert into one of their own, because a person says so; both stay as they are.

    Posts of one text go together: by its text a later copy finds its alert. Returns what stays and what
    was taken out.

    Raises
    ------
    NotFoundError
        If there is no such alert, or it has none of these posts.
    InputError
        If nothing would stay.
    """
    source = _standing(alert_id, store)
    members = store.posts(source.id, limit=MOST_SPLIT)
    unknown = set(keys) - {member.post.key for member in members}
    if unknown or not keys:
        raise NotFoundError("post", ", ".join(sorted(unknown)) or "-")
    texts = {_text_of(m, brand) for m in members if m.post.key in keys}
    going = [m for m in members if _text_of(m, brand) in texts]
    staying = [m for m in members if m not in going]
    if not staying:
        raise InputError(
            "すべての投稿が移ることになります。1 件は残してください / an alert keeps one post at least"
        )
    target = _head_of(going, source, at=at)
    source = replace(source, pinned=True)
    left = Counter(m.post.author for m in members)
    for member in going:
        left[member.post.author] -= 1
        gone = member.post.author if not left[member.post.author] else None
        moved = replace(member, why_grouped=_SPLIT)
        text = replace(print_of(member.post, member.assessment, brand=brand), alert_id=target.id)
        grown, kept = _with(target, moved, store)
        source, target = store.move(
            kept, source=_without(source, member, gone=gone), target=grown, gone=gone, text=text
        )
    source = store.save(_reread(source, staying, table), None)
    return source, store.save(_reread(target, going, table), None)


def _standing(alert_id: str, store: AlertStore) -> Alert:
    alert = store.alert(alert_id)
    if alert is None or alert.merged_into is not None:
        raise NotFoundError("alert", alert_id)
    return alert


def _may_merge(one: Alert, other: Alert) -> bool:
    apart = one.incident_id and other.incident_id and one.incident_id != other.incident_id
    return one.id != other.id and not (one.pinned or other.pinned or apart)


def _chief(alert: Alert) -> tuple[bool, int, str]:
    return (alert.incident_id is not None, alert.posts, alert.id)


def _with(target: Alert, member: AlertedPost, store: AlertStore) -> tuple[Alert, AlertedPost]:
    """Return the alert with the post, and the post as it is kept there: with its higher repost count."""
    author = member.post.author
    known = store.member(target.id, member.post.key) if target.version else None
    new_author = author is not None and not (target.version and store.has_author(target.id, author))
    grown = target.add(member, new_author=new_author, known=known)
    judged = member.assessment
    if judged.score > target.score:
        grown = replace(
            grown, category=judged.category, crisis_type=judged.crisis_type, reasons=judged.reasons
        )
    importance = max(target.axes.importance, judged.axes.importance)
    grown = replace(grown, axes=replace(target.axes, importance=importance), why_grouped=target.why_grouped)
    grown = naming(grown, member)
    return grown, known if known is not None and known.post.reposts > member.post.reposts else member


def _text_of(member: AlertedPost, brand: Brand) -> str:
    return leads_of(member.post, member.assessment, brand=brand.id)


def _without(source: Alert, member: AlertedPost, *, gone: str | None = None) -> Alert:
    return replace(
        source,
        posts=source.posts - 1,
        reposts=source.reposts - member.post.reposts,
        authors=source.authors - (1 if gone is not None else 0),
    )


def _head_of(going: Sequence[AlertedPost], source: Alert, *, at: datetime) -> Alert:
    """Return the head of a new alert, as yet without a post, named after the first of those that go."""
    first = going[0]
    keys = "\x00".join(sorted(member.post.key for member in going))
    return replace(
        source,
        id=alert_id_for(f"{source.brand}\x00split\x00{source.id}", keys),
        quote=" ".join(first.post.text.split())[: len(source.quote) or None],
        source=first.post.source,
        why_grouped=_SPLIT,
        first_post_at=first.post.published_at,
        last_post_at=first.post.published_at,
        detected_at=at,
        posts=0,
        reposts=0,
        authors=0,
        incident_id=None,
        pinned=True,
        version=0,
    )


def _reread(alert: Alert, members: Sequence[AlertedPost], table: DecisionTable) -> Alert:
    """Return an alert whose level, score and words are those of its own posts."""
    heaviest = max(members, key=lambda member: (member.assessment.score, member.post.key)).assessment
    content = max((member.assessment.level for member in members), key=lambda level: level.rank)
    own = replace(
        alert,
        content=content,
        level=content,
        why_level="",
        score=heaviest.score,
        category=heaviest.category,
        crisis_type=heaviest.crisis_type,
        reasons=heaviest.reasons,
        followers=max(member.post.followers for member in members),
        sources=tuple(sorted({member.post.source for member in members})),
        has_media=any(member.post.media for member in members),
        first_post_at=min(member.post.published_at for member in members),
        last_post_at=max(member.post.published_at for member in members),
        grave_texts=(),
    ).endangering(*(peril for member in members for peril in perils_of(member.assessment)))
    own = naming(own, *members)
    return own.lifted(table) if own.level is not Level.NONE else own
