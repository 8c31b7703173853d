"""The demo: one post, found by the scheduled function, to the first SMS and on to a signed report."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import httpx

from hikeshi.adapters.configuration_document import ConfigurationDocument
from hikeshi.adapters.dynamodb_incidents import DynamoDbIncidentRepository
from hikeshi.adapters.environment import SystemIds
from hikeshi.domain.actions import Role
from infra.local.emptying import empty, is_used
from infra.local.feed import FeedFile
from infra.local.home import Home, StackState
from infra.local.people import Inbox, Received, wait_for
from infra.local.play import Play, Played
from infra.local.scenario import FOUND_AFTER, first_wave, second_wave
from infra.local.stack import client
from infra.reporting.desk import ReportDesk
from infra.reporting.writing import written

FIRST_SMS_SECONDS = 300.0
RAISED_SECONDS = 300.0
"""A stack that just came up starts eight functions cold on the way: a machine that is busy with other things
takes more than two minutes for them."""

RECENT = 200
"""Incidents that are looked through for open ones."""

Told = Callable[[str], None]


class Demonstration:
    """One run on a stack that is up."""

    def __init__(self, home: Home, state: StackState, *, tell: Told) -> None:
        self._home = home
        self._state = state
        self._tell = tell
        self._feed = FeedFile(home.feed)
        self._http = httpx.Client(timeout=40)
        self._inbox = Inbox(state.inbox_url, self._http)
        self._found_at = datetime.now(UTC)
        self._mark = f"{self._found_at:%m%d%H%M%S}"

    @property
    def first_post_at(self) -> datetime:
        """When the first post of the scenario was written."""
        return self._found_at - FOUND_AFTER

    def name_of(self, person_id: str) -> str:
        """Return a person's name."""
        return self._configuration.to_configuration().roster.person(person_id).name

    def open_incidents(self) -> tuple[int, ...]:
        """Return the numbers of the incidents that somebody may be working on, and that a start erases."""
        found = self._incidents.recent(limit=RECENT)
        return tuple(sorted(each.number for each in found if each.status.is_open))

    def first_sms(self) -> Received:
        """Erase what an earlier run left, publish the posts and wait for the first SMS."""
        if is_used(self._state):
            self._tell("前に試した記録を消しています")
            empty(self._home, self._state)
        self._feed.publish(first_wave(self._found_at, mark=self._mark))
        self._tell("投稿がフィードに出ました。毎分の読み込みが見つけるのを待っています")
        self.nudge()

        def look() -> Received | None:
            return next((m for m in self._inbox.messages() if m.channel == "sms"), None)

        return wait_for(look, seconds=FIRST_SMS_SECONDS, what="the first SMS")

    def spread(self) -> None:
        """Let the photo be passed around until executives are told."""
        self._feed.publish(second_wave(self._found_at, mark=self._mark))
        self._tell("転載が増えています。段階が上がり、役員に連絡が届くのを待っています")
        self.nudge()
        executive = self._configuration.to_configuration().roster.holders(Role.EXECUTIVE)[0]
        wait_for(
            lambda: self._inbox.of(executive.id) or None,
            seconds=RAISED_SECONDS,
            what=f"a message to {executive.id}",
        )

    def play(self) -> Played:
        """Play the responders to the end."""
        play = Play(
            configuration=self._configuration.to_configuration(),
            inbox_url=self._state.inbox_url,
            client=self._http,
            tell=self._tell,
        )
        return play.to_the_end()

    def keep_report(self) -> Path:
        """Write the report of the newest incident to a file that can be passed on.

        It is not the page that somebody sees behind a link: that one leads back to the incident.
        """
        incidents, directory = self._incidents, self._home.root / "demo"
        desk = ReportDesk(incidents=incidents, configuration=self._configuration.to_configuration)
        content = written(desk, incidents.recent(limit=1)[0].id, kind=".html")
        directory.mkdir(parents=True, exist_ok=True)
        path = directory / f"report-{datetime.now().astimezone():%Y%m%d-%H%M%S}.html"
        path.write_bytes(content)
        return path

    def nudge(self) -> None:
        """Run the scheduled function now; EventBridge would within the minute.

        A person at a terminal should not wait for the turn of the minute. What is called, and with what,
        is exactly what the schedule calls.
        """
        functions = client(self._state, "lambda")
        pages = functions.get_paginator("list_functions").paginate()
        names = [f["FunctionName"] for page in pages for f in page["Functions"]]
        name = next(name for name in names if "FetchPosts" in name)
        functions.invoke(FunctionName=name, InvocationType="Event", Payload=json.dumps({}).encode())

    @property
    def _incidents(self) -> DynamoDbIncidentRepository:
        outputs = self._state.outputs
        return DynamoDbIncidentRepository(
            client=client(self._state, "dynamodb"),
            table=outputs["IncidentsTable"],
            outbox_table=outputs["OutboxTable"],
            ids=SystemIds(),
        )

    @property
    def _configuration(self) -> ConfigurationDocument:
        return ConfigurationDocument.from_json(self._home.configuration.read_bytes())
