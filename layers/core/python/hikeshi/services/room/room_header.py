"""The first screen: how bad, what, how fast, how long, who has it, and what the reader is asked to do."""

from __future__ import annotations

from datetime import timedelta

from hikeshi.domain.actions import Action, Role
from hikeshi.domain.aftercare import awaits_reply, owes_compensation
from hikeshi.domain.assessment import Level
from hikeshi.domain.facts import Verdict
from hikeshi.domain.incidents import Slot, Spread
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.peril import Peril
from hikeshi.domain.publishing import last_published_now, last_word_gaps
from hikeshi.domain.reporting import report_gaps
from hikeshi.domain.rounds import is_taken
from hikeshi.domain.sighting import view_gaps
from hikeshi.services.alerts.pace_text import STALE, pace_in_words, rate, spread_now
from hikeshi.services.clock.clock_promises import clock_of
from hikeshi.services.headquarters.headquarters_page import headquarters_calls
from hikeshi.services.incidents.next_words import next_in_words
from hikeshi.services.messages.japanese_time import clock, duration
from hikeshi.services.messages.wording import Wording
from hikeshi.services.reports.signing import awaited
from hikeshi.services.room.action_pages import SPOTS
from hikeshi.services.room.awaiting import (
    is_to_be_written,
    waits,
    waits_for_calm,
    waits_for_report,
    waits_for_work,
)
from hikeshi.services.room.room_hands import call_again, calling, roll_call_panel
from hikeshi.services.room.room_models import Ask, Call, Figure, Header, Phase
from hikeshi.services.room.room_panels import approve_gate, dismiss_form, waive_form
from hikeshi.services.room.room_peril import life_line
from hikeshi.services.room.visit import Visit, shown
from hikeshi.services.statements.statement_page import publish_gate

_S = IncidentStatus
_WAY = (_S.DETECTED, _S.FACT_FINDING, _S.RESPONDING, _S.CALMING, _S.REPORTING, _S.CLOSED)


def header(visit: Visit) -> Header:
    """Compose the top of the page."""
    incident, phase = visit.incident, visit.phase
    level = incident.level if incident.level is not Level.NONE else Level.NOTICE
    level_word, status = visit.text(f"level.{level}"), visit.text(f"status.{phase}")
    is_over = not phase.is_open
    return Header(
        tone="calm" if is_over else level.value,
        badge=status if is_over else level_word,
        number=f"#{visit.number}",
        title=shown(incident.title, 60),
        as_of=visit.text("page.as_of", at=clock(visit.at)),
        figures=(_age(visit), _explanation(visit), _spread(visit), _lead(visit)),
        phases=_phases(visit),
        beside=level_word if is_over else status,
        next=calling(visit) or next_in_words(visit),
        pace="" if is_over else _pace(visit),
        life=life_line(visit),
    )


def _pace(visit: Visit) -> str:
    """Return how the pace stands to what is usual, named: the line stands below all four figures."""
    words = pace_in_words(_now(visit), visit.words, in_sigma=Role.DESK in visit.reader.roles)
    return visit.text("page.pace", pace=words) if words else ""


