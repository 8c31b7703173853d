"""What the clock from the post needs and nothing else in an incident keeps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ClockMarks:
    """Moments of one generation; each is kept from the first time on.

    Attributes
    ----------
    posted_at, found_at : datetime or None
        The post that brought the incident back, and when it was found; None are those of the first post.
    told_at : datetime or None
        When the first message about it was written.
    executive_at : datetime or None
        When an executive first answered, whatever the answer was.
    """

    posted_at: datetime | None = None
    found_at: datetime | None = None
    told_at: datetime | None = None
    executive_at: datetime | None = None
