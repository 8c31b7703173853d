"""Replies, compensation, more people at the support desk, and the look around after the end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from hikeshi.domain.actions import Action
from hikeshi.domain.errors import InvalidFormError
from hikeshi.domain.support import Way
from hikeshi.runtime.forms import CHOICE, ID, MOMENT, Field, choice, count, moment
from hikeshi.runtime.room_forms.form import RoomForm
from hikeshi.services.aftercare import support_desk

NUMBER = Field(limit=20)
GIST = Field(limit=300, lines=True)
YEN = Field(limit=11)

FORMS: Mapping[Action, RoomForm] = {
    Action.TAKE_INQUIRY: RoomForm(
        fields={"case_number": NUMBER, "inquiry_way": CHOICE, "inquiry_gist": GIST},
        perform=lambda incident, by, typed: support_desk.take_inquiry(
            incident,
            by=by,
            number=typed["case_number"],
            way=choice(Way, typed["inquiry_way"], field="inquiry_way"),
            gist=typed["inquiry_gist"],
        ),
    ),
    Action.REPLY: RoomForm(
        fields={"inquiry_id": ID, "private_reply": GIST},
        perform=lambda incident, by, typed: support_desk.reply(
            incident, by=by, inquiry_id=typed["inquiry_id"], text=typed["private_reply"]
        ),
    ),
    Action.ANSWER_IN_PUBLIC: RoomForm(
        fields={"inquiry_id": ID, "public_answer": GIST},
        perform=lambda incident, by, typed: support_desk.answer_in_public(
            incident, by=by, inquiry_id=typed["inquiry_id"], text=typed["public_answer"]
        ),
    ),
    Action.PROMISE_COMPENSATION: RoomForm(
        fields={
            "case_number": NUMBER,
            "compensation_what": Field(limit=100),
            "amount_yen": YEN,
            "pay_by": MOMENT,
        },
        perform=lambda incident, by, typed: support_desk.promise(
            incident,
            by=by,
            number=typed["case_number"],
            what=typed["compensation_what"],
            amount_yen=count(typed["amount_yen"].replace(",", ""), field="amount_yen"),
            due_at=_when(typed["pay_by"]),
        ),
    ),
    Action.PAY_COMPENSATION: RoomForm(
        fields={"compensation_id": ID},
        perform=lambda incident, by, typed: support_desk.pay(
            incident, by=by, compensation_id=typed["compensation_id"]
        ),
    ),
    Action.BEGIN_SURGE: RoomForm(perform=lambda incident, by, _: support_desk.begin_surge(incident, by=by)),
    Action.END_SURGE: RoomForm(perform=lambda incident, by, _: support_desk.end_surge(incident, by=by)),
    Action.NOTE_CHECK: RoomForm(
        fields={"check_found": CHOICE, "check_note": Field(limit=300, required=False, lines=True)},
        perform=lambda incident, by, typed: support_desk.note_check(
            incident, by=by, calm=_is_calm(typed["check_found"]), note=typed["check_note"]
        ),
    ),
}


def _when(value: str) -> datetime:
    at = moment(value, field="pay_by")
    if at is None:
        raise InvalidFormError("a field is missing", field="pay_by")
    return at


def _is_calm(value: str) -> bool:
    if value not in ("calm", "stirring"):
        raise InvalidFormError("the form does not offer this", field="check_found")
    return value == "calm"
