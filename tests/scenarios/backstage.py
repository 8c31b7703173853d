"""Puts the fakes in the adapters' places: everything above them is composed as it is deployed."""

from __future__ import annotations

import json
import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

import pytest

from hikeshi.domain.exposure import Exposed
from hikeshi.domain.timeline import SYSTEM
from hikeshi.runtime import bootstrap, settings
from tests.fakes.chatting import RecordingChats
from tests.fakes.collecting import InMemorySourceStore, ScriptedFeedReader
from tests.fakes.configuring import InMemoryConfigurationSource
from tests.fakes.directory import InMemoryDirectory, ListedOptOuts
from tests.fakes.drills import InMemoryDrills
from tests.fakes.environment import SequenceIds
from tests.fakes.feedback import InMemoryFeedbackStore
from tests.fakes.links import FixedKeyRing, InMemoryLinkStore
from tests.fakes.messaging import InMemoryOutbox, InMemorySendLogs
from tests.fakes.responding import InMemoryProofStore, InMemoryReportStore
from tests.fakes.scoring import InMemoryAlertStore, InMemoryPostArchive, InMemoryPostCounts, ScriptedScorer
from tests.fakes.upkeep import (
    CountingOutsideWatch,
    InMemoryContactTests,
    InMemoryHeartbeats,
    InMemoryOperatorLog,
    RecordingOperatorLine,
)
from tests.fakes.watching import RoomsWatchedPeople
from tests.scenarios.agenda import Agenda
from tests.scenarios.carrier import Carrier
from tests.scenarios.cloud import LADDER, LIFECYCLE, Cloud, StepFunctionsClient

LINK_BASE_URL = "https://r.example.jp/r/"
_SAID = {
    "environment": "test",
    "link_base_url": LINK_BASE_URL,
    "lifecycle_arn": f"machine:{LIFECYCLE}",
    "ladder_arn": f"machine:{LADDER}",
}
_KEPT = frozenset({"page_renderer", "wording", "tokenizer", "scorer"})
"""Factories whose products hold nothing of a world, and are slow to make."""