def elapsed(span: timedelta, words: Wording) -> str:
    """Return hours and minutes, ``0:41``; from two days on, days and hours."""
    minutes = max(int(span.total_seconds() // 60), 0)
    if minutes >= 48 * 60:
        return duration(span, words)
    return f"{minutes // 60}:{minutes % 60:02d}"


def _age(visit: Visit) -> Figure:
    incident = visit.incident
    if incident.closed_at is not None and not visit.phase.is_open:
        label = visit.text("page.figure.age_closed")
        return Figure(label=label, value=elapsed(incident.closed_at - incident.first_post_at, visit.words))
    return Figure(
        label=visit.text("page.figure.age"),
        value=elapsed(visit.at - incident.first_post_at, visit.words),
        beside=visit.text("page.figure.since", at=visit.when(incident.first_post_at)),
    )


def _explanation(visit: Visit) -> Figure:
    statement = visit.room.statement
    label = visit.text("page.figure.explained")
    if statement is not None and statement.waived:
        return _waived(visit, label)
    if statement is not None and (at := statement.published_at or statement.approved_at) is not None:
        state = visit.text("page.figure.published" if statement.published_at else "page.figure.approved")
        return Figure(label=label, value=visit.when(at), beside=state, tone="calm")
    if not visit.phase.is_open:
        return Figure(label=label, value=visit.text("page.figure.none"))
    target = clock_of(visit.room, visit.configuration).target_at
    if target is None:
        return Figure(label=label, value=visit.text("page.figure.none"))
    beside = visit.text("page.figure.target", at=visit.when(target))
    label = visit.text("page.figure.until_target")
    if visit.at <= target:
        return Figure(label=label, value=elapsed(target - visit.at, visit.words), beside=beside)
    late = visit.text("page.figure.late", span=elapsed(visit.at - target, visit.words))
    return Figure(label=label, value=late, beside=beside, tone="late")


def _waived(visit: Visit, label: str) -> Figure:
    """Say that nothing is told to the public, or nothing more after what is out."""
    out = last_published_now(visit.room)
    if out is None or out.published_at is None:
        return Figure(label=label, value=visit.text("page.figure.waived"))
    ended = visit.text("page.figure.ended")
    return Figure(label=label, value=visit.when(out.published_at), beside=ended, tone="calm")


def _spread(visit: Visit) -> Figure:
    spread = _now(visit)
    beside = visit.text("page.figure.normal", normal=rate(spread.normal_per_minute))
    if spread.measured_at is not None and visit.at - spread.measured_at > STALE:
        beside = visit.text("page.figure.measured", beside=beside, at=visit.when(spread.measured_at))
    value = visit.text("page.figure.rate", rate=rate(spread.per_minute))
    return Figure(label=visit.text("page.figure.spread"), value=value, beside=beside)


def _now(visit: Visit) -> Spread:
    return spread_now(visit.incident, at=visit.at)


def _lead(visit: Visit) -> Figure:
    label, lead = visit.text("page.figure.lead"), visit.incident.lead
    if lead is None:
        tone = "late" if visit.phase.is_open else ""
        value = visit.text("page.nobody" if visit.phase.is_open else "page.figure.none")
        return Figure(label=label, value=value, tone=tone)
    person = visit.configuration.roster.people.get(lead)
    department = person.department if person is not None else ""
    return Figure(label=label, value=visit.name(lead), beside=department)


def _phases(visit: Visit) -> tuple[Phase, ...]:
    phase = _S.DETECTED if visit.phase is _S.REOPENED else visit.phase
    if phase not in _WAY:
        return ()
    now = _WAY.index(phase)
    states = ["past" if place < now else "now" if place == now else "ahead" for place in range(len(_WAY))]
    return tuple(
        Phase(label=visit.text(f"page.phase.{step}"), state=state)
        for step, state in zip(_WAY, states, strict=True)
    )


# ---- what the reader is asked to do -------------------------------------------------------------


def ask(visit: Visit) -> Ask:
    """Say what the reader is asked to do now, with one main button if it is anything."""
    sentence, main, others = _ASKS.get(visit.phase, _nothing)(visit)
    if publish_gate(visit, visit.room.statement).open:
        # What is approved helps nobody before it is out, whatever else is left to do.
        others = (main, *others) if main is not None else others
        sentence = visit.text("page.ask.publish")
        main = Call(label=visit.text("page.go.publish"), href=visit.base + "statement#publish")
    seen = _confirmation(visit)
    if (again := call_again(visit)) is not None:
        sentence, taking = again
        main, others = taking, (main,) if main is not None else (_press(visit, Action.ESCALATE),)
    if visit.phase is _S.FACT_FINDING and dismiss_form(visit).gate.open:
        others = (*others, _go(visit, "dismiss", "dismiss"))
    if seen is not None and not is_taken(visit.room):
        others = (seen, *others)
    elif seen is not None:
        # The message that brought the reader here asked for this alone; the work is one press away.
        sentence, main, others = visit.text("page.ask.confirm"), seen, (main,) if main is not None else ()
    if calls := headquarters_calls(visit):
        sentence = visit.text("page.ask.headquarters") if main is None else sentence
        others = (*calls, *others) if main is not None else (*calls[1:], *others)
        main = calls[0] if main is None else main
    if visit.locked and visit.phase.is_open:
        # The notice above says why; said twice it reads as two faults.
        sentence, main, others = visit.text("page.ask.locked"), None, ()
    return Ask(reader=_reader(visit), sentence=sentence, main=main, others=others)


def _confirmation(visit: Visit) -> Call | None:
    """Return the button of the roll-call, if the reader still stands on it."""
    panel = roll_call_panel(visit)
    if panel is None or not panel.confirm.gate.open:
        return None
    return Call(label=panel.confirm.button, path=panel.confirm.path)


_Asked = tuple[str, Call | None, tuple[Call, ...]]


def _reader(visit: Visit) -> str:
    reader = visit.reader
    return visit.text("page.reader", department=reader.department, name=reader.name)


def _press(visit: Visit, action: Action) -> Call:
    return Call(label=visit.text(f"action.{action}"), path=visit.base + SPOTS[action].path)


def _go(visit: Visit, key: str, anchor: str) -> Call:
    return Call(label=visit.text(f"page.go.{key}"), anchor=anchor)


def _triage(visit: Visit) -> _Asked:
    if not visit.may(Action.ACKNOWLEDGE):
        return waits(visit, visit.text("page.await.taker")), None, ()
    others = [_press(visit, Action.ESCALATE)]
    if visit.may(Action.DISMISS):
        others.append(_go(visit, "dismiss", "dismiss"))
    return visit.text("page.ask.triage"), _press(visit, Action.ACKNOWLEDGE), tuple(others)


def _fact_check(visit: Visit) -> _Asked:
    room = visit.room
    taken = room.slot(Slot.TRIAGE).decision
    intro = visit.text("page.ask.taken", by=visit.name(taken.by), at=visit.when(taken.at)) if taken else ""
    unchecked = [fact for fact in room.facts if fact.verdict is Verdict.UNVERIFIED]
    judged = len(room.facts) > len(unchecked)
    wider = Call(label=visit.text("page.go.look_wider"), href=visit.base + "hq#board")
    if not visit.may(Action.JUDGE_FACT):
        return waits(visit, intro, visit.text("page.await.facts")), None, ()
    establish = _go(visit, "establish", "establish") if visit.may(Action.ESTABLISH_FACTS) else None
    if unchecked:
        call = _go(visit, "judge", f"at-{unchecked[0].id}")
        others = (establish,) if judged and establish else ()
        return intro + visit.text("page.ask.judge", count=len(unchecked)), call, others
    if judged and establish and view_gaps(room):
        return visit.text("page.ask.look_wider"), wider, ()
    if judged and establish:
        return visit.text("page.ask.establish"), establish, ()
    if not judged:
        return intro + visit.text("page.ask.add_fact"), _go(visit, "add_fact", "add-fact"), ()
    return waits(visit, intro, visit.text("page.ask.wait_facts")), None, ()


def _response(visit: Visit) -> _Asked:
    room, reader = visit.room, visit.reader
    mine = [t for t in room.tasks if t.owner == reader.id and t.is_open]
    statement = room.statement
    calls: list[tuple[str, Call]] = []
    if mine:
        calls.append((visit.text("page.ask.tasks", count=len(mine)), _go(visit, "tasks", f"at-{mine[0].id}")))
    if statement is None or not statement.is_settled:
        if approve_gate(visit, statement).open:
            calls.insert(0, (visit.text("page.ask.approve"), _go(visit, "approve", "approve")))
        elif visit.incident.peril is Peril.SELF_HARM:
            if waive_form(visit, statement).gate.open:
                calls.append((visit.text("page.ask.no_word"), _go(visit, "no_word", "no-word")))
        elif is_to_be_written(statement) and visit.may(Action.DRAFT_STATEMENT):
            href = visit.base + "statement"
            calls.append((visit.text("page.ask.draft"), Call(label=visit.text("page.go.draft"), href=href)))
    if calls:
        (sentence, main), rest = calls[0], calls[1:]
        return sentence, main, tuple(call for _, call in rest)
    return waits_for_work(visit, [t for t in room.tasks if t.is_open], statement), None, ()


def _calming(visit: Visit) -> _Asked:
    if visit.may(Action.DECLARE_CALM):
        if visit.quiet is not None and visit.quiet.missing:
            at = visit.when(visit.quiet.earliest_at)
            roles = visit.roles_for(Action.CALM_EARLY)
            return visit.text("calm.ask_wait", at=at, roles=roles), _go(visit, "calm_wait", "calm"), ()
        return visit.text("page.ask.calm"), _go(visit, "calm", "calm"), ()
    return waits_for_calm(visit), None, ()


def _reporting(visit: Visit) -> _Asked:
    report, reader = visit.room.report, visit.reader
    if report is None:
        return visit.text("page.ask.wait_draft"), None, ()
    gaps = report_gaps(visit.room)
    if gaps and gaps == last_word_gaps(visit.room) and visit.may(Action.DRAFT_STATEMENT):
        word = Call(label=visit.text("statement.go_open"), href=visit.base + "statement")
        return visit.text("page.ask.last_word"), word, ()
    if gaps and visit.may(Action.EDIT_REPORT):
        return visit.text("page.ask.edit"), _go(visit, "edit", "report"), ()
    signed = {each.by for each in report.signatures}
    if not gaps and visit.may(Action.SIGN_REPORT) and reader.id not in signed:
        sign = _go(visit, "sign", "sign")
        if reader in awaited(visit.room, visit.configuration):
            return visit.text("page.ask.sign"), sign, ()
        return waits_for_report(visit, gaps=False), None, (sign,)
    return waits_for_report(visit, gaps=bool(gaps)), None, ()


def _nothing(visit: Visit) -> _Asked:
    return visit.text(f"page.ask.{visit.phase}"), None, ()


def _closed(visit: Visit) -> _Asked:
    if awaits_reply(visit.room) or owes_compensation(visit.room):
        return visit.text("aftercare.ask_left"), _go(visit, "aftercare", "aftercare"), ()
    return _nothing(visit)


_ASKS = {
    _S.DETECTED: _triage,
    _S.REOPENED: _triage,
    _S.FACT_FINDING: _fact_check,
    _S.RESPONDING: _response,
    _S.CALMING: _calming,
    _S.REPORTING: _reporting,
    _S.CLOSED: _closed,
}
