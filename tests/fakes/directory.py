"""A directory in memory, and a provider that refuses the numbers it is told to."""

from __future__ import annotations

from typing import Any

from hikeshi.adapters.pages.renderer import PageRenderer
from hikeshi.domain.errors import UnavailableError
from hikeshi.domain.rotations import Absence, ShiftOverride
from hikeshi.domain.standings import Departure, Entry, Standings
from hikeshi.runtime.observability import get_logger
from hikeshi.runtime.people_desk import PeopleDesk
from hikeshi.services.messages.wording import Wording
from tests.builders import NOON, a_configuration
from tests.fakes.environment import FrozenClock, SequenceIds
from tests.fakes.links import FixedKeyRing, InMemoryLinkStore
from tests.fakes.upkeep import InMemoryContactTests


class InMemoryDirectory:
    """Keeps entries; ``reads`` counts readings, and while ``down`` each of them fails."""

    def __init__(self) -> None:
        self.entries: dict[tuple[str, ...], Entry] = {}
        self.reads = 0
        self.down = False

    def standings(self) -> Standings:
        self.reads += 1
        if self.down:
            raise UnavailableError("directory: down")
        return Standings.of(self.entries.values())

    def put(self, entry: Entry) -> None:
        kind = type(entry).__name__
        if isinstance(entry, Absence | ShiftOverride):
            self.entries[kind, entry.id] = entry
        elif isinstance(entry, Departure):
            self.entries[kind, entry.person_id] = entry
        else:
            self.entries[kind, entry.person_id, entry.channel.value, entry.digest] = entry


class ListedOptOuts:
    """Refuses the numbers in ``refused``."""

    def __init__(self, *refused: str) -> None:
        self.refused = set(refused)

    def is_opted_out(self, phone: str) -> bool:
        return phone in self.refused


def a_people_desk(**parts: Any) -> PeopleDesk:
    """Pages about people, on a new directory and the parts that the other pages work with."""
    words = Wording()
    given: dict[str, Any] = {
        "directory": InMemoryDirectory(),
        "contact_tests": InMemoryContactTests(),
        "published": a_configuration,
        "links": InMemoryLinkStore(),
        "keys": FixedKeyRing(),
        "clock": FrozenClock(NOON),
        "ids": SequenceIds(),
        "renderer": PageRenderer(text=words.text, language=words.language),
        "words": words,
        "logger": get_logger("responder_api"),
        "environment": "test",
    }
    return PeopleDesk(**given | parts)
