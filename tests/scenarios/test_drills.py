"""訓練: everything happens as if it were real, to nobody but those who take part, and nothing counts it."""

from __future__ import annotations

from datetime import timedelta

from hikeshi.domain.assessment import Category, Level
from hikeshi.domain.chats import Chat, ChatKind
from hikeshi.domain.drills import Drill, Mark, Scenario, ScenarioPost, Wave
from hikeshi.domain.incidents import Room
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.outbox import Message, OutboxState
from hikeshi.domain.people import Channel
from hikeshi.runtime import bootstrap
from hikeshi.services.digest.digest import digest_at
from hikeshi.services.drills.drill_play import start_drill, stop_drill
from hikeshi.services.drills.drill_score import score_of
from hikeshi.services.room.action_pages import SubPage
from tests.builders import BRAND
from tests.scenarios.policies import a_company
from tests.scenarios.world import World

TAKE, DISMISS = "担当する", "誤検知として閉じる"
MARK = "【訓練】"
BANNER = "これは訓練です。実際の事案ではありません。"


def a_post(name: str, text: str, **more: object) -> ScenarioPost:
    return ScenarioPost(id=name, text=text, author=f"{name}_author", **more)  # type: ignore[arg-type]  # fields of a post


PHOTO = a_post("photo", "{brand}のチョコに虫が入っていた", reposts=4)
HARSH = a_post("harsh", "{brand}は虫の件で何も説明しない")
MILD = a_post("mild", "{brand}からすぐに返事が来た。調べてくれるそうだ")
STORY = Scenario(
    id="larva",
    name="菓子の虫",
    summary="{brand}の菓子に虫がいたと訴える写真が投稿されます。",
    lasts=timedelta(minutes=60),
    waves=(
        Wave(id="photo", about="写真が投稿されました", at=timedelta(), posts=(PHOTO,)),
        Wave(
            id="mild",
            about="返事を喜ぶ投稿がありました",
            at=timedelta(minutes=8),
            when=(Mark.ACKNOWLEDGED,),
            posts=(MILD,),
        ),
        Wave(
            id="harsh",
            about="批判が広がりました",
            at=timedelta(minutes=8),
            unless=(Mark.ACKNOWLEDGED,),
            posts=(HARSH,),
        ),
    ),
)


def begins(world: World, *people: str, everyone: bool = False) -> Drill:
    for post in (PHOTO, HARSH, MILD):
        world.judges(post.text.replace("{brand}", "つきみ製菓"))
    drill = start_drill(STORY, brand=BRAND, people=people, everyone=everyone, stage=bootstrap.drill_stage())
    world.agenda.settle()
    return drill


def rooms_of(drill: Drill, world: World) -> list[Room]:
    return [room for room in world.rooms if room.incident.drill == drill.id]


def everything_is_marked(world: World, *people: str) -> None:
    """No message without the mark, none to anybody outside."""
    assert world.carrier.arrived
    for text in world.carrier.arrived:
        assert text.person in people, f"{text} went to somebody outside"
        assert (text.subject or text.body).startswith(MARK), f"{text} has no mark"
        if text.channel is Channel.MAIL:
            assert text.body.startswith(MARK + BANNER)


def test_only_those_who_take_part_are_told_and_the_others_are_withheld(world: World) -> None:
    drill = begins(world, "ito", "suzuki")
    world.people("ito", "suzuki").hear(MARK, "警戒")
    everything_is_marked(world, "ito", "suzuki")
    withheld = {
        row.body.person_id for row in world.rows(OutboxState.WITHHELD) if isinstance(row.body, Message)
    }
    assert withheld >= {"nakano", "watanabe"}
    assert not withheld & {"ito", "suzuki"}
    world.passes(minutes=70)
    world.takes_for_granted()
    everything_is_marked(world, "ito", "suzuki")
    score = score_of(drill, incidents=world.cloud.incidents, outbox=world.backstage.outbox, at=world.now)
    assert {"nakano", "watanabe"} <= set(score.withheld)


def test_with_everyone_the_whole_ladder_hears_with_the_mark(world: World) -> None:
    begins(world, everyone=True)
    world.people("nakano", "ito", "watanabe", "suzuki").hear(MARK, "警戒")
    world.passes(minutes=70)
    everything_is_marked(world, *world.configuration.roster.people)
    world.takes_for_granted()


def test_whoever_answers_in_time_gets_the_milder_story(world: World) -> None:
    drill = begins(world, "suzuki")
    world.passes(minutes=2)
    world.suzuki.presses(TAKE)
    world.passes(minutes=10)
    (room,) = rooms_of(drill, world)
    texts = {each.post.text for alert in room.incident.alerts for each in world.backstage.alerts.posts(alert)}
    assert any("すぐに返事" in text for text in texts)
    assert not any("何も説明しない" in text for text in texts)
    stop_drill(bootstrap.drill_stage())
    world.agenda.settle()
    world.takes_for_granted()


