"""How often one person is disturbed on one channel, and what they were told last.

What is over a cap is not lost: it waits, and what has waited together travels as one text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hikeshi.domain.assessment import Level
from hikeshi.domain.outbox import Message
from hikeshi.domain.people import Channel

PAGE = "page"
URGENT = frozenset({PAGE, "called_in", "level_raised", "peril", "roll_call", "statement_flagged", "clock"})
"""Moments that want somebody now: people are reached as they chose for what is urgent, and no cap holds
them back at the highest level, nor where a life is at risk."""

ABOUT_A_LIFE = "life_key"
"""Parameter of every message about a life at risk."""

REMEMBERED = timedelta(hours=24)
"""How long it is remembered what a person was told; longer than any message waits."""

LAST_WORDS = frozenset({"closed", "dismissed"})
"""Moments that end an incident: the only ones that still go out when it is over."""

OVERTAKEN_BY = {
    "status": LAST_WORDS | {"status"},
    "acknowledged": LAST_WORDS | {"acknowledged"},
    "level_raised": LAST_WORDS | {"level_raised"},
    "clock": LAST_WORDS | {"clock"},
    "remind": LAST_WORDS | {"remind", "status"},
}
"""Moments that only say where things stand: any of the named, if newer, makes them pointless."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cap:
    """At most so many texts within a span of time."""

    within: timedelta
    at_most: int


DEFAULT_CAPS = (
    Cap(within=timedelta(minutes=1), at_most=1),
    Cap(within=timedelta(minutes=15), at_most=5),
    Cap(within=timedelta(hours=1), at_most=11),
    Cap(within=timedelta(hours=3), at_most=21),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sending:
    """A text that went out, or was about to; ``row_id`` is the row that it was sent for."""

    row_id: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """The newest that a person was told of an incident in one kind of message."""

    incident_id: str
    moment: str
    version: int
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class SendLog:
    """What went to one person on one channel lately; ``version`` counts its changes, from 0."""

    person_id: str
    channel: Channel
    sendings: tuple[Sending, ...] = ()
    told: tuple[Told, ...] = ()
    version: int = 0

    def free_at(self, row_id: str, *, caps: Iterable[Cap], at: datetime) -> datetime:
        """Return when the next text may go: ``at`` itself if nothing stands against it.

        A row that is in the log already has its place: it was counted, and then its process died.
        """
        if any(sending.row_id == row_id for sending in self.sendings):
            return at
        times = sorted(sending.at for sending in self.sendings)
        full = (times[-cap.at_most] + cap.within for cap in caps if len(times) >= cap.at_most)
        return max((at, *full))

    def counted(
        self, row_id: str, messages: Iterable[Message], *, caps: Iterable[Cap], at: datetime
    ) -> SendLog:
        """Return the log with one more text, and what it tells; what is too old to matter falls out."""
        longest = max((cap.within for cap in caps), default=timedelta())
        kept = [each for each in self.sendings if each.at > at - longest and each.row_id != row_id]
        told = {(each.incident_id, each.moment): each for each in self.told if each.at > at - REMEMBERED}
        for message in messages:
            key = (message.incident_id, message.moment)
            if message.incident_number and (key not in told or told[key].version <= message.incident_version):
                told[key] = Told(
                    incident_id=message.incident_id,
                    moment=message.moment,
                    version=message.incident_version,
                    at=at,
                )
        return replace(
            self,
            sendings=(*kept, Sending(row_id=row_id, at=at)),
            told=tuple(told.values()),
            version=self.version + 1,
        )

    def has_overtaken(self, message: Message) -> bool:
        """Tell whether the person already knows something newer than the message says."""
        newer = OVERTAKEN_BY.get(message.moment, frozenset())
        return any(
            each.incident_id == message.incident_id
            and each.moment in newer
            and each.version > message.incident_version
            for each in self.told
        )


def is_capped(message: Message) -> bool:
    """Tell whether the caps hold for a message; nothing holds back a critical page, nor a call about a life.

    Held back, such a call would also travel under the words of another message, which say nothing of a life.
    """
    is_critical = message.level is Level.CRITICAL and message.moment in URGENT
    return not (is_critical or calls_about_a_life(message.moment, message.params))


def calls_about_a_life(moment: str, params: Mapping[str, str]) -> bool:
    """Tell whether a message calls somebody about a life at risk: neither caps nor quiet hours hold it."""
    return moment in URGENT and ABOUT_A_LIFE in params


def overtakes(newer: Message, older: Message) -> bool:
    """Tell whether one of two waiting messages says all that the other would, and later."""
    return (
        newer.incident_id == older.incident_id
        and newer.moment in OVERTAKEN_BY.get(older.moment, frozenset())
        and newer.incident_version > older.incident_version
    )
