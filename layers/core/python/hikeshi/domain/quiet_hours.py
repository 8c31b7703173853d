"""Hours in which a person is not to be woken, except for what is critical."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from hikeshi.domain.japan_time import JST

_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class QuietHours:
    """From one time of day to another on Japan's clock, across midnight if the end comes first."""

    begins: time
    ends: time

    def end_after(self, at: datetime) -> datetime | None:
        """Return when the quiet that covers a moment is over; None if it is not quiet then."""
        today = at.astimezone(JST).date()
        for day in (today - _DAY, today):
            begins = datetime.combine(day, self.begins, JST)
            ends = datetime.combine(day, self.ends, JST)
            if ends <= begins:
                ends += _DAY
            if begins <= at < ends:
                return ends
        return None
