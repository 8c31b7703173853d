"""What the room shows, panel by panel, as finished strings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hikeshi.services.facts.said_facts import SaidFact
from hikeshi.services.reports.report_blocks import Bar
from hikeshi.services.room.page_models import Form, Notice, TaskGroup

if TYPE_CHECKING:
    from hikeshi.services.aftercare.aftercare_page import AftercarePanel
    from hikeshi.services.care.care_page import CarePanel
    from hikeshi.services.experts.experts_page import ExpertsPanel
    from hikeshi.services.headquarters.bulletin_view import BulletinCard
    from hikeshi.services.headquarters.headquarters_page import HeadquartersPanel
    from hikeshi.services.playbooks.playbook_panel import PlaybookPanel
    from hikeshi.services.room.calm_panel import CalmPanel
    from hikeshi.services.room.circle_panel import CirclePanel
    from hikeshi.services.room.room_cases import CaseItem
    from hikeshi.services.room.room_peril import NoDangerPanel, PerilPanel


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """A number of the header with what it is compared with."""

    label: str
    value: str
    beside: str = ""
    tone: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Phase:
    """A step of the way; ``state`` is ``past``, ``now`` or ``ahead``."""

    label: str
    state: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Header:
    """How bad, what, how fast, how long, who.

    ``badge`` is the level, and ``beside`` the status; once it is over, the other way round. ``next`` is
    what the incident waits for and until when, empty once it is over. ``pace`` says how unusual the spread
    is; empty if it is not. ``life`` is what comes first where a life is at risk.
    """

    tone: str
    badge: str
    number: str
    title: str
    as_of: str
    figures: tuple[Figure, ...]
    phases: tuple[Phase, ...]
    beside: str
    next: str = ""
    pace: str = ""
    life: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """A button of the bar at the thumb: a form of its own, or the way to one, here or on a page below."""

    label: str
    path: str = ""
    anchor: str = ""
    href: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ask:
    """What the reader is asked to do now; ``main`` is None when it is nothing."""

    reader: str
    sentence: str
    main: Call | None = None
    others: tuple[Call, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A term and what is said of it."""

    term: str
    text: str
    tone: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class EvidenceItem:
    """One kept post."""

    quote: str
    where: str
    digest: str
    stored: str
    why: str
    address: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """What is going on, and what proves it."""

    rows: tuple[Row, ...]
    tags: tuple[str, ...]
    quote: str
    quote_from: str
    reasons: tuple[str, ...]
    evidence: tuple[EvidenceItem, ...]
    evidence_more: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Chart:
    """Posts over time."""

    sentence: str
    bars: tuple[Bar, ...]
    ticks: tuple[tuple[str, str], ...]
    top: str
    table: tuple[tuple[str, str], ...]
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class FactItem:
    """One claim and what checking it came to."""

    id: str
    anchor: str
    claim: str
    verdict: str
    verdicts: tuple[tuple[str, str], ...]
    tone: str
    trail: tuple[str, ...]
    judge: Form
    judged: bool = False
    expanded: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class FactsPanel:
    """The claims, and the forms to add one and to end the check."""

    claims: tuple[FactItem, ...]
    more: str
    counts: str
    href: str
    add: Form
    establish: Form


@dataclass(frozen=True, kw_only=True, slots=True)
class TasksPanel:
    """All tasks, the reader's own first."""

    groups: tuple[TaskGroup, ...]
    progress: str
    more: str


@dataclass(frozen=True, kw_only=True, slots=True)
class StatementPanel:
    """The public word in short: where it stands, and the way (``go``) to its own page.

    ``grounds`` are the facts that it rests on; ``ends`` tells whether ``waive`` is about saying nothing
    more after what is out; ``caution`` what a word would do to a life at risk.
    """

    state: str
    tone: str
    text: str
    grounds: tuple[SaidFact, ...]
    trail: tuple[str, ...]
    version: str
    gaps: tuple[str, ...]
    href: str
    go: str
    approve: Form
    send_back: Form
    waive: Form
    ends: bool
    caution: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportPanel:
    """The completion report: what is filled in, what is missing, who signs.

    ``caution`` says which causes go beyond what was confirmed, and what to do about it. ``write`` leads
    to its page, where a signed report leaves only what is put right (``is_final``). ``awaited`` names whose
    signatures it waits for.
    """

    state: str
    tone: str
    href: str
    caution: str
    missing: tuple[str, ...]
    write: str
    is_final: bool
    corrections: str
    sign: Form
    sign_how: str
    awaited: str
    version: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """A row of the timeline; ``dated`` if its time is too long for the narrow column."""

    at: str
    machine_at: str
    text: str
    tone: str = ""
    dated: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class TimelinePanel:
    """What happened, newest first."""

    moments: tuple[Moment, ...]
    more: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveryLine:
    """A row of the delivery log; it names people, never their addresses."""

    at: str
    machine_at: str
    whom: str
    channel: str
    what: str
    state: str
    tone: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveriesPanel:
    """Who was told, newest first; ``summary`` counts what became of the messages."""

    lines: tuple[DeliveryLine, ...]
    summary: str
    more: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Seat:
    """A role and the people in it."""

    role: str
    people: tuple[str, ...]
    mine: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Undo:
    """The press that can be taken back; ``of`` goes with the form and says which.

    ``sentence`` says who pressed and when, unless the page does so already.
    """

    path: str
    sentence: str
    button: str
    of: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RollCallEntry:
    """One person of the roll."""

    name: str
    state: str
    tone: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RollCallPanel:
    """Who has confirmed and who has not."""

    entries: tuple[RollCallEntry, ...]
    progress: str
    confirm: Form


@dataclass(frozen=True, kw_only=True, slots=True)
class ExpiryPanel:
    """When somebody is looked for again; ``choices`` are minutes and how they are said."""

    sentence: str
    choices: tuple[tuple[str, str], ...]
    chosen: str
    form: Form


@dataclass(frozen=True, kw_only=True, slots=True)
class TakedownsPanel:
    """The deletion desk in short."""

    counts: tuple[str, ...]
    next_step: str
    tone: str
    href: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RoomView:
    """The whole page behind a link."""

    page_title: str
    home: str
    header: Header
    notices: tuple[Notice, ...]
    ask: Ask
    picture: Picture
    chart: Chart | None
    steps: tuple[str, ...]
    dismiss: Form
    facts: FactsPanel | None
    tasks: TasksPanel | None
    statement: StatementPanel | None
    calm: CalmPanel | None
    report: ReportPanel | None
    timeline: TimelinePanel
    deliveries: DeliveriesPanel | None
    seats: tuple[Seat, ...]
    escalate: Form
    takedowns: TakedownsPanel | None = None
    undo: Undo | None = None
    roll_call: RollCallPanel | None = None
    expiry: ExpiryPanel | None = None
    cases: tuple[CaseItem, ...] = ()
    aftercare: AftercarePanel | None = None
    care: CarePanel | None = None
    circle: CirclePanel | None = None
    experts: ExpertsPanel | None = None
    playbook: PlaybookPanel | None = None
    bulletin: BulletinCard | None = None
    headquarters: HeadquartersPanel | None = None
    peril: PerilPanel | None = None
    no_danger: NoDangerPanel | None = None
    at_rest: frozenset[str] = frozenset()
