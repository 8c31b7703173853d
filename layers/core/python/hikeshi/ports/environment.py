"""Time, ids and randomness."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the current time, aware, UTC."""
        ...


class Ids(Protocol):
    """Makes identifiers and secrets."""

    def ulid(self) -> str:
        """Return a new ULID: 26 characters, sortable by time."""
        ...

    def nonce(self) -> str:
        """Return 16 random bytes as 32 hex digits."""
        ...

    def check_number(self) -> str:
        """Return two random digits, ``10`` to ``99``."""
        ...
