"""Submitted forms, read strictly: what a form of ours cannot send is refused, and nothing raises 500."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar
from urllib.parse import parse_qsl

from hikeshi.domain.errors import InvalidFormError
from hikeshi.domain.japan_time import JST
from hikeshi.domain.plain_text import plain, plain_line

MAX_BODY = 64 * 1024
MEDIA_TYPE = "application/x-www-form-urlencoded"
_MAX_FIELDS = 24
_MOST_PICKED = 250
"""Ticks in one field of which several may be set; more things than a page offers."""

_DIGITS = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """What one field may hold; ``limit`` counts characters after line ends are made one character.

    Of a ``several`` field the form has one tick for each thing that can be picked; what was picked is read
    as one text, with a space between.
    """

    limit: int
    required: bool = True
    lines: bool = False
    several: bool = False


CHECK_NUMBER = Field(limit=8)
ID = Field(limit=80)
TICK = Field(limit=3, required=False)
PICKED = Field(limit=1000, required=False, several=True)
COUNT = Field(limit=6)
CHOICE = Field(limit=20)
MOMENT = Field(limit=20)
REASON = Field(limit=500, lines=True)
GROUNDS = Field(limit=1000, lines=True)
ESSAY = Field(limit=4000, lines=True)
OPTIONAL_ESSAY = Field(limit=4000, lines=True, required=False)


def read_fields(body: bytes, *, media_type: str, fields: Mapping[str, Field]) -> dict[str, str]:
    """Take a body apart into the fields of a form; every field is there, optional ones perhaps empty.

    Raises
    ------
    InvalidFormError
        If it is not a form in UTF-8, is too long, or has an unknown or a repeated field.
    """
    if len(body) > MAX_BODY:
        raise InvalidFormError(f"the form is longer than {MAX_BODY} bytes")
    if body and media_type.partition(";")[0].strip().lower() != MEDIA_TYPE:
        raise InvalidFormError(f"a form is sent as {MEDIA_TYPE}")
    given: dict[str, str] = {}
    ticks = sum(_MOST_PICKED for field in fields.values() if field.several)
    for name, value in _pairs(body, most=_MAX_FIELDS + ticks):
        if name not in fields:
            raise InvalidFormError("the form has an unknown field")
        if name in given and not fields[name].several:
            raise InvalidFormError("a field is given twice", field=name)
        written = plain(value) if fields[name].lines else plain_line(value)
        given[name] = f"{given[name]} {written}" if name in given else written
    return {name: given.get(name, "") for name in fields}


def check_fields(form: Mapping[str, str], fields: Mapping[str, Field]) -> None:
    """Hold what was typed against what the fields may hold.

    Raises
    ------
    InvalidFormError
        Naming the first field that is missing or too long.
    """
    for name, field in fields.items():
        value = form[name]
        if field.required and not value:
            raise InvalidFormError("a field is missing", field=name, why="missing")
        if len(value) > field.limit:
            raise InvalidFormError(f"longer than {field.limit} characters", field=name, why="too_long")
    if "check_number" in form and not _is_two_digits(check_number_of(form)):
        raise InvalidFormError("the check number has two digits", field="check_number", why="two_digits")


def count(value: str, *, field: str) -> int:
    """Read a whole number, whatever the width of its digits; InvalidFormError names the field."""
    plain = unicodedata.normalize("NFKC", value)
    if not (plain.isascii() and plain.isdigit()):
        raise InvalidFormError("a whole number is wanted", field=field, why="number")
    return int(plain)


Choice = TypeVar("Choice", bound=StrEnum)


def choice(kind: type[Choice], value: str, *, field: str) -> Choice:
    """Read one of the values that a field offers; InvalidFormError names the field."""
    if value not in set(kind):
        raise InvalidFormError("the form does not offer this", field=field, why="choice")
    return kind(value)


def numbers(value: str, *, field: str) -> tuple[int, ...]:
    """Read numbers however they are set apart; ``1、2`` and ``１ ２`` alike."""
    return tuple(
        count(part, field=field)
        for part in value.replace("、", " ").replace(",", " ").replace("，", " ").split()
    )


def moment(value: str, *, field: str) -> datetime | None:
    """Read a date and time as the browser's field gives it, in JST; None if it is blank."""
    if not value:
        return None
    try:
        local = datetime.fromisoformat(value)
    except ValueError:
        raise InvalidFormError("not a date and time", field=field, why="moment") from None
    if local.tzinfo is not None:
        raise InvalidFormError("a local time has no zone", field=field)
    return local.replace(tzinfo=JST)


def check_number_of(form: Mapping[str, str]) -> str:
    """Return the check number as ASCII digits, however the keyboard wrote them."""
    return unicodedata.normalize("NFKC", form["check_number"])


def _is_two_digits(number: str) -> bool:
    return len(number) == _DIGITS and number.isascii() and number.isdigit()


def _pairs(body: bytes, *, most: int) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            body.decode("utf-8"),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=most,
        )
    except ValueError:  # bad UTF-8, bad pairs, too many of them
        raise InvalidFormError("the body is not a form in UTF-8") from None
