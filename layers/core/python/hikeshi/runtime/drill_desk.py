"""The score sheet behind a link: GET shows it, and there is nothing to press."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hikeshi.adapters.pages.renderer import PageRenderer
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.errors import LinkError
from hikeshi.ports.drills import Drills
from hikeshi.ports.environment import Clock
from hikeshi.ports.responding import IncidentRepository, Outbox
from hikeshi.runtime.answers import Answer
from hikeshi.services.drills.drill_score import score_of
from hikeshi.services.drills.drill_view import drill_page
from hikeshi.services.links.links import OpenedLink
from hikeshi.services.messages.masking import mask_of_all
from hikeshi.services.messages.wording import Wording
from hikeshi.services.room.room_peril import helplines_of


@dataclass(frozen=True, kw_only=True, slots=True)
class DrillDesk:
    """Shows how a drill went; it is counted anew each time."""

    drills: Drills
    incidents: IncidentRepository
    outbox: Outbox
    configuration: Callable[[], Configuration]
    clock: Clock
    renderer: PageRenderer
    words: Wording

    def show(self, opened: OpenedLink) -> Answer:
        """Show the sheet of the drill that a link is about.

        Raises
        ------
        LinkError
            If the drill is not kept any more.
        """
        drill = self.drills.drill(opened.incident_id)
        if drill is None:
            raise LinkError("no such drill")
        at = self.clock.now()
        score = score_of(drill, incidents=self.incidents, outbox=self.outbox, at=at)
        mask = mask_of_all(self.incidents.of_drill(drill.id), incidents=self.incidents)
        configuration = self.configuration()
        lines = helplines_of(configuration, self.words)
        view = drill_page(score, roster=configuration.roster, words=self.words, at=at, helplines=lines)
        body = self.renderer.render("drill.html", mask=mask, view=view, is_drill=True)
        return Answer(status=200, body=body)
