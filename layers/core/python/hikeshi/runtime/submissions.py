"""From a form as it was typed to the use case it asks for."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from hikeshi.domain.errors import InvalidFormError
from hikeshi.domain.facts import Credibility, Verdict
from hikeshi.domain.incidents import Room
from hikeshi.domain.japan_time import JST
from hikeshi.domain.people import Action
from hikeshi.domain.statements import StatementKind
from hikeshi.services import fact_register, handover, respond, statement_desk
from hikeshi.services.respond import Responder
from hikeshi.services.statement_text import Draft
from hikeshi.services.wording import Wording

Typed = Mapping[str, str]


def perform(action: Action, typed: Typed, *, incident_id: str, by: Responder, words: Wording) -> Room:
    """Carry out what a form asks for.

    Raises
    ------
    InvalidFormError
        If a field holds a value that it never offered.
    """
    if action is Action.DRAFT_STATEMENT:
        return statement_desk.draft_statement(incident_id, by=by, draft=draft_of(typed), words=words)
    return _ACTS[action](incident_id, by, typed)


def draft_of(typed: Typed) -> Draft:
    """Return the draft that the form of a statement holds."""
    return Draft(
        kind=_kind(typed["kind"]),
        opening=typed["said_opening"],
        fact=typed["said_fact"],
        action=typed["said_action"],
        contact=typed["said_contact"],
        care=typed["said_care"],
        next_update_at=_next_update(typed["next_update_at"]),
        tone_reason=typed["tone_reason"],
    )


_ACTS: Mapping[Action, Callable[[str, Responder, Typed], Room]] = {
    Action.ACKNOWLEDGE: lambda incident, by, _: respond.acknowledge(incident, by=by),
    Action.DISMISS: lambda incident, by, typed: respond.dismiss(incident, by=by, reason=typed["reason"]),
    Action.ESCALATE: lambda incident, by, _: respond.escalate(incident, by=by),
    Action.ADD_FACT: lambda incident, by, typed: fact_register.add_fact(
        incident,
        by=by,
        claim=typed["claim"],
        source=typed["source"],
        key=bool(typed["key"]),
        rests_on=_numbers(typed["rests_on"]),
    ),
    Action.ADD_SOURCE: lambda incident, by, typed: fact_register.add_source(
        incident,
        by=by,
        fact_id=typed["fact_id"],
        name=typed["source_name"],
        credibility=_credibility(typed["credibility"]),
        origin=typed["origin"],
        url=typed["source_url"],
    ),
    Action.KEEP_PROOF: lambda incident, by, typed: fact_register.keep_proof(
        incident, by=by, fact_id=typed["fact_id"], title=typed["proof_title"], content=typed["proof"]
    ),
    Action.MARK_KEY: lambda incident, by, typed: fact_register.mark_key(
        incident, by=by, fact_id=typed["fact_id"], key=bool(typed["key"])
    ),
    Action.JUDGE_FACT: lambda incident, by, typed: fact_register.judge_fact(
        incident,
        by=by,
        fact_id=typed["fact_id"],
        verdict=_verdict(typed["verdict"]),
        basis=typed["basis"],
    ),
    Action.ESTABLISH_FACTS: lambda incident, by, _: respond.establish_facts(incident, by=by),
    Action.COMPLETE_TASK: lambda incident, by, typed: respond.complete_task(
        incident, by=by, task_id=typed["task_id"], result=typed["result"]
    ),
    Action.APPROVE_STATEMENT: lambda incident, by, typed: statement_desk.approve_statement(
        incident, by=by, version=_version(typed["version"])
    ),
    Action.PUBLISH_STATEMENT: lambda incident, by, typed: statement_desk.publish_statement(
        incident, by=by, version=_version(typed["version"])
    ),
    Action.WAIVE_STATEMENT: lambda incident, by, typed: statement_desk.waive_statement(
        incident, by=by, reason=typed["reason"]
    ),
    Action.DECLARE_CALM: lambda incident, by, typed: respond.declare_calm(
        incident, by=by, basis=typed["basis"]
    ),
    Action.EDIT_REPORT: lambda incident, by, typed: respond.edit_report(
        incident,
        by=by,
        evaluation=typed["evaluation"],
        lessons=typed["lessons"],
        manual_change=typed["manual_change"],
        no_change_because=typed["no_change_because"],
    ),
    Action.SIGN_REPORT: lambda incident, by, _: respond.sign_report(incident, by=by),
    Action.UNDO: lambda incident, by, typed: handover.undo(incident, by=by, of=typed["of"]),
    Action.CONFIRM: lambda incident, by, _: handover.confirm(incident, by=by),
    Action.SET_EXPIRY: lambda incident, by, typed: handover.set_expiry(
        incident, by=by, after=_minutes(typed["expires_after"])
    ),
}


def _minutes(value: str) -> timedelta:
    if not (value.isascii() and value.isdigit()):
        raise InvalidFormError("a time is a number of minutes", field="expires_after")
    return timedelta(minutes=int(value))


def _version(value: str) -> int:
    if not (value.isascii() and value.isdigit()):
        raise InvalidFormError("not a version", field="version")
    return int(value)


def _verdict(value: str) -> Verdict:
    if value not in set(Verdict):
        raise InvalidFormError("not a verdict", field="verdict")
    return Verdict(value)


def _credibility(value: str) -> Credibility:
    if value not in set(Credibility):
        raise InvalidFormError("not a grade", field="credibility")
    return Credibility(value)


def _numbers(value: str) -> tuple[int, ...]:
    """Read numbers however they are set apart; ``1、2`` and ``１ ２`` alike."""
    plain = unicodedata.normalize("NFKC", value)
    parts = plain.replace("、", " ").replace(",", " ").split()
    if not all(part.isascii() and part.isdigit() for part in parts):
        raise InvalidFormError("these are numbers of facts", field="rests_on")
    return tuple(int(part) for part in parts)


def _kind(value: str) -> StatementKind:
    if value not in set(StatementKind):
        raise InvalidFormError("not a kind of statement", field="kind")
    return StatementKind(value)


def _next_update(value: str) -> datetime | None:
    if not value:
        return None
    try:
        local = datetime.fromisoformat(value)
    except ValueError:
        raise InvalidFormError("not a date and time", field="next_update_at") from None
    if local.tzinfo is not None:
        raise InvalidFormError("a local time has no zone", field="next_update_at")
    return local.replace(tzinfo=JST)
