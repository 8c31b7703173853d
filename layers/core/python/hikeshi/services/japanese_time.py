"""Times and durations as people in Japan read them."""

from __future__ import annotations

from datetime import datetime, timedelta

from hikeshi.domain.japan_time import JST

_DAY = 24 * 60


def to_jst(at: datetime) -> datetime:
    """Return the moment on Japan's clock."""
    return at.astimezone(JST)


def clock(at: datetime) -> str:
    """Return hours and minutes: ``13:31``."""
    return f"{to_jst(at):%H:%M}"


def clock_with_zone(at: datetime) -> str:
    """Return hours and minutes with the zone, for the one place on a page that names it."""
    return f"{clock(at)}（日本時間）"


def day(at: datetime) -> str:
    """Return month and day: ``9月3日``."""
    local = to_jst(at)
    return f"{local.month}月{local.day}日"


def day_and_clock(at: datetime, *, now: datetime) -> str:
    """Return the clock alone on the same day, with the day before it otherwise."""
    same_day = to_jst(at).date() == to_jst(now).date()
    return clock(at) if same_day else f"{day(at)} {clock(at)}"


def full(at: datetime) -> str:
    """Return date, clock and zone: ``2026年9月3日 13:31（日本時間）``."""
    return f"{to_jst(at).year}年{day(at)} {clock_with_zone(at)}"


def duration(span: timedelta) -> str:
    """Return a span in its two largest units: ``41分``, ``1時間5分``, ``2日3時間``."""
    minutes = max(int(span.total_seconds() // 60), 0)
    if minutes == 0:
        return "1分未満"
    days, hours, rest = minutes // _DAY, minutes % _DAY // 60, minutes % 60
    if days:
        return f"{days}日{hours}時間" if hours else f"{days}日"
    if hours:
        return f"{hours}時間{rest}分" if rest else f"{hours}時間"
    return f"{rest}分"
