"""The deletion desk on a page of its own: requests with their letters, and bad posts of our own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hikeshi.domain.actions import Action, Role
from hikeshi.domain.own_posts import OwnPost
from hikeshi.domain.takedowns import (
    ASKED,
    TRANSITIONS,
    UNSENT,
    UNSETTLED,
    Ground,
    Look,
    Platform,
    Takedown,
    TakedownState,
)
from hikeshi.domain.timeline import SYSTEM
from hikeshi.services.facts.evidence_view import EvidencePanel, evidence_of
from hikeshi.services.messages.audience import takedown_approvers
from hikeshi.services.messages.excerpt import excerpt
from hikeshi.services.room.page_models import Form, Gate, Notice
from hikeshi.services.room.room_models import TakedownsPanel
from hikeshi.services.room.visit import Visit, shown
from hikeshi.services.takedowns.takedown_desk import RECORDED
from hikeshi.services.takedowns.takedown_text import findings, letter_of

A_PAGE = 10
"""Requests on one page."""

MOST_OWN = 20

_S = TakedownState
TONES = {
    _S.PROPOSED: "wait",
    _S.DRAFT: "wait",
    _S.APPROVED: "wait",
    _S.SENT: "quiet",
    _S.ACKNOWLEDGED: "quiet",
    _S.REMOVED: "calm",
    _S.REFUSED: "late",
    _S.EXPIRED: "late",
    _S.WITHDRAWN: "quiet",
}
_NOT_ABLE_TO_SEND = frozenset({_S.PROPOSED, _S.DRAFT})
_WITHOUT_LETTER = _NOT_ABLE_TO_SEND | {_S.REMOVED, _S.WITHDRAWN}


@dataclass(frozen=True, kw_only=True, slots=True)
class TakedownCard:
    """One request.

    Attributes
    ----------
    doubts : tuple of str
        What the approver has to weigh: the post shows nothing of the ground, and why it is asked yet.
    letter : str
        The text to copy; empty until it is approved, and once it is of no more use.
    how : str
        Where the letter goes and what to heed, by addressee.
    steps : tuple of (str, str)
        What can be recorded now.
    """

    id: str
    number: int
    platform: str
    state: str
    tone: str
    url: str
    passage: str
    ground: str
    due: str
    due_tone: str
    trail: tuple[str, ...]
    doubts: tuple[str, ...]
    sha256: str
    kept: EvidencePanel
    letter: str
    how: tuple[str, ...]
    adopt: Form
    approve: Form
    step: Form
    step_heading: str
    steps: tuple[tuple[str, str], ...]
    check: Form
    attach: Form


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnPostCard:
    """A bad post of our own; ``done`` and ``ahead`` are the steps of the list to tick off."""

    id: str
    number: int
    url: str
    text: str
    trail: tuple[str, ...]
    done: tuple[str, ...]
    ahead: tuple[str, ...]
    sha256: str
    remove: Form
    announce: Form


@dataclass(frozen=True, kw_only=True, slots=True)
class TakedownsPage:
    """The page; ``before`` and ``after`` are addresses, empty at the ends."""

    page_title: str
    home: str
    title: str
    as_of: str
    notices: tuple[Notice, ...]
    counts: tuple[str, ...]
    law: str
    cards: tuple[TakedownCard, ...]
    place: str
    before: str
    after: str
    grounds: tuple[tuple[str, str], ...]
    platforms: tuple[tuple[str, str], ...]
    looks: tuple[tuple[str, str], ...]
    ask: Form
    asks_why: bool
    own: tuple[OwnPostCard, ...]
    archive: Form


def takedowns_page(visit: Visit, *, notices: tuple[Notice, ...] = (), page: str = "") -> TakedownsPage:
    """Compose the page; a page number that is none shows the first."""
    takedowns = _open_first(visit)
    pages = max((len(takedowns) + A_PAGE - 1) // A_PAGE, 1)
    number = min(max(int(page), 1), pages) if page.isascii() and page.isdigit() and len(page) < 4 else 1  # noqa: PLR2004  # no room has a thousand pages
    here = takedowns[(number - 1) * A_PAGE : number * A_PAGE]
    days = visit.configuration.takedown_deadline.days
    return TakedownsPage(
        page_title=visit.text("takedown.title", number=visit.number),
        home=visit.home,
        title=shown(visit.incident.title, 60),
        as_of=visit.text("page.as_of", at=visit.when(visit.at)),
        notices=notices,
        counts=takedown_counts(visit),
        law=visit.text("takedown.law", days=days),
        cards=tuple(_card(visit, each) for each in here),
        place=visit.text("facts.place", page=number, pages=pages) if pages > 1 else "",
        before=f"takedowns?page={number - 1}" if number > 1 else "",
        after=f"takedowns?page={number + 1}" if number < pages else "",
        grounds=tuple((each.value, visit.text(f"ground.{each}")) for each in Ground),
        platforms=(
            ("auto", visit.text("takedown.by_address")),
            *((each.value, visit.text(f"platform.{each}")) for each in Platform),
        ),
        looks=tuple((each.value, visit.text(f"look.{each}")) for each in Look),
        ask=visit.form(Action.REQUEST_TAKEDOWN),
        asks_why=visit.attempt is not None and visit.attempt.action is Action.REQUEST_TAKEDOWN,
        own=tuple(_own(visit, each) for each in reversed(visit.room.own_posts))[:MOST_OWN],
        archive=visit.form(Action.ARCHIVE_OWN_POST),
    )


def takedowns_panel(visit: Visit) -> TakedownsPanel | None:
    """Show in short what is asked for and what is next; None if nothing is and nothing can be."""
    room = visit.room
    if not room.takedowns and not room.own_posts and not visit.gate(Action.REQUEST_TAKEDOWN).open:
        return None
    key, tone = _next_step(visit)
    return TakedownsPanel(
        counts=takedown_counts(visit),
        next_step=visit.text(f"takedown.next_{key}"),
        tone=tone,
        href=visit.base + "takedowns",
    )


def takedown_counts(visit: Visit) -> tuple[str, ...]:
    """Say how many requests stand where."""
    takedowns = visit.room.takedowns
    counted = ((each, sum(1 for one in takedowns if one.state is each)) for each in TakedownState)
    said = [
        visit.text("takedown.count", state=visit.text(f"takedown_state.{state}"), count=count)
        for state, count in counted
        if count
    ]
    own = visit.room.own_posts
    if own:
        left = sum(1 for each in own if each.announced_at is None)
        said.append(visit.text("takedown.count_own", count=len(own), left=left))
    return tuple(said)


def _next_step(visit: Visit) -> tuple[str, str]:
    """Return what is waited for most, and the tone of it."""
    states = {each.state for each in visit.room.takedowns}
    if any(each.announced_at is None for each in visit.room.own_posts):
        return "own_post", "late"
    for state in (_S.EXPIRED, _S.APPROVED, _S.DRAFT, _S.PROPOSED):
        if state in states:
            return state.value, TONES[state]
    return ("asked", "quiet") if states & ASKED else ("none", "quiet")


def _open_first(visit: Visit) -> list[Takedown]:
    def rank(takedown: Takedown) -> tuple[bool, int]:
        is_over = takedown.state not in UNSETTLED | {_S.EXPIRED}
        return is_over, -takedown.number

    return sorted(visit.room.takedowns, key=rank)


def _card(visit: Visit, takedown: Takedown) -> TakedownCard:
    due, due_tone = _due(visit, takedown)
    letter = "" if takedown.state in _WITHOUT_LETTER else _letter(visit, takedown)
    notes = [f"takedown_where.{takedown.platform}", f"takedown_heed.{takedown.ground}"]
    return TakedownCard(
        id=takedown.id,
        number=takedown.number,
        platform=visit.text(f"platform.{takedown.platform}"),
        state=visit.text(f"takedown_state.{takedown.state}"),
        tone=TONES[takedown.state],
        url=shown(takedown.url, 300),
        passage=shown(takedown.passage, 200),
        ground=visit.text(f"ground.{takedown.ground}"),
        due=due,
        due_tone=due_tone,
        trail=tuple(_trail(visit, takedown)),
        doubts=tuple(_doubts(visit, takedown)),
        sha256=takedown.evidence.sha256,
        kept=evidence_of(visit, takedown.id),
        letter=letter,
        how=tuple(visit.text(key) for key in notes if key in visit.words) if letter else (),
        adopt=visit.form(Action.ADOPT_TAKEDOWN, gate=_when(visit, takedown, _S.PROPOSED), item=takedown.id),
        approve=visit.form(Action.APPROVE_TAKEDOWN, gate=_approve_gate(visit, takedown), item=takedown.id),
        step=visit.form(Action.RECORD_TAKEDOWN, gate=_step_gate(visit, takedown), item=takedown.id),
        step_heading=visit.text(
            "takedown.withdraw" if takedown.state in _NOT_ABLE_TO_SEND else "takedown.step"
        ),
        steps=_steps(visit, takedown),
        check=visit.form(Action.CHECK_TAKEDOWN, gate=_check_gate(visit, takedown), item=takedown.id),
        attach=visit.form(Action.ATTACH_TO_TAKEDOWN, item=takedown.id),
    )


def _letter(visit: Visit, takedown: Takedown) -> str:
    asked_by = visit.configuration.roster.people.get(takedown.requested_by)
    mark = visit.text("drill.mark") if visit.incident.drill else ""
    return mark + letter_of(
        takedown,
        company=visit.incident.brand_name,
        department=asked_by.department if asked_by else visit.text("role.legal"),
        at=visit.at,
    )


def _due(visit: Visit, takedown: Takedown) -> tuple[str, str]:
    if takedown.deadline is None or takedown.state not in ASKED | {_S.EXPIRED}:
        return "", "quiet"
    at = visit.when(takedown.deadline)
    if takedown.state is _S.EXPIRED or visit.at >= takedown.deadline:
        return visit.text("takedown.overdue", at=at), "late"
    return visit.text("takedown.due", at=at), "wait"


def _trail(visit: Visit, takedown: Takedown) -> list[str]:
    rows = []
    if takedown.mirror_of:
        rows.append(visit.text("takedown.mirror", number=_number(visit, takedown.mirror_of)))
    if takedown.reason:
        rows.append(visit.text("takedown.reason", reason=shown(takedown.reason, 300)))
    if takedown.state is not _S.PROPOSED:
        rows.append(
            visit.text("takedown.asked_by", by=visit.by_at(takedown.requested_by, takedown.requested_at))
        )
    for key, person, at in (
        ("approved_by", takedown.approved_by, takedown.approved_at),
        ("sent_by", takedown.sent_by, takedown.sent_at),
        ("settled_by", takedown.settled_by, takedown.settled_at),
    ):
        if person is not None and at is not None:
            rows.append(visit.text(f"takedown.{key}", by=_by(visit, person, at)))
    if takedown.reference:
        rows.append(visit.text("takedown.reference", reference=shown(takedown.reference, 120)))
    if takedown.result:
        rows.append(visit.text("takedown.result", result=shown(takedown.result, 240)))
    if (last := takedown.last_look) is not None:
        found = visit.text(f"look.{last.look}")
        rows.append(visit.text("takedown.looked", found=found, by=_by(visit, last.by, last.at)))
    return rows


def _by(visit: Visit, person: str, at: datetime) -> str:
    """Return who and when; hikeshi goes without the title that people get."""
    if person == SYSTEM:
        return visit.text("takedown.by_itself", at=visit.when(at))
    return visit.by_at(person, at)


def _number(visit: Visit, takedown_id: str) -> str:
    return next((str(each.number) for each in visit.room.takedowns if each.id == takedown_id), "—")


def _doubts(visit: Visit, takedown: Takedown) -> list[str]:
    """Say to whoever adopts or approves it what speaks against it."""
    if takedown.state not in UNSENT:
        return []
    found = [visit.text(f"finding.{key}") for key, _ in findings(takedown.ground, takedown.passage)][:1]
    if found and takedown.doubt_reason:
        found.append(visit.text("takedown.doubt", reason=shown(takedown.doubt_reason, 300)))
    return found


def _when(visit: Visit, takedown: Takedown, state: TakedownState) -> Gate:
    return visit.gate(Action.ADOPT_TAKEDOWN) if takedown.state is state else Gate(open=False)


def _approve_gate(visit: Visit, takedown: Takedown) -> Gate:
    if takedown.state is not _S.DRAFT:
        return Gate(open=False)
    gate = visit.gate(Action.APPROVE_TAKEDOWN)
    if gate.open and takedown.requested_by == visit.reader.id:
        return Gate(open=False, why=visit.text("takedown.second_person"))
    asked = takedown_approvers(visit.incident, takedown.requested_by, visit.configuration.roster)
    if (
        asked
        and Role.LEGAL not in visit.reader.roles
        and visit.reader not in asked
        and gate != Gate(open=False)
    ):
        role = Role.LEGAL if Role.LEGAL in asked[0].roles else Role.EXECUTIVE
        return Gate(open=False, why=visit.text("page.forbidden", roles=visit.text(f"role.{role}")))
    return gate


def _steps(visit: Visit, takedown: Takedown) -> tuple[tuple[str, str], ...]:
    return tuple(
        (each.value, visit.text(f"takedown_step.{each}"))
        for each in RECORDED
        if (takedown.state, each) in TRANSITIONS
    )


def _step_gate(visit: Visit, takedown: Takedown) -> Gate:
    gate = visit.gate(Action.RECORD_TAKEDOWN)
    return gate if gate.open and _steps(visit, takedown) else Gate(open=False)


def _check_gate(visit: Visit, takedown: Takedown) -> Gate:
    if takedown.state in (_S.PROPOSED, _S.WITHDRAWN):
        return Gate(open=False)
    gate = visit.gate(Action.CHECK_TAKEDOWN)
    return gate if gate.open else Gate(open=False)


# ---- our own posts ------------------------------------------------------------------------------


def _own(visit: Visit, post: OwnPost) -> OwnPostCard:
    ticked = [visit.text("own_post.archived", by=visit.by_at(post.archived_by, post.archived_at))]
    ahead = []
    for key, person, at in (
        ("removed", post.removed_by, post.removed_at),
        ("announced", post.announced_by, post.announced_at),
    ):
        if person is not None and at is not None:
            ticked.append(visit.text(f"own_post.{key}", by=visit.by_at(person, at)))
        else:
            ahead.append(visit.text(f"own_post.to_be_{key}"))
    rows = [("wrong", post.wrong), ("reason", post.reason), ("notice", post.notice)]
    rows.append(("where", post.announced_where))
    return OwnPostCard(
        id=post.id,
        number=post.number,
        url=shown(post.url, 300),
        text=excerpt(post.text, limit=200),
        trail=tuple(visit.text(f"own_post.{key}", text=shown(said, 240)) for key, said in rows if said),
        done=tuple(ticked),
        ahead=tuple(ahead),
        sha256=post.evidence.sha256,
        remove=visit.form(
            Action.REMOVE_OWN_POST,
            gate=Gate(open=False) if post.removed_at else visit.gate(Action.REMOVE_OWN_POST),
            item=post.id,
        ),
        announce=visit.form(
            Action.ANNOUNCE_OWN_POST,
            gate=visit.gate(Action.ANNOUNCE_OWN_POST)
            if post.removed_at and not post.announced_at
            else Gate(open=False),
            item=post.id,
        ),
    )
