"""Tells the rooms of chats what people are told, beside SMS and mail and never in their place.

The rows that tell people are also what a room hears of: from each cause one post for each room. A post
carries no link, since a link belongs to one person, and whatever happens to it delays nobody's message.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from hikeshi.domain.chats import TARGET_PREFIX, Chat
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.errors import DeliveryError, NotFoundError, UndeliverableError
from hikeshi.domain.outbox import MAX_ATTEMPTS, ChatPost, Message, OutboxRow
from hikeshi.ports.chatting import ChatSender
from hikeshi.ports.drills import Drills
from hikeshi.ports.environment import Clock, Ids
from hikeshi.ports.responding import IncidentRepository, Outbox
from hikeshi.services.drills.drill_gate import why_withheld
from hikeshi.services.messages.compose import compose_line
from hikeshi.services.messages.dispatch import FALLBACK, RETRY_AFTER, Outcome
from hikeshi.services.messages.freshness import why_stale
from hikeshi.services.messages.life_words import ALL_CLEAR, PERIL_LEFT
from hikeshi.services.messages.notices import NEWCOMER
from hikeshi.services.messages.up_to_date import up_to_date
from hikeshi.services.messages.wording import Wording

OF_A_LIFE = frozenset({"peril", PERIL_LEFT, "help_called"})
"""A room that was asked to call the police hears of the call as well, and of what asks for none any more."""

HEARD = OF_A_LIFE | {"page", "level_raised", "acknowledged", "clock", "dismissed", "closed"}
NEWS = frozenset({"news.fact_check", "news.response", "news.calming", ALL_CLEAR})
"""What a room hears of where an incident stands: that somebody has it, and that no life is at risk."""

MAX_TOGETHER = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class ChatPoster:
    """Posts rows of the outbox into rooms."""

    outbox: Outbox
    incidents: IncidentRepository
    drills: Drills
    sender: ChatSender
    configuration: Configuration
    clock: Clock
    ids: Ids

    def due(self) -> Sequence[OutboxRow]:
        """Return the posts that are due now."""
        return self.outbox.due("chat", at=self.clock.now())

    def post(self, row: OutboxRow) -> Outcome:
        """Post a row, with whatever else is due for its room, if it is free and still true."""
        at = self.clock.now()
        claimed = self.outbox.claim(row, by=self.ids.ulid(), at=at)
        if claimed is None or not isinstance(claimed.body, ChatPost):
            return Outcome.SKIPPED
        chat = self._room(claimed.body.target)
        if withheld := why_withheld(claimed.body, self.drills):
            return self._finish(claimed.withheld(withheld, at=at), Outcome.WITHHELD)
        why = "no such chat" if chat is None else self._why_stale(claimed.body)
        if chat is None or why:
            return self._finish(claimed.cancelled(why, at=at), Outcome.CANCELLED)
        if claimed.attempts >= MAX_ATTEMPTS:
            return self._finish(claimed.failed(claimed.last_error, at=at), Outcome.FAILED)
        together = (claimed, *self._others(claimed, claimed.body))
        return self._send(chat, together)

    def _send(self, chat: Chat, rows: Sequence[OutboxRow]) -> Outcome:
        playbooks = self.configuration.playbooks
        told = [
            replace(row, body=up_to_date(row.body, incidents=self.incidents, playbooks=playbooks))
            for row in rows
            if isinstance(row.body, ChatPost)
        ]
        text = "\n".join(_lines(told, Wording(chat.language)))
        going = [attempt for row in rows if self.outbox.finish(attempt := row.attempted())]
        if not going:
            return Outcome.SKIPPED
        try:
            provider_id = self.sender.post(chat, text, key=going[0].id)
        except UndeliverableError as error:
            return self._ended([row.failed(str(error), at=self.clock.now()) for row in going], Outcome.FAILED)
        except DeliveryError as error:
            until = self.clock.now() + RETRY_AFTER
            later = [row.postponed(until=until, error=str(error)) for row in going]
            return self._ended(later, Outcome.POSTPONED)
        at = self.clock.now()
        head = going[0].sent(provider_id=provider_id, parts=1, text=text, at=at)
        return self._ended([head, *(row.bundled(into=head.id, at=at) for row in going[1:])], Outcome.SENT)

    def _others(self, first: OutboxRow, post: ChatPost) -> Iterator[OutboxRow]:
        at, taken = self.clock.now(), 1
        for row in self.due():
            other = row.body if row.id != first.id else None
            same = isinstance(other, ChatPost) and (other.target, other.drill) == (post.target, post.drill)
            if not same or row.attempts >= MAX_ATTEMPTS or taken >= MAX_TOGETHER:
                continue
            claimed = self.outbox.claim(row, by=first.claim or "", at=at)
            if claimed is None or not isinstance(claimed.body, ChatPost):
                continue
            if why := self._why_stale(claimed.body):
                self._finish(claimed.cancelled(why, at=at), Outcome.CANCELLED)
            elif claimed.attempts < MAX_ATTEMPTS:
                taken += 1
                yield claimed

    def _room(self, target: str) -> Chat | None:
        return next((chat for chat in self.configuration.chats if chat.name == target), None)

    def _why_stale(self, post: ChatPost) -> str:
        try:
            return why_stale(post, self.incidents.room(post.incident_id))
        except NotFoundError:
            return "no such incident"

    def _ended(self, rows: Iterable[OutboxRow], outcome: Outcome) -> Outcome:
        for row in rows:
            self.outbox.finish(row)
        return outcome

    def _finish(self, row: OutboxRow, outcome: Outcome) -> Outcome:
        return outcome if self.outbox.finish(row) else Outcome.SKIPPED


def tell_chats(rows: Iterable[OutboxRow], chats: Sequence[Chat], *, outbox: Outbox) -> None:
    """Queue what the rooms are to hear of messages to people; the same cause is heard once."""
    found = {row.id: row for row in posts_of(rows, chats)}
    if found:
        outbox.add(tuple(found.values()))


def posts_of(rows: Iterable[OutboxRow], chats: Sequence[Chat]) -> Iterator[OutboxRow]:
    """Make the rows of posts from those of messages: one for each room and cause, in either's language."""
    for row in rows:
        message = row.body
        if not isinstance(message, Message) or not _is_heard(row, message):
            continue
        cause = row.id.removesuffix(f"/{message.person_id}/{message.way}")
        for chat in chats:
            if message.level in chat.levels:
                post = ChatPost(
                    target=chat.name,
                    moment=message.moment,
                    level=message.level,
                    incident_id=message.incident_id,
                    incident_number=message.incident_number,
                    generation=message.generation,
                    params={name: said for name, said in message.params.items() if name != NEWCOMER},
                    cancel_when_decided=message.cancel_when_decided,
                    drill=message.drill,
                )
                row_id = f"{cause}/{TARGET_PREFIX}{chat.name}"
                yield OutboxRow(id=row_id, body=post, created_at=row.created_at, due_at=row.created_at)


def _is_heard(row: OutboxRow, message: Message) -> bool:
    if not message.incident_number or row.id.endswith(FALLBACK):
        return False
    is_news = message.moment == "status" and message.params.get("news_key") in NEWS
    return is_news or message.moment in HEARD


def _lines(rows: Sequence[OutboxRow], wording: Wording) -> Iterator[str]:
    """Write a line for each row, the most urgent first, and below them where to answer."""
    posts = [(row.body, row.created_at) for row in rows if isinstance(row.body, ChatPost)]
    for post, at in sorted(posts, key=lambda each: -each[0].level.rank):
        yield compose_line(post, wording=wording, at=at)
    if any(post.moment == "page" for post, _ in posts):
        yield wording.text("chat.how")
