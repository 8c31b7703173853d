"""What is known of people beyond the configuration."""

from __future__ import annotations

from typing import Protocol

from hikeshi.domain.standings import Entry, Standings


class Directory(Protocol):
    """Keeps absences, changes of duty, departures, and what became of addresses."""

    def standings(self) -> Standings:
        """Return everything that is kept (strongly consistent).

        Raises
        ------
        UnavailableError
            If it cannot be read now.
        """
        ...

    def put(self, entry: Entry) -> None:
        """Store an entry in place of the one with the same id, or about the same person and address."""
        ...


class OptOuts(Protocol):
    """Knows which numbers the provider refuses."""

    def is_opted_out(self, phone: str) -> bool:
        """Tell whether the owner of a number (E.164) told the provider to send nothing."""
        ...
