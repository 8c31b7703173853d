"""What people outside are told and given, one by one: enquiries, compensation, and who helps with it.

People outside are case numbers here, as the support desk keeps them: never names, numbers or addresses.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

_CASE_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9-]{0,19}")
_CONTACT = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+|\d[\d\s()-]{8,}\d")
_DIGITS_OF_A_PHONE = 10


class Way(StrEnum):
    """How somebody turned to us."""

    PHONE = "phone"
    MAIL = "mail"
    SNS = "sns"
    REVIEW = "review"
    STORE = "store"


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What was said, by whom and when."""

    text: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Inquiry:
    """Somebody who turned to us.

    Attributes
    ----------
    number : str
        The case number of the support desk.
    gist : str
        What they said, without anything that tells who they are.
    due_at : datetime
        When they should have their reply.
    reply : Answer or None
        What they were told themselves.
    public : Answer or None
        What everybody can read about it, or why there is nothing to read.
    """

    id: str
    number: str
    way: Way
    gist: str
    taken_by: str
    taken_at: datetime
    due_at: datetime
    reply: Answer | None = None
    public: Answer | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the keys of what was not recorded yet: ``reply``, ``public``."""
        found = {"reply": self.reply, "public": self.public}
        return tuple(key for key, answer in found.items() if answer is None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Compensation:
    """Something promised to somebody, by case number; ``amount_yen`` is its worth in whole yen."""

    id: str
    number: str
    what: str
    amount_yen: int
    promised_by: str
    promised_at: datetime
    due_at: datetime
    paid_by: str | None = None
    paid_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Surge:
    """A time in which more people answer than usual; ``people`` are person ids."""

    id: str
    people: tuple[str, ...]
    begun_by: str
    begun_at: datetime
    ended_by: str | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CareCheck:
    """A look around after the end; ``calm`` if nothing was found."""

    id: str
    by: str
    at: datetime
    calm: bool
    note: str = ""


def case_number(typed: str) -> str | None:
    """Return a case number as it is kept; None if it is not made of letters, digits and hyphens."""
    number = unicodedata.normalize("NFKC", typed).strip().upper()
    is_one = _CASE_NUMBER.fullmatch(number) and any(sign.isdigit() for sign in number)
    return number if is_one and not names_somebody(number) else None


def names_somebody(text: str) -> bool:
    """Tell whether a text holds a phone number or a mail address."""
    found = _CONTACT.findall(unicodedata.normalize("NFKC", text))
    return any("@" in each or sum(map(str.isdigit, each)) >= _DIGITS_OF_A_PHONE for each in found)
