"""Phones and mailboxes that remember what was expected: whatever arrives beside it fails the test."""

from __future__ import annotations

import time
from collections.abc import Iterable

from infra.local.people import EVERY_SECONDS, Inbox, Received

BOTH = ("sms", "mail")


class Devices:
    """Everybody's devices together."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self._claimed: set[str] = set()

    def expect(
        self,
        people: Iterable[str],
        words: str,
        *,
        channels: tuple[str, ...] = BOTH,
        seconds: float = 75,
    ) -> list[Received]:
        """Wait until each person has got one message with these words on each channel."""
        wanted = {(person, channel) for person in people for channel in channels}
        found: list[Received] = []
        deadline = time.monotonic() + seconds
        while wanted:
            for message in self._inbox.messages():
                key = (message.person, message.channel)
                fits = words in message.text or words in message.subject
                if key in wanted and fits and message.id not in self._claimed:
                    self._claimed.add(message.id)
                    wanted.remove(key)
                    found.append(message)
            if wanted and time.monotonic() > deadline:
                missing = ", ".join(f"{person} ({channel})" for person, channel in sorted(wanted))
                raise AssertionError(f"no message with {words!r} within {seconds:.0f} s for {missing}")
            if wanted:
                time.sleep(EVERY_SECONDS)
        return found

    def expect_whoever(self, words: str) -> int:
        """Take every message with these words as expected, whomever it reached; returns how many."""
        found = [m for m in self._inbox.messages() if words in m.text or words in m.subject]
        self._claimed |= {message.id for message in found}
        return len(found)

    def claim(self, message: Received) -> None:
        """Take a message as expected; for tests that are about something else."""
        self._claimed.add(message.id)

    def unexpected(self) -> list[str]:
        """Return what arrived and nobody expected."""
        extra = [m for m in self._inbox.messages() if m.id not in self._claimed]
        return [f"{m.person} ({m.channel}): {m.subject or m.text.splitlines()[0]}" for m in extra] + [
            f"a stranger: {message['address'] or message['recipient']}" for message in self._inbox.strangers()
        ]
