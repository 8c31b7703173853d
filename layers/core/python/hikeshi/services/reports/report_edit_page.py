"""The page on which the completion report is written, answered and signed, part by part."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hikeshi.domain.actions import Action
from hikeshi.domain.reporting import current_proposals, report_gaps, signatures_suffice
from hikeshi.domain.reports import (
    Answer,
    ChangeKind,
    CompletionReport,
    CorrectiveAction,
    Proposal,
    RootCause,
)
from hikeshi.services.messages.excerpt import excerpt
from hikeshi.services.messages.japanese_time import day
from hikeshi.services.reports.final_report import IMPACTS, MARKS
from hikeshi.services.reports.signing_text import awaited_words, deciders_words
from hikeshi.services.room.page_models import Form, Gate, Notice
from hikeshi.services.room.visit import Visit, shown

MOST_CORRECTIONS = 30
MOST_DIFF_LINES = 20
_ESSAY, _CHANGE, _LINE = 4000, 1000, 300
"""What the fields hold at most."""

_DIFF_LINE = 240

Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class CorrectionItem:
    """A corrective action, and the forms that it waits for."""

    id: str
    title: str
    state: str
    tone: str
    trail: tuple[str, ...]
    done: Form
    check: Form


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeItem:
    """A proposed change and its answer; ``diff`` are the lines of the manual's diff, each with its kind."""

    id: str
    kind: str
    name: str
    state: str
    tone: str
    how: str
    target: str
    diff: tuple[tuple[str, str], ...]
    trail: str
    form: Form
    open: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportEditPage:
    """Everything on the page of the report that people fill in."""

    page_title: str
    home: str
    title: str
    as_of: str
    notices: tuple[Notice, ...]
    state: str
    tone: str
    gaps: tuple[str, ...]
    signatures: tuple[str, ...]
    awaited: str
    edit: Form
    outcome: Form
    impacts: tuple[str, ...]
    lessons: Form
    causes: Choices
    feedback: Form
    marks: tuple[str, ...]
    feedback_state: str
    corrections: tuple[CorrectionItem, ...]
    more: str
    add: Form
    owners: Choices
    kinds: Choices
    changes: tuple[ChangeItem, ...]
    sign: Form
    sign_how: str
    version: str
    figures: bool


def report_edit_page(visit: Visit, *, notices: tuple[Notice, ...] = ()) -> ReportEditPage:
    """Compose the page; before there is a report it only says so."""
    report = visit.room.report
    state, tone = report_state(visit)
    corrections = tuple(reversed(visit.room.corrections))
    hidden = len(corrections) - MOST_CORRECTIONS
    return ReportEditPage(
        page_title=visit.text(
            "report_edit.title" if visit.phase.is_open else "report_edit.title_closed",
            number=visit.number,
        ),
        home=visit.home,
        title=shown(visit.incident.title, 60),
        as_of=visit.text("page.as_of", at=visit.when(visit.at)),
        notices=notices,
        state=state,
        tone=tone,
        gaps=gap_sentences(visit),
        signatures=signature_lines(visit),
        awaited=awaited_words(visit),
        edit=_filled(visit, Action.EDIT_REPORT, _evaluation(report)),
        outcome=_filled(visit, Action.NOTE_OUTCOME, _outcome(report), limit=_LINE),
        impacts=IMPACTS,
        lessons=_filled(visit, Action.NOTE_LESSONS, _lessons(report)),
        causes=tuple((cause.value, visit.text(f"cause.{cause}")) for cause in RootCause),
        feedback=_filled(visit, Action.GIVE_FEEDBACK, _own_feedback(visit), limit=_LINE),
        marks=MARKS,
        feedback_state=_feedback_state(visit),
        corrections=tuple(_correction(visit, each) for each in corrections[:MOST_CORRECTIONS]),
        more=visit.text("page.more", count=hidden) if hidden > 0 else "",
        add=visit.form(Action.ADD_CORRECTION, gate=_gate(visit, Action.ADD_CORRECTION)),
        owners=_owners(visit),
        kinds=tuple((kind.value, visit.text(f"change.{kind}")) for kind in ChangeKind),
        changes=tuple(_change(visit, each) for each in current_proposals(visit.room)),
        sign=visit.form(Action.SIGN_REPORT, gate=sign_gate(visit)),
        sign_how=sign_how(visit),
        version=str(report.version) if report else "",
        figures=report is not None,
    )


