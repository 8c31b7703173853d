"""Between those who look after somebody and those who read every post."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from hikeshi.domain.exposure import Exposed, Watched


class WatchedPeople(Protocol):
    """Everybody whose consent to be watched over holds."""

    def current(self) -> Sequence[Watched]:
        """Return them, at most a minute old; what was taken back is forgotten with that."""
        ...


class ExposureReports(Protocol):
    """Carries what was found to the incident that it belongs to."""

    def report(self, exposed: Exposed) -> None:
        """Hand a find over; the same one any number of times.

        Raises
        ------
        DeliveryError
            If it was not accepted.
        """
        ...
