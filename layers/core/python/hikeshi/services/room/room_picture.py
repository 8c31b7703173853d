"""What is going on: the post, its spread, the facts known, and what proves it."""

from __future__ import annotations

from datetime import datetime

from hikeshi.domain.actions import Role
from hikeshi.domain.alerts import AlertedPost, quoted_post
from hikeshi.domain.assessment import Fault
from hikeshi.domain.facts import Verdict
from hikeshi.services.alerts.pace_text import deviation_in_words, new_words_of, spread_now
from hikeshi.services.alerts.reason_names import name_of
from hikeshi.services.collection.source_names import source_name
from hikeshi.services.messages.said import said
from hikeshi.services.room.room_models import EvidenceItem, Picture, Row
from hikeshi.services.room.visit import Visit, shown

MAX_EVIDENCE = 12
MAX_REASONS = 8
_QUOTE = 280
_SHORT_QUOTE = 120


def picture(visit: Visit) -> Picture:
    """Compose the panel from the incident, its alerts and their kept posts."""
    incident = visit.incident
    return Picture(
        rows=_rows(visit),
        tags=_tags(visit),
        quote=shown(incident.quote, _QUOTE),
        quote_from=_quote_from(visit),
        reasons=_reasons(visit),
        evidence=tuple(_evidence(visit, kept) for kept in visit.posts[:MAX_EVIDENCE]),
        evidence_more=_more(visit),
    )


def shown_source(visit: Visit, source_id: str) -> str:
    """Return the name of a source, short enough for a page."""
    return shown(source_name(source_id, visit.configuration, visit.words), 40)


def _where(visit: Visit, at: datetime, source: str) -> str:
    return visit.text("page.quote_from", at=visit.when(at), source=shown_source(visit, source))


def _quote_from(visit: Visit) -> str:
    """Say when and where the quoted post was written, and when the first was if that is another."""
    incident = visit.incident
    quoted = quoted_post(incident.quote, visit.posts)
    if quoted is None:
        return _where(visit, incident.first_post_at, incident.source)
    where = _where(visit, quoted.post.published_at, quoted.post.source)
    if quoted.post.published_at <= incident.first_post_at:
        return where
    return where + visit.text("quoted.first", at=visit.when(incident.first_post_at))


def _rows(visit: Visit) -> tuple[Row, ...]:
    incident = visit.incident
    spread = incident.spread
    counts = visit.text("spread.counts", posts=f"{spread.posts:,}", reposts=f"{spread.reposts:,}")
    if spread.authors:
        counts += visit.text("page.authors", authors=f"{spread.authors:,}")
    rows = [
        Row(term=visit.text("page.term.brand"), text=shown(incident.brand_name, 60)),
        Row(term=visit.text("page.term.spread"), text=counts),
        Row(term=visit.text("page.term.facts"), text=_facts(visit)),
    ]
    if incident.fault is not Fault.UNKNOWN:
        fault = visit.text(f"fault.{incident.fault}")
        rows.append(Row(term=visit.text("page.term.fault"), text=fault))
    if spread.new_words:
        new_words = shown(new_words_of(spread, visit.words))
        rows.append(Row(term=visit.text("page.term.new_words"), text=new_words))
    raised = [a.why_level for a in visit.alerts if a.why_level and a.level is incident.level]
    if raised:
        rows.append(Row(term=visit.text("page.term.level"), text=shown(said(raised[0], visit.words))))
    why = [shown(said(alert.why_grouped, visit.words)) for alert in visit.alerts if alert.why_grouped]
    if why:
        rows.append(Row(term=visit.text("page.term.grouped"), text=visit.text("page.and").join(why[:3])))
    return tuple(rows)


def _facts(visit: Visit) -> str:
    if not visit.room.facts:
        return visit.text("page.facts_unchecked")
    counted = {verdict: sum(1 for f in visit.room.facts if f.verdict is verdict) for verdict in Verdict}
    parts = [
        visit.text("page.facts_count", verdict=visit.text(f"verdict.{verdict}"), count=count)
        for verdict, count in counted.items()
        if count
    ]
    return visit.text("page.comma").join(parts)


def _tags(visit: Visit) -> tuple[str, ...]:
    incident = visit.incident
    tags = [visit.text(f"category.{incident.category}")]
    if incident.has_media:
        tags.append(visit.text("page.with_media"))
    return tuple(tags)


def reasons_of(visit: Visit) -> tuple[str, ...]:
    """Return in words what the scoring saw in the gravest post."""
    if not visit.alerts:
        return ()
    worst = max(visit.alerts, key=lambda alert: alert.score)
    return tuple(shown(name_of(reason, visit.words), 60) for reason in worst.reasons)


def _reasons(visit: Visit) -> tuple[str, ...]:
    if not visit.alerts:
        return ()
    worst = max(visit.alerts, key=lambda alert: alert.score)
    scored = (
        visit.text("page.reason", label=shown(name_of(reason, visit.words), 60), points=f"{reason.points:+d}")
        for reason in worst.reasons[:MAX_REASONS]
    )
    deviation = deviation_in_words(spread_now(visit.incident, at=visit.at), visit.words)
    return (*scored, *filter(None, (deviation,)))


def _evidence(visit: Visit, kept: AlertedPost) -> EvidenceItem:
    post, evidence = kept.post, kept.evidence
    may_see_address = visit.reader.id == visit.incident.lead or bool(
        visit.reader.roles & {Role.DESK, Role.LEAD}
    )
    return EvidenceItem(
        quote=shown(post.text, _SHORT_QUOTE),
        where=_where(visit, post.published_at, post.source),
        digest=evidence.sha256[:16],
        stored=visit.text("page.stored", uri=shown(evidence.uri, 160), at=visit.when(evidence.captured_at)),
        why=shown(said(kept.why_grouped, visit.words)),
        address=shown(post.url, 160) if post.url and may_see_address else "",
    )


def _more(visit: Visit) -> str:
    total = max(sum(alert.posts for alert in visit.alerts), len(visit.posts))
    hidden = total - min(len(visit.posts), MAX_EVIDENCE)
    return visit.text("page.more", count=f"{hidden:,}") if hidden > 0 else ""
