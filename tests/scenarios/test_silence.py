"""静かなのではなく、見えていない: a source that fails, and the mails of the day."""

from __future__ import annotations

from datetime import timedelta

from hikeshi.domain.chats import Chat, ChatKind
from hikeshi.domain.errors import FetchError
from tests.builders import a_post
from tests.scenarios import stories
from tests.scenarios.policies import a_company
from tests.scenarios.world import World

# ---- sources -----------------------------------------------------------------------------------


def test_a_source_that_fails_three_times_is_told_to_the_desk_by_mail(world: World) -> None:
    world.backstage.feeds.feeds["kuchikomi"] = FetchError("HTTP 503")
    world.passes(minutes=2)
    world.is_quiet()
    world.passes(minutes=1)
    world.nakano.mailbox.expects("収集が止まっています", "口コミ広場")


def test_a_source_that_goes_on_failing_is_not_told_of_every_minute(world: World) -> None:
    world.backstage.feeds.feeds["kuchikomi"] = FetchError("HTTP 503")
    world.passes(hours=3)
    assert len(world.nakano.mailbox.texts) == 1
    world.takes_for_granted()


def test_a_source_that_comes_back_brings_what_was_missed(world: World) -> None:
    world.backstage.feeds.feeds["kuchikomi"] = FetchError("HTTP 503")
    world.passes(minutes=10)
    world.takes_for_granted()
    missed = a_post(published_at=world.now - timedelta(minutes=5), brand="tsukimi")
    world.judges(missed.text)
    world.backstage.feeds.feeds["kuchikomi"] = (missed,)
    world.passes(minutes=1)
    world.people("nakano", "ito", "watanabe", "suzuki").hear("警戒", "#1")


def test_s1_10_s1_11_a_post_travels_from_the_feed_to_a_phone_within_the_minute(world: World) -> None:
    found = a_post(published_at=world.now, brand="tsukimi")
    world.judges(found.text)
    world.backstage.feeds.feeds["kuchikomi"] = (found,)
    world.passes(minutes=1)
    world.people("nakano", "ito", "watanabe", "suzuki").hear("警戒", "#1")
    world.passes(minutes=3)
    world.is_quiet()


def test_a_harmless_post_wakes_nobody(world: World) -> None:
    world.backstage.feeds.feeds["kuchikomi"] = (a_post(text="つきみのチョコはおいしい", brand="tsukimi"),)
    world.passes(hours=1)
    assert world.rooms == []


# ---- the mails of the day ----------------------------------------------------------------------


def test_the_morning_mail_tells_the_desk_of_open_incidents_and_notices(world: World) -> None:
    stories.taken_on(world)
    world.post(level="notice", category="complaint")
    world.is_quiet()
    world.passes(hours=1)
    world.runs("send_digest")
    world.nakano.mailbox.expects("朝のまとめ")
    world.takahashi.mailbox.expects("朝のまとめ")
    world.nakano.phone.is_silent()


def test_the_morning_mail_is_sent_once_though_it_is_made_twice(world: World) -> None:
    world.runs("send_digest")
    world.runs("send_digest")
    world.nakano.mailbox.expects("朝のまとめ")
    world.takahashi.mailbox.expects("朝のまとめ")


# ---- chats -------------------------------------------------------------------------------------


def test_a_chat_hears_what_people_hear_without_a_link_and_never_in_their_place() -> None:
    room = Chat(name="kouhou", kind=ChatKind.SLACK, secret="chats/kouhou")
    with World(a_company(chats=(room,))).begun() as world:
        world.post()
        world.people("nakano", "ito", "watanabe", "suzuki").hear("警戒")
        world.passes(minutes=2)
        assert [name for name, _ in world.backstage.chats.posted] == ["kouhou"]
        text = world.backstage.chats.posted[0][1]
        assert "#1" in text
        assert "/r/" not in text


def test_a_chat_that_is_gone_delays_nobodys_message() -> None:
    room = Chat(name="kouhou", kind=ChatKind.SLACK, secret="chats/kouhou")
    with World(a_company(chats=(room,))).begun() as world:
        world.backstage.chats.gone.add("kouhou")
        world.post()
        world.people("nakano", "ito", "watanabe", "suzuki").hear("警戒")
        world.passes(minutes=3)
        world.chat_was_lost("kouhou")
