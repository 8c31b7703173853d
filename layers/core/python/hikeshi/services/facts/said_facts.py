"""The facts that a text rests on, as those who approve it read them: what each is and how it was judged."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass, replace

from hikeshi.domain.facts import Fact, Verdict, holds
from hikeshi.services.facts.verdict_words import verdict_of
from hikeshi.services.room.visit import Visit, shown


@dataclass(frozen=True, kw_only=True, slots=True)
class SaidFact:
    """A fact under a text; ``tone`` is ``late`` if it does not hold."""

    claim: str
    verdict: str
    basis: str
    tone: str


def said_facts(visit: Visit, ids: Iterable[str], *, told: Container[str] = ()) -> tuple[SaidFact, ...]:
    """Return the facts of some ids, with the numbers under which writers name them.

    Those ``told`` before on the same page stand without what they were judged on.
    """
    places = {fact.id: (place, fact) for place, fact in enumerate(visit.room.facts, start=1)}
    found = ((each, _said(visit, *places[each])) for each in ids if each in places)
    return tuple(replace(said, basis="") if each in told else said for each, said in found)


def _said(visit: Visit, number: int, fact: Fact) -> SaidFact:
    usable = holds(visit.room.facts, fact.id)
    verdict = verdict_of(fact.claim, fact.verdict, visit.words)
    if fact.verdict is Verdict.CONFIRMED and not usable:
        verdict = visit.text("statement.unborne", verdict=verdict)
    judged = ""
    if fact.judged_by is not None and fact.judged_at is not None:
        judged = visit.by_at(fact.judged_by, fact.judged_at)
    basis = visit.text("page.fact.basis", basis=shown(fact.basis, 120)) if fact.basis else ""
    return SaidFact(
        claim=visit.text("statement.rests", number=number, claim=shown(fact.claim, 120)),
        verdict=verdict,
        basis=visit.text("joined.gap").join(part for part in (basis, judged) if part),
        tone="quiet" if usable else "late",
    )
