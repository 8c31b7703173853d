"""The completion report and what it leaves behind: how it went, what it cost, what changes for the next time.

The rules are in :mod:`hikeshi.domain.reporting`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hikeshi.domain.actions import Role


class RootCause(StrEnum):
    """Why it came to this; a report names at least one."""

    RULE_GAP = "rule_gap"
    EDUCATION_GAP = "education_gap"
    MONITORING_GAP = "monitoring_gap"
    REPORTING_GAP = "reporting_gap"
    DECISION_GAP = "decision_gap"
    QUALITY_GAP = "quality_gap"
    SERVICE_GAP = "service_gap"
    SNS_SPREAD = "sns_spread"
    INSTANT_POSTING = "instant_posting"
    OUTSIDE = "outside"


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What it did to the company and to people, in people's words; 「なし」 is an answer, a blank is not.

    Attributes
    ----------
    brand, money, rumour, closure : str
        ブランド毀損, 金銭的損害, 風評被害, 閉鎖・休業.
    loss_yen : int or None
        What it cost; if nobody knows, ``loss_unknown`` says why.
    market : str
        Sales and market share, as a number or why there is none.
    people : str
        Harm to body and mind, of customers, posters and staff.
    """

    brand: str = ""
    money: str = ""
    rumour: str = ""
    closure: str = ""
    loss_yen: int | None = None
    loss_unknown: str = ""
    market: str = ""
    people: str = ""

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the keys of what is still open."""
        impacts = (self.brand, self.money, self.rumour, self.closure)
        wanted = (
            ("impacts", all(text.strip() for text in impacts)),
            ("loss", self.loss_yen is not None or bool(self.loss_unknown.strip())),
            ("market", bool(self.market.strip())),
            ("people", bool(self.people.strip())),
        )
        return tuple(key for key, there in wanted if not there)


@dataclass(frozen=True, kw_only=True, slots=True)
class Signature:
    """That somebody stands by a version of the report; ``roles`` are those they held then."""

    by: str
    at: datetime
    roles: frozenset[Role] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class CompletionReport:
    """The report that closes an incident.

    Attributes
    ----------
    body, response_figures, result_figures : str
        Markdown, drafted from the records: what happened, and the counted halves of the first two parts.
    evaluation, customers : str
        How the response went, and what customers said of it.
    causes, lessons : tuple of RootCause, and str
        Why it came to this, and what was missing.
    no_corrections : str
        Why nothing has to be put right, if there is no corrective action.
    version : int
        Grows with every change; people sign the version that they were shown.
    signed_by, signed_at : str or None, and datetime or None
        The signature that completed it.
    uri, sha256 : str or None
        The finished page and its digest.
    """

    body: str
    drafted_at: datetime
    response_figures: str = ""
    result_figures: str = ""
    evaluation: str = ""
    customers: str = ""
    outcome: Outcome = Outcome()
    causes: tuple[RootCause, ...] = ()
    lessons: str = ""
    no_corrections: str = ""
    version: int = 1
    edited_by: str | None = None
    signatures: tuple[Signature, ...] = ()
    signed_by: str | None = None
    signed_at: datetime | None = None
    uri: str | None = None
    sha256: str | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the keys of what people still have to write."""
        wanted = (("causes", bool(self.causes)), ("lessons", bool(self.lessons.strip())))
        evaluation = () if self.evaluation.strip() else ("evaluation",)
        return (*evaluation, *self.outcome.missing, *(key for key, there in wanted if not there))


@dataclass(frozen=True, kw_only=True, slots=True)
class Feedback:
    """How one participant saw the response; the three marks go from 1 to 5."""

    generation: int
    by: str
    at: datetime
    speed: int
    precision: int
    correctness: int
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class CorrectiveAction:
    """What somebody puts right; it outlives the incident.

    Attributes
    ----------
    change_id : str
        The proposed change (:class:`Proposal`) that it belongs to.
    check, check_at : str, and datetime
        How it will be seen that it works, and when somebody looks.
    effective : bool or None
        What that look said; None before it.
    """

    id: str
    generation: int
    title: str
    owner: str
    due_at: datetime
    check: str
    check_at: datetime
    change_id: str
    added_by: str
    added_at: datetime
    done_by: str | None = None
    done_at: datetime | None = None
    result: str = ""
    effective: bool | None = None
    effect: str = ""
    checked_by: str | None = None
    checked_at: datetime | None = None

    @property
    def is_over(self) -> bool:
        """Tell whether it is done and somebody has seen that it works, or not."""
        return self.checked_at is not None

    def is_overdue(self, at: datetime) -> bool:
        """Tell whether the next step of it should have been taken."""
        return not self.is_over and at >= (self.due_at if self.done_at is None else self.check_at)


class ChangeKind(StrEnum):
    """What an incident may change for the next one."""

    MANUAL = "manual"
    WATCH_WORD = "watch_word"
    QUESTION = "question"


class Answer(StrEnum):
    """What people say to a proposed change."""

    ACCEPT = "accept"
    DECLINE = "decline"


@dataclass(frozen=True, kw_only=True, slots=True)
class Proposal:
    """A change that an incident asks for; closing it needs an answer.

    Attributes
    ----------
    id : str
        ``<number>-<generation>-<kind>``; what is applied names it.
    text : str
        The line of the manual, the words one a line, or the question with its answers.
    target : str
        ``<page>#<section>`` of the manual; empty for the others.
    base : str
        Version of the page that the diff was made against.
    diff : str
        Unified diff against that version.
    reason : str
        Why it is declined.
    """

    id: str
    generation: int
    kind: ChangeKind
    text: str
    target: str = ""
    base: str = ""
    diff: str = ""
    answer: Answer | None = None
    reason: str = ""
    answered_by: str | None = None
    answered_at: datetime | None = None
