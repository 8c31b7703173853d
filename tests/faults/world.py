"""One incident from its alert to the last resort or the answer, with every function that it takes.

The functions are the deployed ones; what calls them (queue, stream, schedule, state machines, a person
with a phone) is here, with the promises that AWS makes: a queue hands over again what was not taken, a
stream may lose what was not taken since the schedule sweeps, a state machine retries its task.
"""

from __future__ import annotations

import json
import logging
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from functions.dispatch_messages import app as dispatch_messages
from functions.drive_workflow import app as drive_workflow
from functions.open_incident import app as open_incident_app
from functions.page_step import app as page_step
from functions.request_decision import app as request_decision
from hikeshi.adapters import outbox_items
from hikeshi.adapters.pages.renderer import PageRenderer
from hikeshi.domain.actions import Action
from hikeshi.domain.incidents import Slot
from hikeshi.domain.people import Channel
from hikeshi.runtime.answers import Submission
from hikeshi.runtime.expert_desk import ExpertDesk
from hikeshi.runtime.observability import get_logger
from hikeshi.runtime.responder_desk import ResponderDesk
from hikeshi.services.escalation.page import Paging
from hikeshi.services.incidents.drive_workflow import WorkflowDriver
from hikeshi.services.incidents.lifecycle import Asking
from hikeshi.services.incidents.open_incident import Opening
from hikeshi.services.messages.dispatch import Dispatcher, LinkSite
from hikeshi.services.messages.wording import Wording
from tests.builders import NOON, an_alert
from tests.fakes.directory import a_people_desk
from tests.fakes.drills import InMemoryDrills, a_drill_desk
from tests.fakes.environment import FrozenClock, SequenceIds
from tests.fakes.responding import InMemoryProofStore
from tests.faults.backstage import Backstage, InMemory
from tests.faults.climb import Climb
from tests.faults.fate import DiedError, Fate, Kind
from tests.faults.stories import FIRST, TICK_SECONDS, Story, a_short_ladder

