"""One more alert for an incident, or more posts in one of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from hikeshi.domain.alerts import Alert
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.incidents import Incident, Spread
from hikeshi.ports.environment import Ids
from hikeshi.ports.scoring import AlertStore
from hikeshi.services.wording import Wording

MAX_COUNTED = 50
"""Alerts of an incident whose posts are counted, the latest first."""


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

    def spread_of(self, incident: Incident) -> Spread:
        """Count how far the posts of the incident have gone."""
        members = self.members(incident)
        first = min(alert.first_post_at for alert in members)
        last = max(alert.last_post_at for alert in members)
        minutes = max((last - first).total_seconds() / 60, 1.0)
        brand = self.configuration.watches.brands.get(incident.brand)
        return Spread(
            posts=sum(alert.posts for alert in members),
            reposts=sum(alert.reposts for alert in members),
            authors=sum(alert.authors for alert in members),
            per_minute=sum(alert.spread for alert in members) / minutes,
            normal_per_minute=brand.normal_per_minute if brand else 0.0,
            measured_at=self.at,
        )


def same_count(one: Spread, other: Spread) -> bool:
    """Tell whether two counts differ in nothing but when they were taken."""
    return replace(one, measured_at=other.measured_at) == other
