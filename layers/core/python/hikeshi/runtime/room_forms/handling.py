"""Taking an incident on, handing it on, doing its tasks, and calling it over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from hikeshi.domain.actions import Action
from hikeshi.runtime.forms import COUNT, GROUNDS, ID, PICKED, REASON, Field, count
from hikeshi.runtime.room_forms.form import RoomForm
from hikeshi.services.incidents import handover, no_danger_desk, peril_desk, respond

FORMS: Mapping[Action, RoomForm] = {
    Action.ACKNOWLEDGE: RoomForm(perform=lambda incident, by, _: respond.acknowledge(incident, by=by)),
    Action.DISMISS: RoomForm(
        fields={"reason": REASON},
        perform=lambda incident, by, typed: respond.dismiss(incident, by=by, reason=typed["reason"]),
    ),
    Action.ESCALATE: RoomForm(perform=lambda incident, by, _: respond.escalate(incident, by=by)),
    Action.UNDO: RoomForm(
        fields={"of": Field(limit=40)},
        perform=lambda incident, by, typed: handover.undo(incident, by=by, of=typed["of"]),
    ),
    Action.CONFIRM: RoomForm(perform=lambda incident, by, _: handover.confirm(incident, by=by)),
    Action.NOTE_CALL: RoomForm(
        fields={"call_told": GROUNDS},
        perform=lambda incident, by, typed: peril_desk.note_call(incident, by=by, told=typed["call_told"]),
    ),
    Action.SAY_NO_DANGER: RoomForm(
        fields={"no_danger_texts": PICKED, "reason": REASON},
        perform=lambda incident, by, typed: no_danger_desk.say_no_danger(
            incident, by=by, texts=typed["no_danger_texts"].split(), reason=typed["reason"]
        ),
    ),
    Action.SET_EXPIRY: RoomForm(
        fields={"expires_after": COUNT},
        perform=lambda incident, by, typed: handover.set_expiry(
            incident,
            by=by,
            after=timedelta(minutes=count(typed["expires_after"], field="expires_after")),
        ),
    ),
    Action.COMPLETE_TASK: RoomForm(
        fields={"task_id": ID, "result": GROUNDS},
        perform=lambda incident, by, typed: respond.complete_task(
            incident, by=by, task_id=typed["task_id"], result=typed["result"]
        ),
    ),
    Action.DECLARE_CALM: RoomForm(
        fields={"basis": GROUNDS},
        perform=lambda incident, by, typed: respond.declare_calm(incident, by=by, basis=typed["basis"]),
    ),
    Action.CALM_EARLY: RoomForm(
        fields={"reason": REASON},
        perform=lambda incident, by, typed: respond.declare_calm_early(
            incident, by=by, reason=typed["reason"]
        ),
    ),
}
