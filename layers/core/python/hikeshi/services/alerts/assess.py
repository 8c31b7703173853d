"""Judge posts, archive all of them, count those with a risk in alerts, and ask for incidents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from hikeshi.domain.alerts import Alert, AlertedPost
from hikeshi.domain.assessment import Assessment, Level
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.drills import apart
from hikeshi.domain.errors import ConcurrentChangeError, UnknownBrandError
from hikeshi.domain.hours import marks_of
from hikeshi.domain.kinship import TextPrint
from hikeshi.domain.posts import Post
from hikeshi.domain.sources import Brand
from hikeshi.ports.environment import Clock
from hikeshi.ports.scoring import AlertStore, IncidentRequests, PostArchive, PostCounts, Scorer
from hikeshi.services.alerts.grouping import Home, Neighbourhood, counted, find_home, kin_of
from hikeshi.services.alerts.measuring import Surroundings, measured, surroundings_of
from hikeshi.services.alerts.regrouping import merged
from hikeshi.services.audit.bulkhead import contained
from hikeshi.services.care.exposure import ExposureWatch, look_at
from hikeshi.services.collection.watching import Watches

UNMATCHED = "_unmatched"
"""Where posts go that no watch matches."""

MAX_TRIES = 8
"""Writers that can change one alert at once before a post goes back to the queue."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Assessing:
    """What ``score_posts`` works with."""

    scorer: Scorer
    alerts: AlertStore
    counts: PostCounts
    archive: PostArchive
    requests: IncidentRequests
    configuration: Configuration
    clock: Clock
    exposure: ExposureWatch | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """An alert that a post was counted in; ``requested`` tells whether an incident was asked for."""

    alert_id: str
    brand: str
    level: Level
    requested: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Assessed:
    """What became of the posts of a batch.

    Attributes
    ----------
    alerts : mapping of str to tuple of Counted
        By post key; empty for a post without risk.
    errors : mapping of str to Exception
        By post key: posts that have to come again; their neighbours are done.
    """

    alerts: Mapping[str, tuple[Counted, ...]]
    errors: Mapping[str, Exception]


def score_posts(posts: Sequence[Post], ports: Assessing) -> Assessed:
    """Score a batch; the same post may come any number of times.

    Everything is archived, and marked in the counts of its brands, before anything is judged: a post
    whose alert could not be stored goes to the same places again when it comes back.
    """
    alerts: dict[str, tuple[Counted, ...]] = {}
    errors: dict[str, Exception] = {}
    known: list[tuple[Post, tuple[Brand, ...]]] = []
    watches = Watches(ports.configuration.watches)
    for post in posts:
        try:
            known.append((post, watches.brands_of(post)))
        except UnknownBrandError as error:
            errors[post.key] = error
    _archive(known, ports.archive)
    _mark(known, ports.counts)
    beside: dict[str, Surroundings] = {}
    for post, brands in known:
        raised = contained(partial(_judged, post, brands, ports, beside))
        if isinstance(raised, Exception):
            errors[post.key] = raised
        else:
            alerts[post.key] = raised
    return Assessed(alerts=alerts, errors=errors)


def _judged(
    post: Post, brands: Sequence[Brand], ports: Assessing, beside: dict[str, Surroundings]
) -> tuple[Counted, ...]:
    """Judge a post, and then look whom it exposes: that it may fail keeps no alert back."""
    raised = score_post(post, brands, ports, beside)
    if ports.exposure is not None:
        look_at(post, brands, ports.exposure, archive=ports.archive, at=ports.clock.now())
    return raised


def score_post(
    post: Post, brands: Sequence[Brand], ports: Assessing, beside: dict[str, Surroundings]
) -> tuple[Counted, ...]:
    """Judge one post and count it in the alert of each brand it is about.

    ``beside`` keeps what was read of each brand for the rest of the batch.
    """
    if not brands:
        return ()
    assessment = ports.scorer.assess(post)
    if not assessment.is_risk:
        return ()
    for brand in brands:
        if brand.id not in beside:
            beside[brand.id] = surroundings_of(brand.id, ports.counts, at=ports.clock.now())
    return tuple(_count(post, assessment, _apart(brand, post), ports, beside[brand.id]) for brand in brands)


