from __future__ import annotations

from datetime import timedelta

import pytest

from hikeshi.domain.assessment import HARMLESS, Assessment, Category, Level
from hikeshi.domain.errors import InvalidPostError
from hikeshi.domain.feedback import FeedbackVerdict
from infra.lab.cases import Case, feedback_cases, labelled_cases, read_cases
from infra.lab.replaying import Effect, effect_of, matters_of, replay
from infra.lab.telling import replay_record
from tests.builders import NOON, a_feedback, a_post, an_assessment
from tests.fakes.scoring import ScriptedScorer

NOTICE = an_assessment(level=Level.NOTICE, score=40)
WARNING = an_assessment()


def case(text: str, expected: Level | None = None, *, minutes: int = 0, matter: str | None = None) -> Case:
    post = a_post(id=text, text=text, published_at=NOON + timedelta(minutes=minutes))
    return Case(post=post, expected=expected, matter=matter)


@pytest.mark.parametrize(
    ("expected", "before", "after", "effect"),
    [
        (Level.WARNING, Level.WARNING, Level.NOTICE, Effect.LOST),
        (Level.WARNING, Level.NOTICE, Level.NONE, Effect.LOST),
        (Level.CRITICAL, Level.CRITICAL, Level.WARNING, Effect.LOST),
        (Level.WARNING, Level.NONE, Level.NOTICE, Effect.FOUND),
        (Level.WARNING, Level.NOTICE, Level.WARNING, Effect.FOUND),
        (Level.NOTICE, Level.NOTICE, Level.WARNING, Effect.FALSE_ALARM_ADDED),
        (Level.NOTICE, Level.WARNING, Level.NOTICE, Effect.FALSE_ALARM_REMOVED),
        (Level.NONE, Level.NONE, Level.NOTICE, Effect.FALSE_ALARM_ADDED),
        (Level.NONE, Level.WARNING, Level.NOTICE, Effect.FALSE_ALARM_REMOVED),
        (None, Level.WARNING, Level.NOTICE, Effect.LOST),
        (None, Level.NOTICE, Level.NONE, Effect.LOWERED),
        (None, Level.NONE, Level.WARNING, Effect.RAISED),
    ],
)
def test_a_change_of_level_means_what_is_known_of_the_post(
    expected: Level | None, before: Level, after: Level, effect: Effect
) -> None:
    assert effect_of(case("x", expected), before, after) is effect


def test_a_replay_names_what_is_found_lost_and_falsely_alarmed() -> None:
    cases = [
        case("虫", Level.WARNING), case("針", Level.WARNING),
        case("祭り", Level.NONE), case("花火", Level.NONE), case("石", Level.WARNING),
    ]  # fmt: skip
    current = ScriptedScorer({"針": WARNING, "花火": NOTICE, "石": WARNING})
    candidate = ScriptedScorer({"虫": WARNING, "祭り": NOTICE, "石": WARNING})
    compared = replay(cases, current=current, candidate=candidate)
    told = {effect: [change.case.post.text for change in compared.of(effect)] for effect in Effect}
    assert told[Effect.FOUND] == ["虫"]
    assert told[Effect.LOST] == ["針"]
    assert told[Effect.FALSE_ALARM_ADDED] == ["祭り"]
    assert told[Effect.FALSE_ALARM_REMOVED] == ["花火"]
    assert compared.loses
    assert compared.cases == 5


def minutes(
    before: dict[str, Assessment], after: dict[str, Assessment], cases: list[Case]
) -> list[float | None]:
    compared = replay(cases, current=ScriptedScorer(before), candidate=ScriptedScorer(after))
    return [timing.minutes_gained for timing in compared.timings]


def test_minutes_are_counted_from_the_first_warning_of_a_matter() -> None:
    cases = [
        case("味が変", minutes=0, matter="a"),
        case("虫っぽい", minutes=7, matter="a"),
        case("虫だった", minutes=30, matter="a"),
    ]
    assert minutes({"だった": WARNING}, {"虫": WARNING}, cases) == [23.0]
    assert minutes({"虫": WARNING}, {"だった": WARNING}, cases) == [-23.0]


def test_a_matter_that_one_side_never_warns_of_has_no_minutes() -> None:
    cases = [case("虫", minutes=0, matter="a"), case("祭り", minutes=0, matter="b")]
    assert minutes({"虫": NOTICE}, {"虫": WARNING}, cases) == [None]


def test_posts_without_a_time_are_judged_and_no_minutes_counted() -> None:
    cases = list(read_cases(['{"id":"1","text":"虫","level":"warning"}'], name="x"))
    compared = replay(cases, current=ScriptedScorer({}), candidate=ScriptedScorer({"虫": WARNING}))
    assert len(compared.of(Effect.FOUND)) == 1
    assert compared.timings == ()
    assert replay_record(compared)["minutes_gained"]["earlier"] == 0


def test_near_copies_within_a_day_are_one_matter_and_other_texts_are_not() -> None:
    text = "昨日買ったつきみのチョコに黒い虫が入っていて家族で騒ぎになった"
    cases = [
        case("駅前のカフェでゆっくり読書、窓際の席が好き", minutes=1),
        case(text, minutes=0),
        case(text + "！！", minutes=5),
        case(text + "。", minutes=60 * 30),
    ]
    other, first, copy, late = matters_of(cases)
    assert first == copy
    assert len({other, first, late}) == 3


def test_urgency_of_a_past_post_does_not_depend_on_today() -> None:
    class Looks:
        def assess(self, post: object) -> Assessment:
            assert post.fetched_at == post.published_at  # type: ignore[attr-defined]  # a post
            return HARMLESS

    replay([case("虫")], current=Looks(), candidate=Looks())


# ---- where cases come from ---------------------------------------------------------------------


def test_feedback_says_what_a_post_should_have_been() -> None:
    words = [
        a_feedback(),
        a_feedback(verdict=FeedbackVerdict.RIGHT),
        a_feedback(verdict=FeedbackVerdict.MISSED),
    ]
    found = list(feedback_cases(words))
    assert [each.expected for each in found] == [Level.NONE, Level.WARNING, Level.WARNING]
    assert all(each.from_people and each.is_timed for each in found)


def test_lines_are_read_with_their_label_category_and_case() -> None:
    line = '{"id":"1","text":"虫","label":"notice","category":"contamination","case":7,"voice":"slang"}'
    (found,) = read_cases(["", line], name="x")
    assert (found.expected, found.category, found.matter) == (Level.NOTICE, Category.CONTAMINATION, "7")


@pytest.mark.parametrize("line", ["{", "[]", '{"id":"1"}', '{"id":"1","text":"虫","level":"huge"}'])
def test_a_bad_line_is_named(line: str) -> None:
    with pytest.raises(InvalidPostError, match="x:1"):
        list(read_cases([line], name="x"))


def test_a_level_that_does_not_exist_is_told_with_those_that_do() -> None:
    with pytest.raises(InvalidPostError, match="x:1: 「huge」は使えません。使えるのは: none, notice"):
        list(read_cases(['{"id":"1","text":"虫","level":"huge"}'], name="x"))


def test_the_labelled_set_is_the_half_that_may_be_looked_at() -> None:
    assert len(labelled_cases()) == 921
    assert all(each.expected is not None for each in labelled_cases())
