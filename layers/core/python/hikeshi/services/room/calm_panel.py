"""When it may be said to be calm, and what is still missing: a panel of the room."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from hikeshi.domain.actions import Action
from hikeshi.domain.calming import Quiet
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.services.alerts.pace_text import rate
from hikeshi.services.room.page_models import Form, Gate
from hikeshi.services.room.visit import Visit

_SHORTEST = timedelta(hours=1)
"""Less than the hour that a rate is measured over is not yet called quiet."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CalmPanel:
    """The panel.

    Attributes
    ----------
    lines : tuple of (str, str)
        What is measured, each with its tone.
    state, tone : str
        Whether it is quiet enough.
    declare, early : Form
        To say that it is calm; to say so before it is quiet.
    """

    lines: tuple[tuple[str, str], ...]
    state: str
    tone: str
    declare: Form
    early: Form


def calm_panel(visit: Visit) -> CalmPanel | None:
    """Show the panel while the incident is watched."""
    quiet = visit.quiet
    if visit.phase is not IncidentStatus.CALMING or quiet is None:
        return None
    is_quiet = not quiet.missing
    why = "" if is_quiet else visit.text("calm.not_yet", at=visit.when(quiet.earliest_at))
    early = visit.gate(Action.CALM_EARLY)
    return CalmPanel(
        lines=(_rate(visit, quiet), _press(visit, quiet), *_faster(visit), *_who_may_not_wait(visit, quiet)),
        state=visit.text("calm.reached" if is_quiet else "calm.missing"),
        tone="calm" if is_quiet else "wait",
        declare=visit.form(Action.DECLARE_CALM, gate=visit.gate(Action.DECLARE_CALM, closed_because=why)),
        early=visit.form(Action.CALM_EARLY, gate=Gate(open=early.open and not is_quiet)),
    )


def _rate(visit: Visit, quiet: Quiet) -> tuple[str, str]:
    values = {"rate": _shown(quiet.per_minute), "normal": _shown(quiet.normal_per_minute)}
    if quiet.lasts >= _SHORTEST:
        text = visit.text("calm.rate_below", span=visit.lasting(quiet.lasts), **values)
    else:
        is_loud = quiet.wanted and not quiet.lasts
        text = visit.text("calm.rate_above" if is_loud else "calm.rate", **values)
    wanted = visit.text("calm.wanted", span=visit.lasting(quiet.wanted)) if quiet.wanted else ""
    return text + wanted, "wait" if "calm_rate" in quiet.missing else "calm"


def _press(visit: Visit, quiet: Quiet) -> tuple[str, str]:
    if quiet.press_at is None:
        return visit.text("calm.press_none"), "calm"
    return visit.text("calm.press", at=visit.when(quiet.press_at), span=visit.lasting(quiet.wanted)), "wait"


def _faster(visit: Visit) -> Iterator[tuple[str, str]]:
    """Say so if a feed is read more often than usual because of the incident."""
    brand = visit.incident.brand
    sources = visit.configuration.watches.sources.values()
    if any(source.minutes({brand}) < source.every_minutes for source in sources):
        yield visit.text("calm.faster"), "quiet"


def _who_may_not_wait(visit: Visit, quiet: Quiet) -> Iterator[tuple[str, str]]:
    """Say who may end the watch before it is quiet, to those who may not."""
    if quiet.missing and not visit.may(Action.CALM_EARLY):
        yield visit.text("calm.early_by", roles=visit.roles_for(Action.CALM_EARLY)), "quiet"


def _shown(per_minute: float) -> str:
    """Return a rate with as many decimals as it takes to be none: 0.02, 0.3, 18."""
    return f"{per_minute:.2f}" if 0 < per_minute < 0.1 else rate(per_minute)  # noqa: PLR2004  # one decimal