Made = TypeVar("Made")
TICKS = 20
LINK_BASE = "https://r.exmp.jp/"


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What a run came to.

    Attributes
    ----------
    sms, mails : Counter of str
        How many each person got.
    alike : int
        How often the SMS that arrived most often arrived at one person.
    answers : tuple of str
        What the waiting task was told, each different answer once.
    decided_by : str or None
        Who has the incident.
    settled : bool
        Whether nothing was left to do at the end.
    died : tuple of str
        What each process that did not end well ended with.
    """

    sms: Counter[str]
    mails: Counter[str]
    alike: int
    answers: tuple[str, ...]
    decided_by: str | None
    incidents: int
    settled: bool
    died: tuple[str, ...]


class NumberedAlike(SequenceIds):
    """Gives every message the same check number, so that worlds can be compared; none is asked for."""

    def check_number(self) -> str:
        return "47"


class World:
    """Everything around the functions; ``fate`` stands between them and every port."""

    def __init__(self, fate: Fate, story: Story, behind: Backstage, clock: FrozenClock) -> None:
        self.fate, self.story, self.behind, self.clock = fate, story, behind, clock
        self.ids = NumberedAlike()
        self.configuration = a_short_ladder()
        self._requested = True
        self._streamed: set[str] = set()
        self._died: list[str] = []
        self._asked = self._pressed = self._raised = False
        self._ladders: dict[str, Climb] = {}
        self._ticks = self._place = 0
        if story is Story.OPTED_OUT:
            behind.opt_out(self.configuration.roster.person(FIRST))

    # ---- what the functions are given ------------------------------------------------------------

    def make(self, kind: type[Made]) -> Made:
        """Fill a bundle of ports in by the names of its fields, each port under the fate."""
        return kind(**{each.name: self._given(each.name) for each in fields(kind)})  # type: ignore[arg-type]  # any dataclass of ports

    def _given(self, name: str) -> Any:
        port = self.behind.port(name)
        if port is not None:
            return port
        return {
            "proofs": InMemoryProofStore(),  # nobody keeps evidence while a call fails
            "drills": InMemoryDrills(),  # no world has one: nothing is asked of it
            "clock": self.clock,
            "ids": self.ids,
            "roster": self.configuration.roster,
            "configuration": self.configuration,
            "wording": WORDS,
            "words": WORDS,
            "site": LinkSite(base_url=LINK_BASE, environment="test"),
        }[name]

    def run(self) -> Seen:
        """Let minutes pass until there is nothing left to do."""
        while self.goes_on():
            self.step()
        return self.seen()

    def goes_on(self) -> bool:
        """Tell whether anything is left to do; asked anew every minute."""
        return self._place > 0 or (self._ticks < TICKS and not self._is_quiet())

    def is_due(self) -> bool:
        """Tell whether the next step may call anybody; if not, it only lets time pass."""
        return STAGES[self._place][0](self)

    def step(self) -> None:
        """Let everything of one kind happen that is due in this minute."""
        due, happens = STAGES[self._place]
        if due(self):
            happens(self)
        self._place = (self._place + 1) % len(STAGES)
        if not self._place:
            self.clock.advance(seconds=TICK_SECONDS)
            self._ticks += 1

    def seen(self) -> Seen:
        """Tell what the run came to."""
        sent, rooms = self.behind.delivered(), self.behind.rooms()
        decision = rooms[0].slot(Slot.TRIAGE).decision if rooms else None
        return Seen(
            sms=Counter(d.person_id for d in sent if d.channel is Channel.SMS),
            mails=Counter(d.person_id for d in sent if d.channel is Channel.MAIL),
            alike=max(
                Counter((d.person_id, d.text) for d in sent if d.channel is Channel.SMS).values(), default=0
            ),
            answers=tuple(self.behind.answers()),
            decided_by=decision.by if decision else None,
            incidents=len(rooms),
            settled=self._is_quiet(),
            died=tuple(self._died),
        )

    def _is_quiet(self) -> bool:
        due = any(row.is_due for row in self.behind.rows().values())
        asking = bool(self.behind.started("lifecycle")) and not self._asked
        acting = self.story.answers and not self._pressed
        climbing = any(ladder.goes_on for ladder in self._ladders.values())
        return not (self._requested or due or asking or acting or climbing)

    def has_new_rows(self) -> bool:
        """Tell whether the stream has anything to hand over; rows never go away."""
        return len(self.behind.rows()) > len(self._streamed)

    def has_due_rows(self) -> bool:
        """Tell whether the schedules have anything to sweep."""
        now = self.clock.now()
        return any(row.is_due and row.due_at <= now for row in self.behind.rows().values())

    def has_due_ladders(self) -> bool:
        """Tell whether a ladder begins, or goes on now."""
        if len(self.behind.started("ladder").keys() - self._ladders.keys()):
            return True
        return any(ladder.is_due(self.clock.now().timestamp()) for ladder in self._ladders.values())

    # ---- worlds beside it -----------------------------------------------------------------------

    def told(self) -> object:
        """Tell everything that the rest of the run depends on, beside what is stored."""
        ladders = {name: dict(vars(ladder)) for name, ladder in self._ladders.items()}
        own = (self._requested, self._asked, self._pressed, self._raised, set(self._streamed), ladders)
        return self._place, self.clock.now(), own

    def fork(self, fate: Fate, behind: Backstage) -> World:
        """Return a world that stands as this one does, and goes on by itself."""
        other = copy(self)
        other.fate, other.behind, other.clock = fate, behind, FrozenClock(self.clock.now())
        other.ids, other._streamed, other._died = copy(self.ids), set(self._streamed), list(self._died)
        other._ladders = {name: copy(ladder) for name, ladder in self._ladders.items()}
        return other

    # ---- what calls them --------------------------------------------------------------------------

    def _request(self) -> None:
        self._requested = not self._survives(self._open)

    def _answer(self) -> None:
        if self.story.answers:
            self._press(self.story.answers)

    def _survives(self, function: Callable[[], Any]) -> bool:
        """Run a function in a process of its own; tells whether it ended well."""
        outer, self.fate.duplicate = self.fate.duplicate, lambda: self._twice(function)
        try:
            function()
        except (DiedError, Exception) as error:
            self._died.append(repr(error))
            return False
        finally:
            self.fate.duplicate = outer
        return True

    def _twice(self, function: Callable[[], Any]) -> None:
        outer, self.fate.duplicate = self.fate.duplicate, lambda: None
        try:
            function()
        except (DiedError, Exception):
            return
        finally:
            self.fate.duplicate = outer

    def _open(self) -> None:
        record = {
            "messageId": "1",
            "eventSource": "aws:sqs",
            "body": json.dumps({"alert_id": an_alert().id}),
        }
        answer = open_incident_app.lambda_handler({"Records": [record]}, None, ports=self.make(Opening))
        if answer["batchItemFailures"]:
            raise RuntimeError("handed back")

    def _stream(self) -> None:
        """Hand new rows over once, each function its own kind; what fails is left to the sweep."""
        new = [row for row in self.behind.rows().values() if row.id not in self._streamed]
        self._streamed.update(row.id for row in new)
        for kind, handle in (("message", self._dispatch), ("workflow", self._drive)):
            images = [outbox_items.to_item(row) for row in new if outbox_items.kind_of(row) == kind]
            if images:
                event = {"Records": [{"dynamodb": {"NewImage": image}} for image in images]}
                self._survives(lambda event=event, handle=handle: handle(event))  # type: ignore[misc]  # bound by default

    def _sweep(self) -> None:
        """Run the schedule of each function that has something due; a sweep of nothing cannot harm."""
        for kind, handle in (("message", self._dispatch), ("workflow", self._drive)):
            now, rows = self.clock.now(), self.behind.rows().values()
            if any(r.is_due and r.due_at <= now and outbox_items.kind_of(r) == kind for r in rows):
                self._survives(lambda handle=handle: handle({}))  # type: ignore[misc]  # bound by default

    def _dispatch(self, event: dict[str, Any]) -> None:
        dispatch_messages.lambda_handler(event, None, dispatcher=self.make(Dispatcher))

    def _drive(self, event: dict[str, Any]) -> None:
        drive_workflow.lambda_handler(event, None, driver=self.make(WorkflowDriver))

    def _lifecycle(self) -> None:
        """Play the lifecycle's first states: start the ladder, ask who takes it on."""
        ((name, payload),) = self.behind.started("lifecycle").items()
        given = json.loads(payload)
        self._ladders.setdefault(name, Climb(given))
        event = {"incident_id": given["incident_id"], "slot": "triage", "task_token": "token"}
        self._asked = self._survives(
            lambda: request_decision.lambda_handler(event, None, ports=self.make(Asking))
        )

    def _climb(self) -> None:
        for name, payload in self.behind.started("ladder").items():
            self._ladders.setdefault(name, Climb(json.loads(payload)))
        for ladder in self._ladders.values():
            ladder.go_on(self, at=self.clock.now().timestamp())

    def page_step(self, event: dict[str, Any]) -> dict[str, Any]:
        """Run the ladder's function."""
        return page_step.lambda_handler(event, None, paging=self.make(Paging))

    def attempt(self, function: Callable[[], Any]) -> bool:
        """Run a task of a state machine; tells whether it ended well."""
        return self._survives(function)

    def is_answered(self) -> bool:
        """Read the decision as the ladder does, straight from the table."""
        (room,) = self.behind.rooms()
        return room.slot(Slot.TRIAGE).decision is not None

    def _raise_level(self) -> None:
        """Let the alert become critical once the first person has been told."""
        if any(d.person_id == FIRST for d in self.behind.delivered()):
            self.behind.make_critical(an_alert().id)
            self._raised = self._requested = True

    def _press(self, person: str) -> None:
        """Let somebody open the newest link and press; after an error they press again."""
        texts = [d.text for d in self.behind.delivered() if d.person_id == person]
        found = re.search(rf"{re.escape(LINK_BASE)}(\w{{22}})", texts[-1]) if texts else None
        if found:
            self._pressed = self._survives(lambda: self._post(found[1]))

    def _post(self, token: str) -> None:
        desk = ResponderDesk(
            **{each.name: self._given(each.name) for each in fields(ResponderDesk) if each.name not in APART},
            configuration=lambda: self.configuration,
            experts=self._experts(),
            people=PEOPLE_DESK,
            scores=DRILL_DESK,
            renderer=RENDERER,
            logger=LOGGER,
            environment="test",
        )
        answer = desk.act(token, Action.ACKNOWLEDGE, Submission(body=b"", headers={}))
        if answer.status not in (200, 303):
            raise RuntimeError(f"answered {answer.status}")

    def _experts(self) -> ExpertDesk:
        return ExpertDesk(
            **{each.name: self._given(each.name) for each in fields(ExpertDesk) if each.name not in APART},
            configuration=lambda: self.configuration,
            renderer=RENDERER,
            logger=LOGGER,
            environment="test",
        )


