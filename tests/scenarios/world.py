"""A world: the whole product on a clock of its own, with people who hold phones.

Posts go in at one end, messages come out at the other, and people press buttons behind the links. In
between run the real functions, services, pages and state machines; only AWS and the carriers are
fakes. A world that ends with anything nobody expected fails its test: see :meth:`World.ends`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from functions.responder_api.app import app
from hikeshi.adapters import outbox_items
from hikeshi.domain.assessment import Category, Level, Reason
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.incidents import Incident, Room
from hikeshi.domain.outbox import ChatPost, Message, OutboxRow, OutboxState
from hikeshi.domain.people import Channel
from hikeshi.domain.posts import Post
from hikeshi.domain.timeline import TimelineEntry
from hikeshi.services.audit.heartbeats import SILENT_AFTER
from hikeshi.services.audit.reminders import due_reminders
from hikeshi.services.audit.unheard import unheard
from hikeshi.services.collection import post_payload
from hikeshi.services.drills.drill_play import CLEARED_FOR
from hikeshi.services.escalation.passing_on import is_to_be_passed_on
from hikeshi.services.incidents.next_step import next_step
from hikeshi.services.incidents.standing import standing
from hikeshi.services.people.directory import effective
from tests.builders import BRAND, NOON, a_post, an_assessment
from tests.scenarios.agenda import Agenda
from tests.scenarios.backstage import Backstage
from tests.scenarios.browser import Browser
from tests.scenarios.carrier import Carrier
from tests.scenarios.cloud import CONTEXT, Cloud
from tests.scenarios.devices import Character, Crowd, Device, Text
from tests.scenarios.machines import Execution
from tests.scenarios.policies import a_company
from tests.scenarios.reckoning import everything_wrong_with
from tests.scenarios.trouble import Moment, Trouble, Troubles

FOR_EVER = 1_000_000

TEXTS = {
    Category.CONTAMINATION: "つきみのチョコを開けたら虫が入っていた。写真を載せておきます",
    Category.MISCONDUCT: "つきみの店員が冷蔵庫に入ってふざけている動画が回ってきた",
    Category.LEAK: "つきみの会員名簿らしきファイルが掲示板に置かれているのを見つけた",
    Category.COMPLAINT: "つきみのレジでずっと待たされたうえ謝りもしなかった。もう行きません",
    Category.DEFECT: "つきみの新しい水筒、ふたから湯が漏れて子どもがやけどしかけました",
    Category.HARASSMENT: "つきみの店で働く友人が店長に毎日どなられて泣いている",
    Category.DISCRIMINATION: "つきみの広告、特定の国の人をからかっていて見ていられない",
    Category.ATTACK: "つきみのチョコには毒が入っているそうです。拡散してください",
}
SCORES = {Level.NOTICE: 45, Level.WARNING: 72, Level.CRITICAL: 94}


class World:
    """Use it as ``with World().begun() as world``, or take the fixture ``world``."""

    def __init__(self, configuration: Configuration | None = None, *, starts: datetime = NOON) -> None:
        self.agenda = Agenda(starts)
        self.troubles = Troubles(self.agenda)
        self.cloud = Cloud(self.agenda, self.troubles)
        self.browser = Browser(send=self._asked, templates=tuple(app.routes))
        self.carrier = Carrier(self.agenda, self.troubles, self.browser)
        self.backstage = Backstage(self.agenda, self.cloud, self.carrier)
        self.backstage.configurations.publish(configuration or a_company())
        self.pardoned: list[str] = []
        self.asleep: set[str] = set()
        self._numbers = count(1)

    @contextmanager
    def begun(self) -> Iterator[World]:
        """Let the world run; at the end nothing may be left that nobody expected."""
        with self.backstage.in_place():
            self.cloud.every_minute(self._run_schedules)
            yield self
            self.ends()

    def _run_schedules(self) -> None:
        """Run what runs every minute; a run that would find nothing to do only leaves its heartbeat."""
        due = {outbox_items.kind_of(row) for row in self.rows() if row.is_due and row.due_at <= self.now}
        work = {
            "dispatch_messages": "message" in due,
            "drive_workflow": "workflow" in due,
            "post_chats": "chat" in due,
            "fetch_posts": bool(self.backstage.feeds.feeds),
            "audit_incidents": bool(due) or self._is_to_be_audited(),
        }
        for function in (*work, *(SILENT_AFTER.keys() - work.keys())):
            if function in self.asleep:
                continue
            if work.get(function):
                self.cloud.fire(function)
            else:
                self.backstage.heartbeats.beat(function, at=self.now)

    def _is_to_be_audited(self) -> bool:
        """Tell whether an audit could find anything; for weeks on end it cannot, and is left out then."""
        steps = (next_step(room, self.configuration) for room in self.rooms)
        drills = self.backstage.drills.drills.values()
        if any(self.now <= drill.ends_at + CLEARED_FOR + timedelta(minutes=2) for drill in drills):
            return True
        if any(
            unheard(room, outbox=self.backstage.outbox, incidents=self.cloud.incidents, at=self.now)
            for room in self.rooms
        ):
            return True
        open_rooms = [room for room in self.rooms if standing(room).is_open]
        if open_rooms and not self.backstage.directory.down:
            now = effective(self.configuration, self.backstage.directory.standings(), at=self.now)
            outbox, at = self.backstage.outbox, self.now
            if any(is_to_be_passed_on(room, now, outbox=outbox, at=at) for room in open_rooms):
                return True
        promised = any(due_reminders(room, self.configuration, at=self.now) for room in self.rooms)
        return promised or bool(self.asleep) or any(s.due_at <= self.now for s in steps if s is not None)

    def _asked(self, event: dict[str, Any]) -> dict[str, Any]:
        answer: dict[str, Any] = app(event, CONTEXT)
        if event["requestContext"]["httpMethod"] == "POST":
            self.agenda.settle()
        return answer

    # ---- time ----------------------------------------------------------------------------------

    @property
    def now(self) -> datetime:
        return self.agenda.now()

    def passes(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """Let time pass, with all that happens in it up to its last moment."""
        self.agenda.run_until(self.now + timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds))

    def stops_just_before(self, *, minutes: float = 0, seconds: float = 0) -> None:
        """Let time pass, and stop at the very moment before what is due then has happened."""
        self.agenda.stop_just_before(self.now + timedelta(minutes=minutes, seconds=seconds))

    # ---- posts ---------------------------------------------------------------------------------

    def post(
        self,
        text: str | None = None,
        *,
        category: Category | str = Category.CONTAMINATION,
        level: Level | str = Level.WARNING,
        reposts: int = 4,
        id: str | None = None,  # noqa: A002  # reads as the field it sets
        rule: str = "",
        **changes: Any,
    ) -> Post:
        """Let somebody write something in public, and the scorer judge it so, perhaps by a rule.

        The same text again is another post of the same alert; the same ``id`` is the same post.
        """
        number, level, category = next(self._numbers), Level(level), Category(category)
        post = a_post(
            id=id or f"post-{number}",
            text=text or TEXTS[category],
            brand=BRAND,
            author=f"author_{number}",
            published_at=self.now,
            fetched_at=self.now,
            reposts=reposts,
        )
        post = replace(post, **changes)
        self.judges(post.text, category=category, level=level, rule=rule)
        self.cloud.send("score_posts", post_payload.encode(post))
        self.agenda.settle()
        return post

    def judges(
        self,
        text: str,
        *,
        category: Category = Category.CONTAMINATION,
        level: Level = Level.WARNING,
        rule: str = "",
    ) -> None:
        """Let the scorer judge a text so, wherever it comes from."""
        judged = an_assessment(score=SCORES[level], level=level, category=category)
        by_rule = replace(judged, reasons=(Reason(rule=rule, label=rule, points=60),))
        self.backstage.scorer.answers[text] = by_rule if rule else judged

    # ---- people --------------------------------------------------------------------------------

    def person(self, person_id: str) -> Character:
        """Return somebody with phone and mailbox."""
        phone, mailbox = (Device(person_id, channel, self.carrier.arrived) for channel in Channel)
        return Character(id=person_id, phone=phone, mailbox=mailbox)

    def people(self, *person_ids: str) -> Crowd:
        """Return several people."""
        return Crowd(tuple(self.person(person_id) for person_id in person_ids))

    def __getattr__(self, name: str) -> Character:
        """Let ``world.sato`` be 佐藤."""
        if name.startswith("_") or name not in self.configuration.roster.people:
            raise AttributeError(name)
        return self.person(name)

    def is_quiet(self) -> None:
        """Nobody has got anything that was not expected."""
        waiting = [text for text in self.carrier.arrived if not text.expected]
        assert not waiting, "unexpected:\n" + "\n".join(f"  {text}" for text in waiting)

    def takes_for_granted(self) -> None:
        """Let everything that was heard so far have been expected: another scenario is about it."""
        for text in self.carrier.arrived:
            text.expected = True

    def sent_since(self, moment: datetime) -> list[Text]:
        """Return what arrived anywhere from that moment on."""
        return [text for text in self.carrier.arrived if text.at >= moment]

    def is_browsed_with(self, browser: Browser) -> None:
        """Let links open in this browser from now on."""
        self.browser = self.carrier.browser = browser

    # ---- what became of it ---------------------------------------------------------------------

    @property
    def rooms(self) -> list[Room]:
        """All rooms, the oldest first."""
        return sorted(self.cloud.incidents.rooms.values(), key=lambda room: room.incident.number)

    @property
    def room(self) -> Room:
        """The only room."""
        assert len(self.rooms) == 1, f"there are {len(self.rooms)} incidents"
        return self.rooms[0]

    @property
    def incident(self) -> Incident:
        """The only incident."""
        return self.room.incident

    @property
    def timeline(self) -> list[TimelineEntry]:
        """What happened in the only incident."""
        return list(self.cloud.incidents.timeline(self.incident.id))

    def happened(self, kind: str) -> list[TimelineEntry]:
        """Return the entries of one kind in the only incident's timeline."""
        return [entry for entry in self.timeline if entry.event.kind == kind]

    @property
    def executions(self) -> dict[str, Execution]:
        """Every execution that was ever started, by name."""
        return self.cloud.machines.executions

    def ladders(self, *, running: bool | None = None) -> list[Execution]:
        """Return the ladders."""
        found = [each for each in self.executions.values() if each.machine == "escalation_ladder"]
        return [each for each in found if running is None or each.is_running is running]

    def rows(self, state: OutboxState | None = None) -> list[OutboxRow]:
        """Return what lies in the outbox."""
        return [row for row in self.backstage.outbox.rows.values() if state in (None, row.state)]

    # ---- configuration -------------------------------------------------------------------------

    @property
    def configuration(self) -> Configuration:
        """The configuration as it is published now."""
        return self.backstage.configurations.current()

    def publishes(self, configuration: Configuration) -> None:
        """Deploy another configuration; the functions see it within a minute."""
        self.backstage.configurations.publish(configuration)
        self.passes(minutes=1)

    # ---- trouble -------------------------------------------------------------------------------

    def breaks(
        self,
        point: str,
        *,
        times: int = FOR_EVER,
        minutes: float | None = None,
        after: bool = False,
        kills: bool = False,
    ) -> None:
        """Break a call: ``sms``, ``mail``, ``sms to sato``, ``start_ladder``, the name of a function …

        ``after`` lets it take effect and loses its answer; ``kills`` ends the process that makes it.
        """
        until = self.now + timedelta(minutes=minutes) if minutes is not None else None
        moment = Moment.AFTER if after else Moment.BEFORE
        self.troubles.add(Trouble(point=point, times=times, until=until, moment=moment, kills=kills))

    def never_delivers(self, channel: Channel | str, *, to: str) -> None:
        """Let a provider refuse an address for good."""
        address = self.configuration.roster.person(to).address(Channel(channel))
        assert address is not None
        self.carrier.refused.add(address)

    def runs(self, function: str) -> None:
        """Let a schedule of the day fire now."""
        self.cloud.invoke(function, {"source": "aws.scheduler"})
        self.agenda.settle()

    def falls_asleep(self, function: str) -> None:
        """Let a schedule stop firing."""
        self.asleep.add(function)

    def wakes_up(self, function: str) -> None:
        """Let it fire again."""
        self.asleep.discard(function)

    def loses_the_stream(self) -> None:
        """Let no stream record come from now on: only the sweep of every minute finds what is due."""
        self.cloud.stream_copies = 0

    def delivers_the_stream_twice(self) -> None:
        """Let every stream record come two times from now on."""
        self.cloud.stream_copies = 2

    # ---- what a scenario forgives --------------------------------------------------------------

    def gave_up(self, person_id: str, channel: Channel | str) -> None:
        """Expect that messages to somebody on this channel were given up."""
        failed = [row for row in self.rows(OutboxState.FAILED) if isinstance(row.body, Message)]
        found = [row.id for row in failed if _is_to(row, person_id, Channel(channel))]
        assert found, f"no {channel} to {person_id} was given up"
        self.pardoned += found

    def chat_was_lost(self, name: str) -> None:
        """Expect that posts into a chat were given up."""
        failed = [row for row in self.rows(OutboxState.FAILED) if isinstance(row.body, ChatPost)]
        assert failed, f"no post into {name} was given up"
        self.pardoned += [row.id for row in failed]

    def operator_hears(self, *words: str) -> None:
        """Take the first call to the operator that holds all the words."""
        calls = self.backstage.operator.calls
        for call in calls:
            if all(each in f"{call.subject}\n{call.mail}\n{call.sms}" for each in words):
                calls.remove(call)
                return
        raise AssertionError(f"the operator was not told {words}, but {[call.sms for call in calls]}")

    def broke(self, function: str, error: str) -> None:
        """Expect that a function ended with this error."""
        found = [each for each in self.cloud.broken if each.function == function and error in each.error]
        assert found, f"{function} did not break with {error}; there is {self.cloud.broken}"
        self.cloud.broken = [each for each in self.cloud.broken if each not in found]

    def ends(self) -> None:
        """Hold the world against its promises, and against what the scenario expected."""
        wrong = everything_wrong_with(self)
        assert not wrong, "this was left at the end:\n" + "\n".join(f"  {each}" for each in wrong)


def _is_to(row: OutboxRow, person_id: str, channel: Channel) -> bool:
    body = row.body
    return isinstance(body, Message) and (body.person_id, body.channel) == (person_id, channel)
