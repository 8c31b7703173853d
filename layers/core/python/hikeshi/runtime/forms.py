"""Submitted forms, read strictly: what a form of ours cannot send is refused, and nothing raises 500."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from hikeshi.domain.errors import InvalidFormError
from hikeshi.domain.people import NEEDS_CHECK_NUMBER, Action
from hikeshi.domain.plain_text import plain, plain_line

MAX_BODY = 64 * 1024
MEDIA_TYPE = "application/x-www-form-urlencoded"
_MAX_FIELDS = 12
_DIGITS = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """What one field may hold; ``limit`` counts characters after line ends are made one character."""

    limit: int
    required: bool = True
    lines: bool = False


CHECK_NUMBER = Field(limit=8)
_ID = Field(limit=80)
_TICK = Field(limit=3, required=False)
_SHORT_REASON = Field(limit=500, lines=True)
_GROUNDS = Field(limit=1000, lines=True)
_ESSAY = Field(limit=4000, lines=True)
_OPTIONAL_ESSAY = Field(limit=4000, lines=True, required=False)

_FIELDS: Mapping[Action, Mapping[str, Field]] = {
    Action.ACKNOWLEDGE: {},
    Action.DISMISS: {"reason": _SHORT_REASON},
    Action.ESCALATE: {},
    Action.ADD_FACT: {
        "claim": Field(limit=300),
        "source": Field(limit=200, required=False),
        "key": _TICK,
        "rests_on": Field(limit=60, required=False),
    },
    Action.ADD_SOURCE: {
        "fact_id": _ID,
        "source_name": Field(limit=200),
        "credibility": Field(limit=1),
        "origin": Field(limit=200, required=False),
        "source_url": Field(limit=500, required=False),
    },
    Action.KEEP_PROOF: {
        "fact_id": _ID,
        "proof_title": Field(limit=120),
        "proof": Field(limit=8000, lines=True),
    },
    Action.MARK_KEY: {"fact_id": _ID, "key": _TICK},
    Action.PUBLISH_STATEMENT: {"version": Field(limit=6)},
    Action.JUDGE_FACT: {"fact_id": _ID, "verdict": Field(limit=20), "basis": _GROUNDS},
    Action.ESTABLISH_FACTS: {},
    Action.COMPLETE_TASK: {"task_id": _ID, "result": _GROUNDS},
    Action.DRAFT_STATEMENT: {
        "kind": Field(limit=20),
        "said_opening": Field(limit=400, lines=True, required=False),
        "said_fact": Field(limit=1500, lines=True),
        "said_action": Field(limit=1000, lines=True),
        "said_contact": Field(limit=400, lines=True),
        "said_care": Field(limit=400, lines=True),
        "next_update_at": Field(limit=20),
        "tone_reason": Field(limit=500, lines=True, required=False),
    },
    Action.APPROVE_STATEMENT: {"version": Field(limit=6)},
    Action.WAIVE_STATEMENT: {"reason": _SHORT_REASON},
    Action.DECLARE_CALM: {"basis": _GROUNDS},
    Action.EDIT_REPORT: {
        "evaluation": _ESSAY,
        "lessons": _ESSAY,
        "manual_change": _OPTIONAL_ESSAY,
        "no_change_because": _OPTIONAL_ESSAY,
    },
    Action.SIGN_REPORT: {},
    Action.UNDO: {"of": Field(limit=40)},
    Action.CONFIRM: {},
    Action.SET_EXPIRY: {"expires_after": Field(limit=6)},
}


def fields_of(action: Action) -> Mapping[str, Field]:
    """Return the fields that the form of an action has."""
    numbered = {"check_number": CHECK_NUMBER} if action in NEEDS_CHECK_NUMBER else {}
    return {**_FIELDS[action], **numbered}


def read_form(body: bytes, *, media_type: str, action: Action) -> dict[str, str]:
    """Take a body apart into the fields of the form of an action (:func:`read_fields`)."""
    return read_fields(body, media_type=media_type, fields=fields_of(action))


def read_fields(body: bytes, *, media_type: str, fields: Mapping[str, Field]) -> dict[str, str]:
    """Take a body apart into the fields of a form; every field is there, optional ones perhaps empty.

    Raises
    ------
    InvalidFormError
        If it is not a form in UTF-8, is too long, or has an unknown or a repeated field.
    """
    if len(body) > MAX_BODY:
        raise InvalidFormError(f"the form is longer than {MAX_BODY} bytes")
    if body and media_type.partition(";")[0].strip().lower() != MEDIA_TYPE:
        raise InvalidFormError(f"a form is sent as {MEDIA_TYPE}")
    given: dict[str, str] = {}
    for name, value in _pairs(body):
        if name not in fields:
            raise InvalidFormError("the form has an unknown field")
        if name in given:
            raise InvalidFormError("a field is given twice", field=name)
        given[name] = plain(value) if fields[name].lines else plain_line(value)
    return {name: given.get(name, "") for name in fields}


def check_form(form: Mapping[str, str], action: Action) -> None:
    """Hold what was typed against what the fields of an action may hold (:func:`check_fields`)."""
    check_fields(form, fields_of(action))


def check_fields(form: Mapping[str, str], fields: Mapping[str, Field]) -> None:
    """Hold what was typed against what the fields may hold.

    Raises
    ------
    InvalidFormError
        Naming the first field that is missing or too long.
    """
    for name, field in fields.items():
        value = form[name]
        if field.required and not value:
            raise InvalidFormError("a field is missing", field=name)
        if len(value) > field.limit:
            raise InvalidFormError(f"longer than {field.limit} characters", field=name)
    if "check_number" in form and not _is_two_digits(check_number_of(form)):
        raise InvalidFormError("the check number has two digits", field="check_number")


def check_number_of(form: Mapping[str, str]) -> str:
    """Return the check number as ASCII digits, however the keyboard wrote them."""
    return unicodedata.normalize("NFKC", form["check_number"])


def _is_two_digits(number: str) -> bool:
    return len(number) == _DIGITS and number.isascii() and number.isdigit()


def _pairs(body: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            body.decode("utf-8"),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=_MAX_FIELDS,
        )
    except ValueError:  # bad UTF-8, bad pairs, too many of them
        raise InvalidFormError("the body is not a form in UTF-8") from None
