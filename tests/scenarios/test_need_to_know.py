"""ハラスメントの件: the few deal with it, and nobody else learns more than that there is one."""

from __future__ import annotations

from dataclasses import replace

from hikeshi.domain.actions import Role
from hikeshi.domain.assessment import Category
from hikeshi.domain.chats import Chat, ChatKind
from hikeshi.domain.digest import Digest
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.runtime import bootstrap
from hikeshi.services.digest.digest import digest_at
from hikeshi.services.digest.digest_mail import digest_rows
from tests.scenarios.policies import a_company
from tests.scenarios.stories import TAKE
from tests.scenarios.world import TEXTS, World

MEMBERS = {"tanaka", "kato", "takahashi", "sato"}
TELLING = ("どなられ", "ハラスメント", "店長", "つきみ")
ROOM = Chat(name="kiki", kind=ChatKind.SLACK, secret="hikeshi/chat/kiki")


def told_so_little(world: World) -> None:
    """Nobody but members heard anything, and members heard nothing of what it is about."""
    for text in world.carrier.arrived:
        assert text.person in MEMBERS, f"{text} went to somebody who may not know"
        text.keeps_silent_about(*TELLING)


def this_morning(world: World) -> Digest:
    return digest_at(world.now, bootstrap.digesting())


def test_s2_11_the_harassment_case_stays_among_those_who_need_to_know() -> None:
    with World(a_company(chats=(ROOM,))).begun() as world:
        world.post(category=Category.HARASSMENT)
        world.passes(minutes=1)
        world.sato.hears("関係者限りの案件").then_presses(TAKE)
        assert world.incident.lead == "sato"
        world.passes(hours=2)
        told_so_little(world)
        assert world.incident.status is IncidentStatus.FACT_FINDING
        assert not [row for row in world.rows() if row.id.endswith("/chat:kiki") and row.sent_text]
        world.takes_for_granted()


def test_s2_11_nobody_answers_and_still_it_is_paged_among_members_to_the_last() -> None:
    with World(a_company()).begun() as world:
        world.post(category=Category.HARASSMENT)
        world.passes(hours=2)
        paged = {text.person for text in world.carrier.arrived}
        assert {"sato", "takahashi"} <= paged <= MEMBERS
        world.tanaka.hears("関係者限りの案件").then_presses(TAKE)
        told_so_little(world)
        world.takes_for_granted()


def test_s2_11_a_link_from_before_opens_nothing_once_it_is_restricted() -> None:
    with World(a_company()).begun() as world:
        world.post()
        before = {each: world.person(each).hears("警戒") for each in ("nakano", "suzuki", "ito")}
        for each in before.values():
            each.opens().says("異物混入")
        world.passes(minutes=6)
        last = world.sato.hears("警戒")
        arrived = len(world.carrier.arrived)
        last.then_presses("関係者限りにする", reason="従業員個人の話です")
        for each in before.values():
            assert each.opens().status == 404
        world.passes(hours=2)
        later = world.carrier.arrived[arrived:]
        for text in later:
            text.keeps_silent_about("異物", "つきみ")
        others = [text.says("開けません") for text in later if text.person not in MEMBERS]
        assert sorted(text.person for text in others) == ["ito", "nakano", "suzuki", "watanabe"]
        world.tanaka.presses(TAKE)
        assert world.incident.lead == "tanaka"
        world.takes_for_granted()


def test_s2_11_the_desk_reads_in_the_morning_that_there_is_one_and_no_more() -> None:
    with World(a_company()).begun() as world:
        world.post(category=Category.HARASSMENT)
        world.post()
        world.passes(minutes=3)
        digest = this_morning(world)
        assert digest.restricted == 1
        assert [incident.category for incident in digest.incidents] == [Category.CONTAMINATION]
        rows = digest_rows(digest, world.configuration.roster, at=world.now)
        assert rows
        for row in rows:
            assert "どなられ" not in str(row.body)
            assert "ハラスメント" not in str(row.body)
        world.takes_for_granted()


def test_s2_11_posts_of_a_restricted_incident_are_quoted_nowhere_in_the_morning() -> None:
    with World(a_company()).begun() as world:
        world.post(category=Category.HARASSMENT)
        world.post(TEXTS[Category.HARASSMENT] + "。ひどい", category=Category.HARASSMENT, level="notice")
        world.passes(minutes=3)
        assert not [each for each in this_morning(world).notices if "どなられ" in each.text]
        world.takes_for_granted()


def test_s2_11_legal_alone_can_be_the_circle_and_an_executive_is_let_in_when_legal_is_gone() -> None:
    company = a_company()
    few = replace(company.escalation.need_to_know, roles=(Role.LEGAL,))
    gone = replace(company.roster.people["tanaka"], active=False)
    roster = replace(company.roster, people={**company.roster.people, "tanaka": gone})
    escalation = replace(company.escalation, need_to_know=few)
    with World(replace(company, escalation=escalation, roster=roster)).begun() as world:
        world.post(category=Category.HARASSMENT)
        world.passes(minutes=1)
        world.takahashi.hears("関係者限りの案件").then_presses(TAKE)
        (widened,) = world.happened("circle_widened")
        assert widened.event.details == {"people": "takahashi"}
        world.takes_for_granted()
