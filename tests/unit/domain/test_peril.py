"""Which posts put a life at risk, and that an alert never forgets it."""

from __future__ import annotations

from itertools import permutations

import pytest

from hikeshi.domain.assessment import Assessment, Level, Reason
from hikeshi.domain.peril import Peril, gravest, peril_of
from tests.builders import an_alert, an_alerted_post, an_assessment


def judged(*rules: str, level: Level = Level.CRITICAL) -> Assessment:
    return an_assessment(
        level=level, reasons=tuple(Reason(rule=rule, label="規則", points=10) for rule in rules)
    )


@pytest.mark.parametrize(
    ("rules", "peril"),
    [
        (("life.self_harm.announced",), Peril.SELF_HARM),
        (("life.violence.place",), Peril.VIOLENCE),
        (("attack.threat",), Peril.VIOLENCE),
        (("workplace.harassment", "life.self_harm.farewell"), Peril.SELF_HARM),
        (("life.self_harm.announced", "attack.threat"), Peril.VIOLENCE),
        (("attack.threat_named",), None),
        (("life.allergen.missing",), None),
        (("shift.media",), None),
        ((), None),
    ],
)
def test_the_rules_that_a_post_met_say_whose_life_it_puts_at_risk(
    rules: tuple[str, ...], peril: Peril | None
) -> None:
    assert peril_of(judged(*rules)) is peril


@pytest.mark.parametrize("level", [Level.NONE, Level.NOTICE])
def test_what_nobody_has_to_look_at_now_is_no_peril(level: Level) -> None:
    assert peril_of(judged("life.self_harm.announced", level=level)) is None
    assert peril_of(judged("life.self_harm.announced", level=Level.WARNING)) is Peril.SELF_HARM


def test_where_a_post_threatens_others_too_they_stand_first_in_any_order() -> None:
    for known in permutations((None, Peril.SELF_HARM, Peril.VIOLENCE)):
        assert gravest(*known) is Peril.VIOLENCE
    assert gravest(None, Peril.SELF_HARM) is Peril.SELF_HARM
    assert gravest(None) is None


def test_an_alert_takes_the_peril_of_any_of_its_posts_and_keeps_it() -> None:
    light = an_alerted_post(assessment=judged("food.insect", level=Level.WARNING))
    grave = an_alerted_post(assessment=judged("life.self_harm.announced", level=Level.WARNING))
    alert = an_alert().add(light, new_author=True, known=None)
    assert alert.peril is None
    alert = alert.add(grave, new_author=True, known=None)
    assert alert.peril is Peril.SELF_HARM
    assert alert.add(light, new_author=True, known=None).peril is Peril.SELF_HARM
