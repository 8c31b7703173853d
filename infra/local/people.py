"""People at their phones, as the demo and the tests play them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import httpx

from hikeshi.domain.actions import Role
from hikeshi.domain.assessment import Category, CrisisType, Fault, Level
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.escalation import people_of
from infra.local.browsing import Form, LinkBrowser, Page

Found = TypeVar("Found")
EVERY_SECONDS = 0.3


class PlayError(Exception):
    """Something that should have happened did not; the message says what."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Received:
    """One message as somebody has it on the screen."""

    id: str
    person: str
    channel: str
    subject: str
    text: str
    arrived_at: datetime
    links: tuple[str, ...]
    number: str | None


class Inbox:
    """Reads the inbox page's own data."""

    def __init__(self, url: str, client: httpx.Client) -> None:
        self._url = url
        self._client = client

    def messages(self) -> list[Received]:
        """Return all messages of all people, oldest first."""
        answer = self._read()
        found = [
            _received(person, message)
            for person, held in answer["people"].items()
            for message in (*held["sms"], *held["mail"])
        ]
        return sorted(found, key=lambda message: message.arrived_at)

    def strangers(self) -> list[Mapping[str, Any]]:
        """Return messages that went to nobody in the roster."""
        return list(self._read()["strangers"])

    def of(self, person: str) -> list[Received]:
        """Return one person's messages, oldest first."""
        return [message for message in self.messages() if message.person == person]

    def _read(self) -> Any:
        answer = self._client.get(f"{self._url}api/messages.json")
        answer.raise_for_status()
        return answer.json()


class Player:
    """One person: has an inbox, opens links, fills in forms."""

    def __init__(self, person: str, *, inbox: Inbox, browser: LinkBrowser) -> None:
        self.person = person
        self._inbox = inbox
        self._browser = browser

    def newest_link(self, *, seconds: float = 60) -> Received:
        """Wait for a message with a link and return the newest."""

        def look() -> Received | None:
            linked = [m for m in self._inbox.of(self.person) if m.links]
            return linked[-1] if linked else None

        return wait_for(look, seconds=seconds, what=f"a link for {self.person}")

    def page(self) -> Page:
        """Open the newest link."""
        return self._browser.open(self.newest_link().links[0])

    def read(self, address: str) -> Page:
        """Open an address."""
        return self._browser.open(address)

    def act(
        self,
        action: str,
        values: Mapping[str, str] | None = None,
        *,
        which: Callable[[Form], bool] = lambda _form: True,
        seconds: float = 60,
        below: str = "",
        file: tuple[str, bytes] | None = None,
    ) -> Page:
        """Wait until the page offers an action, fill the form in and send it.

        ``below`` names the page below the room on which the form stands. The newest link that offers it
        is used: one without a number only informs. The number comes out of the message that brought it.
        """

        def offered() -> tuple[Page, Form, Received] | None:
            linked = [message for message in self._inbox.of(self.person) if message.links]
            for message in reversed(linked):
                page = self._browser.open(f"{message.links[0]}/{below}".rstrip("/"))
                forms = [form for form in page.forms_named(action) if which(form)]
                if forms:
                    return page, forms[0], message
            return None

        what = f"{action} on the page of {self.person}"
        page, form, message = wait_for(offered, seconds=seconds, what=what)
        typed = dict(values or {})
        if "check_number" in form.fields:
            if message.number is None:
                raise PlayError(f"the message that brought {self.person} the link prints no number")
            typed["check_number"] = message.number
        answer = self._browser.submit(page, form, typed, file=file)
        if answer.status >= httpx.codes.BAD_REQUEST:
            raise PlayError(f"{what}: answered {answer.status}: {answer.text[:200]}")
        return answer


def wait_for(look: Callable[[], Found | None], *, seconds: float, what: str) -> Found:
    """Look again and again until there is something.

    Raises
    ------
    PlayError
        If there is nothing in time; names what was waited for.
    """
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found is not None:
            return found
        if time.monotonic() > deadline:
            raise PlayError(
                f"{seconds:.0f} 秒待っても次に進みませんでした / waited {seconds:.0f} s in vain for {what}"
            )
        time.sleep(EVERY_SECONDS)


def named_by_policy(configuration: Configuration, category: Category, *levels: Level) -> set[str]:
    """Return whom the configuration names for an incident that is taken on at once.

    The first step of each level's ladder, the departments of the playbook, and legal, whose
    approval a public word needs.
    """
    roster = configuration.roster
    steps = [configuration.escalation.ladder_for(category, level).steps[0] for level in levels]
    paged = {person.id for step in steps for person in people_of(step, category=category, roster=roster)}
    playbooks = configuration.playbooks
    departments = {
        role for kind in CrisisType for role in playbooks.resolve(category, kind, Fault.UNKNOWN).departments
    }
    return paged | {p.id for role in (*departments, Role.LEGAL) for p in roster.holders(role)}


def _received(person: str, message: Mapping[str, Any]) -> Received:
    return Received(
        id=message["id"],
        person=person,
        channel=message["channel"],
        subject=message["subject"],
        text=message["text"],
        arrived_at=datetime.fromisoformat(message["arrived_at"]),
        links=tuple(message["links"]),
        number=message["number"],
    )