def test_if_nobody_answers_the_story_turns_harsh(world: World) -> None:
    drill = begins(world, "suzuki")
    world.passes(minutes=10)
    texts = {
        each.post.text
        for room in rooms_of(drill, world)
        for alert in room.incident.alerts
        for each in world.backstage.alerts.posts(alert)
    }
    assert any("何も説明しない" in text for text in texts)
    world.passes(minutes=60)
    world.takes_for_granted()


def test_every_page_says_that_it_is_a_drill(world: World) -> None:
    begins(world, "suzuki")
    page = world.suzuki.phone.expects(MARK).opens()
    page.says(BANNER, MARK)
    world.suzuki.presses(TAKE).says(BANNER)
    link = world.suzuki.phone.texts[0].link
    for below in set(SubPage) - {SubPage.CARE}:  # which is not for PR
        world.browser.open(f"{link}/{below.value}").says(BANNER)
    world.passes(minutes=70)
    score = world.suzuki.mailbox.expects(MARK, "採点表", "点").opens()
    score.says(BANNER, "担当が決まるまで", "/ 100点")
    world.takes_for_granted()


def test_a_drill_ends_by_itself_and_leaves_nothing_open(world: World) -> None:
    drill = begins(world, "suzuki", "nakano")
    world.passes(minutes=62)
    assert {room.incident.status for room in rooms_of(drill, world)} == {IncidentStatus.CALLED_OFF}
    assert not [each for each in world.executions.values() if each.is_running]
    assert world.nakano.mailbox.expects(MARK, "採点表")
    world.takes_for_granted()
    quiet_since = world.now
    world.passes(hours=30)
    assert [text for text in world.sent_since(quiet_since) if "朝のまとめ" not in text.subject] == []


def test_an_alert_of_a_drill_never_meets_a_real_one_of_the_same_text(world: World) -> None:
    world.post(PHOTO.text.replace("{brand}", "つきみ製菓"))
    world.takes_for_granted()
    drill = begins(world, "suzuki")
    real, played = (room.incident for room in world.rooms)
    if real.drill:
        real, played = played, real
    assert (real.drill, played.drill) == ("", drill.id)
    assert not set(real.alerts) & set(played.alerts)
    assert real.number == 1
    later = world.post(PHOTO.text.replace("{brand}", "つきみ製菓"))
    counted = [world.backstage.alerts.member(alert, later.key) for alert in played.alerts]
    assert counted == [None] * len(played.alerts)
    world.takes_for_granted()
    world.passes(minutes=65)
    world.takes_for_granted()
    assert next(r.incident for r in world.rooms if not r.incident.drill).status is IncidentStatus.DETECTED


def test_the_morning_mail_and_the_feedback_know_of_no_drill(world: World) -> None:
    before = digest_at(world.now + timedelta(hours=2), bootstrap.digesting())
    begins(world, "suzuki")
    world.suzuki.presses(DISMISS, reason="訓練で誤って閉じました")
    world.passes(minutes=65)
    world.takes_for_granted()
    assert (
        digest_at(world.now.replace(minute=0) + timedelta(minutes=60), bootstrap.digesting()).today.opened
        == 0
    )
    assert before.today.opened == 0
    assert world.backstage.feedback.month(f"{world.now:%Y-%m}") == []
    assert world.backstage.counts.history(BRAND, since=world.now - timedelta(days=1)) == {}


def test_a_wrong_number_is_kept_and_costs_points(world: World) -> None:
    drill = begins(world, "suzuki")
    page = world.suzuki.phone.expects(MARK).opens()
    page.number = "00" if page.number != "00" else "01"
    page.tries(DISMISS, reason="番号を間違えました")
    score = score_of(drill, incidents=world.cloud.incidents, outbox=world.backstage.outbox, at=world.now)
    assert (score.wrong_numbers, score.for_care) == (1, 8)
    stop_drill(bootstrap.drill_stage())
    world.agenda.settle()
    world.takes_for_granted()


def test_a_chat_hears_of_a_drill_only_if_it_takes_part(world: World) -> None:
    room = Chat(name="ops", kind=ChatKind.SLACK, secret="hikeshi/chat/ops", levels=frozenset(Level))
    world.publishes(a_company(chats=(room,)))
    begins(world, "suzuki")
    world.passes(minutes=2)
    assert world.backstage.chats.posted == []
    world.passes(minutes=70)
    assert world.backstage.chats.posted == []
    world.takes_for_granted()


def test_a_drill_that_is_over_reopens_for_no_late_post(world: World) -> None:
    drill = begins(world, "suzuki")
    stop_drill(bootstrap.drill_stage())
    world.agenda.settle()
    world.post(
        PHOTO.text.replace("{brand}", "つきみ製菓"), drill=drill.id, source="drill", category=Category.LEAK
    )
    world.passes(minutes=3)
    assert all(not room.incident.status.is_open for room in rooms_of(drill, world))
    world.takes_for_granted()
