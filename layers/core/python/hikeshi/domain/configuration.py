"""Everything a deployer decides, as one immutable value."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from hikeshi.domain.alerts import SpreadPolicy
from hikeshi.domain.escalation import EscalationPolicy
from hikeshi.domain.people import Roster
from hikeshi.domain.playbooks import Playbooks
from hikeshi.domain.sources import WatchList


@dataclass(frozen=True, kw_only=True, slots=True)
class Configuration:
    """The deployed configuration.

    Attributes
    ----------
    statement_target : timedelta
        From the first post to the first public word.
    after_care : timedelta
        How long a closed incident is reopened by new posts.
    grouping_window : timedelta
        How long after its last post an alert or topic still takes new ones.
    """

    watches: WatchList
    roster: Roster
    escalation: EscalationPolicy
    playbooks: Playbooks
    spread: SpreadPolicy = field(default_factory=SpreadPolicy)
    statement_target: timedelta = timedelta(hours=3)
    after_care: timedelta = timedelta(days=30)
    grouping_window: timedelta = timedelta(hours=24)
