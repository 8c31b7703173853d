"""A lawyer is asked, reads what was chosen, and answers; or does not, and people hear of it in time."""

from __future__ import annotations

from hikeshi.domain.assessment import Category
from tests.scenarios.browser import OpenPage
from tests.scenarios.policies import a_company
from tests.scenarios.stories import TAKE
from tests.scenarios.world import World

ASK, TAKE_BACK, ANSWER = "専門家に依頼する", "依頼を取り下げる", "意見を送る"
QUESTION = "就業規則のうえで、調査中の配置換えはできますか"


def page_of_experts(world: World) -> OpenPage:
    """Open the page below the room behind the lead's newest message."""
    room = world.sato.latest.opens()
    page = world.browser.open(f"{room.page.url}/experts")
    page.number = room.number
    return page


def asks_the_lawyer(world: World, **typed: str) -> None:
    """Take the incident on, and ask 小林 with a link that carries a number."""
    world.takes_for_granted()
    page_of_experts(world).presses(
        ASK, expert="kobayashi", question=QUESTION, shared_facts="1", days="3", **typed
    )


def begun(world: World, category: Category = Category.HARASSMENT) -> None:
    world.post(category=category)
    world.passes(minutes=1)
    world.sato.hears("関係者限り").then_presses(TAKE)
    world.passes(minutes=1)
    asks_the_lawyer(world)


def test_s0_17_a_lawyer_is_asked_and_answers_from_a_link_that_shows_the_question_alone() -> None:
    with World(a_company()).begun() as world:
        begun(world)
        page = (
            world.kobayashi.hears("つきみ製菓", "ご意見")
            .keeps_silent_about("どなられ", "ハラスメント")
            .opens()
        )
        page.says(QUESTION).keeps_silent_about("どなられて泣いている", "ハラスメント・労務")
        world.passes(hours=3)
        page.presses(ANSWER, opinion="できます。ただし本人の同意を書面で取ってください。")
        world.sato.hears("専門家の意見が届きました")
        world.tanaka.hears("専門家の意見が届きました")
        (given,) = world.happened("expert_answered")
        assert given.event.actor == "kobayashi"
        assert world.room.consultations[0].opinion is not None
        world.passes(days=3)
        assert not world.happened("expert_silent")
        assert page.browser.open(page.page.url).status == 404
        world.takes_for_granted()


def test_s0_17_who_does_not_answer_is_asked_again_half_way_and_missed_at_the_end() -> None:
    with World(a_company()).begun() as world:
        begun(world)
        first = world.kobayashi.hears("ご意見のお願い")
        world.passes(hours=36, minutes=2)
        again = world.kobayashi.phone.expects("再度ご意見のお願い")
        world.kobayashi.mailbox.expects("ご意見をお待ちしています")
        assert again.link == first.link
        world.sato.hears("専門家の回答を待っています")
        world.passes(hours=36, minutes=2)
        for each in (world.sato, world.tanaka):
            each.hears("専門家の回答が期限を過ぎました")
        assert first.opens().status == 404
        world.kobayashi.is_silent()
        world.takes_for_granted()


def test_s0_17_a_question_that_is_taken_back_says_so_and_its_link_is_dead() -> None:
    with World(a_company()).begun() as world:
        begun(world)
        link = world.kobayashi.hears("ご意見のお願い")
        page_of_experts(world).presses(TAKE_BACK)
        world.kobayashi.hears("取り下げました")
        assert link.opens().status == 404
        world.takes_for_granted()
