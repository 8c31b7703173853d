"""What stands at the top of the page after an act: that it was done, or why it was not."""

from __future__ import annotations

from datetime import timedelta

from hikeshi.domain.actions import Action
from hikeshi.domain.errors import (
    AlreadyDecidedError,
    CheckNumberError,
    ConcurrentChangeError,
    HikeshiError,
    IllegalTransitionError,
    InvalidFormError,
    NotAllowedError,
    NotFoundError,
    NotReadyError,
    RefusedFilesError,
    RefusedTextError,
)
from hikeshi.domain.timeline import TimelineEvent
from hikeshi.services.facts.evidence_desk import KEPT
from hikeshi.services.messages.audience import takedown_approvers
from hikeshi.services.room.action_pages import SPOTS
from hikeshi.services.room.page_models import Notice
from hikeshi.services.room.visit import ITEM_FIELDS, Visit, shown

_WANT_APPROVAL = frozenset({"takedown_requested", "takedown_adopted"})

FRESH = timedelta(minutes=10)
"""How long after an act its confirmation is still shown."""

_DONE = {spot.done: spot.leaves or frozenset({spot.done}) for spot in SPOTS.values()}
"""The events that bear each confirmation out."""


def confirmation(visit: Visit, key: str) -> Notice | None:
    """Confirm what the reader just did.

    The key comes from the address, so it is believed only if the timeline bears it out.
    """
    leaves = _DONE.get(key)
    if leaves is None:
        return None
    for entry in reversed(visit.timeline):
        event = entry.event
        if event.kind in leaves and event.actor == visit.reader.id:
            if visit.at - event.at > FRESH:
                return None
            return Notice(tone="done", text=_done(visit, event))
    return None


def _done(visit: Visit, event: TimelineEvent) -> str:
    """Say what was done, and of a request to take a post down who was asked to approve it."""
    at = visit.when(event.at)
    if event.kind in KEPT and (count := _together(visit, event)) > 1:
        return visit.text("page.done.files_kept", at=at, count=count)
    if event.kind not in _WANT_APPROVAL:
        return visit.text(f"page.done.{event.kind}", at=at)
    asked = takedown_approvers(visit.incident, event.actor, visit.configuration.roster)
    if not asked:
        return visit.text("takedown.nobody_approves", at=at)
    names = visit.text("page.comma").join(visit.text("takedown.asked", name=each.name) for each in asked)
    return visit.text(f"page.done.{event.kind}", at=at, asked=names)


def _together(visit: Visit, event: TimelineEvent) -> int:
    """Count what one press left: a line for each file, all of one moment."""
    same = (event.kind, event.actor, event.at)
    return sum((e.event.kind, e.event.actor, e.event.at) == same for e in visit.timeline)


def refusal(visit: Visit, action: Action, error: HikeshiError) -> Notice:
    """Say why an action was not taken, and what to do instead."""
    match error:
        case AlreadyDecidedError():
            notice = _already(visit, error)
        case CheckNumberError():
            notice = Notice(tone="wrong", text=_wrong_number(visit, error), back=_form_of(visit, action))
        case NotAllowedError():
            notice = Notice(tone="quiet", text=visit.locked or visit.forbidden(action))
        case RefusedTextError():
            points = tuple(_finding(visit, *found) for found in error.findings)
            text = _refused(visit, error)
            notice = Notice(tone="wrong", text=text, points=points, back=_form_of(visit, action))
        case NotReadyError():
            points = tuple(_named(visit, f"missing.{gap}") for gap in error.missing)
            notice = Notice(tone="wrong", text=visit.text("error.not_ready"), points=points)
        case IllegalTransitionError():
            status = visit.text(f"status.{visit.phase}")
            notice = Notice(tone="quiet", text=visit.text("error.illegal_transition", status=status))
        case InvalidFormError():
            notice = Notice(tone="wrong", text=_invalid(visit, error), back=_form_of(visit, action))
        case ConcurrentChangeError() | NotFoundError():
            notice = Notice(tone="wrong", text=visit.text(f"error.{error.code}"))
        case _:
            notice = Notice(tone="wrong", text=visit.text("error.unexpected"))
    return notice


def _refused(visit: Visit, error: RefusedTextError) -> str:
    if isinstance(error, RefusedFilesError) and error.kept:
        return visit.text("error.refused_files_but", kept=error.kept)
    return visit.text(f"error.{error.code}")


def _form_of(visit: Visit, action: Action) -> str:
    """Return the anchor of the form that was refused, if the page still offers it."""
    if not visit.gate(action).open or visit.attempt is None:
        return ""
    typed = visit.attempt.typed
    item = next((typed[name] for name in ITEM_FIELDS if typed.get(name)), None)
    if item is None:
        return SPOTS[action].place
    room = visit.room
    known = {fact.id for fact in room.facts} | {task.id for task in room.tasks}
    known |= {action.id for action in room.corrections} | {change.id for change in room.proposals}
    known |= {item.step.value for track in room.protections for item in track.items}
    known |= {takedown.id for takedown in room.takedowns} | {post.id for post in room.own_posts}
    known |= {report.id for report in room.inbound} | {file.id for file in room.files}
    return f"at-{item}" if item in known else ""


def _wrong_number(visit: Visit, error: CheckNumberError) -> str:
    if error.tries_left == 0:
        return visit.text("error.check_number_locked")
    return visit.text("error.check_number", tries_left=error.tries_left)


def _already(visit: Visit, error: AlreadyDecidedError) -> Notice:
    by, at = visit.name(error.by), visit.when(error.at)
    if error.decision == "acknowledged":
        return Notice(tone="already", text=visit.text("error.already_acknowledged", by=by, at=at))
    decision = _named(visit, f"choice.{error.decision}")
    return Notice(tone="already", text=visit.text("error.already_decided", by=by, at=at, decision=decision))


def _invalid(visit: Visit, error: InvalidFormError) -> str:
    key = f"page.field.{error.field}"
    if error.field is None or key not in visit.words:
        return visit.text("page.invalid_form")
    field = visit.text(key)
    if (why := f"wrong_input.{error.why}") in visit.words:
        return visit.text(why, field=field)
    return visit.text("error.invalid_form", field=field)


def _finding(visit: Visit, key: str, quote: str) -> str:
    said = _named(visit, f"finding.{key}")
    return visit.text("error.quoted", quote=shown(quote, 80), finding=said) if quote else said


def _named(visit: Visit, key: str) -> str:
    return visit.text(key) if key in visit.words else visit.text("error.unexpected")
