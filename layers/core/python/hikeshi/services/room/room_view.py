"""The page behind a link, from what the incident's records say."""

from __future__ import annotations

from hikeshi.domain.actions import Action
from hikeshi.services.aftercare.aftercare_page import aftercare_panel
from hikeshi.services.care.care_page import care_panel
from hikeshi.services.experts.experts_page import experts_panel
from hikeshi.services.headquarters.bulletin_view import bulletin_at_the_top
from hikeshi.services.headquarters.headquarters_page import headquarters_panel
from hikeshi.services.playbooks.playbook_panel import playbook_panel
from hikeshi.services.playbooks.task_panel import tasks_panel
from hikeshi.services.room.calm_panel import calm_panel
from hikeshi.services.room.circle_panel import circle_panel
from hikeshi.services.room.page_models import Notice
from hikeshi.services.room.room_cases import cases
from hikeshi.services.room.room_folding import at_rest
from hikeshi.services.room.room_hands import expiry_panel, roll_call_panel, undo
from hikeshi.services.room.room_header import ask, header
from hikeshi.services.room.room_models import RoomView
from hikeshi.services.room.room_panels import (
    dismiss_form,
    facts_panel,
    report_panel,
    statement_panel,
)
from hikeshi.services.room.room_peril import no_danger_panel, peril_panel
from hikeshi.services.room.room_picture import picture
from hikeshi.services.room.room_record import deliveries_panel, seats, timeline_panel
from hikeshi.services.room.spread_chart import chart
from hikeshi.services.room.visit import Visit, shown
from hikeshi.services.takedowns.takedown_page import takedowns_panel

MAX_STEPS = 8


def room_view(visit: Visit, *, notices: tuple[Notice, ...] = ()) -> RoomView:
    """Compose the whole page."""
    incident, steps = visit.incident, visit.playbook.first_steps
    asked = ask(visit)
    return RoomView(
        page_title=visit.text("page.title", number=visit.number, title=shown(incident.title, 60)),
        home=visit.home,
        header=header(visit),
        notices=_with_lock(visit, notices),
        ask=asked,
        at_rest=at_rest(visit, asked),
        picture=picture(visit),
        chart=chart(visit),
        steps=tuple(shown(step, 120) for step in steps[:MAX_STEPS]) if visit.is_starting else (),
        dismiss=dismiss_form(visit),
        facts=facts_panel(visit),
        tasks=tasks_panel(visit),
        statement=statement_panel(visit),
        calm=calm_panel(visit),
        report=report_panel(visit),
        timeline=timeline_panel(visit),
        deliveries=deliveries_panel(visit),
        seats=seats(visit),
        escalate=visit.form(Action.ESCALATE),
        takedowns=takedowns_panel(visit),
        undo=undo(visit),
        roll_call=roll_call_panel(visit),
        expiry=expiry_panel(visit),
        playbook=playbook_panel(visit),
        cases=cases(visit),
        aftercare=aftercare_panel(visit),
        care=care_panel(visit),
        circle=circle_panel(visit),
        experts=experts_panel(visit),
        bulletin=bulletin_at_the_top(visit),
        headquarters=headquarters_panel(visit),
        peril=peril_panel(visit),
        no_danger=no_danger_panel(visit),
    )


def _with_lock(visit: Visit, notices: tuple[Notice, ...]) -> tuple[Notice, ...]:
    said = any(notice.text == visit.locked for notice in notices)
    if said or not visit.locked or not visit.phase.is_open:
        return notices
    return (*notices, Notice(tone="quiet", text=visit.locked))
