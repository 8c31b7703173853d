"""Files that bear something out."""

from __future__ import annotations

from collections.abc import Mapping

from hikeshi.domain.actions import Action
from hikeshi.runtime.forms import ID, REASON, Field
from hikeshi.runtime.room_forms.form import RoomForm
from hikeshi.services.facts.evidence_desk import ask_for_original, attach

_TITLE = Field(limit=120)


def _attaching(action: Action, about: str) -> RoomForm:
    """Return the form that attaches files to the thing whose id stands in the field ``about``."""
    return RoomForm(
        fields={about: ID, "file_title": _TITLE},
        takes_file=True,
        perform=lambda incident, by, typed: attach(
            incident, action, by=by, about=typed[about], title=typed["file_title"], attached=typed.files()
        ),
    )


FORMS: Mapping[Action, RoomForm] = {
    Action.ATTACH_TO_FACT: _attaching(Action.ATTACH_TO_FACT, "fact_id"),
    Action.ATTACH_TO_TAKEDOWN: _attaching(Action.ATTACH_TO_TAKEDOWN, "takedown_id"),
    Action.ATTACH_TO_REPORT: _attaching(Action.ATTACH_TO_REPORT, "inbound_id"),
    Action.FETCH_ORIGINAL: RoomForm(
        fields={"file_id": ID, "original_reason": REASON},
        perform=lambda incident, by, typed: ask_for_original(
            incident, by=by, file_id=typed["file_id"], reason=typed["original_reason"]
        ),
    ),
}
