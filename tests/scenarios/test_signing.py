"""Who is asked to sign the report: the head of the response, whoever was first to press 担当する."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hikeshi.domain.actions import Role
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.people import Channel
from hikeshi.domain.rotations import Absence
from tests.builders import a_person, a_roster
from tests.scenarios import stories
from tests.scenarios.policies import a_company
from tests.scenarios.stories import CALM, SIGN, WAIVE
from tests.scenarios.test_headquarters import OPEN
from tests.scenarios.world import World

ASKED = "署名をお願いしている方"


def written_for(world: World, *, taken_by: str = "suzuki", headquarters: bool = True) -> None:
    """Somebody took the incident on, 佐藤 is its head, and the report lacks nothing but signatures."""
    stories.tasks_done(world, by=taken_by)
    if headquarters:
        world.sato.presses(OPEN, reason="新聞社から取材の申し込みがありました")
    world.sato.presses(WAIVE, reason="個別にお詫びしました")
    world.passes(hours=6)
    world.takes_for_granted()
    world.sato.presses(CALM, basis="投稿が平常に戻りました")
    stories.written(world)


def is_closed(world: World) -> bool:
    return world.incident.status is IncidentStatus.CLOSED


def test_s0_18_the_head_is_asked_although_somebody_else_took_the_incident_on(world: World) -> None:
    written_for(world)
    for person in ("sato", "suzuki", "tanaka"):
        world.person(person).phone.expects("報告書案ができました", "#1")
        mail = world.person(person).mailbox.expects("報告書案ができました")
        mail.says(f"{ASKED}（敬称略）：佐藤 花子、鈴木 健、田中 翠", "お一人は対策本部長か役員")
    asked = [text.person for text in world.carrier.arrived if "振り返り" in text.subject]
    assert not {"sato", "suzuki"} & {*asked}
    world.takes_for_granted()


def test_s0_18_whoever_took_it_on_does_not_sign_in_place_of_the_head(world: World) -> None:
    written_for(world)
    world.takes_for_granted()
    world.tanaka.presses(SIGN)
    world.suzuki.presses(SIGN).says(
        "あなたの署名は記録しました。対策本部長か役員の署名を待っています。",
        f"{ASKED}：佐藤 花子さん（対策本部長）。",
    )
    assert not is_closed(world)
    world.sato.latest.opens().says("報告書があなたの署名を待っています。")
    world.sato.presses(SIGN)
    assert is_closed(world)
    report = world.browser.open(world.sato.latest.link + "/report")
    report.says("鈴木 健（広報）", "佐藤 花子（対策本部長、広報）")
    world.takes_for_granted()


def test_nobody_is_asked_again_for_a_signature_that_was_given(world: World) -> None:
    written_for(world)
    world.takes_for_granted()
    world.tanaka.presses(SIGN)
    world.takes_for_granted()
    world.passes(days=3)
    reminded = [text for text in world.carrier.arrived if "報告書の承認" in text.subject + text.body]
    assert {text.person for text in reminded} == {"sato"}
    assert [text.channel for text in reminded].count(Channel.SMS) == 1
    assert f"{ASKED}（敬称略）：佐藤 花子" in world.sato.mailbox.expects("報告書の承認").body
    world.takes_for_granted()


def test_without_a_headquarters_whoever_took_it_on_leads_and_the_head_hears_of_it(world: World) -> None:
    written_for(world, headquarters=False)
    world.sato.phone.expects("報告書案ができました", "#1")
    world.sato.mailbox.expects("報告書案ができました").says("お一人は担当の方、対策本部長、役員のいずれか")
    page = world.tanaka.latest.opens()
    page.says(f"{ASKED}：佐藤 花子さん（対策本部長）、鈴木 健さん（担当）、田中 翠さん（法務）。")
    world.takes_for_granted()
    for signer in (world.tanaka, world.suzuki):
        signer.presses(SIGN)
    assert is_closed(world)
    report = world.browser.open(world.sato.latest.link + "/report")
    report.says("鈴木 健（担当、広報）")
    world.takes_for_granted()


def test_the_deputy_of_an_absent_head_is_asked_once_and_signs_for_the_head() -> None:
    company = a_company(
        roster=a_roster(people={"sato": a_person("sato", deputy="ueda"), "ueda": a_person("ueda")})
    )
    with World(company).begun() as world:
        stories.tasks_done(world, by="suzuki")
        world.sato.presses(OPEN, reason="新聞社から取材の申し込みがありました")
        world.sato.presses(WAIVE, reason="個別にお詫びしました")
        world.passes(hours=6)
        gone = Absence(
            id="a-1",
            person_id="sato",
            begins_at=world.now,
            ends_at=world.now + timedelta(days=9),
            made_at=world.now,
            made_by="sato",
        )
        world.publishes(replace(company, roster=replace(company.roster, absences=(gone,))))
        world.takes_for_granted()
        world.sato.presses(CALM, basis="投稿が平常に戻りました")
        stories.written(world)
        asked = [t for t in world.carrier.arrived if t.channel is Channel.SMS and "報告書案" in t.body]
        assert sorted(text.person for text in asked) == ["suzuki", "tanaka", "ueda"]
        world.takes_for_granted()
        world.tanaka.presses(SIGN)
        world.ueda.latest.opens().says(f"{ASKED}：森 光さん（対策本部長の代理）。")
        world.ueda.presses(SIGN)
        assert is_closed(world)
        assert world.room.report is not None
        assert Role.LEAD in world.room.report.signatures[-1].roles
        world.takes_for_granted()
