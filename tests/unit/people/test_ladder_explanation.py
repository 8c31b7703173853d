"""The ladder on paper says what the ladder does: whom, when, on which channel, and what is held."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from hikeshi.domain.actions import Role
from hikeshi.domain.assessment import Category, CrisisType, Level
from hikeshi.domain.circles import NeedToKnow
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.escalation import Condition, Growth, Hours, Ladder, LadderStep
from hikeshi.domain.japan_time import JST
from hikeshi.domain.people import Channel, Way
from hikeshi.domain.quiet_hours import QuietHours
from hikeshi.domain.rotations import Rotation
from hikeshi.domain.standings import Departure, Standings
from hikeshi.services.escalation.ladder_explanation import Explanation, Question, as_mermaid, as_text, explain
from hikeshi.services.messages.wording import Wording
from infra.cli.main import run
from tests.builders import NOON, a_configuration, a_person, a_roster, an_escalation_policy

EVE = datetime(2026, 12, 31, 23, 50, tzinfo=JST)
WORDS = Wording()


def explained(
    configuration: Configuration | None = None,
    *,
    level: Level = Level.WARNING,
    standings: Standings | None = None,
    at: datetime = EVE,
    category: Category = Category.CONTAMINATION,
    **assumed: bool,
) -> Explanation:
    return explain(
        Question(category=category, level=level, at=at, **assumed),
        configuration=configuration or a_configuration(),
        standings=standings or Standings(),
        words=WORDS,
    )


def test_every_step_stands_there_with_its_time_and_people_up_to_the_last_resort() -> None:
    stages = explained().stages
    assert [(stage.label, stage.at) for stage in stages] == [
        ("1", "23:50"),
        ("2", "23:55"),
        ("3", "1月1日 00:00"),
        ("4（2段目をくり返し）", "1月1日 00:10"),
        ("5（3段目をくり返し）", "1月1日 00:15"),
        ("最後の連絡先", "1月1日 00:25"),
    ]
    assert [person.name for person in stages[1].people] == ["佐藤 花子"]
    assert [person.name for person in stages[-1].people] == ["高橋 誠", "田中 翠"]


def test_delays_and_quiet_hours_stand_beside_the_channel() -> None:
    asleep = a_person(
        "ito",
        quiet=QuietHours(begins=time(22), ends=time(7)),
        urgent=(Way(channel=Channel.SMS), Way(channel=Channel.MAIL, delay=timedelta(minutes=3))),
    )
    configuration = a_configuration(roster=a_roster(people={"ito": asleep}))
    held = next(person for person in explained(configuration).stages[0].people if person.name == "伊藤 学")
    assert held.ways == (
        "SMS（1月1日 07:00、静かな時間が終わってから）、メール（1月1日 07:00、静かな時間が終わってから）"
    )
    assert WORDS.text("explain.held_but_for_life") in explained(configuration).notes
    assert WORDS.text("explain.held_but_for_life") not in explained(configuration, level=Level.CRITICAL).notes
    critical = explained(configuration, level=Level.CRITICAL).stages[0].people
    awake = next(person for person in critical if person.name == "伊藤 学")
    assert awake.ways == "SMS、メール（23:53）"


def test_a_hand_over_in_the_middle_shows() -> None:
    midnight = datetime(2027, 1, 1, tzinfo=JST)
    rotation = Rotation(
        id="lead", name="本部長当番", people=("sato", "suzuki"), starts_at=midnight, role="lead"
    )
    ladder = Ladder(steps=(LadderStep(wait_seconds=600, roles=(Role.LEAD,)),), repeats=1)
    configuration = a_configuration(
        roster=a_roster(rotations={"lead": rotation}),
        escalation=an_escalation_policy(ladders={Level.WARNING: ladder}),
    )
    names = [[person.name for person in stage.people] for stage in explained(configuration).stages]
    assert names[:2] == [["鈴木 健"], ["佐藤 花子"]]


def test_a_step_outside_its_hours_or_without_anybody_says_so() -> None:
    by_day = LadderStep(
        wait_seconds=300,
        roles=(Role.LEAD,),
        condition=Condition(hours=Hours(start=time(9), end=time(18)), raised=True),
    )
    nobody = LadderStep(wait_seconds=300, roles=(Role.EXPERT,))
    policy = an_escalation_policy(ladders={Level.WARNING: Ladder(steps=(by_day, nobody), repeats=0)})
    roster = replace(a_roster(), seats={Role.LEAD: ("sato",), Role.EXECUTIVE: ("takahashi",)})
    stages = explained(a_configuration(roster=roster, escalation=policy)).stages
    assert stages[0].people == ()
    assert stages[0].condition == "09:00〜18:00の間、途中でレベルが上がったとき"
    assert stages[0].off == WORDS.text("explain.off_hours")
    assert stages[1].off == WORDS.text("explain.nobody")
    company = a_configuration(roster=roster, escalation=policy)
    assert explained(company, at=NOON).stages[0].off == WORDS.text("explain.not_raised")
    noon = explained(company, at=NOON, raised=True).stages[0]
    assert [person.name for person in noon.people] == ["佐藤 花子"]


def test_a_step_that_is_passed_over_takes_no_time() -> None:
    growth = Condition(growth=Growth(posts=20, within=timedelta(minutes=10)))
    steps = (
        LadderStep(wait_seconds=300, roles=(Role.LEAD,)),
        LadderStep(wait_seconds=600, roles=(Role.LEGAL,), condition=growth),
        LadderStep(wait_seconds=300, roles=(Role.EXECUTIVE,)),
    )
    policy = an_escalation_policy(ladders={Level.WARNING: Ladder(steps=steps, repeats=0)})
    company = a_configuration(escalation=policy)
    passed = explained(company, at=NOON).stages
    assert [(stage.at, stage.wait) for stage in passed] == [
        ("12:57", "5分"),
        ("13:02", ""),
        ("13:02", "5分"),
        ("13:07", ""),
    ]
    assert passed[1].off == WORDS.text("explain.not_growing")
    assert passed[1].condition == "投稿が10分に20件より多く増えたとき"
    growing = explained(company, at=NOON, growing=True).stages
    assert [stage.at for stage in growing] == ["12:57", "13:02", "13:12", "13:17"]
    assert all(stage.people and not stage.off for stage in growing)


def test_a_notice_pages_nobody_and_the_paper_says_so() -> None:
    found = explained(level=Level.NOTICE)
    assert found.stages == ()
    assert found.notes == (WORDS.text("explain.opens_nothing"),)
    assert as_text(found, WORDS).splitlines()[2:] == list(found.notes)
    assert WORDS.text("explain.opens_nothing") in as_mermaid(found, WORDS)


def test_an_incident_that_few_may_know_of_names_only_them() -> None:
    found = explained(category=Category.HARASSMENT, level=Level.CRITICAL)
    assert WORDS.text("explain.few") in found.notes
    assert {person.name for stage in found.stages for person in stage.people} <= {
        "田中 翠",
        "加藤 薫",
        "高橋 誠",
        "佐藤 花子",
    }
    assert WORDS.text("explain.few") not in explained().notes


def test_a_type_of_crisis_that_few_may_know_of_is_said() -> None:
    few = NeedToKnow(crisis_types=frozenset({CrisisType.SCANDAL}))
    policy = replace(a_configuration().escalation, need_to_know=few)
    assert WORDS.text("explain.few_by_type") in explained(a_configuration(escalation=policy)).notes


def test_somebody_from_outside_is_on_no_step() -> None:
    asked = LadderStep(wait_seconds=300, roles=(Role.LEAD, Role.EXPERT))
    policy = an_escalation_policy(ladders={Level.WARNING: Ladder(steps=(asked,), repeats=0)})
    outside = a_person("ishida", name="石田 剛", roles=frozenset({Role.EXPERT}))
    roster = a_roster(people={"ishida": outside})
    roster = replace(roster, seats={**roster.seats, Role.EXPERT: ("ishida",)})
    found = explained(a_configuration(roster=roster, escalation=policy))
    assert [person.name for person in found.stages[0].people] == ["佐藤 花子"]


def test_the_standings_of_a_stack_count() -> None:
    gone = Standings(departures=(Departure(person_id="sato", at=NOON, by="nakano"),))
    assert explained(standings=gone).stages[1].off == WORDS.text("explain.nobody")


def test_text_and_diagram_name_every_person_of_every_step() -> None:
    found = explained()
    for paper in (as_text(found, WORDS), as_mermaid(found, WORDS)):
        for stage in found.stages:
            assert stage.label in paper
            assert all(person.name in paper for person in stage.people)
    lines = as_mermaid(found, WORDS).splitlines()
    assert lines[0] == "flowchart TD"
    assert sum("-.->" in line for line in lines) == len(found.stages)


def test_names_cannot_break_the_diagram() -> None:
    odd = a_person("sato", name='佐藤"]-->x["<b>')
    found = explained(a_configuration(roster=a_roster(people={"sato": odd})))
    assert '佐藤"]' not in as_mermaid(found, WORDS)


# ---- the command -------------------------------------------------------------------------------


def ladder(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        run(["ladder", "explain", "--category", "leak", *arguments])
    code = ended.value.code
    assert isinstance(code, int)
    return code


def test_the_files_alone_are_enough(capsys: pytest.CaptureFixture[str]) -> None:
    assert ladder("--level", "critical", "--at", "2026-12-31T23:50", "--diagram") == 0
    told = capsys.readouterr().out
    assert "情報漏えい・重大の案件が 2026年12月31日 23:50（日本時間）に始まったときの連絡" in told
    assert "新井 直人（監視担当）　SMS、メール" in told
    assert "```mermaid\nflowchart TD" in told
    assert "最後の連絡先" in told


def test_it_speaks_english_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert ladder("--level", "warning", "--at", "2026-12-31T23:50", "--lang", "en") == 0
    assert "Last resort" in capsys.readouterr().out


@pytest.mark.parametrize("at", ["new year", "9999-12-31T23:59", "0001-01-01"])
def test_a_time_that_is_none_is_refused_with_the_remedy(at: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert ladder("--level", "critical", "--at", at) == 2
    told = capsys.readouterr().err
    assert "2026-12-31T23:50" in told
    assert "rror" not in told


def test_files_that_are_named_are_read_although_a_stack_is_known_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HIKESHI_LOCAL_HOME", str(tmp_path))
    assert ladder("--level", "critical", "--config", str(tmp_path / "none")) == 1
    assert f"{tmp_path / 'none'}/: フォルダーがありません" in capsys.readouterr().err


def explained_by(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        run(["ladder", "explain", *arguments])
    return int(ended.value.code or 0)


@pytest.mark.parametrize(
    ("category", "level"), [("情報漏えい", "重大"), ("leak", "重大"), ("情報漏えい", "critical")]
)
def test_japanese_names_are_taken_as_well(
    category: str, level: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert explained_by("--category", category, "--level", level, "--at", "2026-12-31T23:50") == 0
    assert "情報漏えい・重大の案件が" in capsys.readouterr().out


def test_one_half_of_a_long_name_is_enough(capsys: pytest.CaptureFixture[str]) -> None:
    assert explained_by("--category", "異物混入", "--level", "警戒") == 0
    assert "異物混入・食品衛生・警戒の案件が" in capsys.readouterr().out


def test_all_that_is_missing_is_said_at_once_with_what_can_be_chosen(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert explained_by() == 2
    category, level = capsys.readouterr().err.splitlines()
    assert category.startswith(
        "--category: 指定してください。選べるのは: contamination（異物混入・食品衛生）、"
    )
    assert level == "--level: 指定してください。選べるのは: notice（注意）、warning（警戒）、critical（重大）"


def test_a_name_that_is_none_is_answered_with_what_can_be_chosen(capsys: pytest.CaptureFixture[str]) -> None:
    assert explained_by("--category", "leak", "--level", "最悪", "--at", "いつか") == 2
    told = capsys.readouterr().err
    assert told.startswith("--level: 最悪 はありません。選べるのは: notice（注意）、")
    assert "--category" not in told
