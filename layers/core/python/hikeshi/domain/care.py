"""Protection of a member of staff whom an incident is about: what is done for the person, and by whom.

Names are kept here and nowhere else, and no event of the timeline holds one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from hikeshi.domain.actions import CARING, Role
from hikeshi.domain.assessment import Category
from hikeshi.domain.masking import Names

ABOUT_STAFF = frozenset({Category.MISCONDUCT, Category.HARASSMENT, Category.DOXXING})
"""Categories whose subject is a person who works for us, or may be one."""

READERS = CARING
"""Who sees the page of the protected: they alone can see names, and only one by one."""

LONGEST_WATCH = timedelta(days=90)
MOST_PEOPLE = 10
LABELS = "ABCDEFGHIJ"


class CareStep(StrEnum):
    """What is done for the person, in the order in which it is needed."""

    CONTACT_PERSON = "contact_person"
    NO_NAMES = "no_names"
    EXPLAINING = "explaining"
    SNS_REST = "sns_rest"
    PRIVACY = "privacy"
    HOME = "home"
    WORK = "work"
    COUNSELLING = "counselling"
    LEGAL = "legal"
    FOLLOW_UP = "follow_up"


@dataclass(frozen=True, kw_only=True, slots=True)
class CarePlan:
    """Who sees to a step unless somebody is named, and how soon."""

    role: Role
    within: timedelta


PLANS: Mapping[CareStep, CarePlan] = {
    CareStep.CONTACT_PERSON: CarePlan(role=Role.HR, within=timedelta(hours=1)),
    CareStep.NO_NAMES: CarePlan(role=Role.LEAD, within=timedelta(hours=1)),
    CareStep.EXPLAINING: CarePlan(role=Role.HR, within=timedelta(hours=3)),
    CareStep.SNS_REST: CarePlan(role=Role.HR, within=timedelta(hours=3)),
    CareStep.PRIVACY: CarePlan(role=Role.HR, within=timedelta(hours=3)),
    CareStep.HOME: CarePlan(role=Role.HR, within=timedelta(hours=6)),
    CareStep.WORK: CarePlan(role=Role.HR, within=timedelta(hours=24)),
    CareStep.COUNSELLING: CarePlan(role=Role.HR, within=timedelta(hours=24)),
    CareStep.LEGAL: CarePlan(role=Role.LEGAL, within=timedelta(hours=24)),
    CareStep.FOLLOW_UP: CarePlan(role=Role.HR, within=timedelta(days=7)),
}


class HarmKind(StrEnum):
    """What was done to the person."""

    EXPOSURE = "exposure"
    ABUSE = "abuse"
    THREAT = "threat"
    APPROACH = "approach"
    FAMILY = "family"
    HEALTH = "health"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True, slots=True)
class CareItem:
    """A step; ``owner`` is a person id, empty while the plan's role has it."""

    step: CareStep
    due_at: datetime
    owner: str = ""
    note: str = ""
    done_by: str | None = None
    done_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Consent:
    """What the person agreed to have watched.

    Attributes
    ----------
    terms : tuple of str
        What posts are looked through for; never shown but to a reader who asked for the names.
    how : str
        How the person agreed.
    taken_by, recorded_at : str, datetime
        Who took it, and when it was recorded.
    """

    terms: tuple[str, ...]
    how: str
    taken_by: str
    recorded_at: datetime
    until: datetime
    revoked_by: str | None = None
    revoked_at: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Tell whether the watch may run."""
        return self.revoked_at is None and at < self.until


@dataclass(frozen=True, kw_only=True, slots=True)
class Sighting:
    """A post that exposes the person, as the watch found it; ``post`` is its key."""

    post: str
    source: str
    url: str
    seen_at: datetime
    evidence: str = ""
    sha256: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Protection:
    """The track of one person.

    Attributes
    ----------
    label : str
        What everybody calls the person in here: A, B …
    brand : str
        The incident's: a watch looks at its posts.
    names : Names or None
        None until somebody recorded them.
    consents : tuple of Consent
        Every one that was ever given, oldest first; only the last can hold.
    """

    id: str
    label: str
    opened_by: str
    opened_at: datetime
    items: tuple[CareItem, ...]
    brand: str = ""
    names: Names | None = None
    named_by: str | None = None
    named_at: datetime | None = None
    consents: tuple[Consent, ...] = ()
    sightings: tuple[Sighting, ...] = ()

    def consent(self, at: datetime) -> Consent | None:
        """Return the consent that holds now."""
        last = self.consents[-1] if self.consents else None
        return last if last is not None and last.holds(at) else None

    @property
    def watched_terms(self) -> tuple[str, ...]:
        """What the last consent lets us look for; empty once it was taken back."""
        return self.consents[-1].terms if self.consents else ()

    @property
    def open_items(self) -> tuple[CareItem, ...]:
        """What is still to be done."""
        return tuple(item for item in self.items if item.done_at is None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Harm:
    """An entry of the harassment log.

    Attributes
    ----------
    person : str
        Id of the track.
    what, effect : str
        What happened, and what it does to the person.
    """

    id: str
    person: str
    kind: HarmKind
    what: str
    effect: str
    noted_by: str
    noted_at: datetime
