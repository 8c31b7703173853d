"""Which moments people can mean when they type one: what cannot be is refused, with the field at fault."""

from __future__ import annotations

from datetime import datetime, timedelta

from hikeshi.domain.errors import InvalidFormError
from hikeshi.domain.japan_time import JST

EARLIEST = datetime(2000, 1, 1, tzinfo=JST)
"""Before that nothing was posted that anybody asks about today; a year before it is a slip of the finger."""

A_YEAR = timedelta(days=366)
"""How far ahead something may be promised; whatever takes longer is promised in steps."""


def check_happened(at: datetime, *, now: datetime, field: str) -> None:
    """Hold the time of something that has happened against the clock.

    Raises
    ------
    InvalidFormError
        ``ahead`` if it is still to come, ``too_early`` if it is before :data:`EARLIEST`.
    """
    if at > now:
        raise InvalidFormError("this has not happened yet", field=field, why="ahead")
    if at < EARLIEST:
        raise InvalidFormError("before the year 2000", field=field, why="too_early")


def check_to_come(at: datetime, *, now: datetime, field: str, within: timedelta = A_YEAR) -> None:
    """Hold a time by which something is promised against the clock.

    Raises
    ------
    InvalidFormError
        ``past`` if it is not to come, ``too_far`` if it is further ahead than ``within``.
    """
    if at <= now:
        raise InvalidFormError("this time is past", field=field, why="past")
    if at > now + within:
        raise InvalidFormError(f"more than {within.days} days ahead", field=field, why="too_far")
