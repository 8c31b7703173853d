"""The headquarters: the roll, what it is told, and what it tells."""

from __future__ import annotations

from collections.abc import Mapping

from hikeshi.domain.actions import Action
from hikeshi.domain.headquarters import InboundVerdict, SourceKind
from hikeshi.runtime.forms import (
    CHOICE,
    COUNT,
    GROUNDS,
    ID,
    PICKED,
    REASON,
    TICK,
    Field,
    choice,
    count,
    numbers,
)
from hikeshi.runtime.room_forms.form import RoomForm
from hikeshi.services.headquarters import headquarters_desk as desk

FORMS: Mapping[Action, RoomForm] = {
    Action.OPEN_HEADQUARTERS: RoomForm(
        fields={"reason": REASON},
        perform=lambda incident, by, typed: desk.open_headquarters(incident, by=by, reason=typed["reason"]),
    ),
    Action.ATTEND: RoomForm(perform=lambda incident, by, _: desk.attend(incident, by=by)),
    Action.SET_CHIEF: RoomForm(
        fields={"chief": ID},
        perform=lambda incident, by, typed: desk.hand_over(incident, by=by, person=typed["chief"]),
    ),
    Action.SET_MEMBER: RoomForm(
        fields={"hq_member": ID, "leaves": TICK},
        perform=lambda incident, by, typed: desk.set_member(
            incident, by=by, person=typed["hq_member"], leaves=bool(typed["leaves"])
        ),
    ),
    Action.SET_MEETING: RoomForm(
        fields={"meeting": Field(limit=300, required=False), "meeting_code": Field(limit=40, required=False)},
        perform=lambda incident, by, typed: desk.set_meeting(
            incident, by=by, place=typed["meeting"], code=typed["meeting_code"]
        ),
    ),
    Action.FILE_INBOUND: RoomForm(
        fields={"inbound_source": Field(limit=200), "inbound_words": Field(limit=300, lines=True)},
        perform=lambda incident, by, typed: desk.file_report(
            incident, by=by, source=typed["inbound_source"], words=typed["inbound_words"]
        ),
    ),
    Action.JUDGE_INBOUND: RoomForm(
        fields={"inbound_id": ID, "inbound_verdict": CHOICE, "grounds": REASON},
        perform=lambda incident, by, typed: desk.judge_report(
            incident,
            by=by,
            report_id=typed["inbound_id"],
            verdict=choice(InboundVerdict, typed["inbound_verdict"], field="inbound_verdict"),
            grounds=typed["grounds"],
        ),
    ),
    Action.ADOPT_INBOUND: RoomForm(
        fields={"inbound_id": ID},
        perform=lambda incident, by, typed: desk.adopt_report(incident, by=by, report_id=typed["inbound_id"]),
    ),
    Action.ISSUE_BULLETIN: RoomForm(
        fields={
            "picture": Field(limit=1000, lines=True, required=False),
            "guidance": Field(limit=1000, lines=True, required=False),
            "bulletin_facts": PICKED,
            "bulletin_reports": PICKED,
        },
        perform=lambda incident, by, typed: desk.issue_bulletin(
            incident,
            by=by,
            picture=typed["picture"],
            guidance=typed["guidance"],
            facts=numbers(typed["bulletin_facts"], field="bulletin_facts"),
            reports=numbers(typed["bulletin_reports"], field="bulletin_reports"),
        ),
    ),
    Action.WITHDRAW_BULLETIN: RoomForm(
        fields={"bulletin": COUNT, "reason": REASON},
        perform=lambda incident, by, typed: desk.withdraw_bulletin(
            incident, by=by, number=count(typed["bulletin"], field="bulletin"), reason=typed["reason"]
        ),
    ),
    Action.READ_BULLETIN: RoomForm(
        fields={"bulletin": COUNT},
        perform=lambda incident, by, typed: desk.read_bulletin(
            incident, by=by, number=count(typed["bulletin"], field="bulletin")
        ),
    ),
    Action.ADD_SIGHTING: RoomForm(
        fields={
            "source_kind": CHOICE,
            "finding": GROUNDS,
            "source_url": Field(limit=500, required=False),
        },
        perform=lambda incident, by, typed: desk.add_sighting(
            incident,
            by=by,
            kind=choice(SourceKind, typed["source_kind"], field="source_kind"),
            finding=typed["finding"],
            url=typed["source_url"],
        ),
    ),
    Action.WAIVE_SECOND_VIEW: RoomForm(
        fields={"reason": REASON},
        perform=lambda incident, by, typed: desk.waive_second_view(incident, by=by, reason=typed["reason"]),
    ),
}
