"""Times on Japan's clock, and spans of time, in the words of a catalogue."""

from __future__ import annotations

from datetime import datetime, timedelta

from hikeshi.domain.japan_time import JST
from hikeshi.services.messages.wording import Wording

_DAY = 24 * 60


def to_jst(at: datetime) -> datetime:
    """Return the moment on Japan's clock."""
    return at.astimezone(JST)


def clock(at: datetime) -> str:
    """Return hours and minutes: ``13:31``."""
    return f"{to_jst(at):%H:%M}"


def day(at: datetime, words: Wording) -> str:
    """Return month and day: ``9月3日``."""
    local = to_jst(at)
    return words.text("time.day", month=words.text(f"time.month.{local.month}"), day=local.day)


def date(at: datetime, words: Wording) -> str:
    """Return the day with its year: ``2026年9月3日``."""
    return words.text("time.date", year=to_jst(at).year, day=day(at, words))


def day_and_clock(at: datetime, words: Wording, *, now: datetime | None = None) -> str:
    """Return the day and the clock, or the clock alone on the day that it is ``now``."""
    if now is not None and to_jst(at).date() == to_jst(now).date():
        return clock(at)
    return words.text("time.day_and_clock", day=day(at, words), clock=clock(at))


def full(at: datetime, words: Wording) -> str:
    """Return date, clock and zone: ``2026年9月3日 13:31（日本時間）``."""
    return words.text("time.full", date=date(at, words), clock=clock(at))


def duration(span: timedelta, words: Wording) -> str:
    """Return a span in its two largest units: ``41分``, ``1時間5分``, ``2日3時間``."""
    minutes = max(int(span.total_seconds() // 60), 0)
    days, hours, rest = minutes // _DAY, minutes % _DAY // 60, minutes % 60
    if days:
        return words.text("time.lasting.days_hours" if hours else "time.lasting.days", days=days, hours=hours)
    if hours:
        key = "time.lasting.hours_minutes" if rest else "time.lasting.hours"
        return words.text(key, hours=hours, minutes=rest)
    return words.text("time.lasting.minutes" if rest else "time.lasting.less", minutes=rest)
