"""The timeline of an incident: append-only, each entry bound to the one before by SHA-256."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

SYSTEM = "hikeshi"
GENESIS = "0" * 64


@dataclass(frozen=True, kw_only=True, slots=True)
class TimelineEvent:
    """Something that happened, before it has its place in the chain.

    Attributes
    ----------
    kind : str
        Key of the sentence in the message catalogue, ``timeline.<kind>``.
    actor : str
        Person id, or ``hikeshi``.
    details : mapping of str to str
        Values of the sentence; never a phone number, mail address, token or post author.
    """

    kind: str
    at: datetime
    actor: str = SYSTEM
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class TimelineEntry:
    """An event in its place: sequence number, hash of the entry before, own hash."""

    seq: int
    event: TimelineEvent
    previous: str
    digest: str


def chain(events: Iterable[TimelineEvent], *, after_seq: int, after_digest: str) -> tuple[TimelineEntry, ...]:
    """Append events to a chain that ends at ``after_seq`` with ``after_digest``."""
    entries: list[TimelineEntry] = []
    for event in events:
        digest = _digest(after_seq + 1, event, after_digest)
        entries.append(TimelineEntry(seq=after_seq + 1, event=event, previous=after_digest, digest=digest))
        after_seq, after_digest = after_seq + 1, digest
    return tuple(entries)


def first_broken(entries: Iterable[TimelineEntry]) -> int | None:
    """Return the sequence number of the first entry that does not fit, or None if all do."""
    expected_seq, previous = 1, GENESIS
    for entry in entries:
        intact = (
            entry.seq == expected_seq
            and entry.previous == previous
            and entry.digest == _digest(entry.seq, entry.event, previous)
        )
        if not intact:
            return expected_seq
        expected_seq, previous = expected_seq + 1, entry.digest
    return None


def chain_break(
    entries: Sequence[TimelineEntry], *, end: tuple[int, str], hidden: Collection[int] = ()
) -> int | None:
    """Return the number of the first entry that does not fit, one after the last if the end is missing.

    Parameters
    ----------
    end : (int, str)
        Number and digest of the last entry, from elsewhere: a chain alone cannot show that it was cut off.
    hidden : collection of int
        Entries whose words are hidden: of these only the place in the chain is checked.
    """
    seq, previous = 0, GENESIS
    for entry in entries:
        placed = entry.seq == seq + 1 and entry.previous == previous
        if not placed or (
            entry.seq not in hidden and entry.digest != _digest(entry.seq, entry.event, previous)
        ):
            return seq + 1
        seq, previous = entry.seq, entry.digest
    return None if (seq, previous) == end else seq + 1


def _digest(seq: int, event: TimelineEvent, previous: str) -> str:
    body = [seq, event.kind, event.at.isoformat(), event.actor, sorted(event.details.items()), previous]
    return hashlib.sha256(json.dumps(body, ensure_ascii=False).encode()).hexdigest()
