"""Kinds of values that the sections of the configuration share."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

_DURATION = re.compile(r"(\d{1,8})\s*([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


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
    """Write a duration as it is read."""
    return f"{int(value.total_seconds())}s"


Duration = Annotated[
    timedelta, BeforeValidator(read_duration), PlainSerializer(write_duration, return_type=str)
]
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9._-]{0,39}$")]
Text = Annotated[str, Field(min_length=1, max_length=200)]


class Model(BaseModel):
    """A part of the configuration; a field it does not know is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")
