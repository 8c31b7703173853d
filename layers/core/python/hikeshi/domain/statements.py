"""Statements: what the company says in public, sentence by sentence, and when it may."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import permutations

from hikeshi.domain.actions import Role
from hikeshi.domain.assessment import Level
from hikeshi.domain.facts import Fact, holds


class StatementKind(StrEnum):
    """Holding: no cause, "we are looking into it". Full: facts, action, next word."""

    HOLDING = "holding"
    FULL = "full"


class Part(StrEnum):
    """What a sentence is there for, in the order in which the parts are read."""

    OPENING = "opening"
    FACT = "fact"
    ACTION = "action"
    NEXT = "next"
    CONTACT = "contact"
    CARE = "care"


@dataclass(frozen=True, kw_only=True, slots=True)
class Sentence:
    """One sentence, with the ids of the facts that it says."""

    part: Part
    text: str
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Approval:
    """One person's word that a text may go out, and the roles in which they can give it."""

    by: str
    at: datetime
    roles: frozenset[Role]


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """One version of what the company says in public, or the decision to say nothing (``waived``).

    Attributes
    ----------
    approved_by, approved_at : str and datetime, or None
        Who gave the approval that completed it, and when; never ``drafted_by``.
    next_update_at : datetime or None
        When the text promises to say more.
    generation : int
        Generation of the incident in which it was written.
    tone_reason : str
        Why the words were kept although the tone check objected.
    published_by, published_at : str and datetime, or None
        Who put it out, and when.
    flagged_at, flagged_facts : datetime or None, and tuple of str
        When a fact that it says ceased to hold, and which; it stays so, only a new version helps.
    returned_by, returned_at : str and datetime, or None
        Who sent it back to its writer before it was approved in full, and when; that stays so as well.
    return_reason : str
        What has to become different.
    """

    kind: StatementKind
    text: str
    drafted_by: str
    drafted_at: datetime
    next_update_at: datetime | None = None
    approved_by: str | None = None
    approved_at: datetime | None = None
    waived: bool = False
    version: int = 1
    generation: int = 1
    sentences: tuple[Sentence, ...] = ()
    approvals: tuple[Approval, ...] = ()
    tone_reason: str = ""
    published_by: str | None = None
    published_at: datetime | None = None
    flagged_at: datetime | None = None
    flagged_facts: tuple[str, ...] = ()
    returned_by: str | None = None
    returned_at: datetime | None = None
    return_reason: str = ""

    @property
    def is_settled(self) -> bool:
        """Tell whether nothing more has to happen before the response can end."""
        return self.waived or (self.approved_by is not None and self.flagged_at is None)

    @property
    def is_under_review(self) -> bool:
        """Tell whether it waits for somebody's approval: nothing but that is decided about it."""
        return not self.is_settled and self.flagged_at is None and self.returned_at is None

    @property
    def facts(self) -> tuple[str, ...]:
        """Return the ids of the facts that it says, each once."""
        return tuple(dict.fromkeys(fact for sentence in self.sentences for fact in sentence.facts))


def approvals_suffice(approvals: Iterable[Approval], level: Level) -> bool:
    """Tell whether two people in different roles approved, one of them legal if it is critical."""
    return any(
        one.by != other.by
        and any(
            here is not there and (level is not Level.CRITICAL or here is Role.LEGAL)
            for here in one.roles
            for there in other.roles
        )
        for one, other in permutations(approvals, 2)
    )


def obstacles(statement: Statement, facts: Iterable[Fact]) -> tuple[str, ...]:
    """Return why a text may neither be approved nor put out as the facts stand, as stable keys.

    ``flagged_statement``: a fact in it ceased to hold after somebody had approved. ``returned_statement``:
    somebody sent it back. ``named_facts``: a full statement states something without saying which fact that
    is. ``facts_hold``: a fact does not hold.
    """
    known = tuple(facts)
    found = []
    if statement.flagged_at is not None:
        found.append("flagged_statement")
    if statement.returned_at is not None:
        found.append("returned_statement")
    stated = [sentence for sentence in statement.sentences if sentence.part is Part.FACT]
    if statement.kind is StatementKind.FULL and not (stated and all(each.facts for each in stated)):
        found.append("named_facts")
    if broken_facts(statement, known):
        found.append("facts_hold")
    return tuple(found)


def broken_facts(statement: Statement, facts: Iterable[Fact]) -> tuple[str, ...]:
    """Return the ids of the facts in a text that do not hold now."""
    known = tuple(facts)
    return tuple(fact for fact in statement.facts if not holds(known, fact))
