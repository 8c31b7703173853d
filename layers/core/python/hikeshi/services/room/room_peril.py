"""What protects a life, first on the page: whom to call, what to tell them, and what not to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from hikeshi.domain.actions import Action
from hikeshi.domain.alerts import AlertedPost
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.peril import (
    HELP_CALL_PRACTISED,
    HELP_CALLED,
    PERIL_AGAIN,
    PERIL_FOUND,
    PERIL_HELD,
    NoDanger,
    Peril,
    named,
)
from hikeshi.domain.rounds import is_left_to_lead, is_taken
from hikeshi.services.alerts.dangers import dangers_among, name_of_text
from hikeshi.services.messages.wording import Wording
from hikeshi.services.room.action_pages import SPOTS
from hikeshi.services.room.page_models import Form, Gate
from hikeshi.services.room.visit import Visit, shown

MOST_POSTS = 5
"""Posts that are told to the police by address; the others are with the evidence."""

MOST_TEXTS = 20
"""Texts of which it can be said at once that they are no danger, the newest."""

_STEPS = 8
_CALLED = frozenset({HELP_CALLED, HELP_CALL_PRACTISED})
_MORE = frozenset({PERIL_FOUND, PERIL_AGAIN, PERIL_HELD})
"""What the police has not been told of yet, if it came after the call."""

_CALLS = {"police": "110", "ambulance": "119"}


@dataclass(frozen=True, kw_only=True, slots=True)
class EmergencyCall:
    """A button that calls."""

    label: str
    href: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PerilPanel:
    """What is done now, in order.

    Attributes
    ----------
    who : str
        Who calls the police, so that nobody waits for somebody else.
    steps_of : str
        Their heading; in a drill it says that they are those of a real incident.
    calls : tuple of EmergencyCall
        Empty in a drill.
    told : tuple of str
        The posts as the police is told of them.
    helplines : tuple of str
        What the writer is told to call, and in a drill what its readers may; empty if it is neither.
    helplines_for : str
        Whom the helplines are for.
    called : Form
        Where somebody notes that help was called; in a drill, that it would have been.
    told_hint : str
        What to write there.
    no_danger : Form
        Where somebody says of posts that they are no danger.
    texts : tuple of (str, str)
        The posts of which that can be said, each text once: its name and what it is shown as.
    """

    who: str
    steps: tuple[str, ...]
    steps_of: str
    calls: tuple[EmergencyCall, ...]
    told: tuple[str, ...]
    helplines: tuple[str, ...]
    helplines_for: str
    called: Form
    told_hint: str
    no_danger: Form
    texts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class NoDangerLine:
    """Posts of which somebody said that they are no danger; ``of`` names that word, to take it back."""

    sentence: str
    of: str


@dataclass(frozen=True, kw_only=True, slots=True)
class NoDangerPanel:
    """What was found to be no danger, and the way back."""

    lines: tuple[NoDangerLine, ...]
    undo: Form


def peril_panel(visit: Visit) -> PerilPanel | None:
    """Compose the box; None if no life is at risk, or it is over."""
    incident = visit.incident
    if incident.peril is None or not visit.phase.is_open:
        return None
    drill = bool(incident.drill)
    writer = Peril.SELF_HARM in incident.perils
    lines = helplines_of(visit.configuration, visit.words) if drill or writer else ()
    grave = dangers_among(visit.posts, incident.harmless)
    return PerilPanel(
        who=_who(visit),
        steps=tuple(_steps(visit)),
        steps_of=visit.text("life_box.drill_steps" if drill else "life_box.steps"),
        calls=_calls(visit),
        told=tuple(_told(visit, grave)),
        helplines=lines,
        helplines_for=visit.text("life_box.for_readers" if drill else "life_box.helplines_heading"),
        called=_called(visit),
        told_hint=visit.text("life_box.drill_hint" if drill else "page.hint.call_told"),
        no_danger=_no_danger_form(visit, grave),
        texts=tuple(_texts(visit, grave)),
    )


def no_danger_panel(visit: Visit) -> NoDangerPanel | None:
    """Show what was found to be no danger as long as that can be taken back; None if nothing was."""
    said = visit.incident.harmless
    if not said or not visit.phase.is_open:
        return None
    gate = Gate(open=visit.gate(Action.UNDO).open)
    return NoDangerPanel(
        lines=tuple(_said(visit, each) for each in reversed(said)),
        undo=Form(path=visit.base + SPOTS[Action.UNDO].path, button=visit.text("life_box.undo"), gate=gate),
    )


def life_line(visit: Visit) -> str:
    """Say in one line of the first screen what comes first; empty if no life is at risk, or it is over.

    That help was called stands there for everybody, until a further post asks for the next call.
    """
    life, call = named(visit.incident.perils), visit.incident.help_call
    if not life or not visit.phase.is_open:
        return ""
    drill = "drill_" if visit.incident.drill else ""
    if call is None:
        return visit.text("life_box.drill_line") if drill else visit.text(f"first.{life}")
    events = [entry.event for entry in visit.timeline]
    told_at = max((event.at for event in events if event.kind in _CALLED), default=call.at)
    if any(event.kind in _MORE and event.at > told_at for event in events):
        return visit.text(f"life_box.{drill}again_line")
    return visit.text(f"life_box.{drill}called_line", at=visit.when(told_at))


def word_caution(visit: Visit) -> str:
    """Say what a public word would do to the life; empty if none is at risk, or it is over."""
    life = named(visit.incident.perils)
    return visit.text(f"life_box.{life}.caution") if life and visit.phase.is_open else ""


def helplines_of(configuration: Configuration, words: Wording) -> tuple[str, ...]:
    """Return what somebody in need is told to call, each with its hours."""
    own = configuration.escalation.life_at_risk.helplines
    return own or tuple(words.text("life_box.helplines").splitlines())


def _who(visit: Visit) -> str:
    lead, call = visit.incident.lead, visit.incident.help_call
    if visit.incident.drill:
        noted = visit.text("life_box.drill_called", call=visit.by_at(call.by, call.at)) if call else ""
        return visit.text("life_box.drill") + noted
    if call is not None:
        return visit.text("life_box.called", call=visit.by_at(call.by, call.at))
    if lead is None or not is_taken(visit.room):
        return visit.text("life_box.nobody")
    if lead == visit.reader.id:
        return visit.text("life_box.you")
    return visit.text("life_box.lead", lead=visit.name(lead))


def _calls(visit: Visit) -> tuple[EmergencyCall, ...]:
    if visit.incident.drill:
        return ()
    return tuple(
        EmergencyCall(label=visit.text(f"life_box.{whom}"), href=f"tel:{number}")
        for whom, number in _CALLS.items()
    )


def _steps(visit: Visit) -> Iterator[str]:
    """Tell what is done, in order; where two kinds of danger meet there are more of them."""
    for number in range(1, _STEPS + 1):
        key = f"life_box.{named(visit.incident.perils)}.step_{number}"
        if key in visit.words:
            yield visit.text(key)


def _no_danger_form(visit: Visit, grave: Iterable[AlertedPost]) -> Form:
    """Offer to say that posts are no danger to those who may close the incident as a false alarm."""
    form = visit.form(Action.SAY_NO_DANGER)
    if not tuple(grave) or is_left_to_lead(visit.room, Action.SAY_NO_DANGER, visit.reader):
        return replace(form, gate=Gate(open=False))
    return form


def _texts(visit: Visit, grave: Iterable[AlertedPost]) -> Iterator[tuple[str, str]]:
    """Name each text once, the newest first, by the post that brought it last."""
    latest = {name_of_text(each.post.text): each.post for each in grave}
    newest_first = sorted(latest.items(), key=lambda each: each[1].published_at, reverse=True)
    for name, post in newest_first[:MOST_TEXTS]:
        said = shown(post.text, 120)
        yield name, visit.text("life_box.text", at=visit.when(post.published_at), text=said)


def _said(visit: Visit, said: NoDanger) -> NoDangerLine:
    sentence = visit.text(
        "life_box.said",
        said=visit.by_at(said.by, said.at),
        count=len(said.texts),
        reason=shown(said.reason, 240),
    )
    return NoDangerLine(sentence=sentence, of=said.at.isoformat())


def _told(visit: Visit, grave: Iterable[AlertedPost]) -> Iterator[str]:
    """Name the posts with their addresses, the newest first: whoever reads this may be the one who calls."""
    found = [kept.post for kept in grave]
    for post in found[: -MOST_POSTS - 1 : -1]:
        url = shown(post.url, 160) if post.url else visit.text("life_box.no_url")
        yield visit.text("life_box.post", at=visit.when(post.published_at), url=url)


def _called(visit: Visit) -> Form:
    form = visit.form(Action.NOTE_CALL)
    return replace(form, button=visit.text("life_box.drill_note")) if visit.incident.drill else form
