"""What protects a life, first on the page: whom to call, what to tell them, and what not to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hikeshi.domain.peril import Peril, peril_of
from hikeshi.domain.rounds import is_taken
from hikeshi.services.visit import Visit, shown

MOST_POSTS = 5
"""Posts that are told to the police by address; the others are with the evidence."""

_STEPS = 6
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
    calls : tuple of EmergencyCall
        Empty in a drill.
    told : tuple of str
        The posts as the police is told of them.
    helplines : tuple of str
        What the writer is told to call; empty if it is not the writer's life.
    """

    who: str
    steps: tuple[str, ...]
    calls: tuple[EmergencyCall, ...]
    told: tuple[str, ...]
    helplines: tuple[str, ...]


def peril_panel(visit: Visit) -> PerilPanel | None:
    """Compose the box; None if no life is at risk, or it is over."""
    peril = visit.incident.peril
    if peril is None or not visit.phase.is_open:
        return None
    return PerilPanel(
        who=_who(visit),
        steps=tuple(visit.text(f"life_box.{peril}.step_{number}") for number in range(1, _STEPS + 1)),
        calls=_calls(visit),
        told=tuple(_told(visit)),
        helplines=_helplines(visit) if peril is Peril.SELF_HARM else (),
    )


def life_line(visit: Visit) -> str:
    """Say in one line of the first screen what comes first; empty if no life is at risk, or it is over."""
    peril = visit.incident.peril
    if peril is None or not visit.phase.is_open:
        return ""
    return visit.text("life_box.drill_line" if visit.incident.drill else f"first.{peril}")


def word_caution(visit: Visit) -> str:
    """Say what a public word would do to the life; empty if none is at risk, or it is over."""
    peril = visit.incident.peril
    return visit.text(f"life_box.{peril}.caution") if peril is not None and visit.phase.is_open else ""


def _who(visit: Visit) -> str:
    lead = visit.incident.lead
    if visit.incident.drill:
        return visit.text("life_box.drill")
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


def _told(visit: Visit) -> Iterator[str]:
    """Name the posts with their addresses, the newest first: whoever reads this may be the one who calls."""
    grave = [kept.post for kept in visit.posts if peril_of(kept.assessment) is not None]
    for post in grave[: -MOST_POSTS - 1 : -1]:
        url = shown(post.url, 160) if post.url else visit.text("life_box.no_url")
        yield visit.text("life_box.post", at=visit.when(post.published_at), url=url)


def _helplines(visit: Visit) -> tuple[str, ...]:
    own = visit.configuration.escalation.life_at_risk.helplines
    return own or tuple(visit.text("life_box.helplines").splitlines())
