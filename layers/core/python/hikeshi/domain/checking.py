"""What people do with facts: claim, bear out, judge, take back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from hikeshi.domain.errors import NotReadyError
from hikeshi.domain.facts import SOURCES_OF_A_KEY_FACT, Fact, FactSource, Proof, Verdict, holds, origins
from hikeshi.domain.incidents import Change, Room
from hikeshi.domain.publishing import flag_statements
from hikeshi.domain.timeline import TimelineEvent

MOST_SOURCES = 20
MOST_PROOFS = 20


def add_fact(room: Room, fact: Fact) -> Change:
    """Put a claim on the list to check.

    Raises
    ------
    NotFoundError
        If it follows from a fact that is not there.
    """
    for base in fact.rests_on:
        room.fact(base)
    event = TimelineEvent(
        kind="fact_added",
        at=fact.added_at,
        actor=fact.added_by,
        details={"fact": fact.id, "claim": fact.claim},
    )
    return replace(room, facts=(*room.facts, fact)), (event,)


def judge_fact(room: Room, fact_id: str, *, verdict: Verdict, basis: str, by: str, at: datetime) -> Change:
    """Record what checking a claim came to; a later verdict replaces an earlier one.

    Statements that say a fact which no longer holds are flagged in the same step.

    Raises
    ------
    NotReadyError
        ``second_source`` if a key fact is to be confirmed on one origin, ``base_fact`` if what it follows
        from does not hold.
    """
    fact = room.fact(fact_id)
    if verdict is Verdict.CONFIRMED:
        _check_can_be_confirmed(room, fact)
    judged = replace(fact, verdict=verdict, basis=basis, judged_by=by, judged_at=at)
    details = {"fact": fact.id, "claim": fact.claim, "verdict": verdict.value, "basis": basis}
    event = TimelineEvent(kind="fact_judged", at=at, actor=by, details=details)
    return _changed(room, judged, event)


def add_source(room: Room, fact_id: str, source: FactSource) -> Change:
    """Say what bears a fact out.

    Raises
    ------
    NotReadyError
        ``fewer_sources`` if there are twenty.
    """
    fact = room.fact(fact_id)
    if len(fact.sources) >= MOST_SOURCES:
        raise NotReadyError(("fewer_sources",))
    details = {"fact": fact.id, "claim": fact.claim, "source": source.name}
    event = TimelineEvent(kind="source_added", at=source.added_at, actor=source.added_by, details=details)
    return _changed(room, replace(fact, sources=(*fact.sources, source)), event)


def keep_proof(room: Room, fact_id: str, proof: Proof) -> Change:
    """Attach a record that lies in the archive; the same bytes are attached once.

    Raises
    ------
    NotReadyError
        ``fewer_proofs`` if there are twenty.
    """
    fact = room.fact(fact_id)
    if any(known.sha256 == proof.sha256 for known in fact.proofs):
        return room, ()
    if len(fact.proofs) >= MOST_PROOFS:
        raise NotReadyError(("fewer_proofs",))
    details = {"fact": fact.id, "claim": fact.claim, "title": proof.title, "sha256": proof.sha256}
    event = TimelineEvent(kind="proof_kept", at=proof.kept_at, actor=proof.kept_by, details=details)
    return _changed(room, replace(fact, proofs=(*fact.proofs, proof)), event)


def mark_key(room: Room, fact_id: str, *, key: bool, by: str, at: datetime) -> Change:
    """Say whether so much rests on a fact that one origin is not enough."""
    fact = room.fact(fact_id)
    if fact.key is key:
        return room, ()
    kind = "fact_made_key" if key else "fact_made_ordinary"
    event = TimelineEvent(kind=kind, at=at, actor=by, details={"fact": fact.id, "claim": fact.claim})
    return _changed(room, replace(fact, key=key), event)


def confirmation_gaps(room: Room, fact: Fact) -> tuple[str, ...]:
    """Return what keeps a fact from being confirmed: ``second_source``, ``base_fact``."""
    gaps = []
    if fact.key and len(origins(room.facts, fact.id)) < SOURCES_OF_A_KEY_FACT:
        gaps.append("second_source")
    if not all(holds(room.facts, base) for base in fact.rests_on):
        gaps.append("base_fact")
    return tuple(gaps)


def _check_can_be_confirmed(room: Room, fact: Fact) -> None:
    if gaps := confirmation_gaps(room, fact):
        raise NotReadyError(gaps)


def _changed(room: Room, fact: Fact, event: TimelineEvent) -> Change:
    changed = replace(room, facts=tuple(fact if known.id == fact.id else known for known in room.facts))
    flagged, events = flag_statements(changed, by=event.actor, at=event.at)
    return flagged, (event, *events)
