"""The protection of a member of staff."""

from __future__ import annotations

from collections.abc import Mapping

from hikeshi.domain.actions import Action
from hikeshi.domain.care import CareStep, HarmKind
from hikeshi.domain.masking import Names
from hikeshi.runtime.forms import CHOICE, COUNT, GROUNDS, ID, REASON, TICK, Field, choice, count
from hikeshi.runtime.room_forms.form import RoomForm, Typed
from hikeshi.services.care import care_desk

_NAME = Field(limit=40)
_OPTIONAL_NAME = Field(limit=40, required=False)
_TERMS = Field(limit=600, lines=True, required=False)


def names_of(typed: Typed) -> Names:
    """Return what the form of the names holds."""
    return Names(
        family=typed["family_name"],
        given=typed["given_name"],
        family_reading=typed["family_reading"],
        given_reading=typed["given_reading"],
        nicknames=care_desk.terms_in(typed["nicknames"]),
        handles=care_desk.terms_in(typed["handles"]),
        places=care_desk.terms_in(typed["places"]),
        family_alone=bool(typed["family_alone"]),
    )


FORMS: Mapping[Action, RoomForm] = {
    Action.OPEN_CARE: RoomForm(perform=lambda incident, by, _: care_desk.open_care(incident, by=by)),
    Action.RECORD_NAMES: RoomForm(
        fields={
            "track_id": ID,
            "family_name": _NAME,
            "given_name": _OPTIONAL_NAME,
            "family_reading": _OPTIONAL_NAME,
            "given_reading": _OPTIONAL_NAME,
            "nicknames": _TERMS,
            "handles": _TERMS,
            "places": _TERMS,
            "family_alone": TICK,
        },
        perform=lambda incident, by, typed: care_desk.record_names(
            incident, by=by, track=typed["track_id"], names=names_of(typed)
        ),
    ),
    Action.ASSIGN_CARE: RoomForm(
        fields={"track_id": ID, "care_step": CHOICE, "care_owner": ID},
        perform=lambda incident, by, typed: care_desk.assign(
            incident,
            by=by,
            track=typed["track_id"],
            step=choice(CareStep, typed["care_step"], field="care_step"),
            owner=typed["care_owner"],
        ),
    ),
    Action.COMPLETE_CARE: RoomForm(
        fields={"track_id": ID, "care_step": CHOICE, "care_note": GROUNDS},
        perform=lambda incident, by, typed: care_desk.complete(
            incident,
            by=by,
            track=typed["track_id"],
            step=choice(CareStep, typed["care_step"], field="care_step"),
            note=typed["care_note"],
        ),
    ),
    Action.NOTE_HARM: RoomForm(
        fields={"track_id": ID, "harm_kind": CHOICE, "harm_what": GROUNDS, "harm_effect": GROUNDS},
        perform=lambda incident, by, typed: care_desk.note_harm(
            incident,
            by=by,
            track=typed["track_id"],
            kind=choice(HarmKind, typed["harm_kind"], field="harm_kind"),
            what=typed["harm_what"],
            effect=typed["harm_effect"],
        ),
    ),
    Action.RECORD_CONSENT: RoomForm(
        fields={
            "track_id": ID,
            "consent_terms": Field(limit=600, lines=True),
            "consent_how": REASON,
            "consent_days": COUNT,
        },
        perform=lambda incident, by, typed: care_desk.record_consent(
            incident,
            by=by,
            track=typed["track_id"],
            terms=care_desk.terms_in(typed["consent_terms"]),
            how=typed["consent_how"],
            days=count(typed["consent_days"], field="consent_days"),
        ),
    ),
    Action.REVOKE_CONSENT: RoomForm(
        fields={"track_id": ID},
        perform=lambda incident, by, typed: care_desk.revoke_consent(
            incident, by=by, track=typed["track_id"]
        ),
    ),
    Action.REVEAL_NAMES: RoomForm(
        fields={"track_id": ID, "reveal_reason": REASON},
        perform=lambda incident, by, typed: care_desk.reveal_names(
            incident, by=by, track=typed["track_id"], reason=typed["reveal_reason"]
        ),
    ),
}
