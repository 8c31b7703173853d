"""The completion report, what is put right, and what changes for the next time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from hikeshi.domain.actions import Action
from hikeshi.domain.errors import InvalidFormError
from hikeshi.domain.japan_time import read_moment
from hikeshi.domain.reports import Answer, ChangeKind, Outcome, RootCause
from hikeshi.runtime.forms import (
    CHOICE,
    COUNT,
    ESSAY,
    GROUNDS,
    ID,
    MOMENT,
    OPTIONAL_ESSAY,
    TICK,
    Field,
    choice,
    count,
)
from hikeshi.runtime.room_forms.form import RoomForm, Typed
from hikeshi.services.reports import report_desk

MARK = Field(limit=1)
_SHORT = Field(limit=300, required=False)
_MINUTE = timedelta(minutes=1)


def outcome_of(typed: Typed) -> Outcome:
    """Return what the form of the outcome holds; a loss is a number of yen, however it is written."""
    yen = typed["loss_yen"].replace(",", "").replace("，", "").removesuffix("円")
    return Outcome(
        brand=typed["impact_brand"],
        money=typed["impact_money"],
        rumour=typed["impact_rumour"],
        closure=typed["impact_closure"],
        loss_yen=count(yen, field="loss_yen") if yen else None,
        loss_unknown=typed["loss_unknown"],
        market=typed["impact_market"],
        people=typed["impact_people"],
    )


def day_of(value: str, *, field: str) -> datetime:
    """Read a day as the browser's field gives it, to its last minute; InvalidFormError names the field.

    The minute after it belongs to the next day, and whoever was asked for by the 10th would read the 11th.
    """
    try:
        return read_moment(value, closing=True) - _MINUTE
    except (OverflowError, ValueError):  # the end of the last day there is cannot be written
        raise InvalidFormError("not a day", field=field, why="moment") from None


FORMS: Mapping[Action, RoomForm] = {
    Action.EDIT_REPORT: RoomForm(
        fields={"evaluation": ESSAY, "customers": OPTIONAL_ESSAY},
        perform=lambda incident, by, typed: report_desk.edit_report(
            incident, by=by, evaluation=typed["evaluation"], customers=typed["customers"]
        ),
    ),
    Action.NOTE_OUTCOME: RoomForm(
        fields={
            "impact_brand": _SHORT,
            "impact_money": _SHORT,
            "impact_rumour": _SHORT,
            "impact_closure": _SHORT,
            "loss_yen": Field(limit=20, required=False),
            "loss_unknown": _SHORT,
            "impact_market": _SHORT,
            "impact_people": _SHORT,
        },
        perform=lambda incident, by, typed: report_desk.note_outcome(
            incident, by=by, outcome=outcome_of(typed)
        ),
    ),
    Action.NOTE_LESSONS: RoomForm(
        fields={
            **{f"cause_{cause}": TICK for cause in RootCause},
            "lessons": ESSAY,
            "no_corrections": OPTIONAL_ESSAY,
        },
        perform=lambda incident, by, typed: report_desk.note_lessons(
            incident,
            by=by,
            causes=tuple(cause for cause in RootCause if typed[f"cause_{cause}"]),
            lessons=typed["lessons"],
            no_corrections=typed["no_corrections"],
        ),
    ),
    Action.GIVE_FEEDBACK: RoomForm(
        fields={
            "speed": MARK,
            "precision": MARK,
            "correctness": MARK,
            "feedback_note": Field(limit=300, required=False),
        },
        perform=lambda incident, by, typed: report_desk.give_feedback(
            incident,
            by=by,
            speed=count(typed["speed"], field="speed"),
            precision=count(typed["precision"], field="precision"),
            correctness=count(typed["correctness"], field="correctness"),
            note=typed["feedback_note"],
        ),
    ),
    Action.ADD_CORRECTION: RoomForm(
        fields={
            "correction": Field(limit=200),
            "owner": ID,
            "due_at": MOMENT,
            "check": Field(limit=200),
            "check_at": MOMENT,
            "change": CHOICE,
        },
        perform=lambda incident, by, typed: report_desk.add_correction(
            incident,
            by=by,
            title=typed["correction"],
            owner=typed["owner"],
            due_at=day_of(typed["due_at"], field="due_at"),
            check=typed["check"],
            check_at=day_of(typed["check_at"], field="check_at"),
            change_kind=choice(ChangeKind, typed["change"], field="change"),
        ),
    ),
    Action.COMPLETE_CORRECTION: RoomForm(
        fields={"correction_id": ID, "result": GROUNDS},
        perform=lambda incident, by, typed: report_desk.complete_correction(
            incident, by=by, action_id=typed["correction_id"], result=typed["result"]
        ),
    ),
    Action.CHECK_CORRECTION: RoomForm(
        fields={"correction_id": ID, "effective": TICK, "effect": GROUNDS},
        perform=lambda incident, by, typed: report_desk.check_correction(
            incident,
            by=by,
            action_id=typed["correction_id"],
            effective=bool(typed["effective"]),
            effect=typed["effect"],
        ),
    ),
    Action.ANSWER_PROPOSAL: RoomForm(
        fields={
            "change_id": ID,
            "answer": CHOICE,
            "change_text": Field(limit=1000, lines=True, required=False),
            "reason": Field(limit=500, lines=True, required=False),
        },
        perform=lambda incident, by, typed: report_desk.answer_proposal(
            incident,
            by=by,
            proposal_id=typed["change_id"],
            answer=choice(Answer, typed["answer"], field="answer"),
            text=typed["change_text"],
            reason=typed["reason"],
        ),
    ),
    Action.SIGN_REPORT: RoomForm(
        fields={"version": COUNT},
        perform=lambda incident, by, typed: report_desk.sign_report(
            incident, by=by, version=count(typed["version"], field="version")
        ),
    ),
}
