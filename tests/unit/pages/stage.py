"""A desk on fakes, with everything behind it within reach."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aws_lambda_powertools import Logger

from hikeshi.adapters.pages.renderer import PageRenderer
from hikeshi.domain.alerts import Alert, AlertedPost
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.incidents import RoomChange
from hikeshi.domain.kinship import TextPrint
from hikeshi.domain.links import LinkGrant, derive_token, digest_of, end_of
from hikeshi.runtime.drill_desk import DrillDesk
from hikeshi.runtime.expert_desk import ExpertDesk
from hikeshi.runtime.observability import get_logger
from hikeshi.runtime.people_desk import PeopleDesk
from hikeshi.runtime.responder_desk import ResponderDesk
from hikeshi.services.links.links import PURPOSE
from hikeshi.services.messages.wording import Wording
from tests.builders import (
    NOON,
    a_configuration,
    a_roll_call_policy,
)
from tests.fakes.directory import InMemoryDirectory, a_people_desk
from tests.fakes.drills import InMemoryDrills
from tests.fakes.environment import FrozenClock, SequenceIds
from tests.fakes.links import FIRST_KEY, FixedKeyRing, InMemoryLinkStore
from tests.fakes.messaging import InMemoryOutbox
from tests.fakes.responding import InMemoryIncidentRepository, InMemoryProofStore
from tests.fakes.upkeep import InMemoryContactTests
from tests.unit.pages.scenes import Scene

NUMBER = "47"
ENVIRONMENT = "test"


class ListedAlerts:
    """Alerts and their posts as a test lists them; only the reading half of the port."""

    def __init__(self) -> None:
        self.listed: dict[str, tuple[Alert, tuple[AlertedPost, ...]]] = {}

    def alert(self, alert_id: str) -> Alert | None:
        return self.listed[alert_id][0] if alert_id in self.listed else None

    def posts(self, alert_id: str, *, limit: int = 50) -> Sequence[AlertedPost]:
        return self.listed[alert_id][1][:limit]

    def recent(self, brand: str, *, since: datetime) -> Sequence[Alert]:
        raise AssertionError("a page does not look for other alerts")

    def every(self, brand: str, *, since: datetime) -> Iterator[Alert]:
        raise AssertionError("a page does not count alerts")

    def member(self, alert_id: str, post_key: str) -> AlertedPost | None:
        raise AssertionError("a page does not count")

    def home_of(self, leads: str) -> str | None:
        raise AssertionError("a page does not group")

    def prints(self, brand: str, *, since: datetime, until: datetime) -> Sequence[TextPrint]:
        raise AssertionError("a page does not group")

    def has_author(self, alert_id: str, author: str) -> bool:
        raise AssertionError("a page does not ask for authors")

    def save(self, alert: Alert, member: AlertedPost | None, *, text: TextPrint | None = None) -> Alert:
        raise AssertionError("a page does not change alerts")

    def move(
        self, member: AlertedPost, *, source: Alert, target: Alert, gone: str | None, text: TextPrint | None
    ) -> tuple[Alert, Alert]:
        raise AssertionError("a page does not change alerts")


@dataclass
class Stage:
    """The desk, and everything behind it within reach of a test."""

    configuration: Configuration = field(
        default_factory=lambda: a_configuration(escalation=a_roll_call_policy())
    )
    clock: FrozenClock = field(default_factory=lambda: FrozenClock(NOON + timedelta(minutes=41)))
    outbox: InMemoryOutbox = field(default_factory=InMemoryOutbox)
    incidents: InMemoryIncidentRepository = field(default_factory=InMemoryIncidentRepository)
    alerts: ListedAlerts = field(default_factory=ListedAlerts)
    links: InMemoryLinkStore = field(default_factory=InMemoryLinkStore)
    keys: FixedKeyRing = field(default_factory=FixedKeyRing)
    proofs: InMemoryProofStore = field(default_factory=InMemoryProofStore)
    directory: InMemoryDirectory = field(default_factory=InMemoryDirectory)
    contact_tests: InMemoryContactTests = field(default_factory=InMemoryContactTests)
    drills: InMemoryDrills = field(default_factory=InMemoryDrills)
    ids: SequenceIds = field(default_factory=SequenceIds)
    language: str = "ja"
    logger: Logger = field(default_factory=lambda: get_logger("responder_api"))

    @property
    def renderer(self) -> PageRenderer:
        text = Wording(self.language).text
        return PageRenderer(
            text=text, language=self.language, desk_phone=lambda: self.configuration.desk_phone
        )

    def desk(self) -> ResponderDesk:
        words = Wording(self.language)
        return ResponderDesk(
            incidents=self.incidents,
            outbox=self.outbox,
            alerts=self.alerts,
            links=self.links,
            keys=self.keys,
            proofs=self.proofs,
            configuration=lambda: self.configuration,
            clock=self.clock,
            ids=self.ids,
            renderer=self.renderer,
            words=words,
            logger=self.logger,
            environment=ENVIRONMENT,
            people=self.people_desk(),
            experts=self.expert_desk(),
            scores=DrillDesk(
                drills=self.drills,
                incidents=self.incidents,
                outbox=self.outbox,
                configuration=lambda: self.configuration,
                clock=self.clock,
                renderer=self.renderer,
                words=words,
            ),
        )

    def expert_desk(self) -> ExpertDesk:
        words = Wording(self.language)
        return ExpertDesk(
            incidents=self.incidents,
            links=self.links,
            keys=self.keys,
            proofs=self.proofs,
            configuration=lambda: self.configuration,
            clock=self.clock,
            ids=self.ids,
            renderer=self.renderer,
            words=words,
            logger=self.logger,
            environment=ENVIRONMENT,
        )

    def people_desk(self) -> PeopleDesk:
        words = Wording(self.language)
        return a_people_desk(
            directory=self.directory,
            contact_tests=self.contact_tests,
            published=lambda: self.configuration,
            links=self.links,
            keys=self.keys,
            clock=self.clock,
            ids=self.ids,
            renderer=self.renderer,
            words=words,
            logger=self.logger,
            environment=ENVIRONMENT,
        )

    def play(self, scene: Scene) -> Stage:
        """Set the scene and move the clock to it."""
        self.incidents.lay(RoomChange(before=None, after=scene.room, events=scene.events))
        for alert, posts in scene.alerts:
            self.alerts.listed[alert.id] = (alert, posts)
        self.clock.set(scene.at)
        return self

    def link(
        self,
        person: str = "sato",
        *,
        number: str = NUMBER,
        age: timedelta = timedelta(minutes=5),
        purpose: str = PURPOSE,
        about: str | None = None,
        nonce: str = "",
    ) -> str:
        """Give a person a link and return its token."""
        incident_id = next(iter(self.incidents.rooms), "inc-00000000000000000000000128")
        if about is not None:
            incident_id = about
        nonce = nonce or f"{len(self.links.grants) + 1:032x}"
        token = derive_token(
            FIRST_KEY,
            purpose=purpose,
            environment=ENVIRONMENT,
            incident_id=incident_id,
            person_id=person,
            nonce=nonce,
        )
        made = self.clock.now() - age
        self.links.put(
            LinkGrant(
                digest=digest_of(token),
                purpose=purpose,
                environment=ENVIRONMENT,
                incident_id=incident_id,
                person_id=person,
                nonce=nonce,
                kid=FIRST_KEY.kid,
                check_number=number,
                created_at=made,
                expires_at=end_of(purpose, created_at=made),
            )
        )
        return token
