"""A life at risk: practised without a telephone, and found in the middle of a response."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hikeshi.domain.actions import Role
from hikeshi.domain.assessment import Category, Level
from hikeshi.domain.drills import Drill, Mark
from hikeshi.domain.incidents import Room
from hikeshi.domain.people import Channel
from hikeshi.domain.peril import HELP_CALL_PRACTISED, Peril
from hikeshi.domain.playbooks import Playbooks, PlaybookTask, Refinement
from hikeshi.runtime import bootstrap
from hikeshi.services.alerts.dangers import name_of_text
from hikeshi.services.drills.drill_play import start_drill, stop_drill
from hikeshi.services.drills.drill_score import score_of
from infra.drilling.scenarios import FOLDER, read_scenario
from tests.builders import BRAND, a_playbook
from tests.scenarios import stories
from tests.scenarios.policies import a_company
from tests.scenarios.stories import DONE, TAKE
from tests.scenarios.world import World

PRACTISE = "【訓練】通報したものとして記録する"
CALLED = "110番へ通報したと記録する"
FORBIDDEN = "【訓練】通報禁止"
NOBODY_OUTSIDE = "110番や119番など、訓練に参加していない方へは、電話も連絡もしないでください。"
FAREWELL = "life.self_harm.farewell"
THREAT = "life.violence.place"
POLICE = PlaybookTask(
    id="life_police", department=Role.LEGAL, title="警察の指示の記録", due_minutes=15, short="通報の記録"
)


@pytest.fixture
def world() -> Iterator[World]:
    """A company whose playbook knows what protects a life."""
    life = Refinement(
        peril=Peril.SELF_HARM,
        first_steps=("110番へ通報し、伝えたことを記録する",),
        claims=("本人は無事か",),
        tasks=(POLICE,),
        stand_down=frozenset({Role.PR}),
    )
    books = Playbooks(default=a_playbook(), refinements=(life,))
    with World(a_company(playbooks=books)).begun() as world:
        yield world


# ---- the drill --------------------------------------------------------------------------------------


def begins(world: World, *people: str) -> Drill:
    story = read_scenario(FOLDER / "distress.yaml").scenario
    assert story is not None
    for wave in story.waves:
        for post in wave.posts:
            text = post.text.replace("{brand}", "つきみ製菓")
            if wave.id in ("announced", "shared", "again") and post.author == "nagi_shift":
                world.judges(text, category=Category.HARASSMENT, level=Level.CRITICAL, rule=FAREWELL)
    drill = start_drill(story, brand=BRAND, people=people, everyone=False, stage=bootstrap.drill_stage())
    world.agenda.settle()
    return drill


def room_of(drill: Drill, world: World) -> Room:
    (room,) = (room for room in world.rooms if room.incident.drill == drill.id and room.incident.peril)
    return room


def points(drill: Drill, world: World) -> dict[Mark, int]:
    score = score_of(drill, incidents=world.cloud.incidents, outbox=world.backstage.outbox, at=world.now)
    return {each.mark: each.points for each in score.marks}


def came(drill: Drill, world: World) -> str:
    """Return all that was written in a drill."""
    alerts = [
        alert for room in world.rooms if room.incident.drill == drill.id for alert in room.incident.alerts
    ]
    return "\n".join(each.post.text for alert in alerts for each in world.backstage.alerts.posts(alert))


def ends(world: World) -> None:
    stop_drill(bootstrap.drill_stage())
    world.agenda.settle()
    world.takes_for_granted()


def test_whatever_a_drill_says_forbids_the_call_and_no_page_of_it_can_dial(world: World) -> None:
    drill = begins(world, "sato", "takahashi")
    page = world.sato.phone.expects(FORBIDDEN, "重大").opens()
    page.says("これは訓練です。110番や119番、相談窓口へは電話しないでください。", NOBODY_OUTSIDE, PRACTISE)
    world.sato.presses(TAKE)
    world.sato.presses(PRACTISE, call_told="URLと日時を伝えます")
    world.passes(minutes=30)
    assert {text.person for text in world.carrier.arrived} == {"sato", "takahashi"}
    for text in world.carrier.arrived:
        assert (text.subject or text.body).startswith(FORBIDDEN), text
        if text.channel is Channel.MAIL:
            assert text.body.splitlines()[1] == NOBODY_OUTSIDE
        if text.link:
            opened = world.browser.open(text.link)
            opened.says(NOBODY_OUTSIDE)
            assert "tel:" not in opened.page.text
    assert room_of(drill, world).incident.help_call is not None
    assert world.happened(HELP_CALL_PRACTISED)
    ends(world)


def test_who_notes_the_call_in_time_has_its_points_and_the_story_in_which_help_came(world: World) -> None:
    drill = begins(world, "sato")
    world.passes(minutes=2)
    world.sato.presses(TAKE)
    world.sato.presses(PRACTISE, call_told="URLと日時を伝えます")
    world.passes(minutes=22)
    assert points(drill, world) == {Mark.ACKNOWLEDGED: 20, Mark.CALLED: 40, Mark.FACTS: 0}
    assert "だれにも届かない" not in came(drill, world)
    assert "会社はどこにも連絡していなかった" not in came(drill, world)
    ends(world)


def test_if_nobody_notes_it_the_writer_writes_again_and_others_had_to_help(world: World) -> None:
    drill = begins(world, "sato")
    world.sato.presses(TAKE)
    world.passes(minutes=22)
    assert points(drill, world)[Mark.CALLED] == 0
    assert "だれにも届かない" in came(drill, world)
    world.passes(minutes=45)
    sheet = world.sato.mailbox.expects("採点表").opens()
    sheet.says(
        "110番への通報が記録されませんでした。", "公表は早くても点になりません。", "よりそいホットライン"
    )
    world.takes_for_granted()


# ---- in the middle of a response --------------------------------------------------------------------


def turns_out_to_be_about_a_life(world: World, *, level: Level = Level.WARNING) -> None:
    """Another copy of the post, which by now tells that its writer is in danger."""
    world.post(level=level, rule=FAREWELL)


def test_what_protects_a_life_is_handed_out_in_a_response_that_runs(world: World) -> None:
    stories.facts_checked(world)
    before = {task.id: task for task in world.room.tasks}
    turns_out_to_be_about_a_life(world)
    world.sato.hears("人命優先：投稿を見て110番へ。本人を責めない")
    world.ito.hears("人命優先")
    tasks = {task.id: task for task in world.room.tasks}
    assert set(tasks) - set(before) == {"1-life_police"}
    world.tanaka.phone.expects("通報の記録")
    world.tanaka.mailbox.expects("警察の指示の記録")
    world.takes_for_granted()
    turns_out_to_be_about_a_life(world)
    world.is_quiet()
    world.tanaka.presses(DONE, about="1-life_police", result="受付番号を控えました")
    world.takes_for_granted()


def test_the_call_is_seen_by_everybody_whoever_made_it(world: World) -> None:
    world.post(level=Level.CRITICAL, rule=FAREWELL)
    world.suzuki.presses(CALLED, call_told="URLと日時を伝えました")
    world.takahashi.latest.opens().says("110番への通報を記録しました（鈴木")
    world.takes_for_granted()


# ---- one threat after the other -----------------------------------------------------------------------


def threatens(world: World, text: str) -> None:
    world.post(text, category=Category.ATTACK, level=Level.CRITICAL, rule=THREAT)


def test_of_threats_that_follow_each_other_people_hear_every_five_minutes_and_miss_none(world: World) -> None:
    threatens(world, "つきみの渋谷店に火をつける")
    world.sato.presses(TAKE)
    world.passes(minutes=1)
    threatens(world, "ぜんぶこわしてやるから待ってろ")
    world.sato.hears("人命優先：投稿を見て110番へ", "新たな投稿")
    world.takes_for_granted()
    world.passes(minutes=1)
    threatens(world, "もう我慢できないので刃物を買いました")
    threatens(world, "あいつらみんな道連れにする")
    world.is_quiet()
    world.stops_just_before(minutes=4)
    world.is_quiet()
    world.passes(minutes=1)
    world.sato.hears("人命優先：投稿を見て110番へ", "新たな投稿")
    world.takes_for_granted()
    threatens(world, "つぎはつきみの新宿店だ")
    world.sato.hears("人命優先：投稿を見て110番へ", "新たな投稿")
    world.takes_for_granted()
    assert len(world.incident.alerts) == 5


# ---- no danger after all ------------------------------------------------------------------------------

NO_DANGER = "命の危険はない投稿として記録する"
BACK = "判断を取り消し、人命優先に戻す"


def test_a_song_is_no_threat_and_whoever_doubts_that_puts_the_life_first_again(world: World) -> None:
    song = "つきみの前で聴いた歌の「必ず火をつける」って歌詞が好き"
    threatens(world, song)
    world.sato.presses(TAKE)
    world.takes_for_granted()
    world.sato.presses(NO_DANGER, no_danger_texts=name_of_text(song), reason="歌詞の引用でした")
    world.takahashi.hears("命の危険はないと判断されました")
    world.takes_for_granted()
    assert world.incident.peril is None
    threatens(world, song)
    world.is_quiet()
    world.passes(minutes=12)
    world.takes_for_granted()
    world.suzuki.presses(BACK)
    world.sato.hears("人命優先：投稿を見て110番へ", "「危険なし」は撤回")
    world.takes_for_granted()
    assert world.incident.peril is Peril.VIOLENCE


def test_a_threat_after_the_song_is_an_incident_of_its_own_and_calls_everybody(world: World) -> None:
    song = "つきみの前で聴いた歌の「必ず火をつける」って歌詞が好き"
    threatens(world, song)
    world.sato.presses(TAKE)
    world.sato.presses(NO_DANGER, no_danger_texts=name_of_text(song), reason="歌詞の引用でした")
    world.takes_for_granted()
    threatens(world, "ぜんぶこわしてやるから待ってろ")
    world.sato.hears("#2", "人命優先：投稿を見て110番へ")
    world.takes_for_granted()
    assert len(world.rooms) == 2
