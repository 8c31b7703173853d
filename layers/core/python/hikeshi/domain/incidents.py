"""An incident and its room: what is known, asked, assigned, said and reported.

What changes a room is in :mod:`hikeshi.domain.decisions`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from hikeshi.domain.actions import Role
from hikeshi.domain.assessment import Category, CrisisType, Fault, Level
from hikeshi.domain.care import Harm, Protection
from hikeshi.domain.cases import PastCase
from hikeshi.domain.circles import Circle
from hikeshi.domain.clock_marks import ClockMarks
from hikeshi.domain.errors import NotFoundError
from hikeshi.domain.evidence import EvidenceFile
from hikeshi.domain.experts import Consultation
from hikeshi.domain.facts import Fact
from hikeshi.domain.headquarters import Bulletin, Headquarters, InboundReport, Sighting
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.outbox import OutboxRow
from hikeshi.domain.own_posts import OwnPost
from hikeshi.domain.peril import HelpCall, NoDanger, Peril, ranked
from hikeshi.domain.pulse import NO_PULSE, Pulse
from hikeshi.domain.reports import CompletionReport, CorrectiveAction, Feedback, Proposal, RootCause
from hikeshi.domain.statements import Statement
from hikeshi.domain.support import CareCheck, Compensation, Inquiry, Surge
from hikeshi.domain.takedowns import Takedown
from hikeshi.domain.timeline import GENESIS, TimelineEvent


class Slot(StrEnum):
    """A question that the state machine waits on; each is answered once per generation."""

    TRIAGE = "triage"
    FACT_CHECK = "fact_check"
    RESPONSE = "response"
    CALMING = "calming"
    REPORT = "report"


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """The answer to a slot.

    Attributes
    ----------
    choice : str
        ``acknowledged`` or ``dismissed`` for triage; ``done`` for the others.
    by : str
        Person id.
    note : str
        The reason given, may be empty.
    """

    choice: str
    by: str
    at: datetime
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class DecisionSlot:
    """A slot in one generation: the task token of the waiting execution, and the answer.

    Either may come first: a person can press the button before the execution has asked. ``opened_at``
    is when it was first asked, ``asked_at`` when it was last.
    """

    slot: Slot
    generation: int
    task_token: str | None = None
    opened_at: datetime | None = None
    asked_at: datetime | None = None
    decision: Decision | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ResponseTask:
    """Something one department does; ``owner`` is a person id.

    Attributes
    ----------
    remind_at : datetime or None
        When the owner is reminded that it falls due; None for one that a person added.
    added_by : str or None
        Who added it by hand; None if the playbook asks for it.
    dropped_at : datetime or None
        When it was no longer needed, because the playbook changed; it may be needed again.
    short : str
        What the playbook calls it in an SMS; empty if it has no such name.
    """

    id: str
    department: Role
    title: str
    owner: str
    due_at: datetime
    done_by: str | None = None
    done_at: datetime | None = None
    result: str = ""
    remind_at: datetime | None = None
    added_by: str | None = None
    dropped_at: datetime | None = None
    short: str = ""

    @property
    def is_open(self) -> bool:
        """Tell whether somebody still has to do it."""
        return self.done_at is None and self.dropped_at is None

    @property
    def called(self) -> str:
        """Return what a text with little room calls it."""
        return self.short or self.title


@dataclass(frozen=True, kw_only=True, slots=True)
class Spread:
    """How far the posts have gone, with the comparison that gives the number its meaning.

    ``sigma``, ``acceleration`` and ``new_words`` are those of its alerts' :class:`~hikeshi.domain.pace.Pace`.
    ``highest`` is the highest ``per_minute`` that was ever measured: posts that are kept tell no reposts by
    the minute, so that it could not be found again later. ``pulse`` is that of its alerts together: what
    they tell of any later moment, for messages and pages alike.
    """

    posts: int = 0
    reposts: int = 0
    authors: int = 0
    per_minute: float = 0.0
    normal_per_minute: float = 0.0
    sigma: float | None = None
    acceleration: float | None = None
    new_words: tuple[str, ...] = ()
    measured_at: datetime | None = None
    highest: float = 0.0
    pulse: Pulse = NO_PULSE

    @property
    def peak(self) -> float:
        """Return the highest rate of all measures, the last one among them."""
        return max(self.highest, self.per_minute)


@dataclass(frozen=True, kw_only=True, slots=True)
class Confirmation:
    """That one person of a roll-call has seen the incident at a level; ``by`` is a person id."""

    level: Level
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Incident:
    """The head of an incident.

    Attributes
    ----------
    id : str
        ``inc-`` and a ULID.
    number : int
        What people call it: #128.
    generation : int
        1, and one more each time it is reopened; names the execution ``<id>-<generation>``.
    version : int
        0 before the first save; every commit adds one.
    timeline_seq, timeline_digest : int, str
        End of the hash chain.
    paged : tuple of str
        Every ladder step already paged: ``<generation>/<level>/<position>``, and in later rounds
        ``<generation>/<level>/r<round>/<position>``. A last resort that was called before its turn, and
        reached nobody, stands as ``…/unreached`` until its turn comes.
    round : int
        Counts within a generation how often people were called to take the incident on: 1, and one
        more each time that an acknowledgement expires or is taken back.
    answered : tuple of str
        Questions that are settled, ``<generation>/round-<round>`` and
        ``<generation>/roll-call-<level>``: the ladder that asks one of them stops.
    reached : tuple of str
        Ids of the people paged in this round.
    confirmed : tuple of Confirmation
        Who answered a roll-call of this generation.
    ack_expires_after : timedelta or None
        How long the incident may rest in somebody's hands without a move; None is the policy's.
    taken_at, expired_at : datetime or None
        When the lead took it on in this round; when that lapsed because nothing moved, or because whoever
        had it left: nobody is the lead then.
    passed_on_at, round_began_at : datetime or None
        When the lead got it as a deputy; when this round began to ask, None in the first of a generation.
    last_move_at, raised_at : datetime or None
        When somebody last did something in the room; when the level last rose in this generation.
    next_page_at : datetime or None
        When the running ladder pages next; None if no ladder runs.
    next_roll_call_at : datetime or None
        When the running roll-call asks next; None if none does.
    status_since : datetime or None
        When the status last changed; None if it never did.
    redriven : tuple of str
        Steps that were lost and set going again, each once for every time.
    reminded : tuple of str
        Promises that people were reminded of, by their keys.
    drill : str
        Id of the drill it belongs to; empty for a real one.
    kind_set_by : str or None
        Who last said what type of crisis it is and whose fault; None while the scoring's word holds.
    circle : Circle or None
        Who may know of it; None is everybody inside.
    protects : int
        How many people it is about have a track of their own (:mod:`hikeshi.domain.care`).
    similar : tuple of PastCase
        Past incidents that it was like when it was opened.
    causes, worked : tuple of RootCause, and str
        What its signed report says, for those to come.
    clock : ClockMarks
        What only the clock from the post asks for (:mod:`hikeshi.domain.response_clock`).
    sources : tuple of str
        Ids of the sources that its posts came from.
    one_view_because : str
        Why one kind of source was enough to see how things stand; empty if nobody said so.
    peril, second_peril : Peril or None
        The lives that its posts put at risk, the gravest first: what protects them is said before all else.
        ``harmless`` is what somebody found to be no danger.
    endangered_at : datetime or None
        When that was found, if not from the beginning.
    help_call : HelpCall or None
        The first call for help of this generation; those after it are in the timeline.
    """

    id: str
    number: int
    brand: str
    brand_name: str
    category: Category
    crisis_type: CrisisType
    level: Level
    title: str
    quote: str
    source: str
    has_media: bool
    first_post_at: datetime
    detected_at: datetime
    opened_at: datetime
    status: IncidentStatus = IncidentStatus.DETECTED
    fault: Fault = Fault.UNKNOWN
    lead: str | None = None
    spread: Spread = Spread()
    alerts: tuple[str, ...] = ()
    paged: tuple[str, ...] = ()
    round: int = 1
    answered: tuple[str, ...] = ()
    reached: tuple[str, ...] = ()
    confirmed: tuple[Confirmation, ...] = ()
    ack_expires_after: timedelta | None = None
    taken_at: datetime | None = None
    expired_at: datetime | None = None
    passed_on_at: datetime | None = None
    round_began_at: datetime | None = None
    last_move_at: datetime | None = None
    raised_at: datetime | None = None
    next_page_at: datetime | None = None
    next_roll_call_at: datetime | None = None
    status_since: datetime | None = None
    redriven: tuple[str, ...] = ()
    reminded: tuple[str, ...] = ()
    drill: str = ""
    kind_set_by: str | None = None
    circle: Circle | None = None
    protects: int = 0
    similar: tuple[PastCase, ...] = ()
    causes: tuple[RootCause, ...] = ()
    worked: str = ""
    clock: ClockMarks = field(default_factory=ClockMarks)
    sources: tuple[str, ...] = ()
    one_view_because: str = ""
    peril: Peril | None = None
    endangered_at: datetime | None = None
    second_peril: Peril | None = None
    harmless: tuple[NoDanger, ...] = ()
    help_call: HelpCall | None = None
    closed_at: datetime | None = None
    after_care_until: datetime | None = None
    generation: int = 1
    version: int = 0
    timeline_seq: int = 0
    timeline_digest: str = GENESIS

    @property
    def perils(self) -> tuple[Peril, ...]:
        """All lives that its posts put at risk, the gravest peril first."""
        return ranked(self.peril, self.second_peril)

    @property
    def execution_name(self) -> str:
        """Name of the lifecycle execution of this generation."""
        return f"{self.id}-{self.generation}"

    @property
    def question(self) -> str:
        """Name of the question that this round asks: who takes the incident on."""
        return f"{self.generation}/round-{self.round}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Room:
    """An incident with all that belongs to it.

    ``statement`` is the newest version of this generation; ``earlier_statements`` are all before it.
    ``headquarters`` is that of this generation, None until it is called; ``inbound`` is what was reported
    to it.
    """

    incident: Incident
    facts: tuple[Fact, ...] = ()
    tasks: tuple[ResponseTask, ...] = ()
    statement: Statement | None = None
    earlier_statements: tuple[Statement, ...] = ()
    report: CompletionReport | None = None
    slots: tuple[DecisionSlot, ...] = ()
    consultations: tuple[Consultation, ...] = ()
    inquiries: tuple[Inquiry, ...] = ()
    compensations: tuple[Compensation, ...] = ()
    surges: tuple[Surge, ...] = ()
    care_checks: tuple[CareCheck, ...] = ()
    takedowns: tuple[Takedown, ...] = ()
    own_posts: tuple[OwnPost, ...] = ()
    protections: tuple[Protection, ...] = ()
    harms: tuple[Harm, ...] = ()
    feedback: tuple[Feedback, ...] = ()
    corrections: tuple[CorrectiveAction, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    headquarters: Headquarters | None = None
    inbound: tuple[InboundReport, ...] = ()
    bulletins: tuple[Bulletin, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    files: tuple[EvidenceFile, ...] = ()

    def slot(self, slot: Slot) -> DecisionSlot:
        """Return the slot of the current generation, blank if nobody touched it yet."""
        generation = self.incident.generation
        for candidate in self.slots:
            if candidate.slot is slot and candidate.generation == generation:
                return candidate
        return DecisionSlot(slot=slot, generation=generation)

    @property
    def dismissal(self) -> Decision | None:
        """The word that made this generation a false alarm, None if nobody gave it."""
        said = (self.slot(slot).decision for slot in (Slot.TRIAGE, Slot.FACT_CHECK))
        return next((each for each in said if each is not None and each.choice == "dismissed"), None)

    def fact(self, fact_id: str) -> Fact:
        """Look a fact up; NotFoundError if there is none."""
        for fact in self.facts:
            if fact.id == fact_id:
                return fact
        raise NotFoundError("fact", fact_id)

    def task(self, task_id: str) -> ResponseTask:
        """Look a task up; NotFoundError if there is none."""
        for task in self.tasks:
            if task.id == task_id:
                return task
        raise NotFoundError("task", task_id)

    def correction(self, action_id: str) -> CorrectiveAction:
        """Look a corrective action up; NotFoundError if there is none."""
        for action in self.corrections:
            if action.id == action_id:
                return action
        raise NotFoundError("correction", action_id)

    def proposal(self, proposal_id: str) -> Proposal:
        """Look a proposed change up; NotFoundError if there is none."""
        for proposal in self.proposals:
            if proposal.id == proposal_id:
                return proposal
        raise NotFoundError("proposal", proposal_id)


Change = tuple[Room, tuple[TimelineEvent, ...]]
"""A new room and what happened, in order."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RoomChange:
    """What one commit stores: the room as it shall be, what happened, and what goes out.

    ``before`` is the room as it was loaded (None for a new incident); the adapter writes the
    difference, with the condition that the stored version is still ``before.incident.version``.
    """

    before: Room | None
    after: Room
    events: tuple[TimelineEvent, ...]
    outbox: tuple[OutboxRow, ...] = ()
