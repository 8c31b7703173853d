"""The playbook at work: type and fault, and tasks that change hands or come in addition."""

from __future__ import annotations

from collections.abc import Mapping

from hikeshi.domain.actions import Action, Role
from hikeshi.domain.assessment import CrisisType, Fault
from hikeshi.runtime.forms import CHOICE, ID, MOMENT, REASON, Field, choice, moment, numbers
from hikeshi.runtime.room_forms.form import RoomForm
from hikeshi.services.incidents import kind_desk
from hikeshi.services.playbooks import task_desk

FORMS: Mapping[Action, RoomForm] = {
    Action.SET_KIND: RoomForm(
        fields={
            "crisis_type": CHOICE,
            "fault": CHOICE,
            "kind_facts": Field(limit=60, required=False),
            "reason": REASON,
        },
        perform=lambda incident, by, typed: kind_desk.set_kind(
            incident,
            by=by,
            crisis_type=choice(CrisisType, typed["crisis_type"], field="crisis_type"),
            fault=choice(Fault, typed["fault"], field="fault"),
            facts=numbers(typed["kind_facts"], field="kind_facts"),
            reason=typed["reason"],
        ),
    ),
    Action.HAND_TASK: RoomForm(
        fields={"task_id": ID, "owner": ID},
        perform=lambda incident, by, typed: task_desk.hand_task(
            incident, by=by, task_id=typed["task_id"], owner=typed["owner"]
        ),
    ),
    Action.ADD_TASK: RoomForm(
        fields={"task_title": Field(limit=120), "department": CHOICE, "owner": ID, "due_at": MOMENT},
        perform=lambda incident, by, typed: task_desk.add_task(
            incident,
            by=by,
            title=typed["task_title"],
            department=choice(Role, typed["department"], field="department"),
            owner=typed["owner"],
            due_at=moment(typed["due_at"], field="due_at"),
        ),
    ),
}
