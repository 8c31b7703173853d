"""Every form of a room: its fields, and the use case that it asks for.

A form belongs to the module of its subject; a new subject is one more module in the list.
"""

from __future__ import annotations

from collections.abc import Mapping

from hikeshi.domain.actions import NEEDS_CHECK_NUMBER, Action
from hikeshi.runtime.forms import CHECK_NUMBER, Field, check_fields, read_fields
from hikeshi.runtime.room_forms import (
    care,
    circles,
    evidence,
    experts,
    facts,
    handling,
    headquarters,
    playbook,
    reporting,
    statements,
    support,
    takedowns,
)
from hikeshi.runtime.room_forms.form import RoomForm, Typed
from hikeshi.runtime.uploads import is_upload, read_upload
from hikeshi.services.room.action_pages import SPOTS

FORMS: Mapping[Action, RoomForm] = {
    **care.FORMS,
    **handling.FORMS,
    **circles.FORMS,
    **experts.FORMS,
    **playbook.FORMS,
    **facts.FORMS,
    **evidence.FORMS,
    **statements.FORMS,
    **support.FORMS,
    **reporting.FORMS,
    **takedowns.FORMS,
    **headquarters.FORMS,
}


_PAGE = Field(limit=20, required=False)


def fields_of(action: Action) -> Mapping[str, Field]:
    """Return the fields that the form of an action has."""
    numbered = {"check_number": CHECK_NUMBER} if action in NEEDS_CHECK_NUMBER else {}
    sent_from = {"on": _PAGE} if SPOTS[action].also is not None else {}
    return {**FORMS[action].fields, **numbered, **sent_from}


def read_form(body: bytes, *, media_type: str, action: Action) -> Typed:
    """Take a body apart into the fields of the form of an action, and the files that it may come with.

    See :func:`read_fields` and :func:`read_upload`.
    """
    if not FORMS[action].takes_file or not is_upload(media_type):
        return Typed(read_fields(body, media_type=media_type, fields=fields_of(action)))
    fields, attached = read_upload(body, media_type=media_type, fields=fields_of(action))
    typed = Typed(fields)
    typed.attached = attached
    return typed


def check_form(form: Mapping[str, str], action: Action) -> None:
    """Hold what was typed against what the fields of an action may hold (:func:`check_fields`)."""
    check_fields(form, fields_of(action))
