"""Everything a deployer decides, as one immutable value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from hikeshi.domain.assessment import Level
from hikeshi.domain.caps import DEFAULT_CAPS, Cap
from hikeshi.domain.chats import Chat
from hikeshi.domain.escalation import EscalationPolicy
from hikeshi.domain.levels import DEFAULT_TABLE, DecisionTable
from hikeshi.domain.manuals import ManualPage
from hikeshi.domain.people import Roster
from hikeshi.domain.playbooks import Playbooks
from hikeshi.domain.sources import WatchList


@dataclass(frozen=True, kw_only=True, slots=True)
class LexiconFile:
    """A file of words and rules that a company lays over the lexicon, as it was written (TOML)."""

    name: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Configuration:
    """The deployed configuration.

    Attributes
    ----------
    levels : DecisionTable
        What lifts the level of an alert above that of its content.
    calm_after : timedelta
        How long an incident's posts must be back to normal before it may be called over.
    publish_within : timedelta
        How long a statement may lie approved before the lead is reminded to put it out, and as long again
        before the executives are.
    reply_within : timedelta
        How soon somebody who turned to us should have a reply.
    after_care : timedelta
        How long a closed incident is reopened by new posts.
    takedown_deadline : timedelta
        From sending a request to take a post down to the answer that is due.
    grouping_window : timedelta
        How long after its last post an alert or topic still takes new ones.
    lexicon : tuple of LexiconFile
        Industry packs and the company's own entries, in the order in which they are laid on.
    caps : tuple of Cap
        How often one person is written to on one channel.
    chats : tuple of Chat
        Rooms of chats that are told as well.
    manual : tuple of ManualPage
        The crisis manual.
    headquarters_from : Level or None
        The level at which an incident that somebody has taken on calls its headquarters by itself; None
        leaves that to people.
    desk_phone : str
        Telephone number of the desk as it is written, shown on pages that anybody may get; may be empty.
    """

    watches: WatchList
    roster: Roster
    escalation: EscalationPolicy
    playbooks: Playbooks
    levels: DecisionTable = DEFAULT_TABLE
    calm_after: timedelta = timedelta(hours=6)
    publish_within: timedelta = timedelta(minutes=10)
    reply_within: timedelta = timedelta(hours=24)
    after_care: timedelta = timedelta(days=30)
    takedown_deadline: timedelta = timedelta(days=7)
    grouping_window: timedelta = timedelta(hours=24)
    lexicon: tuple[LexiconFile, ...] = ()
    caps: tuple[Cap, ...] = DEFAULT_CAPS
    chats: tuple[Chat, ...] = ()
    manual: tuple[ManualPage, ...] = ()
    headquarters_from: Level | None = Level.CRITICAL
    desk_phone: str = ""
