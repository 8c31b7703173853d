"""What watching the system itself needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hikeshi.domain.contact_tests import Asked, ContactTest


class Heartbeats(Protocol):
    """Keeps when each scheduled function last did its work."""

    def beat(self, function: str, *, at: datetime) -> None:
        """Note that a function did its work."""
        ...

    def expect(self, function: str, *, at: datetime) -> None:
        """Note that a function is waited for since then; one that was heard of is left as it is."""
        ...

    def last(self) -> Mapping[str, datetime]:
        """Return for each function when it last did its work, or since when it is waited for."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class OperatorCall:
    """What the operator is told: by mail in full, by SMS in one line."""

    subject: str
    mail: str
    sms: str


class OperatorLine(Protocol):
    """Reaches the operator by a way that shares nothing with that of the responders."""

    def call(self, call: OperatorCall) -> None:
        """Hand a call to the provider.

        Raises
        ------
        DeliveryError
            If it was not accepted.
        """
        ...


class OperatorLog(Protocol):
    """Remembers what the operator was told, so that a minute later it is not told again."""

    def told(self, finding: str) -> datetime | None:
        """Return when the operator was last told of a finding."""
        ...

    def note(self, findings: Iterable[str], *, at: datetime) -> None:
        """Note that the operator was told."""
        ...


class ContactTests(Protocol):
    """Keeps contact tests, and who pressed."""

    def start(self, test: ContactTest) -> bool:
        """Store a test; False if it is there already, and then it is left as it is."""
        ...

    def latest(self) -> ContactTest | None:
        """Return the test that was started last."""
        ...

    def press(self, test_id: str, asked: Asked, *, at: datetime) -> None:
        """Note that a person pressed; the first press is kept."""
        ...

    def pressed(self, test_id: str) -> Mapping[Asked, datetime]:
        """Return who pressed on which channel, and when."""
        ...

    def report(self, test_id: str, *, at: datetime) -> None:
        """Note that the desk was told."""
        ...


class OutsideWatch(Protocol):
    """Somebody outside who notices when we fall silent altogether."""

    def tell_alive(self) -> bool:
        """Say that we are alive; False if it was not heard, which whoever listens will notice anyway."""
        ...
