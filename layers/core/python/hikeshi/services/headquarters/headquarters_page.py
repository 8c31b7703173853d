"""The headquarters on a page of its own, and in short in the room."""

from __future__ import annotations

from dataclasses import dataclass

from hikeshi.domain.actions import OPEN, Action
from hikeshi.domain.bulletins import current_bulletin
from hikeshi.domain.circles import may_know
from hikeshi.domain.facts import holds
from hikeshi.domain.headquarters import Headquarters, InboundReport, InboundVerdict
from hikeshi.domain.sighting import KINDS_WANTED, kinds_seen, view_gaps
from hikeshi.domain.timeline import SYSTEM
from hikeshi.services.facts.evidence_view import EvidencePanel, evidence_of
from hikeshi.services.headquarters.bulletin_view import (
    BulletinCard,
    bulletin_at_the_top,
    names,
    past_bulletins,
)
from hikeshi.services.headquarters.headquarters_call import can_be_chief
from hikeshi.services.headquarters.situation_board import Board, board
from hikeshi.services.room.action_pages import SPOTS
from hikeshi.services.room.page_models import Form, Gate, Notice
from hikeshi.services.room.room_models import Call
from hikeshi.services.room.visit import Visit, shown

A_PAGE = 12
"""Reports on one page."""

MAX_USABLE = 30
"""Facts, and reports, that a bulletin offers as its grounds: the page stays small."""