STAGES: tuple[tuple[Callable[[World], bool], Callable[[World], None]], ...] = (
    (lambda world: world._requested, World._request),
    (World.has_new_rows, World._stream),
    (World.has_due_rows, World._sweep),
    (lambda world: not world._asked and bool(world.behind.started("lifecycle")), World._lifecycle),
    (World.has_new_rows, World._stream),
    (World.has_due_ladders, World._climb),
    (World.has_new_rows, World._stream),
    (lambda world: world.story is Story.RAISED and not world._raised, World._raise_level),
    (lambda world: world.story.answers is not None and not world._pressed, World._answer),
    (World.has_new_rows, World._stream),
)
"""What happens in a minute, in order, each with when there can be anything to do."""

APART = frozenset({"configuration", "renderer", "logger", "environment", "people", "scores", "experts"})
"""What the desk has that is no port, or no port of this story."""

WORDS = Wording()
RENDERER = PageRenderer(text=WORDS.text, language=WORDS.language)
LOGGER = get_logger("responder_api")
PEOPLE_DESK, DRILL_DESK = a_people_desk(), a_drill_desk()
"""Nobody asks anything of these two, so all worlds have them in common."""


@contextmanager
def silence() -> Iterator[None]:
    """Keep the functions' logs out of thousands of runs."""
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def run(strikes: Mapping[int, Kind], story: Story) -> tuple[tuple[str, ...], Seen]:
    """Run one world under a schedule; returns the calls it made and what came of it."""
    fate = Fate(strikes)
    seen = World(fate, story, InMemory(fate), FrozenClock(NOON)).run()
    return tuple(fate.trace), seen
