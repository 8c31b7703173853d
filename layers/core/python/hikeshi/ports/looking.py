"""What looking at somebody else's page needs."""

from __future__ import annotations

from typing import Protocol

from hikeshi.domain.takedowns import Sight


class PageProbe(Protocol):
    """Opens an address on the web, once, and says what is there."""

    def look(self, url: str, *, passage: str) -> Sight:
        """Look for a passage at an address; whatever goes wrong out there is an answer too."""
        ...