def report_state(visit: Visit) -> tuple[str, str]:
    """Return in a sentence where the report stands, and the tone of it."""
    report = visit.room.report
    if report is None:
        return visit.text("missing.report"), "wait"
    if report.signed_by is not None and report.signed_at is not None:
        signed = visit.by_at(report.signed_by, report.signed_at)
        return visit.text("page.report.signed", signed=signed), "calm"
    if report.signatures:
        return visit.text("report_edit.half_signed", count=len(report.signatures)), "wait"
    return visit.text("page.report.open", at=visit.when(report.drafted_at)), "wait"


def gap_sentences(visit: Visit) -> tuple[str, ...]:
    """Return what is missing until it can be signed, while it is open."""
    report = visit.room.report
    if report is None or report.signed_by is not None or not visit.phase.is_open:
        return ()
    return tuple(visit.text(f"missing.{gap}") for gap in report_gaps(visit.room))


def signature_lines(visit: Visit) -> tuple[str, ...]:
    """Return who has signed."""
    report = visit.room.report
    given = report.signatures if report else ()
    return tuple(visit.text("report_edit.signature", signed=visit.by_at(each.by, each.at)) for each in given)


def sign_gate(visit: Visit) -> Gate:
    """Tell whether the reader is offered to sign, and if not, why."""
    report = visit.room.report
    gate = visit.gate(Action.SIGN_REPORT)
    if report is None or report.signed_by is not None:
        return Gate(open=False)
    if gate.open and report_gaps(visit.room):
        return Gate(open=False, why=visit.text("page.report.fill_first"))
    if gate.open and visit.reader.id in {each.by for each in report.signatures}:
        return Gate(open=False, why=_still_needed(visit, report))
    return gate


def sign_how(visit: Visit) -> str:
    """Say what signing means, and who has to."""
    return visit.text("page.report.sign_how", deciders=deciders_words(visit))


def _still_needed(visit: Visit, report: CompletionReport) -> str:
    if signatures_suffice(report.signatures):
        return ""
    if len(report.signatures) == 1:
        return visit.text("report_edit.needs_second")
    return visit.text("report_edit.needs_lead", deciders=deciders_words(visit))


def _gate(visit: Visit, action: Action) -> Gate:
    report = visit.room.report
    if report is None or report.signed_by is not None:
        return Gate(open=False)
    return visit.gate(action)


def _filled(visit: Visit, action: Action, values: dict[str, str], *, limit: int = _ESSAY) -> Form:
    form = visit.form(action, gate=_gate(visit, action))
    if form.typed:
        return form
    clean = {name: excerpt(value, limit=limit, lines=True) for name, value in values.items()}
    return replace(form, typed=clean)


def _evaluation(report: CompletionReport | None) -> dict[str, str]:
    return {"evaluation": report.evaluation, "customers": report.customers} if report else {}


def _outcome(report: CompletionReport | None) -> dict[str, str]:
    if report is None:
        return {}
    known = report.outcome
    values = {f"impact_{kind}": getattr(known, kind) for kind in (*IMPACTS, "market", "people")}
    yen = str(known.loss_yen) if known.loss_yen is not None else ""
    return values | {"loss_yen": yen, "loss_unknown": known.loss_unknown}


def _lessons(report: CompletionReport | None) -> dict[str, str]:
    if report is None:
        return {}
    ticked = {f"cause_{cause}": "yes" for cause in report.causes}
    return ticked | {"lessons": report.lessons, "no_corrections": report.no_corrections}


def _own_feedback(visit: Visit) -> dict[str, str]:
    for given in visit.room.feedback:
        if (given.generation, given.by) == (visit.incident.generation, visit.reader.id):
            return {mark: str(getattr(given, mark)) for mark in MARKS} | {"feedback_note": given.note}
    return {}


def _feedback_state(visit: Visit) -> str:
    own = [each for each in visit.room.feedback if each.generation == visit.incident.generation]
    return visit.text("report_edit.feedback_count", count=len(own))


def _owners(visit: Visit) -> Choices:
    people = visit.configuration.roster.people.values()
    return tuple((each.id, visit.beside(each.name, each.department)) for each in people if each.active)


