"""The SMS carrier and the mail provider: they deliver to devices, unless they are in trouble."""

from __future__ import annotations

from dataclasses import dataclass, field

from hikeshi.domain.errors import DeliveryError, UndeliverableError
from hikeshi.domain.people import Channel, Person
from tests.scenarios.agenda import Agenda
from tests.scenarios.browser import Browser
from tests.scenarios.devices import Text
from tests.scenarios.trouble import Moment, Troubles


@dataclass
class Carrier:
    """The sender port; ``refused`` holds addresses that will never take a text."""

    agenda: Agenda
    troubles: Troubles
    browser: Browser
    arrived: list[Text] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)

    def send(self, person: Person, channel: Channel, *, subject: str, text: str, urgent: bool) -> str:
        del urgent  # a carrier takes it and makes nothing of it
        points = (channel.value, f"{channel.value} to {person.id}")
        self.troubles.meet(points, Moment.BEFORE, lambda: DeliveryError("Throttling"))
        address = person.address(channel)
        if address is None or address in self.refused:
            raise UndeliverableError("OptedOut")
        arrived = Text(
            person=person.id,
            channel=channel,
            subject=subject,
            body=text,
            at=self.agenda.now(),
            browser=self.browser,
        )
        self.arrived.append(arrived)
        self.troubles.meet(points, Moment.AFTER, lambda: DeliveryError("the answer was lost"))
        return f"message-{len(self.arrived)}"
