"""Which threats are one alert: who hands one on makes no second, and who names another target does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hikeshi.domain.alerts import Alert
from hikeshi.domain.assessment import Category, Level
from hikeshi.domain.incidents import RoomChange
from hikeshi.domain.kinship import TextPrint, Tie, kinship_of
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.peril import PERIL_AGAIN
from hikeshi.services.alerts.grouping import print_of
from hikeshi.services.incidents.open_incident import Outcome, open_incident
from tests.builders import a_brand, a_post, an_assessment
from tests.fakes.scoring import ScriptedScorer
from tests.fakes.stage import Stage
from tests.unit.incidents.growing import the_room
from tests.unit.scoring.test_grouping import A_THREAT, SECOND_THREAT, THREAT, Desk, posts_of

OTHER_WORDS = "次は梅田店だ。つきみ製菓の渋谷店の爆弾は本物だからな。梅田店にも爆弾を仕掛けた。爆発は今夜"
ONE_MORE = THREAT.replace("渋谷店", "渋谷店と梅田店")
LABELLED = f"【梅田店】{THREAT}"
BEHIND_A_BAR = f"{THREAT} | つきみ梅田店"
NAMING_ANOTHER = (OTHER_WORDS, ONE_MORE, LABELLED, BEHIND_A_BAR, SECOND_THREAT)
NO_PLACE = "今日の閉店までに爆発させる。覚悟しておけ"
"""What all of these say, quoted without the place: no threat to anybody as far as a reader can tell."""

COMMENTS = ("怖すぎる", "通報しました", "これ本当なの", "誰か止めて", "近寄らないでください", "信じられない")
HANDED_ON = (
    f"【速報】{THREAT} | ネタ速",
    f"【悲報】{THREAT}ｗｗｗ",
    f"RT @kaede: {THREAT}",
    f"【拡散】{THREAT}",
    f"{THREAT} https://t.example.jp/a1b2",
    f"@momiji {THREAT}",
    *(f"{comment}「{THREAT}」" for comment in COMMENTS),
    *(f"「{THREAT}」{comment}" for comment in COMMENTS),
    *(f"{comment}…「{THREAT}」だって、{other}" for comment in COMMENTS for other in ("拡散", "注意")),
)


def a_desk() -> Desk:
    answers = {
        "爆弾": an_assessment(level=Level.CRITICAL, category=Category.ATTACK, reasons=(A_THREAT,)),
        "爆発": an_assessment(category=Category.ATTACK),
    }
    return Desk(scorer=ScriptedScorer(answers))


def grouped(*texts: str) -> list[Alert]:
    desk = a_desk()
    desk.score(*posts_of(*texts))
    return desk.standing


@pytest.mark.parametrize("other", NAMING_ANOTHER)
def test_a_threat_that_names_another_place_is_an_alert_of_its_own(other: str) -> None:
    assert len(grouped(THREAT, other)) == len(grouped(other, THREAT)) == 2


def test_thirty_who_hand_one_threat_on_make_no_second_one() -> None:
    assert len(HANDED_ON) == 30
    (alert,) = grouped(THREAT, *HANDED_ON)
    assert alert.posts == 31


@pytest.mark.parametrize("order", list(permutations((THREAT, NO_PLACE, SECOND_THREAT))))
def test_words_that_leave_the_place_out_make_no_one_alert_of_two_threats(order: tuple[str, ...]) -> None:
    assert len(grouped(*order)) == 3


ALL = (THREAT, *NAMING_ANOTHER, NO_PLACE, *HANDED_ON[:4], f"怖い「{SECOND_THREAT}」", f"【渋谷店】{NO_PLACE}")


@settings(max_examples=40, deadline=None)
@given(order=st.permutations(range(len(ALL))))
def test_in_whatever_order_threats_come_their_alerts_are_the_same(order: list[int]) -> None:
    posts = posts_of(*ALL)
    straight, shuffled = a_desk(), a_desk()
    straight.score(*posts)
    for number in order:
        shuffled.score(posts[number])
    assert shuffled.partition() == straight.partition()


def a_print(text: str) -> TextPrint:
    judged = an_assessment(category=Category.ATTACK, reasons=(A_THREAT,))
    return print_of(a_post(text=text), judged, brand=a_brand())


def test_of_texts_stored_before_their_names_were_the_words_alone_decide() -> None:
    day = timedelta(days=1)
    one, more = a_print(THREAT), a_print(ONE_MORE)
    assert kinship_of(one, more, window=day) is None
    for pair in ((replace(one, targets=None), more), (one, replace(more, targets=None))):
        tie = kinship_of(*pair, window=day)
        assert tie is not None
        assert tie.tie is Tie.COPY


def threatened() -> tuple[Desk, Stage]:
    """One threat is in an incident that 中野 was called for."""
    desk, stage = a_desk(), Stage()
    stage.alerts, stage.clock = desk.alerts, desk.clock
    desk.score(*posts_of(THREAT))
    (first,) = desk.standing
    assert open_incident(first.id, stage.opening).outcome is Outcome.OPENED
    stage.page(the_room(stage), "nakano")
    stage.incidents.outbox.clear()
    stage.clock.advance(minutes=20)
    return desk, stage


def asked(desk: Desk, stage: Stage, *texts: str) -> list[Outcome]:
    """Count further posts, and answer what is asked of the incidents by it."""
    seen = len(desk.requests.alert_ids)
    at = stage.clock.now()
    for number, text in enumerate(texts):
        desk.score(a_post(id=f"later-{number}", text=text, author="b", published_at=at, fetched_at=at))
    return [
        open_incident(each, stage.opening).outcome for each in dict.fromkeys(desk.requests.alert_ids[seen:])
    ]


@pytest.mark.parametrize("other", NAMING_ANOTHER)
def test_all_hear_of_a_further_threat_that_names_another_place(other: str) -> None:
    desk, stage = threatened()
    assert asked(desk, stage, other) == [Outcome.JOINED]
    assert stage.people_told("peril") == ["nakano"]
    assert stage.incidents.kinds(the_room(stage).incident.id)[-1] == PERIL_AGAIN


def test_nobody_is_woken_by_thirty_who_hand_it_on() -> None:
    desk, stage = threatened()
    asked(desk, stage, *HANDED_ON)
    assert not stage.incidents.messages()


@pytest.mark.parametrize("other", NAMING_ANOTHER)
def test_what_was_dismissed_holds_no_further_threat_back(other: str) -> None:
    desk, stage = threatened()
    room = the_room(stage)
    over = replace(room, incident=replace(room.incident, status=IncidentStatus.DISMISSED))
    stage.incidents.commit(RoomChange(before=room, after=over, events=()))
    assert asked(desk, stage, other) == [Outcome.OPENED]
