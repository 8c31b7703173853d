"""What is reported to the headquarters: filed, checked by somebody else, and then perhaps a fact."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from hikeshi.domain.checking import add_fact, judge_fact
from hikeshi.domain.errors import AlreadyDecidedError, NotFoundError, NotReadyError
from hikeshi.domain.facts import Fact, Verdict
from hikeshi.domain.headquarters import InboundReport, InboundVerdict
from hikeshi.domain.incidents import Change, Room
from hikeshi.domain.timeline import TimelineEvent


def report_in(room: Room, report_id: str) -> InboundReport:
    """Look a report up; NotFoundError if there is none."""
    for report in room.inbound:
        if report.id == report_id:
            return report
    raise NotFoundError("report", report_id)


def file_report(room: Room, report: InboundReport) -> Change:
    """Take a report in, unverified whatever it says of itself.

    The timeline tells that there is one, never what it says: everybody reads the timeline.
    """
    new = InboundReport(
        id=report.id,
        source=report.source,
        words=report.words,
        filed_by=report.filed_by,
        filed_at=report.filed_at,
    )
    filed = replace(room, inbound=(*room.inbound, new))
    return filed, (_event(filed, new, "inbound_filed", by=new.filed_by, at=new.filed_at),)


def judge_report(
    room: Room, report_id: str, *, verdict: InboundVerdict, grounds: str, by: str, at: datetime
) -> Change:
    """Record what checking a report came to; a later verdict replaces an earlier one.

    The fact that a report became falls with it, and so do the statements that say it.

    Raises
    ------
    NotReadyError
        ``other_checker`` if the checker sent it, ``inbound_verdict`` if it is no verdict.
    """
    report = report_in(room, report_id)
    if report.filed_by == by:
        raise NotReadyError(("other_checker",))
    if verdict is InboundVerdict.UNVERIFIED:
        raise NotReadyError(("inbound_verdict",))
    judged = replace(report, verdict=verdict, grounds=grounds, judged_by=by, judged_at=at)
    changed = _with(room, judged)
    event = _event(changed, judged, f"inbound_{verdict.value}", by=by, at=at)
    if verdict is InboundVerdict.VERIFIED or not _still_rests_on(changed, judged):
        return changed, (event,)
    fallen, events = judge_fact(
        changed, judged.fact or "", verdict=Verdict.UNVERIFIED, basis=grounds, by=by, at=at
    )
    return fallen, (event, *events)


def adopt_report(room: Room, report_id: str, *, fact_id: str, by: str, at: datetime) -> Change:
    """Put a verified report into the fact register, confirmed on the word of whoever verified it.

    Raises
    ------
    NotReadyError
        ``verified_report`` if it is not verified.
    AlreadyDecidedError
        If it is a fact already.
    """
    report = report_in(room, report_id)
    if report.verdict is not InboundVerdict.VERIFIED or report.judged_by is None or report.judged_at is None:
        raise NotReadyError(("verified_report",))
    if report.fact is not None:
        raise AlreadyDecidedError(decision="adopted", by=report.judged_by, at=report.judged_at)
    fact = Fact(id=fact_id, claim=report.words, source=report.source, added_by=by, added_at=at)
    room, added = add_fact(_with(room, replace(report, fact=fact_id)), fact)
    room, judged = judge_fact(
        room, fact_id, verdict=Verdict.CONFIRMED, basis=report.grounds, by=report.judged_by, at=at
    )
    return room, (_event(room, report, "inbound_adopted", by=by, at=at), *added, *judged)


def _still_rests_on(room: Room, report: InboundReport) -> bool:
    """Tell whether the fact that a report became is still taken for true."""
    return any(fact.id == report.fact and fact.verdict is Verdict.CONFIRMED for fact in room.facts)


def _with(room: Room, report: InboundReport) -> Room:
    return replace(room, inbound=tuple(report if each.id == report.id else each for each in room.inbound))


def _event(room: Room, report: InboundReport, kind: str, *, by: str, at: datetime) -> TimelineEvent:
    number = next(place for place, each in enumerate(room.inbound, start=1) if each.id == report.id)
    return TimelineEvent(kind=kind, at=at, actor=by, details={"report": report.id, "number": str(number)})
