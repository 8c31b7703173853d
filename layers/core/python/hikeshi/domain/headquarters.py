"""The headquarters of an incident, what it is told, and what it tells everybody."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlsplit

from hikeshi.domain.errors import InvalidFormError

MOST_MEMBERS = 20
"""Who sits in it: everybody is told in the transaction that changes it, on every channel."""

_HOST = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_PHONE = re.compile(r"\+?[0-9][0-9() -]{8,18}[0-9]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """That a person answered a call or read a text, and when; ``by`` is a person id."""

    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Headquarters:
    """Who stands together in one generation of an incident.

    Attributes
    ----------
    generation : int
        Of the incident: one that is opened again calls a new one.
    reason : str
        Why it was called; empty if the level asked for it.
    chief : str
        Person id of the 本部長.
    members : tuple of str
        Person ids, the chief's among them.
    attendance : tuple of Receipt
        Who has answered the roll.
    established_at : datetime or None
        When more than half of the members had.
    meeting, meeting_code : str
        Where they meet: an https address or a phone number, and the code that lets one in.
    """

    generation: int
    opened_by: str
    opened_at: datetime
    chief: str
    members: tuple[str, ...]
    reason: str = ""
    attendance: tuple[Receipt, ...] = ()
    established_at: datetime | None = None
    meeting: str = ""
    meeting_code: str = ""

    @property
    def quorum(self) -> int:
        """How many must be there: more than half."""
        return len(self.members) // 2 + 1

    @property
    def present(self) -> tuple[str, ...]:
        """Person ids of the members who have answered the roll, in the order of their answers."""
        return tuple(each.by for each in self.attendance if each.by in self.members)

    @property
    def absent(self) -> tuple[str, ...]:
        """Person ids of the members who have not."""
        return without(self.members, (each.by for each in self.attendance))


class InboundVerdict(StrEnum):
    """What became of a report to the headquarters."""

    UNVERIFIED = "unverified"
    VERIFIED = "verified"
    REJECTED = "rejected"


@dataclass(frozen=True, kw_only=True, slots=True)
class InboundReport:
    """What somebody reports to the headquarters, not to be believed before somebody else has checked it.

    Attributes
    ----------
    source : str
        Where the sender has it from.
    grounds : str
        What the verdict rests on.
    fact : str or None
        Id of the fact that it became.
    """

    id: str
    source: str
    words: str
    filed_by: str
    filed_at: datetime
    verdict: InboundVerdict = InboundVerdict.UNVERIFIED
    grounds: str = ""
    judged_by: str | None = None
    judged_at: datetime | None = None
    fact: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Ground:
    """What a bulletin rests on: the id of a fact or of a report, and its words when it was issued."""

    id: str
    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Bulletin:
    """The one picture that everybody shares, until the next number or a withdrawal.

    Attributes
    ----------
    number : int
        1, 2, 3 … through the whole incident; no number is used twice.
    picture : str
        How things stand, as a person wrote it; it has grounds, or it is empty.
    guidance : str
        What to do and what to leave alone.
    grounds : tuple of Ground
        Confirmed facts and verified reports.
    sent_to : tuple of str
        Person ids of all who were told of it.
    receipts : tuple of Receipt
        Who said that they have read it.
    """

    number: int
    generation: int
    issued_by: str
    issued_at: datetime
    picture: str = ""
    guidance: str = ""
    grounds: tuple[Ground, ...] = ()
    sent_to: tuple[str, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = None
    withdrawn_because: str = ""

    @property
    def readers(self) -> tuple[str, ...]:
        """Person ids of those who have read it, in the order in which they did."""
        return tuple(each.by for each in self.receipts)

    @property
    def laggards(self) -> tuple[str, ...]:
        """Person ids of those who were told and have not said that they read it."""
        return without(self.sent_to, self.readers)


class SourceKind(StrEnum):
    """Where one can look to see how things stand."""

    POSTS = "posts"
    COMMENTS = "comments"
    DIRECT_MESSAGES = "direct_messages"
    PLATFORMS = "platforms"
    NEWS = "news"


@dataclass(frozen=True, kw_only=True, slots=True)
class Sighting:
    """What somebody saw in one kind of source; "nothing" is a finding too.

    Attributes
    ----------
    url : str
        Address, may be empty.
    """

    id: str
    generation: int
    kind: SourceKind
    finding: str
    by: str
    at: datetime
    url: str = ""


def meeting_place(typed: str) -> str:
    """Return an https address or a phone number as it is kept; an empty text is no place at all.

    Nothing ever opens it but a person. A host that is not plain ASCII, or a name before an ``@``, could
    pass for another address and is refused.

    Raises
    ------
    InvalidFormError
        If it is neither.
    """
    text = unicodedata.normalize("NFKC", typed).strip()
    if not text or _PHONE.fullmatch(text) or _is_plain_address(text):
        return text
    raise InvalidFormError("write an https:// address or a phone number", field="meeting")


def _is_plain_address(text: str) -> bool:
    if not text.isascii() or any(each.isspace() or each in "<>\"'`\\" for each in text):
        return False
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
        own_port = parts.port is None
    except ValueError:  # a bracket or a port that is none
        return False
    return parts.scheme == "https" and "@" not in parts.netloc and own_port and bool(_HOST.fullmatch(host))


def without(people: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    """Return the people who are not among the others, in order."""
    left_out = frozenset(others)
    return tuple(each for each in people if each not in left_out)
