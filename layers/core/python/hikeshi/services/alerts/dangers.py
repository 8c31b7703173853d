"""Which posts put a life at risk, apart from those that somebody read and found to be no danger."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from hikeshi.domain.alerts import Alert, AlertedPost
from hikeshi.domain.peril import NoDanger, Peril, perils_of, ranked
from hikeshi.ports.scoring import AlertStore

MOST_READ = 1_000
"""Posts of one alert that are read; of a larger one they are a sample, since their keys are digests."""

MOST_NAMED = 40
"""Grave texts that an alert knows by name; of one with as many nobody can say that there are no others."""

_NAME = 32


def name_of_text(text: str) -> str:
    """Return the name of a text: that of all its exact copies, and of nothing that says anything more.

    Only how it is encoded, capitals and spaces make no difference. What grouping passes over (a shop in
    【】, a person mentioned, a shop behind a bar) may be all that a threat adds. So may an address, that of a
    map or of a shop: it counts, though services that shorten addresses make another of each copy. That
    copy is judged anew, and a call too many is better than one that is lost.
    """
    said = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:_NAME]


def naming(alert: Alert, *members: AlertedPost) -> Alert:
    """Return the alert with the names of the grave texts among these posts."""
    grave = (name_of_text(each.post.text) for each in members if perils_of(each.assessment))
    named = tuple(dict.fromkeys((*alert.grave_texts, *grave)))[:MOST_NAMED]
    return replace(alert, grave_texts=named)


def dangers_among(posts: Iterable[AlertedPost], harmless: Collection[NoDanger]) -> tuple[AlertedPost, ...]:
    """Return the posts that put a life at risk, in their order."""
    read = {name for said in harmless for name in said.texts}
    return tuple(
        each for each in posts if perils_of(each.assessment) and name_of_text(each.post.text) not in read
    )


def perils_in(alert: Alert, harmless: Sequence[NoDanger], alerts: AlertStore) -> tuple[Peril, ...]:
    """Return the lives that an alert puts at risk, once what was found to be no danger is left out.

    However many copies of harmless words there are, one more makes no danger of them: of more posts than
    are read, the names of the grave texts tell whether there is another among them.
    """
    if not harmless or not alert.perils:
        return alert.perils
    return perils_among(alert, alerts.posts(alert.id, limit=MOST_READ), harmless)


def perils_among(
    alert: Alert, posts: Sequence[AlertedPost], harmless: Sequence[NoDanger]
) -> tuple[Peril, ...]:
    """Return the same from the posts that were read of an alert, if these tell anything of it."""
    is_sample = len(posts) >= MOST_READ
    tells = any(perils_of(each.assessment) for each in posts) if is_sample else bool(posts)
    if not harmless or not tells:
        return alert.perils
    left = dangers_among(posts, harmless)
    if is_sample and not left and _hides_more(alert, harmless):
        return alert.perils
    return ranked(*(peril for each in left for peril in perils_of(each.assessment)))


def _hides_more(alert: Alert, harmless: Sequence[NoDanger]) -> bool:
    """Tell whether there may be a grave text among the posts of an alert that are not read."""
    read = {name for said in harmless for name in said.texts}
    return len(alert.grave_texts) >= MOST_NAMED or not read.issuperset(alert.grave_texts)


def perils_left(
    alert_ids: Iterable[str], harmless: Sequence[NoDanger], alerts: AlertStore
) -> tuple[Peril, ...]:
    """Return the lives that any of these alerts puts at risk, once what was found to be none is left out.

    This ends what protects a life: an alert that has more posts than are read, and does not know the names
    of its grave texts, puts at risk whatever it did.
    """
    found: list[Peril] = []
    for alert in standing_among(alert_ids, alerts):
        posts = alerts.posts(alert.id, limit=MOST_READ) if harmless and alert.perils else ()
        is_known = len(posts) < MOST_READ or bool(alert.grave_texts)
        found += perils_among(alert, posts, harmless) if is_known else alert.perils
    return ranked(*found)


def standing_among(alert_ids: Iterable[str], alerts: AlertStore) -> Iterator[Alert]:
    """Yield each alert, or the one that took its posts over, once; every head is read once."""
    read: set[str] = set()
    for alert_id in alert_ids:
        following: str | None = alert_id
        while following is not None and following not in read:
            read.add(following)
            alert = alerts.alert(following)
            if alert is not None and alert.merged_into is None:
                yield alert
            following = alert.merged_into if alert is not None else None
