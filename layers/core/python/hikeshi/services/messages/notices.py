"""Outbox rows for messages about an incident: who is told what, on which channel.

A notice carries numbers, ISO times and catalogue keys, never finished sentences: the text is made
when it is sent (:mod:`hikeshi.services.messages.compose`), so that what is stored has no language.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from hikeshi.domain.assessment import Level
from hikeshi.domain.caps import URGENT, calls_about_a_life
from hikeshi.domain.circles import who_may_know
from hikeshi.domain.incidents import Incident
from hikeshi.domain.outbox import Message, OutboxRow
from hikeshi.domain.people import Channel, Person
from hikeshi.ports.environment import Ids
from hikeshi.services.alerts.pace_text import spread_now
from hikeshi.services.messages.discretion import worded_for_few
from hikeshi.services.messages.life_words import life_first
from hikeshi.services.messages.reaching import deliveries

EVERY_CHANNEL = (Channel.SMS, Channel.MAIL)

CALLED_AGAIN = "called.again"
"""What a page says first to somebody who was paged before."""

NEWCOMER = "mark_key"
"""Parameter of word to somebody whom nobody called: it may be their first, and begins with the level."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """What is to be said.

    Attributes
    ----------
    cause : str
        Names what caused it, unique within the outbox: the row ids begin with it.
    moment : str
        Key of the catalogue: ``page``, ``status``, ``task`` …
    params : mapping of str to str
        Values beyond those of the incident itself (listed in ``messages/ja/``).
    level : Level or None
        The incident's, unless given.
    asks : bool
        Whether the reader may have to take a decision that wants the two-digit number.
    cancel_when_decided : str or None
        Slot whose decision makes the notice pointless.
    step : str
        The place on the ladder that a page belongs to.
    """

    cause: str
    moment: str
    params: Mapping[str, str] = field(default_factory=dict)
    level: Level | None = None
    asks: bool = False
    channels: tuple[Channel, ...] = EVERY_CHANNEL
    cancel_when_decided: str | None = None
    step: str = ""


def incident_params(incident: Incident, *, at: datetime) -> dict[str, str]:
    """Return what every message about an incident can say of it at that moment."""
    spread = spread_now(incident, at=at)
    return {
        **life_first(incident),
        "summary": incident.title,
        "brand": incident.brand_name,
        "first_post_at": incident.first_post_at.isoformat(),
        "posts": str(spread.posts),
        "reposts": str(spread.reposts),
        "per_minute": f"{spread.per_minute:.1f}",
        "normal_per_minute": f"{spread.normal_per_minute:.2f}",
        "sigma": "" if spread.sigma is None else f"{spread.sigma:.2f}",
        "acceleration": "" if spread.acceleration is None else f"{spread.acceleration:.2f}",
        "new_words": " ".join(spread.new_words),
    }


def notice_rows(
    incident: Incident, people: Iterable[Person], notice: Notice, *, ids: Ids, at: datetime
) -> tuple[OutboxRow, ...]:
    """Make the rows that tell people; each has one link and number, the same on every channel.

    Row ids are ``<cause>/<person>/<way>``, so a repeated cause makes no second message. Each person's
    own order, delays and quiet hours decide when a row falls due (:mod:`hikeshi.services.messages.reaching`).
    Who may not know of the incident is told nothing, and who may is told no more than has to be.
    """
    level = notice.level or incident.level
    params = incident_params(incident, at=at) | dict(notice.params)
    if incident.circle is not None:
        params = worded_for_few(params)
    told = who_may_know(incident.circle, people)
    planned = deliveries(
        told,
        urgent=notice.moment in URGENT,
        level=level,
        channels=notice.channels,
        at=at,
        about_a_life=calls_about_a_life(notice.moment, params),
    )
    keys: dict[str, tuple[str, str]] = {}
    rows = []
    for each in planned:
        person = each.person
        if person.id not in keys:
            keys[person.id] = ids.nonce(), ids.check_number() if notice.asks else ""
        nonce, number = keys[person.id]
        message = Message(
            person_id=person.id,
            channel=each.channel,
            nth=each.nth,
            moment=notice.moment,
            level=level,
            incident_id=incident.id,
            incident_number=incident.number,
            generation=incident.generation,
            params=params | _personal(incident, person, notice),
            nonce=nonce,
            check_number=number,
            cancel_when_decided=notice.cancel_when_decided,
            held=each.held,
            step=notice.step,
            incident_version=incident.version,
            drill=incident.drill,
            after_end=not incident.status.is_open,
        )
        row_id = f"{notice.cause}/{person.id}/{each.way}"
        rows.append(OutboxRow(id=row_id, body=message, created_at=at, due_at=each.due_at))
    return tuple(rows)


def _personal(incident: Incident, person: Person, notice: Notice) -> dict[str, str]:
    """Say what only some readers need: a second call that it is one, word to a newcomer how grave it is."""
    called = person.id in incident.reached
    if notice.moment == "page" and called and "called_key" not in notice.params:
        return {"called_key": CALLED_AGAIN, "called_why_key": "called_why.again"}
    if notice.moment == "status" and not called and person.id != incident.lead:
        return {NEWCOMER: "sms.mark"}
    return {}
