"""What an incident is called: by the lives that its posts put at risk, or else by its category."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from hikeshi.domain.assessment import Category
from hikeshi.domain.incidents import Incident
from hikeshi.domain.peril import BOTH, Peril, named
from hikeshi.services.messages.wording import Wording


def title_for(category: Category, *, perils: Collection[Peril], has_media: bool, words: Wording) -> str:
    """Return the title of such an incident."""
    if perils:
        return words.text(f"title.{named(perils)}")
    return words.text(f"{'title_media' if has_media else 'title'}.{category}")


def retitled(incident: Incident, words: Wording) -> Incident:
    """Let the title of an incident that was opened for a life tell which lives are at risk now.

    One that was opened for something else keeps its title: people know it by that.
    """
    keys = (*(f"title.{each}" for each in (*Peril, BOTH)), f"title_before.{BOTH}")
    if incident.title not in {words.text(key) for key in keys}:
        return incident
    title = title_for(incident.category, perils=incident.perils, has_media=incident.has_media, words=words)
    return replace(incident, title=title)
