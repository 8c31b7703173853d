"""What people do with facts from a link; see :mod:`hikeshi.domain.checking` for the rules."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime

from hikeshi.domain import checking
from hikeshi.domain.actions import Action
from hikeshi.domain.errors import InvalidFormError
from hikeshi.domain.facts import Credibility, Fact, FactSource, Proof, Verdict
from hikeshi.domain.incidents import Change, Room
from hikeshi.domain.outbox import OutboxRow
from hikeshi.domain.publishing import all_statements
from hikeshi.services.incidents.respond import Responder, Tell, act
from hikeshi.services.messages.audience import cause, known
from hikeshi.services.messages.notices import Notice, notice_rows


def add_fact(
    incident_id: str,
    *,
    by: Responder,
    claim: str,
    source: str,
    key: bool = False,
    rests_on: tuple[int, ...] = (),
) -> Room:
    """Put a claim on the list to check; ``rests_on`` are the numbers of the facts it follows from.

    Raises
    ------
    InvalidFormError
        ``rests_on`` if a number belongs to no fact.
    """
    fact_id = f"fact-{by.ids.ulid()}"

    def change(room: Room, at: datetime) -> Change:
        if any(not 1 <= number <= len(room.facts) for number in rests_on):
            raise InvalidFormError("there is no fact of this number", field="rests_on")
        fact = Fact(
            id=fact_id,
            claim=claim,
            source=source,
            added_by=by.person.id,
            added_at=at,
            key=key,
            rests_on=tuple(dict.fromkeys(room.facts[number - 1].id for number in rests_on)),
        )
        return checking.add_fact(room, fact)

    return act(incident_id, Action.ADD_FACT, change, by=by)


def judge_fact(incident_id: str, *, by: Responder, fact_id: str, verdict: Verdict, basis: str) -> Room:
    """Record what checking a claim came to; if a statement falls with it, its people are called."""

    def change(room: Room, at: datetime) -> Change:
        return checking.judge_fact(room, fact_id, verdict=verdict, basis=basis, by=by.person.id, at=at)

    return act(incident_id, Action.JUDGE_FACT, change, by=by, tell=call_for_flagged(by))


def add_source(
    incident_id: str,
    *,
    by: Responder,
    fact_id: str,
    name: str,
    credibility: Credibility,
    origin: str,
    url: str,
) -> Room:
    """Say what bears a fact out."""

    def change(room: Room, at: datetime) -> Change:
        source = FactSource(
            name=name,
            credibility=credibility,
            origin=origin,
            url=url,
            added_by=by.person.id,
            added_at=at,
        )
        return checking.add_source(room, fact_id, source)

    return act(incident_id, Action.ADD_SOURCE, change, by=by)


def mark_key(incident_id: str, *, by: Responder, fact_id: str, key: bool) -> Room:
    """Say whether a fact needs two origins; a statement may fall with that."""

    def change(room: Room, at: datetime) -> Change:
        return checking.mark_key(room, fact_id, key=key, by=by.person.id, at=at)

    return act(incident_id, Action.MARK_KEY, change, by=by, tell=call_for_flagged(by))


def keep_proof(incident_id: str, *, by: Responder, fact_id: str, title: str, content: str) -> Room:
    """Keep the words of a record in the archive, and its digest with the fact.

    The document is stored before the room names it: a document that nobody names does no harm.
    """

    def change(room: Room, at: datetime) -> Change:
        room.fact(fact_id)
        document = {
            "incident": incident_id,
            "fact": fact_id,
            "title": title,
            "content": content,
            "kept_by": by.person.id,
            "kept_at": at.astimezone(UTC).isoformat(),
        }
        stored = json.dumps(document, ensure_ascii=False, sort_keys=True).encode()
        digest = hashlib.sha256(stored).hexdigest()
        uri = by.proofs.keep(incident_id, name=f"{digest}.json", content=stored)
        proof = Proof(title=title, uri=uri, sha256=digest, kept_by=by.person.id, kept_at=at)
        return checking.keep_proof(room, fact_id, proof)

    return act(incident_id, Action.KEEP_PROOF, change, by=by)


def call_for_flagged(by: Responder) -> Tell:
    """Return what calls everybody behind a text that was flagged just now."""

    def tell(room: Room, at: datetime) -> tuple[OutboxRow, ...]:
        rows: tuple[OutboxRow, ...] = ()
        for statement in all_statements(room):
            if statement.flagged_at != at or not statement.flagged_facts:  # overtaken by a change of kind
                continue
            people = [each.by for each in statement.approvals]
            people += [statement.drafted_by, statement.published_by or "", room.incident.lead or ""]
            claims = {fact.id: fact.claim for fact in room.facts}
            flagged = statement.flagged_facts[0]
            notice = Notice(
                cause=cause(room.incident, f"statement-{statement.generation}-{statement.version}-flagged"),
                moment="statement_flagged",
                params={
                    "claim": claims.get(flagged, flagged),
                    "out_key": "flagged.published" if statement.published_at else "flagged.held",
                },
            )
            roster = by.configuration.roster
            rows += notice_rows(room.incident, known(people, roster), notice, ids=by.ids, at=at)
        return rows

    return tell
