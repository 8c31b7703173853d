"""Experts from outside: who can be asked about what, what they were shown, and what they said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from hikeshi.domain.assessment import Category
from hikeshi.domain.file_kinds import FileKind
from hikeshi.domain.japan_time import JST

WINDOW = timedelta(days=3)
"""How long an expert may see what was shared, unless whoever asks says otherwise."""

WINDOWS = (timedelta(days=1), WINDOW, timedelta(days=7), timedelta(days=14))
"""What may be said; the longest is also how long a link to an expert can live."""

MOST_FILES = 50
"""Files that one question may come with, so that its page opens wherever the expert is."""


class ExpertField(StrEnum):
    """What somebody knows."""

    LAW = "law"
    LABOUR = "labour"
    FOOD_SAFETY = "food_safety"
    SECURITY = "security"
    MEDICINE = "medicine"
    ENGINEERING = "engineering"
    REPUTATION = "reputation"


_C = Category
FITS: Mapping[ExpertField, frozenset[Category]] = {
    ExpertField.LAW: frozenset(Category),
    ExpertField.REPUTATION: frozenset(Category),
    ExpertField.LABOUR: frozenset({_C.HARASSMENT, _C.DISCRIMINATION, _C.MISCONDUCT, _C.SCANDAL, _C.DOXXING}),
    ExpertField.FOOD_SAFETY: frozenset({_C.CONTAMINATION}),
    ExpertField.SECURITY: frozenset({_C.LEAK, _C.DOXXING, _C.ATTACK}),
    ExpertField.MEDICINE: frozenset({_C.CONTAMINATION, _C.DEFECT, _C.HARASSMENT}),
    ExpertField.ENGINEERING: frozenset({_C.DEFECT, _C.LEAK}),
}
"""Which incidents a field has a word on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Expert:
    """An entry of the register.

    Attributes
    ----------
    person_id : str
        Of somebody in the roster whose only role is expert.
    contract : str
        Under which agreement they are asked.
    opens, closes : time or None
        Between which they answer the telephone, in Japan; None if at any time.
    weekdays : bool
        Whether they answer from Monday to Friday only.
    """

    person_id: str
    field: ExpertField
    contract: str
    opens: time | None = None
    closes: time | None = None
    weekdays: bool = True

    def fits(self, category: Category) -> bool:
        """Tell whether an incident of this category is in their field."""
        return category in FITS[self.field]

    def is_reachable(self, at: datetime) -> bool:
        """Tell whether they answer now."""
        local = at.astimezone(JST)
        if self.weekdays and local.isoweekday() > 5:  # noqa: PLR2004  # Friday
            return False
        if self.opens is None or self.closes is None:
            return True
        if self.opens > self.closes:
            return local.time() >= self.opens or local.time() < self.closes
        return self.opens <= local.time() < self.closes


class ExhibitKind(StrEnum):
    """What an expert is shown."""

    FACT = "fact"
    POST = "post"
    STATEMENT = "statement"


@dataclass(frozen=True, kw_only=True, slots=True)
class SharedFile:
    """A file of the room that an expert gets a copy of; ``sha256`` is that of the file as it came."""

    id: str
    title: str
    kind: FileKind
    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Exhibit:
    """One thing as it was when it was shared.

    Attributes
    ----------
    ref : str
        Id of the fact, key of the post, version of the statement.
    note : str
        Catalogue key of what stands beside it, such as the verdict; may be empty.
    sha256 : str
        Digest of the record behind it, empty if there is none.
    files : tuple of SharedFile
        Files that were shared with it.
    """

    kind: ExhibitKind
    ref: str
    text: str
    note: str = ""
    sha256: str = ""
    files: tuple[SharedFile, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Opinion:
    """What the expert said; ``sha256`` is taken over it together with what was asked and shown."""

    text: str
    given_at: datetime
    sha256: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Consultation:
    """A question to one expert, with what they may see to answer it, until when.

    Attributes
    ----------
    expert : str
        Person id.
    nonce, check_number : str
        What the expert's link is derived from, and the two digits in the same message: every message of
        the consultation leads to the same page, and only to it.
    """

    id: str
    number: int
    expert: str
    question: str
    exhibits: tuple[Exhibit, ...]
    asked_by: str
    asked_at: datetime
    until: datetime
    nonce: str
    check_number: str
    opinion: Opinion | None = None
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = None

    def is_open(self, at: datetime) -> bool:
        """Tell whether the expert may still see it."""
        return self.withdrawn_at is None and at < self.until

    @property
    def is_waiting(self) -> bool:
        """Tell whether an answer is still hoped for."""
        return self.withdrawn_at is None and self.opinion is None
