"""The panels where people work: facts, the public word, the report."""

from __future__ import annotations

from dataclasses import replace

from hikeshi.domain.actions import POSSIBLE_WHILE, Action
from hikeshi.domain.facts import Fact, Verdict
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.publishing import (
    hand_off_gaps,
    is_last_word_open,
    last_published_now,
    text_obstacles,
)
from hikeshi.domain.rounds import is_left_to_lead
from hikeshi.domain.sighting import view_gaps
from hikeshi.domain.statements import Statement
from hikeshi.services.facts.facts_page import TONES, fact_counts
from hikeshi.services.facts.said_facts import said_facts
from hikeshi.services.facts.verdict_words import verdict_of, verdicts_of
from hikeshi.services.messages.excerpt import excerpt
from hikeshi.services.reports.report_causes import supposed_causes
from hikeshi.services.reports.report_edit_page import gap_sentences, report_state, sign_gate, sign_how
from hikeshi.services.reports.signing_text import awaited_words
from hikeshi.services.room.page_models import Form, Gate
from hikeshi.services.room.room_models import FactItem, FactsPanel, ReportPanel, StatementPanel
from hikeshi.services.room.room_peril import word_caution
from hikeshi.services.room.visit import Visit, shown

MAX_FACTS = 8
_STATEMENT = 4000
_S = IncidentStatus


# ---- facts --------------------------------------------------------------------------------------


_FOUND = tuple(each for each in Verdict if each is not Verdict.UNVERIFIED)


def facts_panel(visit: Visit) -> FactsPanel | None:
    """Show the claims, unchecked ones first; None if there are none and none can be added now."""
    if not visit.room.facts and visit.phase not in POSSIBLE_WHILE[Action.ADD_FACT]:
        return None
    unchecked_first = sorted(visit.room.facts, key=lambda fact: fact.verdict is not Verdict.UNVERIFIED)
    items = tuple(
        _fact(visit, fact, first=place == 0) for place, fact in enumerate(unchecked_first[:MAX_FACTS])
    )
    hidden = len(unchecked_first) - len(items)
    return FactsPanel(
        claims=items,
        more=visit.text("page.more", count=hidden) if hidden else "",
        counts=visit.text("page.comma").join(fact_counts(visit)),
        href=visit.base + "facts",
        add=visit.form(Action.ADD_FACT),
        establish=visit.form(Action.ESTABLISH_FACTS, gate=_establish_gate(visit)),
    )


def _establish_gate(visit: Visit) -> Gate:
    if visit.phase is not _S.FACT_FINDING:
        return Gate(open=False)
    gate = visit.gate(Action.ESTABLISH_FACTS)
    if gate.open and all(fact.verdict is Verdict.UNVERIFIED for fact in visit.room.facts):
        return Gate(open=False, why=visit.text("missing.verdict"))
    if gate.open and view_gaps(visit.room):
        return Gate(open=False, why=visit.text("missing.second_view"))
    return gate


def _fact(visit: Visit, fact: Fact, *, first: bool) -> FactItem:
    source = visit.text("page.fact.from_playbook") if fact.source == "playbook" else shown(fact.source, 80)
    trail = [visit.text("page.fact.source", source=source)] if source else []
    if fact.judged_by is not None and fact.judged_at is not None:
        if fact.basis:
            trail.append(visit.text("page.fact.basis", basis=shown(fact.basis, 240)))
        trail.append(visit.text("page.fact.judged", by=visit.by_at(fact.judged_by, fact.judged_at)))
    form = visit.form(Action.JUDGE_FACT, item=fact.id)
    is_next = visit.phase is _S.FACT_FINDING and fact.verdict is Verdict.UNVERIFIED
    return FactItem(
        id=fact.id,
        anchor=f"at-{fact.id}",
        claim=shown(fact.claim, 240),
        verdict=verdict_of(fact.claim, fact.verdict, visit.words),
        verdicts=verdicts_of(fact.claim, _FOUND, visit.words),
        tone=TONES[fact.verdict],
        trail=tuple(trail),
        judge=form,
        judged=fact.verdict is not Verdict.UNVERIFIED,
        expanded=bool(form.typed) or (first and is_next),
    )


