"""The deletion desk: requests to take posts down, and bad posts of our own."""

from __future__ import annotations

from collections.abc import Mapping

from hikeshi.domain.actions import Action
from hikeshi.domain.takedowns import Ground, Look, Platform, TakedownEvent
from hikeshi.runtime.forms import CHOICE, ID, REASON, Field, choice, moment
from hikeshi.runtime.room_forms.form import RoomForm, Typed
from hikeshi.services.takedowns import own_post_desk, takedown_desk
from hikeshi.services.takedowns.takedown_desk import Asked

ADDRESS = Field(limit=1000)
PASSAGE = Field(limit=2000, lines=True)
DOUBT = Field(limit=500, lines=True, required=False)
BY_ADDRESS = "auto"
"""The choice that leaves it to the address whom the letter goes to."""


def asked_of(typed: Typed) -> Asked:
    """Return the request that its form holds."""
    platform = typed["platform"]
    return Asked(
        url=typed["url"],
        ground=choice(Ground, typed["ground"], field="ground"),
        passage=typed["passage"],
        reason=typed["infringes"],
        platform=None if platform in ("", BY_ADDRESS) else choice(Platform, platform, field="platform"),
        posted_at=moment(typed["posted_at"], field="posted_at"),
        doubt_reason=typed["doubt_reason"],
    )


FORMS: Mapping[Action, RoomForm] = {
    Action.REQUEST_TAKEDOWN: RoomForm(
        fields={
            "url": ADDRESS,
            "ground": CHOICE,
            "platform": Field(limit=20, required=False),
            "passage": PASSAGE,
            "infringes": REASON,
            "posted_at": Field(limit=20, required=False),
            "doubt_reason": DOUBT,
        },
        perform=lambda incident, by, typed: takedown_desk.request_takedown(
            incident, by=by, asked=asked_of(typed)
        ),
    ),
    Action.ADOPT_TAKEDOWN: RoomForm(
        fields={"takedown_id": ID, "infringes": REASON, "doubt_reason": DOUBT},
        perform=lambda incident, by, typed: takedown_desk.adopt_takedown(
            incident,
            by=by,
            takedown_id=typed["takedown_id"],
            reason=typed["infringes"],
            doubt_reason=typed["doubt_reason"],
        ),
    ),
    Action.APPROVE_TAKEDOWN: RoomForm(
        fields={"takedown_id": ID},
        perform=lambda incident, by, typed: takedown_desk.approve_takedown(
            incident, by=by, takedown_id=typed["takedown_id"]
        ),
    ),
    Action.RECORD_TAKEDOWN: RoomForm(
        fields={"takedown_id": ID, "step": CHOICE, "site_answer": DOUBT},
        perform=lambda incident, by, typed: takedown_desk.record_step(
            incident,
            by=by,
            takedown_id=typed["takedown_id"],
            step=choice(TakedownEvent, typed["step"], field="step"),
            note=typed["site_answer"],
        ),
    ),
    Action.CHECK_TAKEDOWN: RoomForm(
        fields={"takedown_id": ID, "look": CHOICE},
        perform=lambda incident, by, typed: takedown_desk.note_look(
            incident,
            by=by,
            takedown_id=typed["takedown_id"],
            look=choice(Look, typed["look"], field="look"),
        ),
    ),
    Action.ARCHIVE_OWN_POST: RoomForm(
        fields={"url": ADDRESS, "own_text": PASSAGE, "wrong": REASON},
        perform=lambda incident, by, typed: own_post_desk.archive_own_post(
            incident, by=by, url=typed["url"], text=typed["own_text"], wrong=typed["wrong"]
        ),
    ),
    Action.REMOVE_OWN_POST: RoomForm(
        fields={"own_post_id": ID, "reason": REASON, "notice": Field(limit=1000, lines=True)},
        perform=lambda incident, by, typed: own_post_desk.remove_own_post(
            incident,
            by=by,
            post_id=typed["own_post_id"],
            reason=typed["reason"],
            notice=typed["notice"],
        ),
    ),
    Action.ANNOUNCE_OWN_POST: RoomForm(
        fields={"own_post_id": ID, "where": Field(limit=500)},
        perform=lambda incident, by, typed: own_post_desk.announce_own_post(
            incident, by=by, post_id=typed["own_post_id"], where=typed["where"]
        ),
    ),
}
