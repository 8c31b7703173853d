"""Experts from outside: who fits, what was asked, and what was answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from hikeshi.domain.actions import Action
from hikeshi.domain.attaching import files_about
from hikeshi.domain.experts import MOST_FILES, WINDOW, WINDOWS, Consultation, Exhibit, Expert, SharedFile
from hikeshi.domain.facts import Fact
from hikeshi.services.experts.consulting import shareable
from hikeshi.services.facts.evidence_view import weight
from hikeshi.services.facts.verdict_words import verdict_of
from hikeshi.services.messages.excerpt import excerpt
from hikeshi.services.room.page_models import Form, Notice
from hikeshi.services.room.visit import Visit, shown

Text = Callable[..., str]

A_PAGE = 3
"""Questions on one page."""

MOST_EXHIBITS, _EXHIBIT = 8, 160
"""What is listed of what an expert was shown, and letters of each; the record of it is in the archive."""

MOST_NAMED = 1
"""Files of one exhibit that are listed with it; the expert sees all."""

MOST_FACTS = 200
"""Facts that can be chosen from, the newest; more than anybody checks in one incident."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ExpertCard:
    """Somebody who can be asked; ``fits`` if the incident is in their field."""

    id: str
    name: str
    field: str
    about: str
    contract: str
    hours: str
    tone: str
    fits: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ExhibitRow:
    """Something that was shown; ``files`` are title and kind, address and digest of each."""

    heading: str
    words: str
    sha256: str
    files: tuple[tuple[str, str, str], ...]
    more_files: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestCard:
    """A question with what was shown, and the answer."""

    id: str
    title: str
    state: str
    tone: str
    question: str
    trail: tuple[str, ...]
    shown: int
    exhibits: tuple[ExhibitRow, ...]
    more_exhibits: str
    opinion: str
    seal: str
    withdraw: Form | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ExpertsPage:
    """The page; ``facts`` and ``posts`` are what can be chosen, with their numbers.

    ``before`` and ``after`` are addresses, empty at the ends.
    """

    page_title: str
    home: str
    title: str
    as_of: str
    notices: tuple[Notice, ...]
    experts: tuple[ExpertCard, ...]
    requests: tuple[RequestCard, ...]
    place: str
    before: str
    after: str
    facts: tuple[tuple[int, str], ...]
    more_facts: str
    posts: tuple[tuple[int, str], ...]
    has_statement: bool
    has_files: bool
    windows: tuple[tuple[str, str], ...]
    chosen: str
    ask: Form


@dataclass(frozen=True, kw_only=True, slots=True)
class ExpertsPanel:
    """What the room says of it."""

    state: str
    href: str


def experts_panel(visit: Visit) -> ExpertsPanel | None:
    """Say on the room's page how many fit and what is out; None if there is nobody to ask."""
    register = visit.configuration.roster.experts
    if not register and not visit.room.consultations:
        return None
    waiting = sum(each.is_waiting and each.is_open(visit.at) for each in visit.room.consultations)
    answered = sum(each.opinion is not None for each in visit.room.consultations)
    fitting = sum(each.fits(visit.incident.category) for each in register)
    state = visit.text("experts.panel", fitting=fitting, waiting=waiting, answered=answered)
    return ExpertsPanel(state=state, href=f"{visit.base}experts")


