"""People, their phones and their mailboxes: what arrives is either expected or fails the scenario."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from hikeshi.domain.people import Channel
from infra.local.messages import ArrivedMessage
from tests.scenarios.browser import Browser, OpenPage


@dataclass(eq=False)
class Text:
    """One SMS or mail on a device."""

    person: str
    channel: Channel
    subject: str
    body: str
    at: datetime
    browser: Browser = field(repr=False)
    expected: bool = False

    @property
    def link(self) -> str:
        """The address in it."""
        links = self._read().links
        assert len(links) == 1, f"{self} should hold one link"
        return links[0]

    @property
    def number(self) -> str | None:
        """The check number in it."""
        return self._read().number

    def opens(self) -> OpenPage:
        """Follow the link."""
        page = self.browser.open(self.link)
        page.number = self.number
        return page

    def then_presses(self, button: str, *, about: str = "", **typed: str) -> OpenPage:
        """Follow the link and press a button; the check number is typed as it stands in the message."""
        return self.opens().presses(button, about=about, **typed)

    def says(self, *words: str) -> Text:
        """Hold the words against the message."""
        for each in words:
            assert each in self.subject + "\n" + self.body, f"{self} does not say {each!r}:\n{self.body}"
        return self

    def keeps_silent_about(self, *words: str) -> Text:
        """Hold against the message what it must not say."""
        for each in words:
            assert each not in self.subject + "\n" + self.body, f"{self} says {each!r}"
        return self

    def _read(self) -> ArrivedMessage:
        return ArrivedMessage(id="", channel=self.channel, text=self.body, arrived_at=self.at)

    def __str__(self) -> str:
        headline = self.subject or self.body.splitlines()[0]
        return f"{self.at:%m-%d %H:%M:%S} {self.channel} to {self.person}: {headline}"


@dataclass(frozen=True)
class Device:
    """A phone or a mailbox."""

    owner: str
    channel: Channel
    arrived: list[Text] = field(repr=False)

    @property
    def texts(self) -> list[Text]:
        """Everything that ever arrived here."""
        return [text for text in self.arrived if (text.person, text.channel) == (self.owner, self.channel)]

    @property
    def waiting(self) -> list[Text]:
        """What arrived and was not expected yet."""
        return [text for text in self.texts if not text.expected]

    def expects(self, *words: str) -> Text:
        """Take the first message that holds all the words; it must have arrived by now."""
        for text in self.waiting:
            if all(each in text.subject + "\n" + text.body for each in words):
                text.expected = True
                return text
        there = "\n".join(f"  {text}" for text in self.texts) or "  nothing at all"
        raise AssertionError(f"{self.owner} got no {self.channel} with {words}; there is:\n{there}")

    def is_silent(self) -> None:
        """Nothing is there but what was expected."""
        assert not self.waiting, f"{self.owner} also got: {', '.join(map(str, self.waiting))}"


@dataclass(frozen=True)
class Character:
    """A person with a phone and a mailbox."""

    id: str
    phone: Device
    mailbox: Device

    def hears(self, *words: str) -> Text:
        """Get one SMS and one mail with these words; returns the SMS."""
        text = self.phone.expects(*words)
        self.mailbox.expects(*words)
        return text

    def is_silent(self) -> None:
        """Have nothing but what was expected."""
        self.phone.is_silent()
        self.mailbox.is_silent()

    @property
    def latest(self) -> Text:
        """The newest SMS, or mail if there is none: people act from what lies on top."""
        texts = self.phone.texts or self.mailbox.texts
        assert texts, f"{self.id} never got anything"
        return texts[-1]

    def presses(self, button: str, *, about: str = "", **typed: str) -> OpenPage:
        """Press a button on the page behind the newest message that lets it be pressed."""
        page = self.page_with(button, about=about)
        assert page is not None, f"no link of {self.id} offers {button!r}"
        return page.presses(button, about=about, **typed)

    def page_with(self, button: str, *, about: str = "") -> OpenPage | None:
        """Open the newest message behind which a button can be pressed, if there is any."""
        together = sorted(self.phone.texts + self.mailbox.texts, key=lambda text: text.at)
        pages = (text.opens() for text in reversed(together))
        return next((page for page in pages if page.offers(button, about=about)), None)


@dataclass(frozen=True)
class Crowd:
    """Several people who hear the same."""

    members: tuple[Character, ...]

    def hear(self, *words: str) -> None:
        """Each gets one SMS and one mail with these words."""
        for member in self.members:
            member.hears(*words)

    def are_silent(self) -> None:
        """None has anything but what was expected."""
        for member in self.members:
            member.is_silent()

    def __iter__(self) -> Iterator[Character]:
        return iter(self.members)
