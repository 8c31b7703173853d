"""Every SMS, mail and call to the operator that the stack sent, kept in a small database as they arrive."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_LINK = re.compile(r"https?://[^\s<>\"']+/r/[1-9A-HJ-NP-Za-km-z]{22}(?![1-9A-HJ-NP-Za-km-z])")
_NUMBER = re.compile(r"(?:確認番号|番号|number|code)\s*[:：]?\s*(\d{2})(?!\d)", re.IGNORECASE)

_TABLE = """
CREATE TABLE IF NOT EXISTS messages (
    id TEXT PRIMARY KEY, channel TEXT, address TEXT, recipient TEXT, subject TEXT, text TEXT,
    arrived_at TEXT, hidden INTEGER DEFAULT 0)
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class ArrivedMessage:
    """One SMS (``address`` is the number), mail (``recipient`` is a person id) or call to the operator.

    ``channel`` is ``sms``, ``mail`` or ``operator``.
    """

    id: str
    channel: str
    text: str
    arrived_at: datetime
    address: str = ""
    recipient: str = ""
    subject: str = ""

    @property
    def links(self) -> tuple[str, ...]:
        """Signed links in the text, in order."""
        return tuple(_LINK.findall(self.text))

    @property
    def number(self) -> str | None:
        """The two digits printed beside the link, if any."""
        found = _NUMBER.search(self.text)
        return found[1] if found else None


class MessageStore:
    """Keeps messages; one that arrives twice under its id is one message."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with closing(self._open()) as database, database:
            database.execute(_TABLE)

    def keep(self, messages: Sequence[ArrivedMessage]) -> None:
        """Store messages that are not held yet."""
        rows = [
            (m.id, m.channel, m.address, m.recipient, m.subject, m.text, m.arrived_at.isoformat())
            for m in messages
        ]
        with closing(self._open()) as database, database:
            database.executemany("INSERT OR IGNORE INTO messages VALUES (?, ?, ?, ?, ?, ?, ?, 0)", rows)

    def all(self) -> list[ArrivedMessage]:
        """Return messages in the order of arrival."""
        with closing(self._open()) as database:
            rows = database.execute(
                "SELECT id, channel, address, recipient, subject, text, arrived_at FROM messages"
                " WHERE NOT hidden ORDER BY arrived_at, rowid"
            ).fetchall()
        return [
            ArrivedMessage(
                id=row[0],
                channel=row[1],
                address=row[2],
                recipient=row[3],
                subject=row[4],
                text=row[5],
                arrived_at=datetime.fromisoformat(row[6]),
            )
            for row in rows
        ]

    def hide_all(self) -> None:
        """Empty the inbox; the emulator may hand the same messages over again, they stay hidden."""
        with closing(self._open()) as database, database:
            database.execute("UPDATE messages SET hidden = 1")

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=10)


def sms_in(answer: Any, *, at: datetime) -> list[ArrivedMessage]:
    """Read the emulator's list of SMS, oldest first."""
    found = []
    for records in answer.get("sms_messages", {}).values():
        found += [
            ArrivedMessage(
                id=record["MessageId"],
                channel="sms",
                address=record["PhoneNumber"],
                text=record["Message"],
                arrived_at=at,
            )
            for record in records
        ]
    return found


def mail_in(body: str, *, at: datetime, operator_topic: str) -> ArrivedMessage:
    """Read the envelope that SNS puts into the mail queue; the topic tells a mail from a call."""
    envelope = json.loads(body)
    attributes = envelope.get("MessageAttributes") or {}
    stamp = envelope.get("Timestamp")
    return ArrivedMessage(
        id=envelope["MessageId"],
        channel="operator" if envelope.get("TopicArn") == operator_topic else "mail",
        recipient=attributes.get("recipient", {}).get("Value", ""),
        subject=envelope.get("Subject") or "",
        text=envelope["Message"],
        arrived_at=datetime.fromisoformat(stamp).astimezone(UTC) if stamp else at,
    )
