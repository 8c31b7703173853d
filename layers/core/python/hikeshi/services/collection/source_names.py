"""What a source is called where people read of it: never by the id that the files give it."""

from __future__ import annotations

from hikeshi.domain.configuration import Configuration
from hikeshi.services.messages.wording import Wording


def source_name(source_id: str, configuration: Configuration, words: Wording) -> str:
    """Return the name of a source as the watch list has it, or what an unlisted one is."""
    source = configuration.watches.sources.get(source_id)
    if source is not None:
        return source.name
    own = f"source.{source_id}"
    return words.text(own) if own in words else words.text("source.unlisted", id=source_id)
