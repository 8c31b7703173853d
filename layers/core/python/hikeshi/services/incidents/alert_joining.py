"""One more alert for an incident, or more posts in one of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from hikeshi.domain.alerts import Alert
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.drills import brand_meant
from hikeshi.domain.incidents import Incident, Spread
from hikeshi.domain.pace import MOST_SOURCES, rate_in_minute
from hikeshi.domain.peril import Peril
from hikeshi.domain.pulse import together
from hikeshi.ports.environment import Ids
from hikeshi.ports.scoring import AlertStore
from hikeshi.services.alerts.dangers import perils_in
from hikeshi.services.messages.wording import Wording

MAX_COUNTED = 50
"""Alerts of an incident whose posts are counted, the latest first."""

MAX_NEW_WORDS = 3
"""Unusual words that are shown of an incident."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Joining:
    """An alert on its way into an incident, and what that needs."""

    alert: Alert
    alerts: AlertStore
    configuration: Configuration
    words: Wording
    ids: Ids
    at: datetime

    def load(self, alert_ids: Iterable[str]) -> Sequence[Alert]:
        """Load alerts; the one at hand is not read again, and one that has expired is passed over."""
        found = (self.alert if i == self.alert.id else self.alerts.alert(i) for i in alert_ids)
        return [alert for alert in found if alert is not None]

    def members(self, incident: Incident) -> Sequence[Alert]:
        """Return the incident's alerts with the one at hand among them."""
        return self.load(dict.fromkeys((*incident.alerts[-MAX_COUNTED:], self.alert.id)))

    def perils_in(self, incident: Incident) -> tuple[Peril, ...]:
        """Return the lives that the alert puts at risk, apart from what was found there to be no danger."""
        return perils_in(self.alert, incident.harmless, self.alerts)

    def spread_of(self, incident: Incident) -> Spread:
        """Count how far the posts of the incident have gone, and how fast they go now and went at most."""
        members = self.members(incident)
        pulse = together(alert.pulse for alert in members)
        known = pulse.until is not None
        first = incident.first_post_at
        per_minute = (
            rate_in_minute(pulse, first=first, at=self.at)
            if known
            else sum(alert.rate(self.at) for alert in members)
        )
        return Spread(
            posts=sum(alert.posts for alert in members),
            reposts=sum(alert.reposts for alert in members),
            authors=sum(alert.authors for alert in members),
            per_minute=per_minute,
            normal_per_minute=self._normal(incident, members),
            sigma=max((a.pace.sigma for a in members if a.pace.sigma is not None), default=None),
            acceleration=max(members, key=lambda alert: alert.last_post_at).pace.acceleration,
            new_words=tuple(dict.fromkeys(word for a in members for word in a.pace.new_words))[
                :MAX_NEW_WORDS
            ],
            measured_at=self.at,
            highest=max(incident.spread.peak, per_minute),
            pulse=pulse,
        )

    def sources_of(self, incident: Incident) -> tuple[str, ...]:
        """Return the ids of the sources that the posts of the incident came from, in order."""
        found = {source for alert in self.members(incident) for source in (alert.source, *alert.sources)}
        return tuple(sorted(found)[:MOST_SOURCES])

    def _normal(self, incident: Incident, members: Sequence[Alert]) -> float:
        """Return the brand's usual rate: as it was last measured, or as configured until it can be."""
        measured = sorted(members, key=lambda alert: alert.last_post_at)
        known = [a.pace.normal_per_minute for a in measured if a.pace.normal_per_minute is not None]
        if known:
            return known[-1]
        brand = self.configuration.watches.brands.get(brand_meant(incident.brand))
        return brand.normal_per_minute if brand else 0.0


def same_count(one: Spread, other: Spread) -> bool:
    """Tell whether nothing was counted since: a rate falls by itself, and is no news."""
    return (one.posts, one.reposts, one.authors) == (other.posts, other.reposts, other.authors)
