"""One numbered picture for all, resting on what is known, and taken back aloud."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from hikeshi.domain.bulletins import current_bulletin, issue_bulletin, newest_bulletin, read_bulletin
from hikeshi.domain.errors import HikeshiError, NotAllowedError, NotReadyError
from hikeshi.domain.facts import Verdict
from hikeshi.domain.headquarters import InboundVerdict
from hikeshi.domain.incidents import Room
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.services.audit.reminders import due_reminders
from hikeshi.services.facts import fact_register
from hikeshi.services.headquarters import headquarters_desk
from tests.builders import (
    NOON,
    a_bulletin,
    a_fact,
    a_headquarters,
    a_judged_fact,
    a_room,
    a_verified_report,
    an_inbound_report,
    an_incident,
)
from tests.fakes.stage import Stage
from tests.unit.headquarters.settings import a_configured

ID = an_incident().id
WORDS = "同じ商品で体調を崩した方がいるそうです"


def issue(room: Room, **changes: Any) -> Room:
    given: dict[str, Any] = {
        "picture": "",
        "guidance": "窓口を一本化してください",
        "facts": (),
        "reports": (),
    }
    issued, _ = issue_bulletin(room, by="sato", at=NOON, **{**given, **changes})
    return issued


def gathered(**changes: Any) -> Room:
    room = a_room(
        headquarters=a_headquarters(),
        facts=(a_judged_fact(), a_fact(id="fact-2")),
        inbound=(an_inbound_report(), a_verified_report(id="inbound-2", words="返品は3件です")),
    )
    return replace(room, **changes)


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"guidance": ""}, ("bulletin_text",)),
        ({"picture": "当社の商品です"}, ("grounds",)),
        ({"picture": "当社の商品です", "facts": ("fact-2",)}, ("standing_grounds",)),
        ({"reports": ("inbound-1",)}, ("standing_grounds",)),
        ({"reports": ("nothing",)}, ("standing_grounds",)),
        ({"guidance": f"「{WORDS}」と聞いています"}, ("unverified_words",)),
        ({"guidance": "同じ商品で、体調を 崩した方が\nいるそうです。"}, ("unverified_words",)),
    ],
)
def test_s0_13_what_nobody_has_verified_has_no_place_in_the_common_picture(
    changes: dict[str, Any], missing: tuple[str, ...]
) -> None:
    with pytest.raises(NotReadyError) as refused:
        issue(gathered(), **changes)
    assert refused.value.missing == missing


def test_s0_13_confirmed_facts_and_verified_reports_carry_it() -> None:
    room = issue(gathered(), picture="当社の商品です", facts=("fact-1",), reports=("inbound-2",))
    bulletin = current_bulletin(room)
    assert bulletin is not None
    assert [each.words for each in bulletin.grounds] == ["投稿の写真は当社の商品ですか", "返品は3件です"]


def test_s0_14_every_member_reads_the_same_number_and_laggards_are_listed() -> None:
    room = issue(issue(gathered()))
    bulletin = current_bulletin(room)
    assert bulletin is not None
    assert (bulletin.number, bulletin.laggards) == (2, ("ito", "watanabe", "suzuki", "takahashi"))
    room, _ = read_bulletin(room, number=2, by="ito", at=NOON)
    bulletin = current_bulletin(room)
    assert bulletin is not None
    assert bulletin.laggards == ("watanabe", "suzuki", "takahashi")
    for number, person in ((1, "suzuki"), (2, "kato")):
        with pytest.raises(NotReadyError):
            read_bulletin(room, number=number, by=person, at=NOON)


def test_s0_14_laggards_are_asked_twice_and_then_the_chief_hears_who_they_are() -> None:
    room = gathered(bulletins=(a_bulletin(),))
    issued = a_bulletin().issued_at

    def due(minutes: int) -> list[str]:
        at = issued + timedelta(minutes=minutes)
        found = due_reminders(replace(room, headquarters=established), a_configured(), at=at)
        return [each.kind for each in found]

    established = a_headquarters(established_at=issued)
    assert due(14) == []
    assert due(15) == ["bulletin_reminded"]
    assert due(45) == ["bulletin_reminded", "bulletin_unread", "bulletin_reminded"]


def test_s0_14_somebody_who_joins_gets_the_picture_that_holds(stage: Stage) -> None:
    stage.incidents.put(gathered(bulletins=(a_bulletin(),)))
    room = headquarters_desk.set_member(ID, by=stage.by("sato"), person="kato", leaves=False)
    bulletin = current_bulletin(room)
    assert bulletin is not None
    assert "kato" in bulletin.laggards
    assert stage.people_told("headquarters") == ["kato"]


def test_s0_15_only_the_headquarters_issues_a_bulletin(stage: Stage) -> None:
    stage.incidents.put(gathered())
    for person in ("ito", "watanabe", "tanaka", "kobayashi"):
        with pytest.raises(NotAllowedError):
            headquarters_desk.issue_bulletin(
                ID, by=stage.by(person), picture="", guidance="x", facts=(), reports=()
            )
    with pytest.raises(NotReadyError):
        issue(gathered(headquarters=None))


def test_s0_15_everybody_to_whom_it_went_hears_that_it_was_withdrawn(stage: Stage) -> None:
    stage.incidents.put(gathered(bulletins=(a_bulletin(),)))
    headquarters_desk.read_bulletin(ID, by=stage.by("ito"), number=1)
    room = headquarters_desk.withdraw_bulletin(ID, by=stage.by("sato"), number=1, reason="誤りがありました")
    assert current_bulletin(room) is None
    assert newest_bulletin(room) == room.bulletins[0]
    assert stage.people_told("bulletin_withdrawn") == ["ito", "suzuki", "takahashi", "watanabe"]
    words = {m.person_id: m.params["out_key"] for m in stage.incidents.messages()}
    assert words["ito"] == "bulletin_out.read"
    assert words["suzuki"] == "bulletin_out.unread"


def test_s0_15_an_older_number_never_comes_back_by_itself() -> None:
    room = gathered(bulletins=(a_bulletin(), a_bulletin(number=2, withdrawn_by="sato", withdrawn_at=NOON)))
    assert current_bulletin(room) is None
    assert current_bulletin(issue(room)) == issue(room).bulletins[-1]
    assert issue(room).bulletins[-1].number == 3


def test_s0_15_a_picture_whose_ground_fell_is_brought_back_to_those_who_issued_it(stage: Stage) -> None:
    room = issue(gathered(), picture="当社の商品です", facts=("fact-1",))
    fallen = replace(room, facts=(a_judged_fact(verdict=Verdict.REFUTED),))
    assert "bulletin_fell" not in {each.kind for each in due_reminders(room, a_configured(), at=NOON)}
    (due,) = [each for each in due_reminders(fallen, a_configured(), at=NOON) if each.kind == "bulletin_fell"]
    assert due.asks
    assert due.people == ("sato", "sato")


# ---- whatever people do, in whatever order -------------------------------------------------------------

PEOPLE = st.sampled_from(["sato", "suzuki", "ito", "watanabe", "takahashi", "nakano"])
TOLD = ["倉庫で別の虫が見つかりました", "配送の車が事故にあいました", "納品先から返品が届きました"]


class PictureMachine(RuleBasedStateMachine):
    """Everybody presses everything; an unverified report's words must never be told on."""

    def __init__(self) -> None:
        super().__init__()
        self.stage = Stage()
        self.stage.incidents.put(
            gathered(incident=an_incident(status=IncidentStatus.RESPONDING, lead="sato"), inbound=())
        )
        self.unverified_when_issued: list[tuple[int, tuple[str, ...]]] = []

    @property
    def room(self) -> Room:
        return self.stage.incidents.room(ID)

    def act(self, what: Callable[..., Room], person: str, **fields: Any) -> None:
        try:
            what(ID, by=self.stage.by(person), **fields)
        except HikeshiError:
            return

    @rule(person=PEOPLE, words=st.sampled_from(TOLD))
    def somebody_reports(self, person: str, words: str) -> None:
        self.act(headquarters_desk.file_report, person, source="電話", words=words)

    @rule(person=PEOPLE, which=st.integers(0, 4), verdict=st.sampled_from(InboundVerdict))
    def somebody_judges(self, person: str, which: int, verdict: InboundVerdict) -> None:
        for report in self.room.inbound[which : which + 1]:
            self.act(
                headquarters_desk.judge_report, person, report_id=report.id, verdict=verdict, grounds="記録"
            )

    @rule(person=PEOPLE, which=st.integers(0, 4))
    def somebody_makes_it_a_fact(self, person: str, which: int) -> None:
        for report in self.room.inbound[which : which + 1]:
            self.act(headquarters_desk.adopt_report, person, report_id=report.id)

    @rule(person=PEOPLE, which=st.integers(0, 4), verdict=st.sampled_from(Verdict))
    def somebody_judges_a_fact(self, person: str, which: int, verdict: Verdict) -> None:
        for fact in self.room.facts[which : which + 1]:
            self.act(fact_register.judge_fact, person, fact_id=fact.id, verdict=verdict, basis="記録")

    @rule(
        person=PEOPLE,
        copied=st.sampled_from(["", *TOLD]),
        facts=st.lists(st.integers(1, 5), max_size=2),
        reports=st.lists(st.integers(1, 5), max_size=2),
    )
    def somebody_issues(self, person: str, copied: str, facts: list[int], reports: list[int]) -> None:
        before = len(self.room.bulletins)
        waiting = tuple(r.words for r in self.room.inbound if r.verdict is InboundVerdict.UNVERIFIED)
        self.act(
            headquarters_desk.issue_bulletin,
            person,
            picture=copied,
            guidance="窓口へおつなぎください",
            facts=tuple(facts),
            reports=tuple(reports),
        )
        if len(self.room.bulletins) > before:
            self.unverified_when_issued.append((self.room.bulletins[-1].number, waiting))

    @rule(person=PEOPLE, number=st.integers(1, 4))
    def somebody_withdraws_or_reads(self, person: str, number: int) -> None:
        self.act(headquarters_desk.read_bulletin, person, number=number)
        self.act(headquarters_desk.withdraw_bulletin, person, number=number, reason="誤り")

    @invariant()
    def s0_13_no_bulletin_says_what_was_unverified_when_it_was_issued(self) -> None:
        said = {each.number: each for each in self.room.bulletins}
        for number, waiting in self.unverified_when_issued:
            bulletin = said[number]
            text = bulletin.picture + bulletin.guidance + "".join(each.words for each in bulletin.grounds)
            verified = {r.words for r in self.room.inbound if r.verdict is not InboundVerdict.UNVERIFIED}
            assert not [words for words in waiting if words in text and words not in verified]

    @invariant()
    def s0_13_no_message_and_no_line_of_the_timeline_says_what_is_unverified(self) -> None:
        unverified = {r.words for r in self.room.inbound} - {
            r.words for r in self.room.inbound if r.verdict is not InboundVerdict.UNVERIFIED
        }
        told = str([m.params for m in self.stage.incidents.messages()])
        told += str([entry.event.details for entry in self.stage.incidents.timeline(ID)])
        assert not [words for words in unverified if words in told]

    @invariant()
    def s0_14_numbers_rise_one_by_one_and_one_at_most_holds(self) -> None:
        numbers = [each.number for each in self.room.bulletins]
        assert numbers == list(range(1, len(numbers) + 1))
        holding = current_bulletin(self.room)
        assert holding is None or holding.number == len(numbers)


TestPicture = PictureMachine.TestCase
TestPicture.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)


@given(text=st.text(alphabet="あいうえお、。 ", max_size=60))
def test_a_text_that_repeats_no_report_is_not_held_back(text: str) -> None:
    assert issue(gathered(), guidance=f"窓口へ{text}").bulletins
