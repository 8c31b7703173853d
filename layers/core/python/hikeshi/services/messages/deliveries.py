"""The delivery log as people read it: who was told what, when, by which way, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from hikeshi.domain.chats import TARGET_PREFIX
from hikeshi.domain.outbox import ChatPost, Message, OutboxRow, OutboxState, WorkflowOrder
from hikeshi.domain.people import Roster
from hikeshi.services.messages.wording import Wording

_TONES = {
    OutboxState.PENDING: "wait",
    OutboxState.CLAIMED: "wait",
    OutboxState.SENT: "calm",
    OutboxState.BUNDLED: "calm",
    OutboxState.FAILED: "late",
    OutboxState.CANCELLED: "quiet",
    OutboxState.WITHHELD: "quiet",
}

_ANY_OCCASION = "due"
"""Moment of what comes at a time that was set, and of what is asked for beside the usual course."""

_DECIDED, _UNANSWERED = " was decided", "no answer to "
"""How reasons end or begin that name what they are about."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """One message to one person on one channel, or one post into a room.

    Attributes
    ----------
    at : datetime
        When it was sent or given up; until then, when it was caused.
    whom : str
        The person's name, or ``chat:<name>``; never an address.
    state, tone : str
        What became of it, and how that is shown: ``calm``, ``wait``, ``late`` or ``quiet``.
    why : str
        The reason, or the provider's own words where they are one; may be empty.
    text : str
        What was sent, with its links blanked; empty if it went out in the text of another.
    drill : str
        Id of the drill it belongs to; empty for what is real. Each drill numbers its own incidents.
    """

    at: datetime
    number: int
    whom: str
    channel: str
    what: str
    state: str
    tone: str
    attempts: int
    parts: int
    provider_id: str
    why: str
    text: str
    row_id: str
    bundled_into: str
    drill: str


def deliveries(rows: Iterable[OutboxRow], *, roster: Roster, words: Wording) -> list[Delivery]:
    """Return the deliveries of rows, the newest first."""
    found = [_delivery(row, roster, words) for row in rows if not isinstance(row.body, WorkflowOrder)]
    return sorted(found, key=lambda each: (each.at, each.row_id), reverse=True)


def _delivery(row: OutboxRow, roster: Roster, words: Wording) -> Delivery:
    body = row.body
    if isinstance(body, WorkflowOrder):
        raise TypeError(f"{row.id} tells nobody")
    return Delivery(
        at=row.finished_at or row.created_at,
        number=body.incident_number,
        whom=_whom(body, roster, words),
        channel=words.text(f"channel.{body.channel.value}") if isinstance(body, Message) else "",
        what=_what(body, words),
        state=words.text(f"delivery_state.{_state(row)}"),
        tone=_TONES[row.state],
        attempts=row.attempts,
        parts=row.parts,
        provider_id=row.provider_id or "",
        why=_why(row, words),
        text=row.sent_text,
        row_id=row.id,
        bundled_into=row.bundled_into or "",
        drill=body.drill,
    )


def _what(body: Message | ChatPost, words: Wording) -> str:
    """Name what a message is; one form serves many occasions, of which each says its own."""
    news = body.params.get("news_key", "")
    if body.moment == _ANY_OCCASION and news in words:
        return words.text(news)
    key = f"delivery.{body.moment}"
    return words.text(key) if key in words else body.moment


def _why(row: OutboxRow, words: Wording) -> str:
    said = row.last_error
    if said.endswith(_DECIDED):
        return words.text("delivery_why.decided")
    if said.startswith(_UNANSWERED):
        return words.text("delivery_why.unanswered", attempts=row.attempts)
    key = f"delivery_why.{said}"
    return words.text(key) if key in words else said


def _whom(body: Message | ChatPost, roster: Roster, words: Wording) -> str:
    if isinstance(body, ChatPost):
        return f"{TARGET_PREFIX}{body.target}"
    person = roster.people.get(body.person_id)
    return person.name if person is not None else words.text("page.unknown_person")


def _state(row: OutboxRow) -> str:
    if row.state is OutboxState.CLAIMED:
        return OutboxState.PENDING.value
    held = row.state is OutboxState.PENDING and (
        row.waited or (isinstance(row.body, Message) and row.body.held)
    )
    return "held" if held else row.state.value


def counted(found: Iterable[Delivery]) -> Iterator[tuple[str, int]]:
    """Yield how many deliveries came to each state, in the order in which the states first appear."""
    counts: dict[str, int] = {}
    for each in found:
        counts[each.state] = counts.get(each.state, 0) + 1
    yield from counts.items()
