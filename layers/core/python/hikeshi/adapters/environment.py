"""The real clock and the operating system's randomness."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from ulid import ULID


class SystemClock:
    """Tells the machine's time."""

    def now(self) -> datetime:
        """Return the current time, aware, UTC."""
        return datetime.now(UTC)


class SystemIds:
    """Makes identifiers from the operating system's randomness."""

    def ulid(self) -> str:
        """Return a new ULID."""
        return str(ULID())

    def nonce(self) -> str:
        """Return 16 random bytes as 32 hex digits."""
        return secrets.token_hex(16)

    def check_number(self) -> str:
        """Return two random digits, ``10`` to ``99``."""
        return str(10 + secrets.randbelow(90))