# ---- the public word ----------------------------------------------------------------------------


def statement_panel(visit: Visit) -> StatementPanel | None:
    """Show in short where the public word stands, from the moment that the response has begun."""
    statement = visit.room.statement
    if statement is None and visit.phase is not _S.RESPONDING:
        return None
    state, tone = statement_state(visit, statement)
    open_now = statement is not None and not statement.waived and visit.phase.is_open
    gaps = hand_off_gaps(visit.room, statement) if statement is not None and open_now else ()
    can_write = visit.gate(Action.DRAFT_STATEMENT).open
    go = "write" if can_write and (statement is None or gaps) else "open"
    return StatementPanel(
        state=state,
        tone=tone,
        text=excerpt(statement.text, limit=_STATEMENT, lines=True) if statement else "",
        grounds=said_facts(visit, statement.facts) if statement else (),
        trail=statement_trail(visit, statement),
        version=str(statement.version) if statement else "",
        gaps=tuple(visit.text(f"missing.{gap}") for gap in gaps),
        href=visit.base + "statement",
        go=visit.text(f"statement.go_{go}"),
        approve=visit.form(Action.APPROVE_STATEMENT, gate=approve_gate(visit, statement)),
        send_back=visit.form(Action.RETURN_STATEMENT, gate=return_gate(visit, statement)),
        waive=waive_form(visit, statement),
        ends=is_last_word_open(visit.room),
        caution=word_caution(visit),
    )


def statement_state(visit: Visit, statement: Statement | None) -> tuple[str, str]:
    """Return in a word where a version stands, and the tone of it."""
    if statement is None:
        return visit.text("page.statement.none"), "wait"
    if statement.waived:
        ends = statement == visit.room.statement and last_published_now(visit.room) is not None
        return visit.text("page.statement.ended" if ends else "page.statement.waived"), "quiet"
    if statement.flagged_at is not None or statement.returned_at is not None:
        fell = "flagged" if statement.flagged_facts else "overtaken"
        key = fell if statement.flagged_at is not None else "returned"
        return visit.text(f"page.statement.{key}"), "late"
    if statement.published_at is not None:
        return visit.text("page.statement.published"), "calm"
    if statement.approved_by is not None:
        return visit.text("page.statement.approved"), "calm"
    return visit.text("page.statement.waiting"), "wait"


def statement_trail(visit: Visit, statement: Statement | None) -> tuple[str, ...]:
    """Return who wrote, approved and put out a version, and when."""
    if statement is None:
        return ()
    wrote = visit.by_at(statement.drafted_by, statement.drafted_at)
    if statement.waived:
        return (wrote,)
    kind = visit.text(f"statement_kind.{statement.kind}")
    trail = [visit.text("page.statement.draft", kind=kind, version=statement.version, wrote=wrote)]
    if statement.next_update_at is not None:
        trail.append(visit.text("page.statement.next", at=visit.when(statement.next_update_at)))
    given = [(each.by, each.at) for each in statement.approvals]
    if not given and statement.approved_by is not None and statement.approved_at is not None:
        given = [(statement.approved_by, statement.approved_at)]
    trail += [visit.text("page.statement.approved_by", approved=visit.by_at(*each)) for each in given]
    if statement.returned_by is not None and statement.returned_at is not None:
        by, why = visit.by_at(statement.returned_by, statement.returned_at), statement.return_reason
        trail.append(visit.text("page.statement.returned_by", returned=by, reason=shown(why, 500)))
    if statement.published_by is not None and statement.published_at is not None:
        published = visit.by_at(statement.published_by, statement.published_at)
        trail.append(visit.text("page.statement.published_by", published=published))
    claims = {fact.id: fact.claim for fact in visit.room.facts}
    trail += [
        visit.text("page.statement.fell", claim=shown(claims.get(fact, fact), 120))
        for fact in statement.flagged_facts
    ]
    return tuple(trail)


