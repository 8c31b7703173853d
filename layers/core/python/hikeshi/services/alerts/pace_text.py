"""How fast posts come, said beside what is normal: 平常の12倍、直近10分で加速.

Standard deviations are for the desk, which tunes by them: everybody else reads how many times the normal it
is, or that it is more, and finds the figure with its meaning under the reasons of the assessment.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hikeshi.domain.incidents import Incident, Spread
from hikeshi.domain.pace import rate_in_minute
from hikeshi.services.messages.wording import Wording

COMPARED_FROM = 2
"""Times the normal from which the comparison says something."""

LEAST_RATE = 1.0
"""Posts and reposts a minute below which it does not."""

STALE = timedelta(minutes=10)
"""Age from which a measure says nothing of now: as long as the window it is taken over."""

_WHOLE_FROM = 10
_FASTER, _SLOWER = 1.5, 0.67


def spread_now(incident: Incident, *, at: datetime) -> Spread:
    """Return the spread with the pace of this moment, which falls by itself when no more posts come.

    Pages and messages both ask here, so that they tell the same number of the same minute. What was stored
    without a pulse stays as it was measured, with its time.
    """
    spread = incident.spread
    if spread.measured_at is not None and at - spread.measured_at > STALE:
        spread = replace(spread, sigma=None, acceleration=None)
    if spread.pulse.until is None:
        return spread
    per_minute = rate_in_minute(spread.pulse, first=incident.first_post_at, at=at)
    return replace(spread, per_minute=per_minute, measured_at=at)


def rate(per_minute: float) -> str:
    """Return a rate as people say it: whole from ten up, one decimal below."""
    if per_minute >= _WHOLE_FROM:
        return f"{per_minute:.0f}"
    return f"{per_minute:.1f}".removesuffix(".0")


def pace_in_words(
    spread: Spread, wording: Wording, *, beside_counts: bool = False, in_sigma: bool = False
) -> str:
    """Say how unusual the pace is and where it is going; empty if there is nothing to say.

    ``beside_counts`` is for the mail, which has said the times of the normal already: it says that there are
    more than normal only where no number did. ``in_sigma`` is for the desk and adds the deviation.
    """
    beside = _plainly(spread, wording) if beside_counts else _beside(spread, wording, in_sigma=in_sigma)
    return wording.text("spread.comma").join(filter(None, (beside, _way(spread, wording))))


def deviation_in_words(spread: Spread, wording: Wording) -> str:
    """Say how far the pace is from the normal and what that figure means; empty if it is not unusual."""
    return wording.text("spread.deviation", sigma=f"{spread.sigma:.1f}") if _is_unusual(spread) else ""


def new_words_of(spread: Spread, wording: Wording) -> str:
    """List the words that the brand's posts do not normally use."""
    return wording.text("spread.comma").join(spread.new_words)


def times_normal(spread: Spread) -> int | None:
    """Return how many times the normal rate it is; None where that says nothing."""
    rate, normal = spread.per_minute, spread.normal_per_minute
    if rate < LEAST_RATE or normal <= 0 or rate < COMPARED_FROM * normal:
        return None
    return round(rate / normal)


def _plainly(spread: Spread, wording: Wording) -> str:
    is_news = _is_unusual(spread) and times_normal(spread) is None
    return wording.text("spread.more") if is_news else ""


def _beside(spread: Spread, wording: Wording, *, in_sigma: bool) -> str:
    sigma, times = spread.sigma, times_normal(spread)
    is_unusual = _is_unusual(spread)
    exact = is_unusual and in_sigma
    if times is not None:
        if exact:
            return wording.text("spread.times_and_sigma", times=times, sigma=f"{sigma:.1f}")
        return wording.text("spread.times", times=times)
    if exact:
        return wording.text("spread.sigma", sigma=f"{sigma:.1f}")
    return wording.text("spread.more") if is_unusual else ""


def _is_unusual(spread: Spread) -> bool:
    return spread.sigma is not None and spread.sigma >= 1


def _way(spread: Spread, wording: Wording) -> str:
    if spread.acceleration is None or _SLOWER < spread.acceleration < _FASTER:
        return ""
    return wording.text("spread.faster" if spread.acceleration >= _FASTER else "spread.slower")