# ---- corrective actions -------------------------------------------------------------------------


def _correction(visit: Visit, action: CorrectiveAction) -> CorrectionItem:
    state, tone = correction_state(visit, action)
    trail = [
        visit.text("report_edit.owner", owner=visit.name(action.owner), due=day(action.due_at, visit.words)),
        visit.text("report_edit.check", check=shown(action.check, 120), at=day(action.check_at, visit.words)),
        visit.text("report_edit.change", change=_named(visit, action.change_id)),
    ]
    if action.done_by is not None and action.done_at is not None:
        by = visit.by_at(action.done_by, action.done_at)
        trail.append(visit.text("report_edit.done", by=by, result=shown(action.result, 240)))
    if action.checked_by is not None and action.checked_at is not None:
        by = visit.by_at(action.checked_by, action.checked_at)
        trail.append(visit.text("report_edit.checked", by=by, effect=shown(action.effect, 240)))
    done = Gate(open=False) if action.done_at else visit.gate(Action.COMPLETE_CORRECTION)
    open_check = action.done_at is not None and action.checked_at is None
    check = visit.gate(Action.CHECK_CORRECTION) if open_check else Gate(open=False)
    return CorrectionItem(
        id=action.id,
        title=shown(action.title, 120),
        state=state,
        tone=tone,
        trail=tuple(trail),
        done=visit.form(Action.COMPLETE_CORRECTION, gate=done, item=action.id),
        check=visit.form(Action.CHECK_CORRECTION, gate=check, item=action.id),
    )


def _named(visit: Visit, change_id: str) -> str:
    """Return what a change is called on this page; one that is not there keeps its id."""
    kinds = [change.kind for change in visit.room.proposals if change.id == change_id]
    return visit.text(f"change.{kinds[0]}") if kinds else change_id


def correction_state(visit: Visit, action: CorrectiveAction) -> tuple[str, str]:
    """Return in a word where a corrective action stands, and the tone of it."""
    if action.checked_at is not None:
        key = "effective" if action.effective else "without_effect"
        return visit.text(f"report_edit.{key}"), "calm" if action.effective else "late"
    if action.is_overdue(visit.at):
        key = "overdue" if action.done_at is None else "check_overdue"
        return visit.text(f"report_edit.{key}"), "late"
    key = "waiting" if action.done_at is None else "check_waiting"
    return visit.text(f"report_edit.{key}"), "wait"


# ---- proposed changes ---------------------------------------------------------------------------


def _change(visit: Visit, change: Proposal) -> ChangeItem:
    gate = _gate(visit, Action.ANSWER_PROPOSAL)
    form = visit.form(Action.ANSWER_PROPOSAL, gate=gate, item=change.id)
    if not form.typed:
        kept = {"change_text": change.text, "reason": change.reason, "answer": change.answer or ""}
        form = replace(form, typed={k: excerpt(v, limit=_CHANGE, lines=True) for k, v in kept.items()})
    answered = change.answer is not None
    state = f"report_edit.answer_{change.answer}" if answered else "report_edit.unanswered"
    trail = ""
    if change.answered_by is not None and change.answered_at is not None:
        trail = visit.by_at(change.answered_by, change.answered_at)
    return ChangeItem(
        id=change.id,
        kind=change.kind.value,
        name=visit.text(f"change.{change.kind}"),
        state=visit.text(state),
        tone={Answer.ACCEPT: "calm", Answer.DECLINE: "quiet"}.get(change.answer, "wait")
        if change.answer
        else "wait",
        how=visit.text(f"report_edit.how_{change.kind}"),
        target=change.target.partition("#")[2],
        diff=_diff_lines(change.diff),
        trail=trail,
        form=form,
        open=not answered,
    )


def _diff_lines(diff: str) -> tuple[tuple[str, str], ...]:
    """Return the lines of a diff below its head, each with ``new``, ``gone`` or ``same``."""
    kinds = {"+": "new", "-": "gone"}
    lines = (line for line in diff.splitlines()[2:] if not line.startswith("@@"))
    told = ((kinds.get(line[:1], "same"), shown(line[1:], _DIFF_LINE)) for line in lines)
    return tuple((kind, line) for kind, line in told if line)[:MOST_DIFF_LINES]