def approve_gate(visit: Visit, statement: Statement | None) -> Gate:
    """Offer to approve what nobody else's approval has completed yet."""
    if statement is None or not statement.is_under_review:
        return Gate(open=False)
    gate = visit.gate(Action.APPROVE_STATEMENT)
    if gate.open and statement.drafted_by == visit.reader.id:
        return Gate(open=False, why=visit.text("page.statement.second_person"))
    if gate.open and any(each.by == visit.reader.id for each in statement.approvals):
        return Gate(open=False, why=visit.text("page.statement.yours_is_in"))
    if gate.open and (found := text_obstacles(visit.room, statement)):
        return Gate(open=False, why=visit.text(f"missing.{found[0]}"))
    return gate


def return_gate(visit: Visit, statement: Statement | None) -> Gate:
    """Offer to send back what somebody else wrote, while it waits for approval."""
    if statement is None or not statement.is_under_review or statement.drafted_by == visit.reader.id:
        return Gate(open=False)
    gate = visit.gate(Action.RETURN_STATEMENT)
    # The same people may approve it, and are told there if they may not.
    return gate if gate.open else Gate(open=False)


def waive_form(visit: Visit, statement: Statement | None) -> Form:
    """Offer to say nothing in public, or nothing more, to those who may."""
    ends = is_last_word_open(visit.room)
    gate = visit.gate(Action.WAIVE_STATEMENT)
    # Nobody needs to be told of this one that they may not: approval is the way that counts.
    is_offered = gate.open and (ends or statement is None or not statement.is_settled)
    form = visit.form(Action.WAIVE_STATEMENT, gate=Gate(open=is_offered))
    return replace(form, button=visit.text("page.statement.end")) if ends else form


# ---- the report ------------------------------------------------------------------------


def report_panel(visit: Visit) -> ReportPanel | None:
    """Show in short where the completion report stands, from its first draft on."""
    report = visit.room.report
    if report is None:
        return None
    state, tone = report_state(visit)
    left = [each for each in visit.room.corrections if not each.is_over]
    writes = visit.phase.is_open and report.signed_by is None
    return ReportPanel(
        state=state,
        tone=tone,
        href=visit.base + "report",
        caution=_caution(visit),
        missing=gap_sentences(visit),
        write=visit.base + "report-edit" if writes or visit.room.corrections else "",
        is_final=not writes,
        corrections=visit.text("report_edit.left", count=len(left)) if left else "",
        sign=visit.form(Action.SIGN_REPORT, gate=sign_gate(visit)),
        sign_how=sign_how(visit),
        awaited=awaited_words(visit),
        version=str(report.version),
    )


def _caution(visit: Visit) -> str:
    supposed = supposed_causes(visit.room)
    if not supposed or not visit.phase.is_open:
        return ""
    causes = visit.text("page.comma").join(visit.text(f"cause.{cause}") for cause in supposed)
    fault = visit.text(f"fault.{visit.incident.fault}")
    return visit.text("report.caution", causes=causes, fault=fault)


# ---- before anybody has it ----------------------------------------------------------------------


def dismiss_form(visit: Visit) -> Form:
    """Offer to close the incident as a false alarm; to whoever has it, and those who may over them.

    Once somebody took it on, nobody needs to be told of this that they may not.
    """
    gate = visit.gate(Action.DISMISS)
    theirs = is_left_to_lead(visit.room, Action.DISMISS, visit.reader)
    if not visit.in_triage and (theirs or not gate.open):
        gate = Gate(open=False)
    return visit.form(Action.DISMISS, gate=gate)