_CLOSED = Gate(open=False)
_TONES = {
    InboundVerdict.UNVERIFIED: "wait",
    InboundVerdict.VERIFIED: "calm",
    InboundVerdict.REJECTED: "late",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberLine:
    """A member, and whether they are there; ``leave`` lets them go."""

    id: str
    name: str
    state: str
    tone: str
    leave: Form


@dataclass(frozen=True, kw_only=True, slots=True)
class Seating:
    """Who stands together, and where.

    Attributes
    ----------
    meeting : str
        Where they meet, as text; ``href`` leads there if it is an address.
    chiefs, others : tuple of (str, str)
        Person ids and names that can become chief, or a member.
    """

    state: str
    tone: str
    trail: tuple[str, ...]
    members: tuple[MemberLine, ...]
    meeting: str
    href: str
    code: str
    chiefs: tuple[tuple[str, str], ...]
    others: tuple[tuple[str, str], ...]
    attend: Form
    hand_over: Form
    add: Form
    meet: Form


@dataclass(frozen=True, kw_only=True, slots=True)
class InboundCard:
    """One report to the headquarters."""

    id: str
    number: int
    words: str
    verdict: str
    tone: str
    trail: tuple[str, ...]
    kept: EvidencePanel
    attach: Form
    judge: Form
    adopt: Form


@dataclass(frozen=True, kw_only=True, slots=True)
class HeadquartersPage:
    """The page; ``before`` and ``after`` are addresses of further reports, empty at the ends."""

    page_title: str
    home: str
    title: str
    as_of: str
    notices: tuple[Notice, ...]
    seating: Seating | None
    open: Form
    bulletin: BulletinCard | None
    past: tuple[BulletinCard, ...]
    issue: Form
    usable_facts: tuple[tuple[int, str], ...]
    usable_reports: tuple[tuple[int, str], ...]
    reports: tuple[InboundCard, ...]
    counts: str
    file: Form
    verdicts: tuple[tuple[str, str], ...]
    before: str
    after: str
    board: Board


@dataclass(frozen=True, kw_only=True, slots=True)
class HeadquartersPanel:
    """The headquarters in short: where it stands, what is missing, and the way to its page."""

    state: str
    tone: str
    rows: tuple[str, ...]
    href: str
    go: str
    attend: Form


def headquarters_page(visit: Visit, *, notices: tuple[Notice, ...] = (), page: str = "") -> HeadquartersPage:
    """Compose the page; a page number that is none shows the first, newest reports first."""
    reports = list(enumerate(visit.room.inbound, start=1))[::-1]
    pages = max((len(reports) + A_PAGE - 1) // A_PAGE, 1)
    number = min(max(int(page), 1), pages) if page.isascii() and page.isdigit() and len(page) < 4 else 1  # noqa: PLR2004  # no room has a thousand pages
    first = (number - 1) * A_PAGE
    opened = visit.room.headquarters
    return HeadquartersPage(
        page_title=visit.text("hq.title", number=visit.number),
        home=visit.home,
        title=shown(visit.incident.title, 60),
        as_of=visit.text("page.as_of", at=visit.when(visit.at)),
        notices=notices,
        seating=_seating(visit, opened) if opened is not None else None,
        open=visit.form(Action.OPEN_HEADQUARTERS, gate=_CLOSED if opened is not None else None),
        bulletin=bulletin_at_the_top(visit),
        past=past_bulletins(visit),
        issue=visit.form(Action.ISSUE_BULLETIN, gate=_CLOSED if opened is None else None),
        usable_facts=_usable_facts(visit),
        usable_reports=_usable_reports(visit),
        reports=tuple(_report(visit, report, place) for place, report in reports[first : first + A_PAGE]),
        counts=report_counts(visit),
        file=visit.form(Action.FILE_INBOUND),
        verdicts=tuple(
            (each.value, visit.text(f"inbound_verdict.{each}"))
            for each in InboundVerdict
            if each is not InboundVerdict.UNVERIFIED
        ),
        before=f"hq?page={number - 1}" if number > 1 else "",
        after=f"hq?page={number + 1}" if number < pages else "",
        board=board(visit),
    )


def headquarters_panel(visit: Visit) -> HeadquartersPanel | None:
    """Show the headquarters in short; None once the incident is over and there was none."""
    opened = visit.room.headquarters
    if opened is None and visit.phase not in OPEN:
        return None
    state, tone = _state(visit, opened) if opened is not None else (visit.text("hq.none"), "quiet")
    rows = [report_counts(visit)] if visit.room.inbound else []
    if view_gaps(visit.room) and visit.is_starting:
        rows.append(visit.text("board.gap", seen=len(kinds_seen(visit.room)), wanted=KINDS_WANTED))
    return HeadquartersPanel(
        state=state,
        tone=tone,
        rows=tuple(rows),
        href=visit.base + "hq",
        go=visit.text("hq.go"),
        attend=visit.form(Action.ATTEND, gate=None if _is_missed(visit) else _CLOSED),
    )


def headquarters_calls(visit: Visit) -> tuple[Call, ...]:
    """Return what the headquarters waits for from the reader: to answer the roll, to read."""
    calls = []
    if _is_missed(visit) and visit.gate(Action.ATTEND).open:
        path = visit.base + SPOTS[Action.ATTEND].path
        calls.append(Call(label=visit.text("action.attend"), path=path))
    bulletin = current_bulletin(visit.room)
    if bulletin and visit.reader.id in bulletin.laggards and visit.gate(Action.READ_BULLETIN).open:
        calls.append(Call(label=visit.text("bulletin.go"), anchor="bulletin"))
    return tuple(calls)


def report_counts(visit: Visit) -> str:
    """Say how many reports came to what."""
    reports = visit.room.inbound
    counted = ((each, sum(1 for report in reports if report.verdict is each)) for each in InboundVerdict)
    return visit.text("page.comma").join(
        visit.text("hq.reports_count", verdict=visit.text(f"inbound_verdict.{verdict}"), count=count)
        for verdict, count in counted
        if count
    )


def _is_missed(visit: Visit) -> bool:
    opened = visit.room.headquarters
    return opened is not None and visit.reader.id in opened.absent


def _state(visit: Visit, opened: Headquarters) -> tuple[str, str]:
    counts = {"present": len(opened.present), "total": len(opened.members), "quorum": opened.quorum}
    if opened.established_at is not None:
        return visit.text("hq.established", at=visit.when(opened.established_at), **counts), "calm"
    return visit.text("hq.gathering", **counts), "wait"


def _seating(visit: Visit, opened: Headquarters) -> Seating:
    state, tone = _state(visit, opened)
    called = visit.text("hq.opened", by=visit.by_at(opened.opened_by, opened.opened_at))
    if opened.opened_by == SYSTEM:
        called = visit.text("hq.opened_by_level", at=visit.when(opened.opened_at))
    trail = [called]
    if opened.reason:
        trail.append(visit.text("hq.reason", reason=shown(opened.reason, 240)))
    if opened.absent and opened.established_at is None:
        trail.append(visit.text("hq.absent", people=names(visit, opened.absent)))
    roster, circle = visit.configuration.roster.people.values(), visit.incident.circle
    able = [person for person in roster if person.may(Action.ATTEND) and may_know(circle, person)]
    return Seating(
        state=state,
        tone=tone,
        trail=tuple(trail),
        members=tuple(_member(visit, opened, each) for each in opened.members),
        meeting=opened.meeting,
        href=opened.meeting if opened.meeting.startswith("https://") else "",
        code=opened.meeting_code,
        chiefs=tuple((p.id, p.name) for p in able if can_be_chief(p) and p.id != opened.chief),
        others=tuple((p.id, p.name) for p in able if p.id not in opened.members),
        attend=visit.form(Action.ATTEND, gate=None if visit.reader.id in opened.absent else _CLOSED),
        hand_over=visit.form(Action.SET_CHIEF),
        add=visit.form(Action.SET_MEMBER),
        meet=visit.form(Action.SET_MEETING),
    )


def _member(visit: Visit, opened: Headquarters, person: str) -> MemberLine:
    there = next((each for each in opened.attendance if each.by == person), None)
    is_chief = person == opened.chief
    name = visit.text("hq.chief_named", name=visit.name(person)) if is_chief else visit.name(person)
    return MemberLine(
        id=person,
        name=name,
        state=visit.text("hq.there", at=visit.when(there.at)) if there else visit.text("hq.not_there"),
        tone="calm" if there else "wait",
        leave=visit.form(Action.SET_MEMBER, gate=_CLOSED if is_chief else None),
    )


def _report(visit: Visit, report: InboundReport, number: int) -> InboundCard:
    trail = [
        visit.text("hq.report_source", source=shown(report.source, 120)),
        visit.text("hq.report_filed", by=visit.by_at(report.filed_by, report.filed_at)),
    ]
    if report.judged_by is not None and report.judged_at is not None:
        judged = visit.by_at(report.judged_by, report.judged_at)
        trail.append(visit.text("page.fact.basis", basis=shown(report.grounds, 240)))
        trail.append(visit.text("page.fact.judged", by=judged))
    if report.fact is not None:
        numbers = {fact.id: place for place, fact in enumerate(visit.room.facts, start=1)}
        trail.append(visit.text("hq.report_fact", number=numbers.get(report.fact, "")))
    own, waiting = report.filed_by == visit.reader.id, report.verdict is InboundVerdict.UNVERIFIED
    why = visit.text("missing.other_checker") if waiting else ""
    gate = Gate(open=False, why=why) if own else None
    adoptable = report.verdict is InboundVerdict.VERIFIED and report.fact is None
    return InboundCard(
        id=report.id,
        number=number,
        words=shown(report.words, 300),
        verdict=visit.text(f"inbound_verdict.{report.verdict}"),
        tone=_TONES[report.verdict],
        trail=tuple(trail),
        kept=evidence_of(visit, report.id),
        attach=visit.form(Action.ATTACH_TO_REPORT, item=report.id),
        judge=visit.form(Action.JUDGE_INBOUND, gate=gate, item=report.id),
        adopt=visit.form(Action.ADOPT_INBOUND, gate=None if adoptable else _CLOSED, item=report.id),
    )


def _usable_facts(visit: Visit) -> tuple[tuple[int, str], ...]:
    """Return the facts that a bulletin may rest on: those that everything hangs on, then the newest."""
    facts = visit.room.facts
    usable = [(n, fact) for n, fact in enumerate(facts, start=1) if holds(facts, fact.id)]
    first = sorted(usable, key=lambda each: (not each[1].key, -each[0]))[:MAX_USABLE]
    return tuple((n, shown(fact.claim, 60)) for n, fact in sorted(first, key=lambda each: each[0]))


def _usable_reports(visit: Visit) -> tuple[tuple[int, str], ...]:
    reports = enumerate(visit.room.inbound, start=1)
    usable = [(n, shown(r.words, 60)) for n, r in reports if r.verdict is InboundVerdict.VERIFIED]
    return tuple(usable[-MAX_USABLE:])