@dataclass
class Backstage:
    """The fakes of one world."""

    agenda: Agenda
    cloud: Cloud
    carrier: Carrier
    scorer: ScriptedScorer = field(default_factory=lambda: ScriptedScorer({}))
    alerts: InMemoryAlertStore = field(default_factory=InMemoryAlertStore)
    counts: InMemoryPostCounts = field(default_factory=InMemoryPostCounts)
    archive: InMemoryPostArchive = field(default_factory=InMemoryPostArchive)
    feedback: InMemoryFeedbackStore = field(default_factory=InMemoryFeedbackStore)
    reports: InMemoryReportStore = field(default_factory=InMemoryReportStore)
    proofs: InMemoryProofStore = field(default_factory=InMemoryProofStore)
    drills: InMemoryDrills = field(default_factory=InMemoryDrills)
    links: InMemoryLinkStore = field(default_factory=InMemoryLinkStore)
    keys: FixedKeyRing = field(default_factory=FixedKeyRing)
    ids: SequenceIds = field(default_factory=SequenceIds)
    feeds: ScriptedFeedReader = field(default_factory=ScriptedFeedReader)
    sources: InMemorySourceStore = field(default_factory=InMemorySourceStore)
    directory: InMemoryDirectory = field(default_factory=InMemoryDirectory)
    heartbeats: InMemoryHeartbeats = field(default_factory=InMemoryHeartbeats)
    operator: RecordingOperatorLine = field(default_factory=RecordingOperatorLine)
    operator_log: InMemoryOperatorLog = field(default_factory=InMemoryOperatorLog)
    contact_tests: InMemoryContactTests = field(default_factory=InMemoryContactTests)
    opt_outs: ListedOptOuts = field(default_factory=ListedOptOuts)
    chats: RecordingChats = field(default_factory=RecordingChats)
    outside: CountingOutsideWatch = field(default_factory=CountingOutsideWatch)
    send_logs: InMemorySendLogs = field(default_factory=InMemorySendLogs)
    outbox: InMemoryOutbox = field(init=False)
    configurations: InMemoryConfigurationSource = field(init=False)

    def __post_init__(self) -> None:
        self.outbox = InMemoryOutbox(self.cloud.incidents.outbox)
        self.configurations = InMemoryConfigurationSource(clock=self.agenda)

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Let every factory of the composition root use the fakes."""
        with pytest.MonkeyPatch.context() as patch:
            for name, value in _settings().items():
                patch.setenv(name, value)
            for name, fake in self._fakes().items():
                _replace(patch, name, fake)
            _forget()
            yield
        _forget()

    def _fakes(self) -> dict[str, Any]:
        """Return what stands in for each factory, by the factory's name."""
        clients = {"stepfunctions": StepFunctionsClient(self.cloud)}

        def client(service: str, **_: object) -> Any:
            assert service in clients, f"no world has {service}; give it the fake of the port instead"
            return clients[service]

        return {
            "client": client,
            "clock": lambda: self.agenda,
            "ids": lambda: self.ids,
            "_configuration_source": lambda: self.configurations,
            "_configured_scorer": lambda _files: self.scorer,
            "_sender": lambda _topic: self.carrier,
            "alert_store": lambda _table: self.alerts,
            "post_counts": lambda _table: self.counts,
            "post_archive": lambda _bucket: self.archive,
            "feedback_store": lambda _table: self.feedback,
            "report_store": lambda _bucket: self.reports,
            "proof_store": lambda _bucket: self.proofs,
            "incident_repository": lambda *_tables: self.cloud.incidents,
            "incident_requests": lambda _queue: _Requests(self.cloud),
            "exposure_watch": lambda *_names: self._exposure_watch(),
            "outbox": lambda _table: self.outbox,
            "_send_logs": lambda _table: self.send_logs,
            "link_store": lambda _table: self.links,
            "key_ring": lambda _secret: self.keys,
            "directory": lambda: self.directory,
            "heartbeats": lambda _table: self.heartbeats,
            "collecting": self._collecting,
            "auditor": self._auditor,
            "digesting": self._digesting,
            "contact_checking": self._contact_checking,
            "drills": lambda _table: self.drills,
            "post_queue": lambda _url: _Posts(self.cloud),
            "contact_tests": lambda _table: self.contact_tests,
            "_chat_sender": lambda: self.chats,
        }

    def _exposure_watch(self) -> Any:
        from hikeshi.services.care.exposure import ExposureWatch

        people = RoomsWatchedPeople(incidents=self.cloud.incidents, clock=self.agenda)
        return ExposureWatch(people=people, reports=_Exposures(self.cloud))

    def _collecting(self) -> Any:
        from hikeshi.services.collection.collect import Collecting

        return Collecting(
            feeds=self.feeds,
            store=self.sources,
            queue=_Posts(self.cloud),
            outbox=self.outbox,
            incidents=self.cloud.incidents,
            clock=self.agenda,
        )

    def _auditor(self) -> Any:
        from hikeshi.services.audit.audit import Auditor

        return Auditor(
            incidents=self.cloud.incidents,
            outbox=self.outbox,
            heartbeats=self.heartbeats,
            operator=self.operator,
            log=self.operator_log,
            outside=self.outside,
            configuration=bootstrap.configuration,
            words=bootstrap.wording(),
            clock=self.agenda,
            ids=self.ids,
        )

    def _digesting(self) -> Any:
        from hikeshi.services.digest.digest import Digesting

        return Digesting(
            alerts=self.alerts,
            counts=self.counts,
            incidents=self.cloud.incidents,
            sources=self.sources,
            feedback=self.feedback,
            outbox=self.outbox,
            configuration=bootstrap.configuration(),
            clock=self.agenda,
        )

    def _contact_checking(self) -> Any:
        from hikeshi.services.people.check_contacts import ContactChecking
        from hikeshi.services.people.contact_test import ContactTesting
        from hikeshi.services.people.directory import Records

        current = bootstrap.configuration()
        testing = ContactTesting(
            tests=self.contact_tests,
            outbox=self.outbox,
            configuration=current,
            clock=self.agenda,
            ids=self.ids,
        )
        records = Records(
            directory=self.directory, roster=current.roster, clock=self.agenda, ids=self.ids, by=SYSTEM
        )
        return ContactChecking(testing=testing, opt_outs=self.opt_outs, subscriptions=None, records=records)


@dataclass(frozen=True)
class _Requests:
    cloud: Cloud

    def request(self, alert_id: str) -> None:
        self.cloud.send("open_incident", f'{{"alert_id": "{alert_id}"}}')


@dataclass(frozen=True)
class _Exposures:
    cloud: Cloud

    def report(self, exposed: Exposed) -> None:
        body = asdict(exposed) | {"captured_at": exposed.captured_at.isoformat()}
        self.cloud.send("open_incident", json.dumps({"exposed": body}))


@dataclass(frozen=True)
class _Posts:
    cloud: Cloud

    def send(self, posts: Any) -> None:
        from hikeshi.services.collection import post_payload

        for post in posts:
            self.cloud.send("score_posts", post_payload.encode(post))


def _settings() -> dict[str, str]:
    """Return a value for every setting that a function must have; most name what is a fake here."""
    names = {"config_bucket", "directory_table", "upkeep_table", *_SAID}
    for kind in vars(settings).values():
        if isinstance(kind, type) and issubclass(kind, settings.Settings):
            names.update(name for name, known in kind.model_fields.items() if known.is_required())
    return {name.upper(): _SAID.get(name, name.replace("_", "-")) for name in names}


@cache
def _modules() -> tuple[ModuleType, ...]:
    parts = pkgutil.iter_modules(bootstrap.__path__)
    return (bootstrap, *(import_module(f"{bootstrap.__name__}.{part.name}") for part in parts))


def _replace(patch: pytest.MonkeyPatch, name: str, fake: Any) -> None:
    """Replace a factory in every module that knows it."""
    holders = [module for module in _modules() if hasattr(module, name)]
    assert holders, f"the composition root has no {name} any more"
    for module in holders:
        patch.setattr(module, name, fake)


def _forget() -> None:
    for module in _modules():
        for name, factory in vars(module).items():
            if hasattr(factory, "cache_clear") and name not in _KEPT:
                factory.cache_clear()
