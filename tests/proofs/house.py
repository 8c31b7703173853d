"""A room with everybody at its links, the workflow, the auditor and the post, all on fakes."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from html import unescape
from typing import Any, cast
from urllib.parse import urlencode

from hikeshi.adapters.pages.renderer import PageRenderer
from hikeshi.domain.actions import Action
from hikeshi.domain.assessment import Reason
from hikeshi.domain.caring import mask_of
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.errors import HikeshiError
from hikeshi.domain.incidents import Room, RoomChange, Slot
from hikeshi.domain.lifecycle import LifecycleEvent
from hikeshi.domain.links import EXPERT
from hikeshi.domain.outbox import Message, OutboxRow
from hikeshi.domain.peril import Peril
from hikeshi.runtime.answers import Answer, Submission
from hikeshi.runtime.responder_desk import ResponderDesk
from hikeshi.runtime.room_forms import FORMS
from hikeshi.services.audit.reminders import remind_of_promises
from hikeshi.services.escalation.expiry import expire_acknowledgement
from hikeshi.services.incidents.lifecycle import advance_incident, request_decision
from hikeshi.services.incidents.open_incident import open_incident
from hikeshi.services.messages.dispatch import Dispatcher, LinkSite
from hikeshi.services.messages.parting import PARTING
from hikeshi.services.messages.wording import Wording
from hikeshi.services.room.action_pages import SPOTS, SubPage
from hikeshi.services.takedowns.takedown_watch import end_overdue
from tests.builders import (
    a_configuration,
    a_post,
    a_roll_call_policy,
    an_alert,
    an_alerted_post,
    an_assessment,
)
from tests.fakes.drills import InMemoryDrills
from tests.fakes.links import FixedKeyRing
from tests.fakes.messaging import InMemoryOutbox, InMemorySendLogs, RecordingSender
from tests.fakes.stage import Stage
from tests.proofs.hands import THREAT
from tests.proofs.promises import WatchedRepository, may_know
from tests.unit.pages.protected import BLURTED
from tests.unit.pages.stage import ENVIRONMENT, NUMBER
from tests.unit.pages.stage import Stage as PageStage

FORM = {"content-type": "application/x-www-form-urlencoded"}
ALERT = an_alert().id
PICTURE = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
"""One dot, as PNG."""


def _submission(action: Action, fields: Mapping[str, str]) -> Submission:
    """Return a form as a browser sends it, with a small file where one is asked for."""
    if not FORMS[action].takes_file:
        return Submission(body=urlencode(fields).encode(), headers=FORM)
    given = {f'name="{name}"': value.encode() for name, value in fields.items()}
    given['name="file"; filename="photo.png"'] = PICTURE
    parts = [
        b"--x\r\nContent-Disposition: form-data; " + name.encode() + b"\r\n\r\n" + value + b"\r\n"
        for name, value in given.items()
    ]
    return Submission(
        body=b"".join(parts) + b"--x--\r\n", headers={"content-type": "multipart/form-data; boundary=x"}
    )


@cache
def _renderer() -> PageRenderer:
    return PageRenderer(text=Wording().text, language="ja")


class Overtaken:
    """The repository of somebody who reads the room and, before they can write, is overtaken once."""

    def __init__(self, inner: WatchedRepository, meanwhile: Callable[[], None]) -> None:
        self._inner = inner
        self._meanwhile: Callable[[], None] | None = meanwhile

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def commit(self, change: RoomChange) -> Room:
        meanwhile, self._meanwhile = self._meanwhile, None
        if meanwhile is not None:
            meanwhile()
        return self._inner.commit(change)


@dataclass
class House:
    """Everything within reach; every way in or out of the room is held against its promises."""

    configuration: Configuration = field(
        default_factory=lambda: a_configuration(escalation=a_roll_call_policy())
    )

    def __post_init__(self) -> None:
        self.incidents = WatchedRepository(self.configuration)
        self.stage = Stage(incidents=self.incidents, configuration=self.configuration)
        self.outbox = InMemoryOutbox(self.incidents.outbox)
        self.pages = PageStage(
            configuration=self.configuration,
            clock=self.stage.clock,
            ids=self.stage.ids,
            outbox=self.outbox,
            incidents=self.incidents,
            proofs=self.stage.proofs,
        )
        desk = self.pages.desk()
        experts = replace(desk.experts, renderer=_renderer())
        self.desk = replace(desk, alerts=self.stage.alerts, renderer=_renderer(), experts=experts)
        self.sender = RecordingSender()
        self.logs = InMemorySendLogs()
        self.nothing = self.desk.show("1" * 22).body
        self.stage.keep(an_alert(), an_alerted_post(post=a_post(text=f"{BLURTED}だと思う")))
        self.id = open_incident(ALERT, self.stage.opening).incident_id or ""

    @property
    def room(self) -> Room:
        return self.incidents.room(self.id)

    def expects(self, person: str) -> bool:
        """Tell whether somebody may see the room at all."""
        return may_know(self.room, self.configuration.roster.people[person])

    # ---- people at their links -----------------------------------------------------------------

    def press(
        self, person: str, action: Action, fields: Mapping[str, str], *, desk: ResponderDesk | None = None
    ) -> Answer:
        """Send a form, and hold the answer against what its sender may see."""
        before, alone = self.room, desk is None
        token = self.pages.link(person, about=self.id)
        answer = (desk or self.desk).act(token, action, _submission(action, fields))
        done = answer.status == 303 or (SPOTS[action].answers and answer.status == 200)
        if alone and not done:
            assert self.room == before, f"a refusal of {action} ({answer.status}) changes nothing"
        if alone and not may_know(before, self.configuration.roster.people[person]):
            assert answer.status == 404, f"{person} is no member and was answered {action}"
        self._check(answer, shows_names=done and action is Action.REVEAL_NAMES)
        return answer

    def overtaken(self, meanwhile: Callable[[], None]) -> ResponderDesk:
        """Return a desk whose next write comes too late."""
        late: Any = Overtaken(self.incidents, meanwhile)
        return replace(self.desk, incidents=late)

    def look(self, person: str, page: SubPage | None, *, report: bool = False) -> Answer:
        """Open a page."""
        token, before = self.pages.link(person, about=self.id), self.room
        if report:
            answer = self.desk.report(token)
        else:
            answer = self.desk.show(token) if page is None else self.desk.sub_page(token, page)
        assert self.room == before, "looking changes nothing"
        assert self.expects(person) or answer.status == 404, f"{person} is no member and sees {page}"
        self._check(answer)
        return answer

    def _check(self, answer: Answer, *, shows_names: bool = False) -> None:
        if answer.status == 404:
            assert answer.body == self.nothing, "not the page of a link that is none"
        elif not shows_names:
            assert not mask_of(self.room).finds(unescape(answer.body)), "a page names the protected"

    def look_as_expert(self, which: int) -> Answer | None:
        """Open the page of a consultation; it shows what was shared, and of the rest nothing."""
        for asked in self.room.consultations[which : which + 1]:
            token = self.pages.link(asked.expert, purpose=EXPERT, about=self.id, nonce=asked.nonce)
            answer = self.desk.show(token)
            self._check(answer)
            shared = "".join(each.text for each in asked.exhibits) + asked.question
            for fact in self.room.facts:
                assert fact.claim in shared or fact.claim not in answer.body, "an expert sees too much"
            for page in SubPage:
                assert self.desk.sub_page(token, page).body == self.nothing
            return answer
        return None

    def answer_as_expert(self, which: int, opinion: str) -> None:
        for asked in self.room.consultations[which : which + 1]:
            token = self.pages.link(asked.expert, purpose=EXPERT, about=self.id, nonce=asked.nonce)
            body = urlencode({"opinion": opinion, "check_number": NUMBER}).encode()
            self._check(self.desk.experts.act(token, Submission(body=body, headers=FORM)))

    # ---- the machines --------------------------------------------------------------------------

    def step(self, event: LifecycleEvent, *, meanwhile: Callable[[], None] | None = None) -> None:
        """Let the workflow try a step; ``meanwhile`` happens between its reading and its writing."""
        before, lifecycle = self.room, self.stage.lifecycle
        if meanwhile is not None:
            late: Any = Overtaken(self.incidents, meanwhile)
            lifecycle = replace(lifecycle, incidents=late)
        try:
            advance_incident(self.id, event, lifecycle)
        except HikeshiError:
            assert meanwhile is not None or self.room == before, "a refused step changes nothing"

    def ask(self, slot: Slot) -> None:
        request_decision(self.id, slot, f"token-{self.stage.ids.ulid()}", self.stage.lifecycle)

    def audit(self, *, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Do to the room what the auditor does every minute; ``meanwhile`` comes before its first write."""
        at, late = self.stage.clock.now(), cast("Any", Overtaken(self.incidents, meanwhile))
        expire_acknowledgement(self.id, incidents=late, configuration=self.configuration, at=at)
        end_overdue(self.room, incidents=late, at=at)
        remind_of_promises(
            self.room,
            incidents=late,
            configuration=self.configuration,
            clock=self.stage.clock,
            ids=self.stage.ids,
        )

    def posts_come_in(self, **changes: Any) -> None:
        """Let the alert of the incident grow, as long as it is the incident's matter."""
        alert = self.stage.alerts.alert(ALERT)
        assert alert is not None
        reposts = alert.reposts + changes.pop("more", 0)
        self.stage.keep(alert, reposts=reposts, last_post_at=self.stage.clock.now(), **changes)
        until = self.room.incident.after_care_until
        if self.room.incident.status.is_open or (until and self.stage.clock.now() < until):
            open_incident(ALERT, self.stage.opening)

    def copy_turns_up(self, text: str) -> None:
        """Let somebody repeat a text at an address of their own."""
        place = len(self.stage.alerts.members)
        url = f"https://mirror{place}.example.jp/{place}"
        copy = an_alerted_post(post=a_post(id=f"copy-{place}", text=text, url=url))
        alert = self.stage.alerts.alert(ALERT)
        assert alert is not None
        self.stage.keep(alert, copy)
        self.posts_come_in(more=1)

    def threat_turns_up(self) -> None:
        """Let somebody threaten people, among the posts of the incident."""
        reason = Reason(rule="life.violence.people", label="危害の予告", points=90)
        threat = an_alerted_post(
            post=a_post(id="threat", text=THREAT, url="https://mirror.example.jp/threat"),
            assessment=an_assessment(reasons=(reason,)),
        )
        alert = self.stage.alerts.alert(ALERT)
        assert alert is not None
        self.stage.keep(alert.endangering(Peril.VIOLENCE), threat)
        self.posts_come_in(more=1)

    def post(self) -> None:
        """Deliver what is due, and hold each text against who may read it and what it may say."""
        dispatcher = Dispatcher(
            outbox=self.outbox,
            incidents=self.incidents,
            links=self.pages.links,
            keys=FixedKeyRing(),
            sender=self.sender,
            logs=self.logs,
            drills=InMemoryDrills(),
            configuration=self.configuration,
            wording=Wording(),
            site=LinkSite(base_url="https://r.exmp.jp/", environment=ENVIRONMENT),
            clock=self.stage.clock,
            ids=self.stage.ids,
        )
        for row in dispatcher.due():
            so_far = len(self.sender.delivered)
            dispatcher.dispatch(row)
            for sent in self.sender.delivered[so_far:]:
                self._check_sent(row, sent.person_id, f"{sent.subject}\n{sent.text}")

    def _check_sent(self, row: OutboxRow, person_id: str, text: str) -> None:
        assert isinstance(row.body, Message)
        person = self.configuration.roster.people[person_id]
        said_to_others = row.body.purpose == EXPERT or row.body.moment == PARTING
        assert said_to_others or may_know(self.room, person), "sent to somebody outside"
        assert not mask_of(self.room).finds(text), "a message names the protected"

    def rest(self) -> None:
        """Let a day pass and deliver whatever was put off."""
        for _ in range(6):
            self.stage.clock.set(self.stage.clock.now() + timedelta(hours=4))
            self.post()
