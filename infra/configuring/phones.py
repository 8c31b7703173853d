"""Phone numbers as people write them: which can be dialled, and which a text arrives at."""

from __future__ import annotations

import re
from enum import StrEnum

import phonenumbers
from phonenumbers import PhoneNumberType

_TAKES_TEXTS = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})

_INVENTED = re.compile(r"\+81[789]00000\d{4}")
"""090-0000-xxxx and its like belong to nobody: examples and exercises are written with them."""


class Refusal(StrEnum):
    """Why no text can be sent to what was written, a key of ``problems.toml``."""

    NO_NUMBER = "phone"
    TAKES_NO_TEXTS = "phone_without_sms"


def to_e164(written: str) -> str | None:
    """Return a phone number in E.164, None if it cannot be one; numbers without + are Japanese."""
    number = _parsed(written)
    return None if number is None else _e164(number)


def for_texts(written: str) -> str | Refusal:
    """Return a number that texts arrive at in E.164, or why they do not.

    Landlines, free and other special numbers take none: the provider accepts the text, and nobody gets it.
    """
    number = _parsed(written)
    if number is None:
        return Refusal.NO_NUMBER
    dialled, kind = _e164(number), phonenumbers.number_type(number)
    if kind in _TAKES_TEXTS or _INVENTED.fullmatch(dialled):
        return dialled
    return Refusal.NO_NUMBER if kind == PhoneNumberType.UNKNOWN else Refusal.TAKES_NO_TEXTS


def _parsed(written: str) -> phonenumbers.PhoneNumber | None:
    try:
        number = phonenumbers.parse(written, "JP")
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_possible_number(number) else None


def _e164(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
