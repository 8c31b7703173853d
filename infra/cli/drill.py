"""``hikeshi drill``: exercises that go the way of everything real, and are scored."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from hikeshi.domain.chats import TARGET_PREFIX
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.drills import Drill, Scenario
from hikeshi.domain.japan_time import JST
from hikeshi.domain.people import Person
from hikeshi.runtime import bootstrap
from hikeshi.services.drills.drill_play import Stage, start_drill, stop_drill
from hikeshi.services.drills.drill_score import DrillScore, score_of
from hikeshi.services.drills.drill_view import drill_page
from hikeshi.services.messages.wording import Wording
from infra.cli.alerts import HomeDirectory, Stack
from infra.cli.asking import agreed
from infra.cli.failures import FAILURES, told
from infra.drilling.desk import open_stage
from infra.drilling.reached import categories_of, people_reached, waves_about_a_life
from infra.drilling.scenarios import FOLDER, path_of, read_scenario, shipped
from infra.drilling.sleeping import asleep_during

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="炎上防災訓練。本番と同じ仕組みで行い、採点"
)

Answer = TypeVar("Answer")
_ANY_BRAND = "○○"
NAMED = 10
"""How many people whose sleep it costs are named one by one."""

_Name = Annotated[str, typer.Argument(help="シナリオの名前か、YAML ファイル")]


@app.command("list", help="付属のシナリオの一覧です。")
def list_scenarios() -> None:
    """Show the scenarios that come with hikeshi."""
    table = Table(box=None, pad_edge=False)
    for heading in ("名前", "題", "長さ", "あらすじ"):
        table.add_column(heading, overflow="fold")
    for path in shipped():
        scenario = read_scenario(path).scenario
        if scenario is not None:
            minutes = int(scenario.lasts.total_seconds() // 60)
            summary = scenario.summary.replace("{brand}", "○○")
            table.add_row(scenario.id, scenario.name, f"{minutes}分", summary)
    Console().print(table)


@app.command(help="シナリオを確かめ、誤りを場所と直し方とともに示します。誤りがあると終了コード 1 です。")
def check(
    names: Annotated[list[str] | None, typer.Argument(help="シナリオ（省略すると付属のすべて）")] = None,
) -> None:
    """Check scenarios and say what is wrong, where, and how to mend it; exit code 1 if anything is."""
    paths = [path_of(name) for name in names or ()] or shipped()
    wrong = sum(_checked(path) is None for path in paths)
    if wrong:
        raise typer.Exit(1)
    print(f"問題ありません: 台本 {len(paths)} 本 / no problems")


@app.command(
    help="訓練を始めます。この端末を閉じても続き、時間が来ると終わります。\n\n"
    "名簿の全員に送る前と、だれかの静かな時間にかかるときは、確認します。",
)
def start(
    scenario: _Name,
    *,
    to: Annotated[
        str | None, typer.Option("--to", help="参加者（sato,ito,chat:ops）。ほかの方には送りません")
    ] = None,
    everyone: Annotated[bool, typer.Option("--everyone", help="名簿の全員が参加")] = False,
    brand: Annotated[str | None, typer.Option("--brand", help="題材にするブランド")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="確認の質問を省略")] = False,
    stack: Stack = None,
    home: HomeDirectory = None,
) -> None:
    """Start a drill; it goes on by itself, whatever becomes of this terminal, and ends by itself."""
    if bool(to) == everyone:
        _fail("--to か --everyone のどちらかを指定してください / say either --to or --everyone")
    story = _checked(path_of(scenario))
    if story is None:
        raise typer.Exit(1)
    stage = _asked(lambda: open_stage(stack=stack, home=home))
    people = _people(to or "", stage.configuration)
    count = len([each for each in stage.configuration.roster.people.values() if each.active])
    about = brand or next(iter(stage.configuration.watches.brands), "")
    if people:
        _see_that_somebody_hears(story, people, brand=about, stage=stage)
    question = _to_be_agreed(story, people, count=count, stage=stage)
    if question and not yes and not agreed(question):
        raise typer.Exit(1)
    drill = _asked(lambda: start_drill(story, brand=about, people=people, everyone=everyone, stage=stage))
    ends = f"{drill.ends_at.astimezone(JST):%m/%d %H:%M}"
    whom = f"全員（{count} 人）" if everyone else "、".join(people)
    print(f"訓練を始めました: {drill.id}")
    print(f"「{story.name}」 ブランド {drill.brand_name}、参加 {whom}")
    if story.is_about_a_life:
        print(Wording().text("drill.before_life"))
    print(f"{ends}（日本時間）に終わります。途中の点: hikeshi drill score、終えるには: hikeshi drill stop")


@app.command(help="続いている訓練を終え、採点表を送ります。")
def stop(stack: Stack = None, home: HomeDirectory = None) -> None:
    """End the drill that is running, and send its score."""
    stage = _asked(lambda: open_stage(stack=stack, home=home))
    drill = _asked(lambda: stop_drill(stage))
    if drill is None:
        _fail("続いている訓練はありません / no drill is running")
    print(f"訓練を終えました: {drill.id}")
    _show(_score(drill.id, stage), stage)


@app.command(help="訓練の採点を表示します。途中のときは、それまでの採点です。")
def score(
    drill_id: Annotated[str | None, typer.Argument(help="訓練の id（省略すると最新）")] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="1つの JSON で出力")] = False,
    stack: Stack = None,
    home: HomeDirectory = None,
) -> None:
    """Show the score of a drill, so far if it is running."""
    stage = _asked(lambda: open_stage(stack=stack, home=home))
    found = _score(drill_id, stage)
    if as_json:
        print(json.dumps(record_of(found), ensure_ascii=False))
    else:
        _show(found, stage)


def record_of(score: DrillScore) -> dict[str, object]:
    """Return a score as the command writes it."""
    marks = {
        each.mark.value: {
            "minutes": None if each.took is None else round(each.took.total_seconds() / 60, 1),
            "target_minutes": each.target.total_seconds() / 60,
            "met": each.is_met,
            "points": each.points,
        }
        for each in score.marks
    }
    return {
        "drill": score.drill.id,
        "points": score.total,
        **marks,
        "asked": list(score.asked),
        "silent": list(score.silent),
        "undecided": list(score.undecided),
        "wrong_numbers": score.wrong_numbers,
        "failed_sms": score.failed_sms,
        "sms": score.sms,
        "mails": score.mails,
        "withheld": list(score.withheld),
    }


def _show(score: DrillScore, stage: Stage) -> None:
    roster, words = stage.configuration.roster, Wording()
    page = drill_page(score, roster=roster, words=words, at=stage.clock.now())
    table = Table(box=None, pad_edge=False)
    for heading in ("項目", "結果", "目標", "点"):
        table.add_column(heading, overflow="fold")
    for row in page.rows:
        table.add_row(row.label, row.value, row.beside, row.points)
    table.add_row("合計", "", "", f"{page.total}/100", style="bold")
    print(f"{score.drill.id}\n{page.state}")
    Console().print(table)
    if page.plight:
        print(page.plight)
    if page.silent:
        print(f"返事がなかった方: {'、'.join(page.silent)}")
    print("\n".join(page.sent))
    if page.talk:
        print("\n".join((f"\n{words.text('drill.page.talk')}", *(f"・{line}" for line in page.talk))))


def _score(drill_id: str | None, stage: Stage) -> DrillScore:
    drill = _asked(lambda: _drill(drill_id, stage))
    if drill is None:
        known = ", ".join(each.id for each in _asked(lambda: stage.drills.recent(limit=5)))
        if not known:
            _fail("訓練はまだ行われていません。hikeshi drill start で始められます / no drill yet")
        _fail(f"訓練 {drill_id or ''} はありません。最近のもの: {known} / no such drill")
    ports = {"incidents": stage.incidents, "outbox": stage.outbox}
    return _asked(lambda: score_of(drill, **ports, at=stage.clock.now()))  # type: ignore[arg-type]  # the two ports by their names


def _drill(drill_id: str | None, stage: Stage) -> Drill | None:
    if drill_id is not None:
        return stage.drills.drill(drill_id)
    return next(iter(stage.drills.recent(limit=1)), None)


def _people(written: str, configuration: Configuration) -> tuple[str, ...]:
    """Return who takes part; a name that nobody has ends the command, before anything is sent."""
    named = tuple(dict.fromkeys(each.strip() for each in written.split(",") if each.strip()))
    known = {person.id for person in configuration.roster.people.values() if person.active}
    known |= {f"{TARGET_PREFIX}{chat.name}" for chat in configuration.chats}
    wrong = [each for each in named if each not in known]
    if wrong:
        _fail(f"名簿にいません: {', '.join(wrong)}。いるのは: {', '.join(sorted(known))} / not in the roster")
    return named


def _to_be_agreed(story: Scenario, people: Sequence[str], *, count: int, stage: Stage) -> str:
    """Return what to ask before the drill begins: whose sleep it costs, and that it goes to everybody."""
    roster, begins = stage.configuration.roster, stage.clock.now()
    named = [roster.people[each] for each in people if each in roster.people]
    taking_part = named if people else list(roster.people.values())
    asleep = asleep_during(taking_part, begins=begins, ends=begins + story.lasts)
    if people and not asleep:
        return ""
    span = " から ".join(f"{at.astimezone(JST):%H:%M}" for at in (begins, begins + story.lasts))
    whom = "" if people else f"名簿の {count} 人全員に"
    return f"{span}（日本時間）まで、{whom}【訓練】の連絡を送ります。{_costing_sleep(asleep)}よろしいですか"


def _costing_sleep(asleep: Sequence[Person]) -> str:
    if not asleep:
        return ""
    named = "、".join(
        f"{each.name}さん（{each.quiet.begins:%H:%M}〜{each.quiet.ends:%H:%M}）"
        for each in asleep[:NAMED]
        if each.quiet is not None
    )
    more = f"、ほか {len(asleep) - NAMED} 人" if len(asleep) > NAMED else ""
    at_once = "重大の連絡と、人命に関わる呼び出しは、静かな時間にもすぐに届きます。"
    return f"静かな時間にかかる方がいます: {named}{more}。{at_once}"


def _see_that_somebody_hears(story: Scenario, people: Sequence[str], *, brand: str, stage: Stage) -> None:
    """End the command if the ladders page none of these people, and name those who will not be paged."""
    watched = stage.configuration.watches.brands.get(brand)
    name = watched.name if watched else brand
    told_of = categories_of(story, brand=name, scorer=bootstrap.scorer(), at=stage.clock.now())
    reached = people_reached(told_of, stage.configuration)
    paged = {person.id for person in reached}
    unpaged = [each for each in people if each not in paged and not each.startswith(TARGET_PREFIX)]
    if not told_of or not unpaged:
        return
    instead = ", ".join(f"{person.id}（{person.name}）" for person in reached)
    if len(unpaged) == len(people):
        _fail(
            f"この台本では、{', '.join(unpaged)} に連絡が行きません。訓練は始めていません。"
            f"連絡が行くのは: {instead} / none of them is on a step of the ladder"
        )
    _say(
        f"{', '.join(unpaged)} は連絡の順番にいないため、最初の連絡は届きません / not on a step of the ladder"
    )


def _checked(path: Path) -> Scenario | None:
    if not path.is_file():
        known = ", ".join(each.stem for each in shipped())
        what = f"ファイル {path}" if path.parent != FOLDER else f"台本 {path.stem}"
        _say(f"{what} はありません。あるのは: {known}（あらすじ: hikeshi drill list） / no such scenario")
        return None
    if path.suffix not in {".yaml", ".yml"}:
        _say(f"{path}: 台本は YAML のファイル（.yaml）です / a scenario is a YAML file")
        return None
    read = read_scenario(path)
    for problem in read.problems:
        _say(str(path.parent / problem.one_line()))
    return read.scenario if read.scenario is None or _says_what_it_is_about(read.scenario, path) else None


def _says_what_it_is_about(story: Scenario, path: Path) -> bool:
    """Refuse a story that turns into one about a life: nobody would be told beforehand, nor scored by it."""
    if story.is_about_a_life:
        return True
    found = waves_about_a_life(story, brand=_ANY_BRAND, scorer=bootstrap.scorer(), at=datetime.now(UTC))
    if found:
        _say(
            f"{path}: waves の {', '.join(found)} に、人命に関わるものと判定される投稿があります。"
            "投稿の文を変えるか、targets に called を加えて人命の台本にしてください"
            " / these waves are read as about a life: change their texts, or give the story a target `called`"
        )
    return not found


def _asked(ask: Callable[[], Answer]) -> Answer:
    try:
        return ask()
    except FAILURES as error:
        _fail(told(error))


def _say(text: str) -> None:
    Console(stderr=True).print(text, markup=False, highlight=False, soft_wrap=True)


def _fail(text: str) -> NoReturn:
    _say(text)
    raise typer.Exit(1)
