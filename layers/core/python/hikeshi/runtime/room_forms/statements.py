"""What the company says: drafts, approvals, and that it was put out."""

from __future__ import annotations

from collections.abc import Mapping

from hikeshi.domain.actions import Action
from hikeshi.domain.statements import StatementKind
from hikeshi.runtime.forms import CHOICE, COUNT, MOMENT, REASON, Field, choice, count, moment
from hikeshi.runtime.room_forms.form import RoomForm, Typed
from hikeshi.services.statements import statement_desk
from hikeshi.services.statements.statement_text import Draft


def draft_of(typed: Typed) -> Draft:
    """Return the draft that the form of a statement holds."""
    return Draft(
        kind=choice(StatementKind, typed["kind"], field="kind"),
        opening=typed["said_opening"],
        fact=typed["said_fact"],
        action=typed["said_action"],
        contact=typed["said_contact"],
        care=typed["said_care"],
        next_update_at=moment(typed["next_update_at"], field="next_update_at"),
        tone_reason=typed["tone_reason"],
    )


FORMS: Mapping[Action, RoomForm] = {
    Action.DRAFT_STATEMENT: RoomForm(
        fields={
            "kind": CHOICE,
            "said_opening": Field(limit=400, lines=True, required=False),
            "said_fact": Field(limit=1500, lines=True),
            "said_action": Field(limit=1000, lines=True),
            "said_contact": Field(limit=400, lines=True),
            "said_care": Field(limit=400, lines=True),
            "next_update_at": MOMENT,
            "tone_reason": Field(limit=500, lines=True, required=False),
        },
        perform=lambda incident, by, typed: statement_desk.draft_statement(
            incident, by=by, draft=draft_of(typed)
        ),
    ),
    Action.APPROVE_STATEMENT: RoomForm(
        fields={"version": COUNT},
        perform=lambda incident, by, typed: statement_desk.approve_statement(
            incident, by=by, version=count(typed["version"], field="version")
        ),
    ),
    Action.RETURN_STATEMENT: RoomForm(
        fields={"version": COUNT, "reason": REASON},
        perform=lambda incident, by, typed: statement_desk.return_statement(
            incident, by=by, version=count(typed["version"], field="version"), reason=typed["reason"]
        ),
    ),
    Action.PUBLISH_STATEMENT: RoomForm(
        fields={"version": COUNT},
        perform=lambda incident, by, typed: statement_desk.publish_statement(
            incident, by=by, version=count(typed["version"], field="version")
        ),
    ),
    Action.WAIVE_STATEMENT: RoomForm(
        fields={"reason": REASON},
        perform=lambda incident, by, typed: statement_desk.waive_statement(
            incident, by=by, reason=typed["reason"]
        ),
    ),
}
