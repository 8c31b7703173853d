"""The completion report."""

from __future__ import annotations

from collections.abc import Mapping

from hikeshi.domain.actions import Action
from hikeshi.runtime.forms import ESSAY, OPTIONAL_ESSAY
from hikeshi.runtime.room_forms.form import RoomForm
from hikeshi.services import respond

FORMS: Mapping[Action, RoomForm] = {
    Action.EDIT_REPORT: RoomForm(
        fields={
            "evaluation": ESSAY,
            "lessons": ESSAY,
            "manual_change": OPTIONAL_ESSAY,
            "no_change_because": OPTIONAL_ESSAY,
        },
        perform=lambda incident, by, typed: respond.edit_report(
            incident,
            by=by,
            evaluation=typed["evaluation"],
            lessons=typed["lessons"],
            manual_change=typed["manual_change"],
            no_change_because=typed["no_change_because"],
        ),
    ),
    Action.SIGN_REPORT: RoomForm(perform=lambda incident, by, _: respond.sign_report(incident, by=by)),
}
