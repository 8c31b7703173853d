"""Who may know of an incident."""

from __future__ import annotations

from collections.abc import Mapping

from hikeshi.domain.actions import Action
from hikeshi.runtime.forms import ID, REASON
from hikeshi.runtime.room_forms.form import RoomForm
from hikeshi.services.incidents import need_to_know

FORMS: Mapping[Action, RoomForm] = {
    Action.RESTRICT: RoomForm(
        fields={"reason": REASON},
        perform=lambda incident, by, typed: need_to_know.restrict(incident, by=by, reason=typed["reason"]),
    ),
    Action.LIFT_RESTRICTION: RoomForm(
        fields={"reason": REASON},
        perform=lambda incident, by, typed: need_to_know.lift_restriction(
            incident, by=by, reason=typed["reason"]
        ),
    ),
    Action.ADMIT: RoomForm(
        fields={"member": ID, "reason": REASON},
        perform=lambda incident, by, typed: need_to_know.admit(
            incident, by=by, person_id=typed["member"], reason=typed["reason"]
        ),
    ),
    Action.EXCLUDE: RoomForm(
        fields={"member_out": ID, "reason": REASON},
        perform=lambda incident, by, typed: need_to_know.exclude(
            incident, by=by, person_id=typed["member_out"], reason=typed["reason"]
        ),
    ),
}
