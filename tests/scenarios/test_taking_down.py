"""From a post that exposes somebody to the answer of the site: letters that people send, clocks that run."""

from __future__ import annotations

from datetime import timedelta

from hikeshi.domain.takedowns import TakedownState
from tests.scenarios import stories
from tests.scenarios.world import World

ASK, APPROVE, RECORD = "本文を保存して依頼する", "削除依頼を承認する", "送付・回答を記録する"
ADOPT, LOOKED = "この投稿も依頼する", "掲載の様子を記録する"
KEEP, REMOVED, SAID = "投稿を保存する", "取り下げたと記録する", "知らせたと記録する"
EXPOSED = "虫の写真を載せた人の本名は森田 光、電話は090-0000-0513、自宅は月見駅の裏"


def asked(world: World) -> str:
    """Let public relations ask for a post to be taken down; return the id of the request."""
    world.suzuki.presses(
        ASK,
        url="https://matome.example.jp/513",
        ground="privacy",
        passage=EXPOSED,
        infringes="氏名と電話番号が、本人の同意なく載っています",
    )
    return world.room.takedowns[-1].id


def sent(world: World) -> str:
    request = asked(world)
    world.tanaka.presses(APPROVE, about=request)
    world.suzuki.presses(RECORD, about=request, step="sent", site_answer="受付 0513")
    return request


def states(world: World) -> list[TakedownState]:
    return [takedown.state for takedown in world.room.takedowns]


def test_s1_15_a_request_goes_from_pr_to_legal_to_the_site_and_its_clock_runs(world: World) -> None:
    stories.facts_checked(world)
    request = asked(world)
    world.tanaka.hears("削除依頼が承認待ちです")
    world.tanaka.presses(APPROVE, about=request)
    world.suzuki.presses(RECORD, about=request, step="sent", site_answer="受付 0513")
    assert states(world) == [TakedownState.SENT]
    world.takes_for_granted()
    world.passes(days=6, minutes=1)
    assert len(world.happened("takedown_reminded")) == 1
    world.passes(days=1)
    assert states(world) == [TakedownState.EXPIRED]
    assert len(world.happened("takedown_overdue")) == 1
    world.takes_for_granted()


def test_s1_15_a_copy_that_is_collected_later_proposes_a_request_that_needs_two_people_again(
    world: World,
) -> None:
    stories.facts_checked(world)
    world.post(EXPOSED, url="https://first.example.jp/1")
    sent(world)
    world.takes_for_granted()
    world.post(f"【速報】{EXPOSED}", url="https://copy.example.jp/1")
    assert TakedownState.PROPOSED in states(world)
    proposal = world.room.takedowns[-1].id
    world.passes(minutes=1)
    world.takes_for_granted()
    world.suzuki.presses(ADOPT, about=proposal, infringes="同じ文面です")
    world.tanaka.presses(APPROVE, about=proposal)
    assert world.room.takedowns[-1].approved_by == "tanaka"
    world.takes_for_granted()


def test_s1_15_an_answer_after_the_end_of_the_incident_is_still_recorded(world: World) -> None:
    stories.facts_checked(world)
    request = sent(world)
    world.takes_for_granted()
    world.passes(days=6, minutes=15)
    world.suzuki.presses(RECORD, about=request, step="removed", site_answer="削除しました")
    assert states(world) == [TakedownState.REMOVED]
    world.takes_for_granted()


def test_s2_15_a_bad_post_of_our_own_that_is_left_alone_reaches_executives(world: World) -> None:
    stories.facts_checked(world)
    world.suzuki.presses(
        KEEP,
        url="https://x.com/tsukimi_example/status/1",
        own_text="写真は加工です。騒がないでください。",
        wrong="確認前に言い切り、お客様を責めています",
    )
    (post,) = world.room.own_posts
    world.takes_for_granted()
    world.passes(hours=3, minutes=1)
    assert len(world.happened("own_post_silent")) == 2
    told = {text.person for text in world.sent_since(post.archived_at + timedelta(hours=3))}
    assert "takahashi" in told
    world.takes_for_granted()
    world.suzuki.presses(REMOVED, about=post.id, reason="配慮を欠きました", notice="お詫びして取り下げます。")
    world.suzuki.presses(SAID, about=post.id, where="自社サイト")
    world.takes_for_granted()
