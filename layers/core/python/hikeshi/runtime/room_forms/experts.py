"""Experts from outside."""

from __future__ import annotations

from collections.abc import Mapping

from hikeshi.domain.actions import Action
from hikeshi.runtime.forms import COUNT, ID, PICKED, TICK, Field, count, numbers
from hikeshi.runtime.room_forms.form import RoomForm
from hikeshi.services.experts import consulting
from hikeshi.services.experts.consulting import Scope

FORMS: Mapping[Action, RoomForm] = {
    Action.ASK_EXPERT: RoomForm(
        fields={
            "expert": ID,
            "question": Field(limit=2000, lines=True),
            "shared_facts": PICKED,
            "shared_posts": PICKED,
            "share_statement": TICK,
            "share_files": TICK,
            "days": COUNT,
        },
        perform=lambda incident, by, typed: consulting.ask_expert(
            incident,
            by=by,
            scope=Scope(
                expert=typed["expert"],
                question=typed["question"],
                facts=numbers(typed["shared_facts"], field="shared_facts"),
                posts=numbers(typed["shared_posts"], field="shared_posts"),
                statement=bool(typed["share_statement"]),
                files=bool(typed["share_files"]),
                days=count(typed["days"], field="days"),
            ),
        ),
    ),
    Action.WITHDRAW_REQUEST: RoomForm(
        fields={"consultation_id": ID},
        perform=lambda incident, by, typed: consulting.withdraw_request(
            incident, by=by, consultation_id=typed["consultation_id"]
        ),
    ),
}
