"""A whole room under everything that people, time and machines can do to it, in any order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from random import Random
from typing import Any

from hypothesis import event as hypothesis_event
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from hikeshi.domain.actions import RULES, Action
from hikeshi.domain.assessment import Level
from hikeshi.domain.checking import confirmation_gaps
from hikeshi.domain.facts import Verdict, holds
from hikeshi.domain.headquarters import InboundVerdict
from hikeshi.domain.incidents import Room, Slot
from hikeshi.domain.lifecycle import IncidentStatus, LifecycleEvent
from hikeshi.domain.publishing import all_statements, text_obstacles
from hikeshi.domain.reporting import current_proposals, report_gaps
from hikeshi.domain.sighting import view_gaps
from hikeshi.domain.timeline import chain_break
from hikeshi.services.incidents.standing import standing
from hikeshi.services.reports.draft_report import draft_report
from hikeshi.services.room.action_pages import SPOTS, SubPage
from tests.proofs.errands import ERRANDS, Press
from tests.proofs.hands import NOTHING, PEOPLE, RUMOURS, filled
from tests.proofs.house import House
from tests.proofs.promises import fallen
from tests.unit.pages.protected import BLURTED
from tests.unit.pages.stage import NUMBER

_S, _E = IncidentStatus, LifecycleEvent

WORKFLOW = tuple(each for each in _E if each not in (_E.REOPENED, _E.MERGED, _E.CALLED_OFF))
"""What the workflow can try; the other steps are not its own."""

ONWARD = {
    _S.ACKNOWLEDGED: _E.FACT_CHECK_STARTED,
    _S.FACT_FINDING: _E.FACTS_ESTABLISHED,
    _S.RESPONDING: _E.RESPONSE_COMPLETED,
    _S.CALMING: _E.CALMED,
    _S.REPORTING: _E.REPORT_SIGNED,
}
LONGEST_LIFE = 47
"""Moves from the first page to the signed report."""

people = st.sampled_from(PEOPLE)
actions = st.sampled_from(tuple(Action))
hands = st.randoms(use_true_random=True)
pressed: Counter[Action] = Counter()
"""What was carried out, over all runs of the process."""


class WholeRoom(RuleBasedStateMachine):
    """Whatever is done, :mod:`tests.proofs.promises` hold at every commit, page and message."""

    def __init__(self) -> None:
        super().__init__()
        self.house = House()

    @initialize(moves=st.integers(0, LONGEST_LIFE), few=st.booleans(), random=hands)
    def it_has_come_some_way(self, moves: int, few: bool, random: Random) -> None:
        for _ in range(moves):
            self.one_move(random)
        if few:
            self.press("kato", Action.RESTRICT, random)
        hypothesis_event(f"begins {self.room.incident.status}")

    @property
    def room(self) -> Room:
        return self.house.room

    def press(self, person: str, action: Action, random: Random, desk: Any = None, **given: str) -> None:
        fields = filled(action, self.room, random=random, now=self.house.stage.clock.now(), **given)
        self.press_filled(person, action, fields, desk=desk)

    def press_filled(self, person: str, action: Action, fields: dict[str, str], desk: Any = None) -> None:
        answer = self.house.press(person, action, fields, desk=desk)
        if answer.location is not None or (SPOTS[action].answers and answer.status == 200):
            pressed[action] += 1

    # ---- people --------------------------------------------------------------------------------

    @rule(person=people, action=actions, random=hands)
    def somebody_presses_anything(self, person: str, action: Action, random: Random) -> None:
        self.press(person, action, random)

    @rule(times=st.integers(1, 6), random=hands)
    def somebody_presses_what_can_be_done(self, times: int, random: Random) -> None:
        for _ in range(times):
            self.press_filled(*self.possible(random))

    @rule(random=hands)
    def two_press_at_once(self, random: Random) -> None:
        """Both read the same room; the second writes first."""
        first, second = self.possible(random), self.possible(random)
        desk = self.house.overtaken(lambda: self.press_filled(*second))
        self.press_filled(*first, desk=desk)

    @rule(times=st.integers(1, 8), random=hands)
    def willing_people_go_on(self, times: int, random: Random) -> None:
        for _ in range(times):
            self.one_move(random)

    @rule(
        left_out=st.sampled_from((None, None, 1, 2)),
        doubt=st.integers(0, 5),
        which=st.integers(0, 9),
        random=hands,
    )
    def somebody_doubts_while_a_text_is_carried_through(
        self, left_out: int | None, doubt: int, which: int, random: Random
    ) -> None:
        """Write, approve, approve, put out; one is left out, and something falls before, during or after."""
        doubter, verdict, about = self.doubted(which, random)
        for place, (by, step, given) in enumerate(self.carried_through()):
            desk = None
            if place == doubt and random.random() < 0.5:
                self.press(doubter, verdict, random, **about)
            elif place == doubt:
                desk = self.house.overtaken(lambda: self.press(doubter, verdict, random, **about))
            if place != left_out:
                self.press(by, step, random, desk, **given)
        if doubt > place:
            self.press(doubter, verdict, random, **about)

    @rule(errand=st.sampled_from(ERRANDS), random=hands)
    def somebody_sees_something_through(
        self, errand: Callable[[House], Iterator[Press]], random: Random
    ) -> None:
        for person, action, given in errand(self.house):
            self.press(person, action, random, **{"check_number": NUMBER} | given)

    @rule(random=hands, bulletin=st.booleans(), verdict=st.sampled_from(InboundVerdict))
    def somebody_tells_on_what_came_in(self, random: Random, bulletin: bool, verdict: InboundVerdict) -> None:
        """Report something, perhaps check it, and say it to everybody."""
        words = random.choice(RUMOURS)
        self.press("takahashi", Action.OPEN_HEADQUARTERS, random, check_number=NUMBER, reason="取材")
        self.press("ito", Action.FILE_INBOUND, random, inbound_words=words)
        for report in self.room.inbound[-1:]:
            judged = {"inbound_id": report.id, "inbound_verdict": verdict.value}
            self.press("sato", Action.JUDGE_INBOUND, random, **judged)
        if bulletin:
            said = {"picture": "", "guidance": f"{words}。", "bulletin_facts": "", "bulletin_reports": ""}
            self.press("suzuki", Action.ISSUE_BULLETIN, random, **said, check_number=NUMBER)
        else:
            self.press(
                "suzuki", Action.ADD_SIGHTING, random, finding=words, source_kind="news", source_url=""
            )

    @rule(random=hands)
    def somebody_is_protected_and_named(self, random: Random) -> None:
        """Record whose name is hidden, and write it where it is sent on."""
        self.press("kato", Action.OPEN_CARE, random)
        self.press("kato", Action.RECORD_NAMES, random)
        in_a_week = f"{self.house.stage.clock.now() + timedelta(days=7):%Y-%m-%dT%H:%M}"
        asked = {"task_title": f"{BLURTED}への連絡", "due_at": in_a_week, "department": "quality"}
        self.press("sato", Action.ADD_TASK, random, **asked, owner="ito")
        if self.room.bulletins:
            newest = str(max(each.number for each in self.room.bulletins))
            taken_back = {"bulletin": newest, "reason": BLURTED, "check_number": NUMBER}
            self.press("sato", Action.WITHDRAW_BULLETIN, random, **taken_back)
        self.house.post()

    @rule(person=people, page=st.sampled_from((None, *SubPage)), report=st.booleans())
    def somebody_looks(self, person: str, page: SubPage | None, report: bool) -> None:
        self.house.look(person, page, report=report)

    @rule(which=st.integers(0, 2), answers=st.booleans())
    def an_expert_looks(self, which: int, answers: bool) -> None:
        self.house.look_as_expert(which)
        if answers:
            self.house.answer_as_expert(which, f"届け出は要りません。{BLURTED}")

    # ---- time and machines ---------------------------------------------------------------------

    @rule(minutes=st.sampled_from((0.5, 5, 20, 60, 240, 1440, 7 * 1440, 31 * 1440)))
    def time_passes(self, minutes: float) -> None:
        self.house.stage.clock.advance(minutes=minutes)
        self.house.audit()

    @rule(event=st.sampled_from(WORKFLOW), slot=st.sampled_from(Slot))
    def the_workflow_does_something(self, event: LifecycleEvent, slot: Slot) -> None:
        self.house.ask(slot)
        self.house.step(event)

    @rule(event=st.sampled_from(WORKFLOW), audits=st.booleans(), random=hands)
    def somebody_presses_while_a_machine_writes(
        self, event: LifecycleEvent, audits: bool, random: Random
    ) -> None:
        press = self.possible(random)
        if audits:
            self.house.stage.clock.advance(hours=6)
            self.house.audit(meanwhile=lambda: self.press_filled(*press))
        else:
            self.house.step(event, meanwhile=lambda: self.press_filled(*press))

    @rule(more=st.integers(0, 400), level=st.sampled_from((Level.WARNING, Level.WARNING, Level.CRITICAL)))
    def posts_come_in(self, more: int, level: Level) -> None:
        self.house.posts_come_in(more=more, level=level)

    @rule()
    def a_threat_turns_up(self) -> None:
        self.house.threat_turns_up()

    @rule()
    def the_post_goes_out(self) -> None:
        self.house.post()

    # ---- what people would do ------------------------------------------------------------------

    def possible(self, random: Random) -> Press:
        """Return a form that makes sense as things stand, and somebody who may send it."""
        now, roster = self.house.stage.clock.now(), self.house.configuration.roster.people
        offered = [each for each in Action if standing(self.room) in RULES[each].during] or list(Action)
        for _ in range(4):
            action = random.choice(offered)
            fields = filled(action, self.room, random=random, now=now)
            if NOTHING not in fields.values():
                break
        return random.choice([each for each in PEOPLE if roster[each].may(action)]), action, fields

    def one_move(self, random: Random) -> None:
        """Do what comes next in an incident that willing people handle."""
        self.house.stage.clock.advance(seconds=7)
        for person, action, given in self.next_presses(random):
            self.press(person, action, random, **{"check_number": NUMBER} | given)
            return
        self.step_on()

    def step_on(self) -> None:
        room = self.room
        triage = room.slot(Slot.TRIAGE).decision
        match room.incident.status:
            case _S.DETECTED | _S.REOPENED:
                is_taken = triage is not None and triage.choice == "acknowledged"
                self.house.step(_E.ACKNOWLEDGED if is_taken else _E.DISMISSED)
            case _S.REPORTING if room.report is None:
                draft_report(self.house.id, self.house.stage.drafting)
            case status if status in ONWARD:
                self.house.step(ONWARD[status])
            case _:
                self.house.stage.clock.advance(days=1)
                self.house.posts_come_in(more=50)

    def next_presses(self, random: Random) -> Iterator[Press]:
        """Yield what is left to press before the workflow can step on."""
        room = self.room
        match standing(room):
            case _S.DETECTED | _S.REOPENED:
                yield "sato", Action.ACKNOWLEDGE, {}
            case _S.FACT_FINDING:
                yield from self.checking(random)
                yield "sato", Action.ESTABLISH_FACTS, {}
            case _S.RESPONDING:
                for task in room.tasks:
                    if task.is_open:
                        yield task.owner, Action.COMPLETE_TASK, {"task_id": task.id}
                yield from self.saying()
            case _S.CALMING if room.incident.status is _S.CALMING:
                yield random.choice((("sato", Action.DECLARE_CALM, {}), ("takahashi", Action.CALM_EARLY, {})))
            case _S.REPORTING if room.report is not None:
                yield from self.reporting()

    def checking(self, random: Random) -> Iterator[Press]:
        room = self.room
        if not room.facts:
            yield "ito", Action.ADD_FACT, {"key": "", "rests_on": ""}
        for fact in room.facts:
            if fact.verdict is Verdict.UNVERIFIED and not confirmation_gaps(room, fact):
                yield "ito", Action.JUDGE_FACT, {"fact_id": fact.id, "verdict": "confirmed"}
            elif fact.verdict is Verdict.UNVERIFIED:
                verdict = random.choice(("refuted", "cannot_know"))
                yield "ito", Action.JUDGE_FACT, {"fact_id": fact.id, "verdict": verdict}
        if view_gaps(room):
            yield "watanabe", Action.ADD_SIGHTING, {"source_kind": "news", "finding": "報道はありません"}

    def saying(self) -> Iterator[Press]:
        statement = self.room.statement
        if statement is None or statement.flagged_at or text_obstacles(self.room, statement):
            yield from [next(self.carried_through())]
        elif statement.approved_by is None:
            given = {each.by for each in statement.approvals} | {statement.drafted_by}
            version = {"version": str(statement.version)}
            for person in ("sato", "tanaka", "takahashi"):
                if person not in given:
                    yield person, Action.APPROVE_STATEMENT, version

    def carried_through(self) -> Iterator[Press]:
        """Yield the way of a text, each step with the version that is the newest then."""
        facts = self.room.facts
        good = [str(n) for n, fact in enumerate(facts, start=1) if holds(facts, fact.id)]
        mark = f"［{'、'.join(good[:3])}］" if good else ""
        said = {"said_fact": f"当社の商品に関する投稿を確認いたしました{mark}。", "tone_reason": "必要です"}
        said |= {"kind": "full" if good and len(facts) % 2 else "holding"}
        said |= {f"said_{part}": SAID[part] for part in SAID}
        yield "suzuki", Action.DRAFT_STATEMENT, said
        for person, action in (
            ("sato", Action.APPROVE_STATEMENT),
            ("tanaka", Action.APPROVE_STATEMENT),
            ("suzuki", Action.PUBLISH_STATEMENT),
        ):
            version = self.room.statement.version if self.room.statement else 1
            yield person, action, {"version": str(version), "check_number": NUMBER}

    def doubted(self, which: int, random: Random) -> Press:
        """Return a press that takes something away from under a text."""
        facts = self.room.facts
        fact_id = facts[which % len(facts)].id if facts else NOTHING
        reports = [each.id for each in self.room.inbound] or [NOTHING]
        verdict = random.choice([each.value for each in Verdict])
        return random.choice(
            (
                ("ito", Action.JUDGE_FACT, {"fact_id": fact_id, "verdict": verdict}),
                ("sato", Action.MARK_KEY, {"fact_id": fact_id, "key": "yes"}),
                ("ito", Action.JUDGE_INBOUND, {"inbound_id": reports[0], "inbound_verdict": "rejected"}),
            )
        )

    def reporting(self) -> Iterator[Press]:
        room, report = self.room, self.room.report
        if report is None or report.signed_by is not None:
            return
        outcome = {
            f"impact_{kind}": "なし" for kind in ("brand", "money", "rumour", "closure", "market", "people")
        }
        if not report.evaluation:
            yield "suzuki", Action.EDIT_REPORT, {"evaluation": "検知から4分で担当が決まりました。"}
        if report.outcome.missing:
            yield "suzuki", Action.NOTE_OUTCOME, outcome | {"loss_yen": "0"}
        if report.missing:
            lessons = {
                "lessons": "窓口を常に開きます。",
                "no_corrections": "足りています",
                "cause_quality_gap": "yes",
            }
            yield "suzuki", Action.NOTE_LESSONS, lessons
        for change in current_proposals(room):
            if change.answer is None:
                declined = {"change_id": change.id, "answer": "decline", "reason": "足りています"}
                yield "suzuki", Action.ANSWER_PROPOSAL, declined
        yield from self.last_word()
        for person in ("tanaka", "sato"):
            if person not in {each.by for each in report.signatures}:
                yield person, Action.SIGN_REPORT, {"version": str(report.version)}

    def last_word(self) -> Iterator[Press]:
        statement = self.room.statement
        gaps = {"final_word", "unpublished_word", "corrected_word"} & {*report_gaps(self.room)}
        if statement is not None and "unpublished_word" in gaps:
            gone = text_obstacles(self.room, statement)
            put_out = ("suzuki", Action.PUBLISH_STATEMENT, {"version": str(statement.version)})
            yield next(self.carried_through()) if gone else put_out
        elif gaps:
            yield "sato", Action.WAIVE_STATEMENT, {"reason": "お申し出の方へお伝えしました"}

    # ---- what always holds ---------------------------------------------------------------------

    @invariant()
    def the_chain_of_the_timeline_is_whole(self) -> None:
        incident = self.room.incident
        end = (incident.timeline_seq, incident.timeline_digest)
        assert chain_break(self.house.incidents.timeline(self.house.id), end=end) is None

    @invariant()
    def whatever_somebody_stands_behind_holds_or_is_flagged(self) -> None:
        for statement in all_statements(self.room):
            if statement.approvals and statement.flagged_at is None:
                assert not fallen(self.room, statement)

    def teardown(self) -> None:
        """Deliver what was put off, so that no text is left unread."""
        self.house.rest()
        hypothesis_event(f"ends {self.room.incident.status}")


SAID = {
    "opening": "このたびはご心配をおかけしております。",
    "action": "現在、詳しい状況を調査しております。",
    "contact": "お客様相談室　0120-000-000",
    "care": "投稿された方への誹謗中傷はお控えくださいますよう、お願いいたします。",
}
