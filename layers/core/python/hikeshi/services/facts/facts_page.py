"""The fact register on a page of its own: every claim with what bears it out."""

from __future__ import annotations

from dataclasses import dataclass

from hikeshi.domain.actions import Action
from hikeshi.domain.facts import (
    SOURCES_OF_A_KEY_FACT,
    Credibility,
    Fact,
    FactSource,
    Verdict,
    holds,
    origins,
)
from hikeshi.services.facts.evidence_view import EvidencePanel, evidence_of
from hikeshi.services.facts.verdict_words import verdict_of, verdicts_of
from hikeshi.services.room.page_models import Form, Notice
from hikeshi.services.room.visit import Visit, shown

A_PAGE = 14
"""Facts on one page."""

NEWEST_SOURCES = 5
"""Sources named of one fact."""

TONES = {
    Verdict.UNVERIFIED: "wait",
    Verdict.CONFIRMED: "calm",
    Verdict.REFUTED: "late",
    Verdict.CANNOT_KNOW: "quiet",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class FactCard:
    """One claim.

    Attributes
    ----------
    use : str
        Whether a statement may say it now, and if not, why.
    is_key : bool
        Whether it needs two independent origins.
    is_refuted : bool
        Whether it is known to be wrong: denying it takes a fact of its own.
    """

    id: str
    number: int
    claim: str
    verdict: str
    verdicts: tuple[tuple[str, str], ...]
    tone: str
    use: str
    is_key: bool
    is_refuted: bool
    trail: tuple[str, ...]
    sources: tuple[str, ...]
    kept: EvidencePanel
    judge: Form
    source: Form
    proof: Form
    attach: Form
    mark: Form


@dataclass(frozen=True, kw_only=True, slots=True)
class FactsPage:
    """A page of the register; ``newer`` and ``older`` are addresses, empty at the ends."""

    page_title: str
    home: str
    title: str
    as_of: str
    notices: tuple[Notice, ...]
    counts: tuple[str, ...]
    files: str
    cards: tuple[FactCard, ...]
    place: str
    before: str
    after: str
    grades: tuple[tuple[str, str], ...]
    add: Form


def facts_page(visit: Visit, *, notices: tuple[Notice, ...] = (), page: str = "") -> FactsPage:
    """Compose the page that has a number, or the fact of an id; what is neither shows the first."""
    facts = visit.room.facts
    pages = max((len(facts) + A_PAGE - 1) // A_PAGE, 1)
    places = {fact.id: place for place, fact in enumerate(facts)}
    page = str(places[page] // A_PAGE + 1) if page in places else page
    number = min(max(int(page), 1), pages) if page.isascii() and page.isdigit() and len(page) < 4 else 1  # noqa: PLR2004  # no room has a thousand pages
    first = (number - 1) * A_PAGE
    cards = tuple(
        _card(visit, fact, place) for place, fact in enumerate(facts[first : first + A_PAGE], start=first + 1)
    )
    return FactsPage(
        page_title=visit.text("facts.title", number=visit.number),
        home=visit.home,
        title=shown(visit.incident.title, 60),
        as_of=visit.text("page.as_of", at=visit.when(visit.at)),
        notices=notices,
        counts=fact_counts(visit),
        files=visit.text("evidence.files", count=len(visit.room.files)) if visit.room.files else "",
        cards=cards,
        place=visit.text("facts.place", page=number, pages=pages) if pages > 1 else "",
        before=f"facts?page={number - 1}" if number > 1 else "",
        after=f"facts?page={number + 1}" if number < pages else "",
        grades=tuple((each.value, visit.text(f"credibility.{each}")) for each in Credibility),
        add=visit.form(Action.ADD_FACT),
    )


def fact_counts(visit: Visit) -> tuple[str, ...]:
    """Say how many claims came to what."""
    facts = visit.room.facts
    counted = ((each, sum(1 for fact in facts if fact.verdict is each)) for each in Verdict)
    return tuple(
        visit.text("page.facts_count", verdict=visit.text(f"verdict.{verdict}"), count=count)
        for verdict, count in counted
        if count
    )


def _card(visit: Visit, fact: Fact, number: int) -> FactCard:
    source = visit.text("page.fact.from_playbook") if fact.source == "playbook" else shown(fact.source, 80)
    trail = [visit.text("page.fact.source", source=source)] if source else []
    if fact.rests_on:
        numbers = {each.id: place for place, each in enumerate(visit.room.facts, start=1)}
        bases = visit.text("page.comma").join(str(numbers[base]) for base in fact.rests_on if base in numbers)
        trail.append(visit.text("facts.rests_on", numbers=bases))
    if fact.judged_by is not None and fact.judged_at is not None:
        if fact.basis:
            trail.append(visit.text("page.fact.basis", basis=shown(fact.basis, 240)))
        trail.append(visit.text("page.fact.judged", by=visit.by_at(fact.judged_by, fact.judged_at)))
    return FactCard(
        id=fact.id,
        number=number,
        claim=shown(fact.claim, 240),
        verdict=verdict_of(fact.claim, fact.verdict, visit.words),
        verdicts=verdicts_of(fact.claim, Verdict, visit.words),
        tone=TONES[fact.verdict],
        use=_use(visit, fact),
        is_key=fact.key,
        is_refuted=fact.verdict is Verdict.REFUTED,
        trail=tuple(trail),
        sources=_sources(visit, fact),
        kept=evidence_of(visit, fact.id, proofs=fact.proofs),
        judge=visit.form(Action.JUDGE_FACT, item=fact.id),
        source=visit.form(Action.ADD_SOURCE, item=fact.id),
        proof=visit.form(Action.KEEP_PROOF, item=fact.id),
        attach=visit.form(Action.ATTACH_TO_FACT, item=fact.id),
        mark=visit.form(Action.MARK_KEY, item=fact.id),
    )


def _sources(visit: Visit, fact: Fact) -> tuple[str, ...]:
    """Name what was added last, and say how many are not shown."""
    hidden = len(fact.sources) - NEWEST_SOURCES
    rest = (visit.text("page.more", count=hidden),) if hidden > 0 else ()
    return (*(_source(visit, each) for each in fact.sources[-NEWEST_SOURCES:]), *rest)


def _use(visit: Visit, fact: Fact) -> str:
    """Say whether a statement may build on it, and if not, what to do."""
    facts = visit.room.facts
    if fact.verdict in (Verdict.REFUTED, Verdict.CANNOT_KNOW):
        return visit.text(f"facts.{fact.verdict}")
    if holds(facts, fact.id):
        return visit.text("facts.usable")
    count = len(origins(facts, fact.id))
    if fact.key and count < SOURCES_OF_A_KEY_FACT:
        return visit.text("facts.needs_origins", count=count, wanted=SOURCES_OF_A_KEY_FACT)
    if fact.verdict is Verdict.CONFIRMED:
        return visit.text("facts.base_fell")
    return visit.text("facts.not_usable")


def _source(visit: Visit, source: FactSource) -> str:
    grade = visit.text(f"credibility.{source.credibility}")
    line = visit.text("facts.source", name=shown(source.name, 80), grade=grade)
    if source.origin:
        line += visit.text("facts.origin", origin=shown(source.origin, 80))
    return line
