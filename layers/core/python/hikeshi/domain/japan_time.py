"""Japan's clock: what the configuration and the desk mean when they write a time."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone

JST = timezone(timedelta(hours=9), "JST")
"""Nine hours ahead of UTC all year round: there is no summer time."""

_DAY = timedelta(days=1)


def read_moment(written: object, *, closing: bool = False) -> datetime:
    """Read ``2026-09-07 09:00`` or ``2026-09-07`` as a moment in Japan.

    Parameters
    ----------
    written : object
        Text, or what a YAML reader made of it.
    closing : bool
        Whether the moment ends something: a day alone then counts to its end.

    Raises
    ------
    ValueError
        If it is anything else, or names another zone.
    """
    moment = _parsed(written)
    if isinstance(moment, datetime):
        if moment.tzinfo is None:
            return moment.replace(tzinfo=JST)
        if moment.utcoffset() != JST.utcoffset(None):
            raise ValueError("a time is written as in Japan, without a zone")
        return moment.replace(tzinfo=JST)
    try:
        return datetime.combine(moment, time(), JST) + (_DAY if closing else timedelta())
    except OverflowError:
        raise ValueError("a time this late cannot be counted with") from None


def _parsed(written: object) -> datetime | date:
    if isinstance(written, datetime | date):
        return written
    text = written.strip() if isinstance(written, str) else ""
    for read in (date.fromisoformat, datetime.fromisoformat):
        try:
            return read(text)
        except ValueError:
            continue
    raise ValueError("write a time as 2026-09-07 09:00 or 2026-09-07")
