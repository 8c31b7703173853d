"""Replies, compensation, more people at the support desk and the look around after the end: one page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hikeshi.domain.actions import POSSIBLE_WHILE, Action
from hikeshi.domain.aftercare import after_care_runs
from hikeshi.domain.coordination import look_agreed, signs_of
from hikeshi.domain.support import Compensation, Inquiry, Way
from hikeshi.domain.supporting import running_surge
from hikeshi.services.room.page_models import Form, Gate, Notice
from hikeshi.services.room.visit import Visit, shown

A_PAGE = 20
"""Enquiries on one page; of compensations and checks the latest so many are shown."""

_TEXT = 300


@dataclass(frozen=True, kw_only=True, slots=True)
class InquiryCard:
    """One enquiry."""

    id: str
    number: str
    way: str
    gist: str
    state: str
    tone: str
    trail: tuple[str, ...]
    reply: Form
    public: Form


@dataclass(frozen=True, kw_only=True, slots=True)
class CompensationCard:
    """One compensation."""

    id: str
    title: str
    state: str
    tone: str
    trail: tuple[str, ...]
    pay: Form


@dataclass(frozen=True, kw_only=True, slots=True)
class AftercarePage:
    """The page; ``before`` and ``after`` are addresses, empty at the ends."""

    page_title: str
    home: str
    title: str
    as_of: str
    notices: tuple[Notice, ...]
    counts: tuple[str, ...]
    inquiries: tuple[InquiryCard, ...]
    place: str
    before: str
    after: str
    take: Form
    ways: tuple[tuple[str, str], ...]
    compensations: tuple[CompensationCard, ...]
    more_compensations: str
    promise: Form
    surge: str
    helpers: tuple[str, ...]
    begin: Form
    end: Form
    watch: str
    checks: tuple[str, ...]
    check: Form
    findings: tuple[tuple[str, str], ...]
    signs: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class AftercarePanel:
    """What the room says of it in short."""

    lines: tuple[tuple[str, str], ...]
    href: str


def aftercare_panel(visit: Visit) -> AftercarePanel | None:
    """Show in short what is promised to whom, once somebody has the incident in hand."""
    room = visit.room
    begun = room.inquiries or room.compensations or room.surges
    if not begun and visit.phase not in POSSIBLE_WHILE[Action.TAKE_INQUIRY]:
        return None
    lines = [(each, "") for each in _counts(visit)] or [(visit.text("aftercare.none"), "quiet")]
    if (surge := running_surge(room)) is not None:
        lines.append((visit.text("aftercare.surge_count", count=len(surge.people)), "wait"))
    if watch := _watch(visit):
        lines.append((watch, "quiet"))
    return AftercarePanel(lines=tuple(lines), href=visit.base + "aftercare")


def aftercare_page(visit: Visit, *, notices: tuple[Notice, ...] = (), page: str = "") -> AftercarePage:
    """Compose the page; those who wait for a reply come first, longest first."""
    room = visit.room
    waiting_first = sorted(
        room.inquiries, key=lambda each: (not each.missing, each.reply is not None, each.due_at)
    )
    number, pages = _page_number(page, len(waiting_first))
    first = (number - 1) * A_PAGE
    unpaid_first = sorted(room.compensations, key=lambda each: (each.paid_at is not None, each.due_at))
    hidden = len(unpaid_first) - A_PAGE
    surge = running_surge(room)
    helpers = surge.people if surge else visit.configuration.roster.surge
    return AftercarePage(
        page_title=visit.text("aftercare.title", number=visit.number),
        home=visit.home,
        title=shown(visit.incident.title, 60),
        as_of=visit.text("page.as_of", at=visit.when(visit.at)),
        notices=notices,
        counts=_counts(visit),
        inquiries=tuple(_inquiry(visit, each) for each in waiting_first[first : first + A_PAGE]),
        place=visit.text("facts.place", page=number, pages=pages) if pages > 1 else "",
        before=f"aftercare?page={number - 1}" if number > 1 else "",
        after=f"aftercare?page={number + 1}" if number < pages else "",
        take=visit.form(Action.TAKE_INQUIRY),
        ways=tuple((way.value, visit.text(f"way.{way}")) for way in Way),
        compensations=tuple(_compensation(visit, each) for each in unpaid_first[:A_PAGE]),
        more_compensations=visit.text("page.more", count=hidden) if hidden > 0 else "",
        promise=visit.form(Action.PROMISE_COMPENSATION),
        surge=_surge(visit),
        helpers=tuple(visit.name(each) for each in helpers),
        begin=visit.form(Action.BEGIN_SURGE, gate=_begin_gate(visit)),
        end=visit.form(Action.END_SURGE, gate=visit.gate(Action.END_SURGE) if surge else Gate(open=False)),
        watch=_watch(visit),
        checks=_checks(visit),
        check=visit.form(Action.NOTE_CHECK),
        findings=tuple((key, visit.text(f"care_found.{key}")) for key in ("calm", "stirring")),
        signs=_signs(visit),
    )


def _counts(visit: Visit) -> tuple[str, ...]:
    """Say how many turned to us and wait, and how much is promised and not given."""
    room, found = visit.room, []
    if room.inquiries:
        waiting = sum(1 for each in room.inquiries if each.reply is None)
        found.append(visit.text("aftercare.inquiries", count=len(room.inquiries), waiting=waiting))
    if room.compensations:
        unpaid = sum(1 for each in room.compensations if each.paid_at is None)
        worth = f"{sum(each.amount_yen for each in room.compensations):,}"
        found.append(
            visit.text("aftercare.compensations", count=len(room.compensations), unpaid=unpaid, worth=worth)
        )
    return tuple(found)


def _page_number(page: str, count: int) -> tuple[int, int]:
    pages = max((count + A_PAGE - 1) // A_PAGE, 1)
    wanted = int(page) if page.isascii() and page.isdigit() and len(page) < 4 else 1  # noqa: PLR2004  # no room has a thousand pages
    return min(max(wanted, 1), pages), pages


# ---- enquiries and compensation -----------------------------------------------------------------


def _inquiry(visit: Visit, inquiry: Inquiry) -> InquiryCard:
    state, tone = _inquiry_state(visit, inquiry)
    trail = [visit.text("aftercare.taken", taken=visit.by_at(inquiry.taken_by, inquiry.taken_at))]
    for key, answer in (("replied", inquiry.reply), ("answered", inquiry.public)):
        if answer is not None:
            said = visit.by_at(answer.by, answer.at)
            trail.append(visit.text(f"aftercare.{key}", text=shown(answer.text, _TEXT), said=said))
    return InquiryCard(
        id=inquiry.id,
        number=inquiry.number,
        way=visit.text(f"way.{inquiry.way}"),
        gist=shown(inquiry.gist, _TEXT),
        state=state,
        tone=tone,
        trail=tuple(trail),
        reply=_about(visit, Action.REPLY, "inquiry_id", inquiry.id, done=inquiry.reply is not None),
        public=_about(
            visit, Action.ANSWER_IN_PUBLIC, "inquiry_id", inquiry.id, done=inquiry.public is not None
        ),
    )


def _inquiry_state(visit: Visit, inquiry: Inquiry) -> tuple[str, str]:
    if inquiry.reply is None:
        late = visit.at > inquiry.due_at
        text = visit.text("aftercare.late" if late else "aftercare.waiting", due=visit.when(inquiry.due_at))
        return text, "late" if late else "wait"
    if inquiry.public is None:
        return visit.text("aftercare.public_missing"), "wait"
    return visit.text("aftercare.settled"), "calm"


def _compensation(visit: Visit, each: Compensation) -> CompensationCard:
    trail = [visit.text("aftercare.promised", promised=visit.by_at(each.promised_by, each.promised_at))]
    if each.paid_by is not None and each.paid_at is not None:
        trail.append(visit.text("aftercare.paid_by", paid=visit.by_at(each.paid_by, each.paid_at)))
        state, tone = visit.text("aftercare.paid"), "calm"
    else:
        late = visit.at > each.due_at
        state = visit.text("aftercare.late" if late else "aftercare.waiting", due=visit.when(each.due_at))
        tone = "late" if late else "wait"
    return CompensationCard(
        id=each.id,
        title=visit.text(
            "aftercare.compensation",
            number=each.number,
            what=shown(each.what, 100),
            amount=f"{each.amount_yen:,}",
        ),
        state=state,
        tone=tone,
        trail=tuple(trail),
        pay=_about(visit, Action.PAY_COMPENSATION, "compensation_id", each.id, done=each.paid_at is not None),
    )


def _about(visit: Visit, action: Action, field: str, item: str, *, done: bool) -> Form:
    """Describe the form about one thing of many; what was refused comes back to that thing alone."""
    form = visit.form(action, gate=Gate(open=False) if done else None)
    return form if form.typed.get(field) == item else replace(form, typed={})


# ---- more people, and after the end -------------------------------------------------------------


def _surge(visit: Visit) -> str:
    surge = running_surge(visit.room)
    if surge is not None:
        return visit.text("aftercare.surge_runs", begun=visit.by_at(surge.begun_by, surge.begun_at))
    return visit.text(
        "aftercare.surge_idle" if visit.configuration.roster.surge else "aftercare.surge_nobody"
    )


def _begin_gate(visit: Visit) -> Gate:
    if running_surge(visit.room) is not None or not visit.configuration.roster.surge:
        return Gate(open=False)
    return visit.gate(Action.BEGIN_SURGE)


def _watch(visit: Visit) -> str:
    until = visit.incident.after_care_until
    if until is None:
        return ""
    key = "aftercare.watched" if after_care_runs(visit.room) else "aftercare.watch_over"
    return visit.text(key, until=visit.when(until))


def _checks(visit: Visit) -> tuple[str, ...]:
    newest: Sequence[str] = [
        visit.text(
            "aftercare.checked",
            found=visit.text(f"care_found.{'calm' if each.calm else 'stirring'}"),
            note=shown(each.note, _TEXT),
            checked=visit.by_at(each.by, each.at),
        )
        for each in reversed(visit.room.care_checks)
    ]
    return tuple(newest[:A_PAGE])


def _signs(visit: Visit) -> tuple[str, ...]:
    found = signs_of([kept.post for kept in visit.posts])
    if not look_agreed(found):
        return ()
    return tuple(
        visit.text(f"sign.{each.kind}", count=each.count, of=each.of) for each in found if each.stands_out
    )
