"""What a post that puts a life at risk makes of the alerts, in whatever order the posts come."""

from __future__ import annotations

from itertools import permutations

import pytest

from hikeshi.domain.assessment import Level, Reason
from hikeshi.domain.levels import DEFAULT_TABLE
from hikeshi.domain.peril import Peril
from hikeshi.services.alerts.dangers import name_of_text
from hikeshi.services.alerts.regrouping import merged_by_person, split_by_person
from tests.builders import NOON, a_brand, a_post, an_assessment
from tests.fakes.scoring import ScriptedScorer
from tests.unit.scoring.test_grouping import APART, NEWS, OTHER_PAPER, QUOTE, SUMMARY, Desk

THREAT = an_assessment(
    level=Level.CRITICAL, reasons=(Reason(rule="attack.threat", label="危害の予告", points=90),)
)


def desk(threatening: str) -> Desk:
    return Desk(scorer=ScriptedScorer({threatening: THREAT, "虫": an_assessment()}))


def perils(at: Desk) -> dict[str, Peril | None]:
    """Return of every text the peril of the alert that it stands in."""
    return {
        member.post.id: alert.peril
        for alert in at.standing
        for member in at.alerts.posts(alert.id, limit=100)
    }


TEXTS = {"news": NEWS, "paper": OTHER_PAPER}


@pytest.mark.parametrize("order", list(permutations(TEXTS)))
def test_a_threat_is_no_part_of_the_topic_that_it_came_up_in(order: tuple[str, ...]) -> None:
    ordinary = desk("なにも当たらない語")
    ordinary.score(*(a_post(id=each, text=TEXTS[each], author=each) for each in order))
    assert len(ordinary.standing) == 1
    grave = desk("立ち入り")
    grave.score(*(a_post(id=each, text=TEXTS[each], author=each) for each in order))
    assert perils(grave) == {"news": None, "paper": Peril.VIOLENCE}
    assert len(grave.standing) == 2


@pytest.mark.parametrize("order", list(permutations(("news", "summary"))))
def test_who_quotes_a_threat_stands_with_it(order: tuple[str, ...]) -> None:
    at = desk("【悲報】")
    texts = {"news": NEWS, "summary": SUMMARY}
    at.score(*(a_post(id=each, text=texts[each], author=each) for each in order))
    assert len(at.standing) == 1
    assert set(perils(at).values()) == {Peril.VIOLENCE}


def test_an_alert_that_a_person_split_has_the_peril_of_its_own_posts() -> None:
    at = desk("もう買えない")
    news, quote = a_post(id="news", text=NEWS, author="a"), a_post(id="quote", text=QUOTE, author="b")
    at.score(news, quote)
    (alert,) = at.standing
    split_by_person(alert.id, {quote.key}, at.alerts, brand=a_brand(), table=DEFAULT_TABLE, at=NOON)
    assert perils(at) == {"news": None, "quote": Peril.VIOLENCE}


@pytest.mark.parametrize("order", list(permutations(("threat", "quote", "other"))))
def test_an_alert_knows_its_grave_texts_by_name_whatever_joins_it(order: tuple[str, ...]) -> None:
    at = desk("もう買えない")
    texts = {"threat": QUOTE, "quote": f"【拡散】{QUOTE}", "other": NEWS}
    at.score(*(a_post(id=each, text=texts[each], author=each) for each in order))
    (alert,) = at.standing
    assert set(alert.grave_texts) == {name_of_text(texts["threat"]), name_of_text(texts["quote"])}
    news = next(each.post for each in at.alerts.posts(alert.id) if each.post.id == "other")
    split_by_person(alert.id, {news.key}, at.alerts, brand=a_brand(), table=DEFAULT_TABLE, at=NOON)
    assert sorted(len(each.grave_texts) for each in at.standing) == [0, 2]


def test_of_alerts_that_become_one_it_knows_those_of_both() -> None:
    at = desk("つきみ")
    at.score(a_post(id="1", text=NEWS, author="a"), a_post(id="2", text=APART, author="b"))
    merged_by_person(tuple(alert.id for alert in at.standing), at.alerts)
    (alert,) = at.standing
    assert set(alert.grave_texts) == {name_of_text(NEWS), name_of_text(APART)}
