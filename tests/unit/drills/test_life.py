"""A drill about a life: nobody telephones, help counts before all else, and its texts hurt nobody."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from hikeshi.adapters.janome_tokenizer import JanomeTokenizer
from hikeshi.domain.drills import Drill, Mark, Scenario, waves_that_came
from hikeshi.domain.people import Channel
from hikeshi.domain.peril import HelpCall, Peril, peril_of
from hikeshi.services.drills.drill_score import (
    ANSWERS_WORTH,
    CARE_WORTH,
    WORTH_OF_LIFE,
    DrillScore,
    marks_of,
    scored,
)
from hikeshi.services.drills.drill_talk import talking_points
from hikeshi.services.drills.drill_view import drill_page
from hikeshi.services.messages.compose import compose, compose_line
from hikeshi.services.messages.message_text import sms_parts
from hikeshi.services.messages.wording import Wording
from hikeshi.services.scoring.scorer import LexiconScorer
from infra.drilling.reached import waves_about_a_life
from infra.drilling.scenarios import FOLDER, read_scenario, shipped
from tests.builders import (
    NOON,
    a_message,
    a_person,
    a_post,
    a_room,
    a_roster,
    a_statement,
    an_approved_statement,
    an_incident,
)
from tests.unit.drills.test_score import a_row, did
from tests.unit.notify.sample_values import INCIDENT, LINK, LINKLESS, SELF_HARM, VIOLENCE
from tests.unit.notify.samples import SCENES

NOBODY_OUTSIDE = "110番や119番など、訓練に参加していない方へは、電話も連絡もしないでください。"
HELPLINES = ("町の相談室　0120-000-000",)


def story(name: str) -> Scenario:
    found = read_scenario(FOLDER / f"{name}.yaml").scenario
    assert found is not None
    return found


ABOUT_A_LIFE = {path.stem: story(path.stem) for path in shipped() if story(path.stem).is_about_a_life}


def played(name: str) -> Drill:
    return Drill(
        id=f"20260513-125700-{name}",
        scenario=ABOUT_A_LIFE[name],
        brand="tsukimi",
        brand_name="つきみ製菓",
        people=("sato", "ito"),
        started_at=NOON,
    )


def score(name: str = "distress", **reached: float) -> DrillScore:
    drill = played(name)
    marks = {Mark(mark): NOON + timedelta(minutes=minutes) for mark, minutes in reached.items()}
    rows, events = [a_row("sato")], [did("sato")] if reached else []
    return scored(drill, marks=marks, events=events, rows=rows, until=drill.ends_at)


def talk(found: DrillScore) -> str:
    return "\n".join(talking_points(found, roster=a_roster(), words=Wording(), at=found.drill.ends_at))


# ---- what people are told ---------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("life", [SELF_HARM, VIOLENCE], ids=["self_harm", "violence"])
def test_every_sms_forbids_the_call_right_behind_the_mark_and_has_no_number_to_dial(
    life: dict[str, str], language: str
) -> None:
    words = Wording(language)
    forbidden = words.text("drill.mark") + words.text("drill.no_call_short")
    for scene in SCENES:
        moment, person_id, level, params = SCENES[scene]
        message = a_message(
            person_id=person_id,
            moment=moment,
            level=level,
            params=INCIDENT | params | life,
            check_number="47",
            drill="a-drill",
        )
        link = None if moment in LINKLESS else LINK
        text = compose(message, person=a_person(person_id), link=link, wording=words, at=NOON).text
        assert text.startswith(forbidden), scene
        assert not re.search(r"11[09]|0120", text.replace(LINK, "")), scene
        assert sms_parts(text) <= (2 if language == "ja" else 3), scene
        line = compose_line(message, wording=words, at=NOON)
        assert line.startswith(forbidden), scene


@pytest.mark.parametrize("life", [SELF_HARM, VIOLENCE, {}], ids=["self_harm", "violence", "neither"])
def test_every_mail_says_under_its_first_line_that_nobody_outside_is_called(life: dict[str, str]) -> None:
    for scene, (moment, person_id, level, params) in SCENES.items():
        message = a_message(
            person_id=person_id,
            channel=Channel.MAIL,
            moment=moment,
            level=level,
            params=INCIDENT | params | life,
            drill="a-drill",
        )
        mail = compose(message, person=a_person(person_id), link=LINK, wording=Wording(), at=NOON)
        assert mail.text.splitlines()[1] == NOBODY_OUTSIDE, scene
        assert mail.subject.startswith("【訓練】通報禁止" if life else "【訓練】"), scene


def test_the_digits_of_a_drill_stay_in_sight_of_what_forbids_them() -> None:
    """Whatever a mail of a drill says of the police stands below the line that forbids the call."""
    moment, person_id, level, params = SCENES["危害の予告（最初の連絡）"]
    message = a_message(
        channel=Channel.MAIL, moment=moment, level=level, params=INCIDENT | params, drill="a-drill"
    )
    text = compose(message, person=a_person(person_id), link=LINK, wording=Wording(), at=NOON).text
    assert "110番へ通報し" in text  # the steps of a real incident
    assert text.index(NOBODY_OUTSIDE) < text.index("110番へ通報し")


# ---- points -----------------------------------------------------------------------------------------


def test_a_call_that_is_noted_is_what_counts_most_and_all_together_are_a_hundred() -> None:
    assert sum(WORTH_OF_LIFE.values()) + ANSWERS_WORTH + CARE_WORTH == 100
    assert max(WORTH_OF_LIFE, key=lambda mark: WORTH_OF_LIFE[mark]) is Mark.CALLED
    best = score(acknowledged=5, called=10, facts=20)
    assert (best.total, [each.mark for each in best.marks]) == (100, list(WORTH_OF_LIFE))
    assert "目標をすべて達成しました" in talk(best)


@pytest.mark.parametrize(("minutes", "points"), [(10, 40), (20, 20), (30, 0)])
def test_its_points_fall_evenly_to_three_times_the_target(minutes: float, points: int) -> None:
    found = score(acknowledged=1, called=minutes, facts=20)
    assert [each.points for each in found.marks] == [20, points, 20]


def test_a_word_in_public_gains_nothing_and_is_asked_about() -> None:
    silent, quick = (
        score(acknowledged=1, called=2, facts=9),
        score(acknowledged=1, called=2, facts=9, statement=10, spoken=10),
    )
    assert quick.total == silent.total
    assert "公表文を承認しました。命に関わる件では" in talk(quick).splitlines()[0]
    assert "「公表をきっかけに、本人を探す投稿が広がりました」。" in talk(quick)
    assert "公表" not in talk(silent)


def test_to_decide_that_nothing_is_said_is_no_word_in_public() -> None:
    found = score(acknowledged=1, called=2, facts=9, statement=10)
    assert "公表文を承認しました" not in talk(found)


def test_what_was_never_noted_is_asked_about_and_no_public_word_is_missed() -> None:
    said = talk(score())
    assert "110番への通報が記録されませんでした。" in said
    assert "公表するかどうか" not in said


def test_late_says_how_late() -> None:
    assert "通報を記録するまでに12分かかりました（目標 10分）。" in talk(
        score(acknowledged=1, called=12, facts=20)
    )


def test_the_marks_are_read_from_the_room() -> None:
    at = NOON + timedelta(minutes=4)
    called = a_room(incident=an_incident(help_call=HelpCall(by="ito", at=at)), statement=None)
    assert marks_of([called]) == {Mark.CALLED: at}
    approved = a_room(statement=an_approved_statement(approved_at=at))
    assert {Mark.STATEMENT: at, Mark.SPOKEN: at}.items() <= marks_of([approved]).items()
    waived = a_room(statement=a_statement(approved_at=at, waived=True))
    assert Mark.SPOKEN not in marks_of([waived])


def test_the_sheet_counts_without_a_public_word_and_names_whom_to_call_for_oneself() -> None:
    found = score(acknowledged=1, called=2, facts=9)
    sheet = drill_page(found, roster=a_roster(), words=Wording(), at=found.drill.ends_at, helplines=HELPLINES)
    assert [row.label for row in sheet.rows][:3] == [
        "担当が決まるまで",
        "110番への通報を記録するまで",
        "事実確認を終えるまで",
    ]
    assert "公表は早くても点になりません。" in sheet.counting[0]
    assert sheet.helplines == HELPLINES
    assert sheet.care


def test_an_ordinary_sheet_is_as_it_was() -> None:
    drill = replace(played("distress"), scenario=story("confectionery"))
    found = scored(drill, marks={}, events=(), rows=(), until=drill.ends_at)
    sheet = drill_page(found, roster=a_roster(), words=Wording(), at=drill.ends_at, helplines=HELPLINES)
    assert [each.mark for each in found.marks] == [Mark.ACKNOWLEDGED, Mark.FACTS, Mark.STATEMENT]
    assert (sheet.helplines, sheet.care) == ((), "")


# ---- the stories ------------------------------------------------------------------------------------


def test_there_is_one_for_each_life_at_risk() -> None:
    scorer = LexiconScorer(tokenizer=JanomeTokenizer())
    first = {name: each.waves[0].posts[0].text for name, each in ABOUT_A_LIFE.items()}
    found = {
        name: peril_of(scorer.assess(a_post(text=text.replace("{brand}", "つきみ製菓"))))
        for name, text in first.items()
    }
    assert found == {"distress": Peril.SELF_HARM, "poison": Peril.VIOLENCE}


@pytest.mark.parametrize("name", [path.stem for path in shipped()])
def test_a_story_is_about_a_life_from_its_beginning_or_never(name: str) -> None:
    scorer = LexiconScorer(tokenizer=JanomeTokenizer())
    found = waves_about_a_life(story(name), brand="つきみ製菓", scorer=scorer, at=NOON)
    assert found[:1] == ((story(name).waves[0].id,) if name in ABOUT_A_LIFE else ())


@pytest.mark.parametrize("name", ABOUT_A_LIFE)
def test_no_text_names_a_way_to_do_it_or_a_death(name: str) -> None:
    """Trainees read these texts; a post of a story must teach nobody anything, and nobody dies in one."""
    ways = (
        *("首", "吊", "飛び降", "飛び込", "線路", "屋上", "手首", "切る", "刺", "刃", "包丁", "ナイフ", "薬"),
        *("睡眠", "練炭", "ガス", "硫化", "農薬", "洗剤", "青酸", "ヒ素", "火をつけ", "ガソリン", "爆"),
        *("亡くな", "遺体", "死亡", "遺書", "ロープ"),
    )
    for text in _texts(ABOUT_A_LIFE[name]):
        assert not [way for way in ways if way in text], text


@pytest.mark.parametrize("name", ABOUT_A_LIFE)
def test_the_story_turns_on_the_call_and_on_a_public_word(name: str) -> None:
    def came(**minutes: int) -> set[str]:
        marks = {Mark(mark): NOON + timedelta(minutes=at) for mark, at in minutes.items()}
        drill = played(name)
        return {wave.id for wave in waves_that_came(drill, marks, until=drill.ends_at)}

    quick, never = came(called=5), came()
    spoken = came(called=5, spoken=20)
    assert quick != never
    assert spoken - quick
    assert not (spoken - quick) & never


@pytest.mark.parametrize("called", [None, 5], ids=["nobody called", "called at once"])
def test_the_writer_is_safe_in_the_end_whatever_people_do(called: int | None) -> None:
    marks = {} if called is None else {Mark.CALLED: NOON + timedelta(minutes=called)}
    drill = played("distress")
    told = [wave.about for wave in waves_that_came(drill, marks, until=drill.ends_at)]
    assert any("無事が確かめられ" in about for about in told)


def _texts(scenario: Scenario) -> list[str]:
    waves = scenario.waves
    posts = [post.text for wave in waves for post in wave.posts]
    return [scenario.name, scenario.summary, *(wave.about for wave in waves), *posts]