def experts_page(visit: Visit, *, notices: tuple[Notice, ...] = (), page: str = "") -> ExpertsPage:
    """Compose the page: those who fit first, the newest question first."""
    asked = visit.room.consultations[::-1]
    pages = max((len(asked) + A_PAGE - 1) // A_PAGE, 1)
    number = min(max(int(page), 1), pages) if page.isascii() and page.isdigit() and len(page) < 4 else 1  # noqa: PLR2004  # no room has a thousand pages
    register = visit.configuration.roster.experts
    cards = sorted((_expert(visit, each) for each in register), key=lambda card: not card.fits)
    facts = visit.room.facts
    posts = shareable(visit.opening_posts)
    return ExpertsPage(
        page_title=visit.text("experts.title", number=visit.number),
        home=visit.home,
        title=shown(visit.incident.title, 60),
        as_of=visit.text("page.as_of", at=visit.when(visit.at)),
        notices=notices,
        experts=tuple(cards),
        requests=tuple(_request(visit, each) for each in asked[(number - 1) * A_PAGE : number * A_PAGE]),
        place=visit.text("facts.place", page=number, pages=pages) if pages > 1 else "",
        before=f"experts?page={number - 1}" if number > 1 else "",
        after=f"experts?page={number + 1}" if number < pages else "",
        facts=tuple((n, _choice(visit, fact)) for n, fact in enumerate(facts, start=1))[-MOST_FACTS:],
        more_facts=visit.text("page.more", count=len(facts) - MOST_FACTS) if len(facts) > MOST_FACTS else "",
        posts=tuple((n, shown(each.post.text, 80)) for n, each in enumerate(posts, start=1)),
        has_files=any(files_about(visit.room, fact.id) for fact in facts),
        has_statement=visit.room.statement is not None and not visit.room.statement.waived,
        windows=tuple((str(span.days), _days(visit, span)) for span in WINDOWS),
        chosen=str(WINDOW.days),
        ask=visit.form(Action.ASK_EXPERT),
    )


def exhibit_of(
    exhibit: Exhibit, *, text: Text, base: str, limit: int = 2000, named: int = MOST_FILES
) -> ExhibitRow:
    """Return something that was shown as a page lists it: ``limit`` letters of it, ``named`` of its files."""
    hidden = len(exhibit.files) - named
    note = text(exhibit.note) if exhibit.note else ""
    heading = text(f"experts.exhibit.{exhibit.kind}")
    words = excerpt(exhibit.text, limit=limit, lines=True)
    return ExhibitRow(
        heading=text("joined.beside", what=heading, more=note) if note else heading,
        words=words,
        sha256=exhibit.sha256,
        files=tuple(
            (_named(each, text), f"{base}file?id={each.id}", each.sha256) for each in exhibit.files[:named]
        ),
        more_files=text("page.more", count=hidden) if hidden > 0 else "",
    )


def _named(file: SharedFile, text: Text) -> str:
    kind = text(f"file_kind.{file.kind}")
    return text("experts.file", title=file.title, kind=kind, size=weight(file.size))


def _expert(visit: Visit, expert: Expert) -> ExpertCard:
    person = visit.configuration.roster.people.get(expert.person_id)
    days = visit.text("experts.weekdays" if expert.weekdays else "experts.every_day")
    clock = f"{expert.opens:%H:%M}–{expert.closes:%H:%M}" if expert.opens and expert.closes else ""
    reachable = expert.is_reachable(visit.at)
    return ExpertCard(
        id=expert.person_id,
        name=visit.name(expert.person_id),
        field=visit.text(f"expert_field.{expert.field}"),
        about=visit.text("joined.gap").join((person.title, person.department)) if person is not None else "",
        contract=shown(expert.contract, 60),
        hours=visit.text("experts.hours_now" if reachable else "experts.hours_later", hours=f"{days}{clock}"),
        tone="calm" if reachable else "wait",
        fits=expert.fits(visit.incident.category),
    )


def _request(visit: Visit, asked: Consultation) -> RequestCard:
    state, tone = _state(visit, asked)
    trail = [visit.text("experts.asked", by=visit.by_at(asked.asked_by, asked.asked_at))]
    if asked.withdrawn_by is not None and asked.withdrawn_at is not None:
        trail.append(visit.text("experts.withdrawn", by=visit.by_at(asked.withdrawn_by, asked.withdrawn_at)))
    opinion = asked.opinion
    if opinion is not None:
        trail.append(visit.text("experts.answered", by=visit.by_at(asked.expert, opinion.given_at)))
    can_take_back = asked.is_open(visit.at)
    return RequestCard(
        id=asked.id,
        title=visit.text("experts.request", number=asked.number, name=visit.name(asked.expert)),
        state=state,
        tone=tone,
        question=excerpt(asked.question, limit=2000, lines=True),
        trail=tuple(trail),
        shown=len(asked.exhibits),
        exhibits=tuple(
            exhibit_of(each, text=visit.text, base=visit.base, limit=_EXHIBIT, named=MOST_NAMED)
            for each in asked.exhibits[:MOST_EXHIBITS]
        ),
        more_exhibits=visit.text("page.more", count=len(asked.exhibits) - MOST_EXHIBITS)
        if len(asked.exhibits) > MOST_EXHIBITS
        else "",
        opinion=excerpt(opinion.text, limit=8000, lines=True) if opinion is not None else "",
        seal=visit.text("page.report.seal", digest=opinion.sha256) if opinion is not None else "",
        withdraw=visit.form(Action.WITHDRAW_REQUEST, item=asked.id) if can_take_back else None,
    )


def _state(visit: Visit, asked: Consultation) -> tuple[str, str]:
    until = visit.when(asked.until)
    if asked.withdrawn_at is not None:
        return visit.text("experts.state.withdrawn"), "quiet"
    if asked.opinion is not None:
        return visit.text("experts.state.answered"), "calm"
    if not asked.is_open(visit.at):
        return visit.text("experts.state.over", until=until), "late"
    return visit.text("experts.state.waiting", until=until), "wait"


def _choice(visit: Visit, fact: Fact) -> str:
    """Name a fact as it is picked: the expert is told its verdict as well."""
    verdict = verdict_of(fact.claim, fact.verdict, visit.words)
    return visit.text("experts.fact", claim=shown(fact.claim, 60), verdict=verdict)


def _days(visit: Visit, span: timedelta) -> str:
    return visit.text("experts.days", days=span.days)
