"""The common picture as a reader sees it: what holds, who has read it, and what was taken back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hikeshi.domain.actions import Action
from hikeshi.domain.bulletins import current_bulletin, fallen_grounds, newest_bulletin
from hikeshi.domain.facts import Verdict
from hikeshi.domain.headquarters import Bulletin, Ground
from hikeshi.services.facts.verdict_words import verdict_key
from hikeshi.services.room.page_models import Form, Gate
from hikeshi.services.room.visit import Visit, shown

MAX_GROUNDS = 12
MAX_NAMES = 20
MAX_PAST = 5
_TEXT = 1000


@dataclass(frozen=True, kw_only=True, slots=True)
class BulletinCard:
    """One number of the common picture.

    Attributes
    ----------
    stamp : str
        What it is now if it does not hold: withdrawn, or replaced.
    fallen : str
        What it rests on and should not any more, as a sentence.
    progress, waiting : str
        How many have read it, and who has not.
    read : Form
        Offered to the reader who was sent it and has not read it.
    """

    number: int
    heading: str
    trail: str
    picture: str
    guidance: str
    grounds: tuple[str, ...]
    progress: str
    waiting: str
    read: Form
    withdraw: Form
    stamp: str = ""
    because: str = ""
    fallen: str = ""


def bulletin_at_the_top(visit: Visit) -> BulletinCard | None:
    """Show the newest number: as it holds, or under its stamp until the next one; None before the first."""
    newest = newest_bulletin(visit.room)
    return bulletin_card(visit, newest) if newest is not None else None


def past_bulletins(visit: Visit) -> tuple[BulletinCard, ...]:
    """Show the numbers before the newest, the latest first."""
    newest = newest_bulletin(visit.room)
    past = [each for each in reversed(visit.room.bulletins) if each != newest]
    return tuple(bulletin_card(visit, each) for each in past[:MAX_PAST])


def bulletin_card(visit: Visit, bulletin: Bulletin) -> BulletinCard:
    """Describe one number."""
    holds = bulletin == current_bulletin(visit.room)
    gone = bulletin.withdrawn_by is not None and bulletin.withdrawn_at is not None
    unread = holds and visit.reader.id in bulletin.laggards
    fallen = fallen_grounds(visit.room, bulletin) if holds else ()
    said = visit.text("page.comma").join(shown(each.words, 60) for each in fallen)
    because = ""
    if bulletin.withdrawn_by is not None and bulletin.withdrawn_at is not None:
        because = visit.text(
            "bulletin.withdrawn",
            by=visit.by_at(bulletin.withdrawn_by, bulletin.withdrawn_at),
            reason=shown(bulletin.withdrawn_because, 240),
        )
    return BulletinCard(
        number=bulletin.number,
        heading=visit.text("bulletin.heading", number=bulletin.number),
        trail=visit.text("bulletin.issued", by=visit.by_at(bulletin.issued_by, bulletin.issued_at)),
        picture=bulletin.picture[:_TEXT],
        guidance=bulletin.guidance[:_TEXT],
        grounds=_grounds(visit, bulletin),
        progress=visit.text("bulletin.progress", done=_read_of_sent(bulletin), total=len(bulletin.sent_to)),
        waiting=_waiting(visit, bulletin.laggards) if holds else "",
        read=visit.form(Action.READ_BULLETIN, gate=None if unread else Gate(open=False)),
        withdraw=visit.form(Action.WITHDRAW_BULLETIN, gate=None if holds else Gate(open=False)),
        stamp="" if holds else visit.text("bulletin.stamp_withdrawn" if gone else "bulletin.stamp_replaced"),
        because=because,
        fallen=visit.text("bulletin.fallen", grounds=said) if fallen else "",
    )


def names(visit: Visit, people: Iterable[str]) -> str:
    """Name people, as many as a line takes."""
    found = [visit.text("bulletin.person", name=visit.name(each)) for each in people]
    said = visit.text("page.and").join(found[:MAX_NAMES])
    hidden = len(found) - MAX_NAMES
    return said + (visit.text("page.comma") + visit.text("page.more", count=hidden) if hidden > 0 else "")


def _grounds(visit: Visit, bulletin: Bulletin) -> tuple[str, ...]:
    hidden = len(bulletin.grounds) - MAX_GROUNDS
    more = (visit.text("page.more", count=hidden),) if hidden > 0 else ()
    return (*(_ground(visit, each) for each in bulletin.grounds[:MAX_GROUNDS]), *more)


def _ground(visit: Visit, ground: Ground) -> str:
    """Say what was found out: many a claim is written as a question."""
    is_fact = any(fact.id == ground.id for fact in visit.room.facts)
    verdict = verdict_key(ground.words, Verdict.CONFIRMED) if is_fact else "inbound_verdict.verified"
    return visit.text("bulletin.ground", words=shown(ground.words, 240), verdict=visit.text(verdict))


def _read_of_sent(bulletin: Bulletin) -> int:
    return len(bulletin.sent_to) - len(bulletin.laggards)


def _waiting(visit: Visit, laggards: tuple[str, ...]) -> str:
    if not laggards:
        return visit.text("bulletin.all_read")
    return visit.text("bulletin.waiting", people=names(visit, laggards))
