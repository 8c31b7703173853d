"""Kinds of values that the sections of the configuration share."""

from __future__ import annotations

import re
from datetime import time, timedelta
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

_DURATION = re.compile(r"(\d{1,8})\s*([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_SIZES = (("d", 86_400), ("h", 3_600), ("m", 60))


def read_duration(value: object) -> timedelta:
    """Read ``30s``, ``5m``, ``3h`` or ``30d``.

    Raises
    ------
    ValueError
        If it is anything else.
    """
    if isinstance(value, timedelta):
        return value
    found = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise ValueError("write a duration as 30s, 5m, 3h or 30d")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def write_duration(value: timedelta) -> str:
    """Write a duration in the largest unit that is whole: it never has more digits than can be read."""
    seconds = int(value.total_seconds())
    for unit, size in _SIZES:
        if seconds >= size and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


Duration = Annotated[
    timedelta, BeforeValidator(read_duration), PlainSerializer(write_duration, return_type=str)
]


def read_clock(written: str) -> time:
    """Read ``22:00``, a time of day to the minute on Japan's clock.

    Raises
    ------
    ValueError
        If it is anything else; seconds or a zone would be lost when it is published.
    """
    clock = time.fromisoformat(written.strip())
    if clock.tzinfo is not None or clock != clock.replace(second=0, microsecond=0):
        raise ValueError("write hours to the minute, without a zone: 22:00-07:00")
    return clock


Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9._-]{0,39}$")]
Text = Annotated[str, Field(min_length=1, max_length=200)]


class Model(BaseModel):
    """A part of the configuration; a field it does not know is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