def _apart(brand: Brand, post: Post) -> Brand:
    """Return the brand as it is known within the post's drill: nothing there meets what is real."""
    return replace(brand, id=apart(brand.id, post.drill))


def _archive(known: Sequence[tuple[Post, tuple[Brand, ...]]], archive: PostArchive) -> None:
    """Store the batch by brand and hour of receipt, the same for every delivery of a post."""
    piles: dict[tuple[str, datetime], list[Post]] = {}
    for post, brands in known:
        hour = post.fetched_at.replace(minute=0, second=0, microsecond=0)
        for brand in [brand.id for brand in brands] or [UNMATCHED]:
            piles.setdefault((apart(brand, post.drill), hour), []).append(post)
    for (brand, hour), pile in piles.items():
        archive.append(brand, pile, at=hour)


def _mark(known: Sequence[tuple[Post, tuple[Brand, ...]]], counts: PostCounts) -> None:
    """Mark the batch in the hours of each brand; a post that comes again marks the same places.

    A drill is no part of what is usual.
    """
    piles: dict[str, list[Post]] = {}
    for post, brands in known:
        for brand in brands if not post.drill else ():
            piles.setdefault(brand.id, []).append(post)
    for brand_id, pile in piles.items():
        if hours := marks_of(pile):
            counts.mark(brand_id, hours)


def _count(
    post: Post, assessment: Assessment, brand: Brand, ports: Assessing, beside: Surroundings
) -> Counted:
    evidence = ports.archive.keep(post, at=ports.clock.now())
    around = Neighbourhood(
        alerts=ports.alerts,
        brand=brand,
        window=ports.configuration.grouping_window,
        familiar=beside.familiar,
    )
    text: TextPrint | None = None
    for _ in range(MAX_TRIES):
        try:
            home = _gathered(find_home(post, assessment, around=around, at=ports.clock.now()), ports)
            member = AlertedPost(post=post, assessment=assessment, evidence=evidence, why_grouped=home.why)
            alert, changed = _store(home, member, ports, beside)
            text = home.text or text
            if text is not None:
                alert = _met(alert, text, post, ports, around=around, beside=beside)
        except ConcurrentChangeError:
            continue
        requested = _wants_incident(alert, changed=changed)
        if requested:
            ports.requests.request(alert.id)
        return Counted(alert_id=alert.id, brand=brand.id, level=alert.level, requested=requested)
    raise ConcurrentChangeError(f"the alert of post {post.key}")


def _gathered(home: Home, ports: Assessing) -> Home:
    """Make one of the alerts that the post's text ties together."""
    if not home.kin:
        return home
    alert = merged((home.alert, *home.kin), ports.alerts)
    text = replace(home.text, alert_id=alert.id) if home.text else None
    return replace(home, alert=alert, text=text, kin=())


def _met(
    alert: Alert,
    text: TextPrint,
    post: Post,
    ports: Assessing,
    *,
    around: Neighbourhood,
    beside: Surroundings,
) -> Alert:
    """Look again whom a new text is kin to, now that others can see it: two may have come at once."""
    kin = [other for other, _ in kin_of(text, around) if other.id != alert.id]
    together = merged((alert, *kin), ports.alerts) if kin else alert
    if together == alert:
        return alert
    at = ports.clock.now()
    return ports.alerts.save(measured(together, post, beside, ports.configuration, at=at), None)


def _store(home: Home, member: AlertedPost, ports: Assessing, beside: Surroundings) -> tuple[Alert, bool]:
    """Save what the post changes in its alert; False if it changes nothing."""
    if home.known is not None and member.post.reposts <= home.known.post.reposts:
        # The table may have been changed since; the post itself is counted already.
        lifted = home.alert.lifted(ports.configuration.levels)
        if lifted == home.alert:
            return home.alert, False
        return ports.alerts.save(lifted, None), True
    author = member.post.author
    new_author = author is not None and (home.is_new or not ports.alerts.has_author(home.alert.id, author))
    grown = counted(home, member, new_author=new_author)
    now = measured(grown, member.post, beside, ports.configuration, at=ports.clock.now())
    return ports.alerts.save(now, member, text=home.text), True


def _wants_incident(alert: Alert, *, changed: bool) -> bool:
    """Ask again when the first request may have been lost, and whenever the incident has to follow."""
    return alert.level.at_least(Level.WARNING) and (alert.incident_id is None or changed)
