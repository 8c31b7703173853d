"""The completion report: what it needs, who signs it, and what it leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from hikeshi.domain.actions import Role
from hikeshi.domain.errors import AlreadyDecidedError, NotReadyError
from hikeshi.domain.incidents import Change, Room, Slot
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.owing import owes
from hikeshi.domain.reporting import (
    add_correction,
    answer_proposal,
    attach_report,
    check_correction,
    complete_correction,
    edit_report,
    give_feedback,
    note_lessons,
    note_outcome,
    propose,
    report_gaps,
    sign_report,
)
from hikeshi.domain.reports import Answer, ChangeKind, Feedback, RootCause
from tests.builders import (
    NOON,
    a_correction,
    a_last_word,
    a_proposal,
    a_report,
    a_room,
    a_written_report,
    an_incident,
    an_outcome,
    answered_proposals,
)

LATER = NOON + timedelta(minutes=30)
LEGAL, LEAD, PR = frozenset({Role.LEGAL}), frozenset({Role.LEAD}), frozenset({Role.PR})


def a_ready_room(**changes: Any) -> Room:
    """A room whose report lacks nothing but signatures."""
    furnished: dict[str, Any] = {
        "report": a_written_report(),
        "proposals": answered_proposals(),
        "statement": a_last_word(),
    }
    return a_room(**furnished | changes)


def signed(room: Room, by: str, roles: frozenset[Role], *, version: int = 1) -> Change:
    return sign_report(room, version=version, by=by, roles=roles, at=LATER)


# ---- what it needs -----------------------------------------------------------------------------------


def test_s0_18_a_blank_report_lists_everything_that_people_must_write() -> None:
    assert report_gaps(a_room()) == ("report",)
    assert report_gaps(a_room(report=a_report())) == (
        "evaluation",
        "impacts",
        "loss",
        "market",
        "people",
        "causes",
        "lessons",
        "corrections",
        "change_manual",
        "change_watch_word",
        "change_question",
        "final_word",
    )
    assert report_gaps(a_ready_room()) == ()


@pytest.mark.parametrize("kind", ["brand", "money", "rumour", "closure"])
def test_s1_2_each_of_the_four_kinds_of_loss_is_filled_in_or_said_to_be_none(kind: str) -> None:
    assert an_outcome(**{kind: "なし"}).missing == ()
    assert an_outcome(**{kind: " "}).missing == ("impacts",)


def test_s2_30_a_loss_is_a_number_or_unknown_with_a_reason() -> None:
    assert an_outcome(loss_yen=0).missing == ()
    assert an_outcome(loss_yen=None).missing == ("loss",)
    assert an_outcome(loss_yen=None, loss_unknown="集計の途中です").missing == ()


def test_s3_3_harm_to_people_is_asked_for() -> None:
    assert an_outcome(people="").missing == ("people",)


def test_s1_18_a_report_names_at_least_one_root_cause() -> None:
    assert report_gaps(a_ready_room(report=a_written_report(causes=()))) == ("causes",)


def test_s1_14_something_is_put_right_or_it_is_said_why_not() -> None:
    room = a_ready_room(report=a_written_report(no_corrections=""))
    assert report_gaps(room) == ("corrections",)
    assert report_gaps(replace(room, corrections=(a_correction(),))) == ()


@pytest.mark.parametrize("kind", ChangeKind)
def test_s0_21_closing_needs_an_answer_to_each_of_the_three_changes(kind: ChangeKind) -> None:
    unanswered = tuple(
        replace(each, answer=None) if each.kind is kind else each for each in answered_proposals()
    )
    with pytest.raises(NotReadyError) as refused:
        signed(a_ready_room(proposals=unanswered), "sato", LEAD)
    assert refused.value.missing == (f"change_{kind}",)


# ---- signing -----------------------------------------------------------------------------------------


def test_s0_18_two_different_people_sign_and_one_of_them_decides() -> None:
    room, events = signed(a_ready_room(), "tanaka", LEGAL)
    assert [event.kind for event in events] == ["report_signed"]
    assert room.slot(Slot.REPORT).decision is None
    with pytest.raises(AlreadyDecidedError):
        signed(room, "tanaka", LEGAL)
    other, _ = signed(room, "suzuki", PR)
    assert other.slot(Slot.REPORT).decision is None, "neither of the two decides"
    closed, events = signed(room, "takahashi", LEAD)
    assert [event.kind for event in events] == ["report_signed", "report_completed"]
    assert closed.slot(Slot.REPORT).decision is not None
    assert closed.report is not None
    assert closed.report.signed_by == "takahashi"
    assert (closed.incident.causes, closed.incident.worked) == (
        (RootCause.QUALITY_GAP,),
        "検知から4分で担当が決まりました。",
    )


def test_s0_18_the_writer_alone_never_closes_it() -> None:
    room, _ = signed(a_ready_room(), "suzuki", PR | LEAD)
    with pytest.raises(AlreadyDecidedError):
        signed(room, "suzuki", PR | LEAD)
    assert room.slot(Slot.REPORT).decision is None


def test_whoever_leads_the_incident_counts_as_lead() -> None:
    room = a_ready_room(incident=an_incident(lead="suzuki"))
    room, _ = signed(room, "tanaka", LEGAL)
    room, _ = signed(room, "suzuki", PR)
    assert room.slot(Slot.REPORT).decision is not None


def test_a_change_after_a_signature_takes_it_away_and_an_older_version_is_not_signed() -> None:
    room, _ = signed(a_ready_room(), "tanaka", LEGAL)
    room, _ = edit_report(room, evaluation="別の所見", customers="", by="suzuki", at=LATER)
    assert room.report is not None
    assert (room.report.signatures, room.report.version) == ((), 2)
    with pytest.raises(NotReadyError) as refused:
        signed(room, "tanaka", LEGAL, version=1)
    assert refused.value.missing == ("newer_report",)


EDITS: dict[str, Callable[[Room], Change]] = {
    "evaluation": partial(edit_report, evaluation="良", customers="", by="suzuki", at=LATER),
    "outcome": partial(note_outcome, outcome=an_outcome(), by="suzuki", at=LATER),
    "lessons": partial(note_lessons, causes=(), lessons="", no_corrections="", by="suzuki", at=LATER),
    "correction": lambda room: add_correction(room, a_correction()),
    "change": lambda room: answer_proposal(
        room,
        "128-1-manual",
        answer=Answer.ACCEPT,
        text="文",
        diff="",
        reason="",
        by="suzuki",
        at=LATER,
    ),
    "signature": lambda room: signed(room, "takahashi", LEAD),
}


@pytest.mark.parametrize("edit", EDITS)
def test_a_signed_report_stays_as_it_is(edit: str) -> None:
    room, _ = signed(a_ready_room(), "tanaka", LEGAL)
    room, _ = signed(room, "sato", LEAD)
    with pytest.raises(AlreadyDecidedError) as refused:
        EDITS[edit](room)
    assert (refused.value.by, refused.value.decision) == ("sato", "signed")


@pytest.mark.parametrize("edit", EDITS)
def test_without_a_report_there_is_nothing_to_write_or_sign(edit: str) -> None:
    with pytest.raises(NotReadyError) as refused:
        EDITS[edit](a_room(proposals=answered_proposals()))
    assert refused.value.missing == ("report",)


def test_a_new_draft_keeps_what_people_wrote_and_no_signature() -> None:
    room, events = attach_report(a_room(), "一", at=NOON)
    assert [event.kind for event in events] == ["report_drafted"]
    room, _ = edit_report(room, evaluation="良", customers="", by="sato", at=NOON)
    room, events = attach_report(room, "二", at=LATER, result_figures="図")
    assert room.report is not None
    assert (room.report.body, room.report.evaluation, events) == ("二", "良", ())


# ---- feedback ----------------------------------------------------------------------------------------


def test_s2_29_each_participant_has_one_view_until_somebody_signs() -> None:
    given = Feedback(generation=1, by="ito", at=NOON, speed=2, precision=3, correctness=4)
    room, _ = give_feedback(a_ready_room(), given)
    room, _ = give_feedback(room, replace(given, speed=5))
    assert [each.speed for each in room.feedback] == [5]
    room, _ = signed(room, "tanaka", LEGAL)
    with pytest.raises(AlreadyDecidedError):
        give_feedback(room, replace(given, by="watanabe"))


# ---- what is put right -------------------------------------------------------------------------------


def test_s2_31_a_corrective_action_names_one_of_the_changes() -> None:
    room, events = add_correction(a_ready_room(), a_correction())
    assert room.corrections[0].change_id == "128-1-manual"
    assert events[0].details["change"] == "128-1-manual"
    with pytest.raises(NotReadyError) as refused:
        add_correction(a_ready_room(), a_correction(change_id="77-1-manual"))
    assert refused.value.missing == ("correction_change",)


def test_the_effect_is_not_looked_at_before_the_work_is_due() -> None:
    with pytest.raises(NotReadyError) as refused:
        add_correction(a_ready_room(), a_correction(check_at=NOON))
    assert refused.value.missing == ("correction_dates",)


def test_s1_14_an_action_is_owed_until_its_effect_was_checked() -> None:
    closed = an_incident(status=IncidentStatus.CLOSED, closed_at=NOON)
    room = a_room(incident=closed, corrections=(a_correction(),))
    with pytest.raises(NotReadyError):
        check_correction(room, "corr-1", effective=True, effect="", by="sato", at=LATER)
    assert owes(room)
    room, _ = complete_correction(room, "corr-1", by="ito", at=LATER, result="作りました")
    assert owes(room)
    with pytest.raises(AlreadyDecidedError):
        complete_correction(room, "corr-1", by="ito", at=LATER, result="")
    room, events = check_correction(
        room, "corr-1", effective=False, effect="守られていません", by="sato", at=LATER
    )
    assert events[0].kind == "correction_without_effect"
    assert not owes(room)
    with pytest.raises(AlreadyDecidedError):
        check_correction(room, "corr-1", effective=True, effect="", by="sato", at=LATER)


def test_an_action_is_overdue_by_its_next_step() -> None:
    action = a_correction()
    assert not action.is_overdue(action.due_at - timedelta(minutes=1))
    assert action.is_overdue(action.due_at)
    done = replace(action, done_at=action.due_at)
    assert not done.is_overdue(action.due_at)
    assert done.is_overdue(action.check_at)
    assert not replace(done, checked_at=action.check_at).is_overdue(action.check_at)


# ---- proposed changes --------------------------------------------------------------------------------


def test_a_change_is_accepted_with_a_text_or_declined_with_a_reason() -> None:
    room = a_ready_room(proposals=(a_proposal(),))
    answer = partial(answer_proposal, room, "128-1-manual", diff="", by="sato", at=LATER)
    with pytest.raises(NotReadyError) as bare:
        answer(answer=Answer.ACCEPT, text=" ", reason="")
    assert bare.value.missing == ("proposal_text",)
    with pytest.raises(NotReadyError) as silent:
        answer(answer=Answer.DECLINE, text="", reason=" ")
    assert silent.value.missing == ("proposal_reason",)
    declined, events = answer(answer=Answer.DECLINE, text="", reason="足りています")
    assert (declined.proposals[0].text, declined.proposals[0].reason) == (a_proposal().text, "足りています")
    assert events[0].kind == "change_declined"


def test_a_change_with_an_answer_is_not_drafted_anew() -> None:
    answered = a_proposal(answer=Answer.ACCEPT, text="人が直した文")
    room = propose(a_room(proposals=(answered,)), [a_proposal(), a_proposal(ChangeKind.QUESTION)])
    assert [each.text for each in room.proposals] == ["人が直した文", a_proposal().text]
