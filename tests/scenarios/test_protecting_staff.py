"""A member of staff is blamed in public: the person is looked after, and nobody is told the name."""

from __future__ import annotations

from hikeshi.domain.masking import Mask
from hikeshi.domain.takedowns import TakedownState
from tests.scenarios.insult import AGREE, CONSENT, EXPOSING, INSULT, REVEAL, REVOKE, STEP, begins
from tests.scenarios.world import World
from tests.unit.pages.protected import SAOTOME


def test_s3_6_s3_7_a_member_of_staff_is_looked_after_and_named_nowhere(world: World) -> None:
    begins(world)
    world.kato.presses(STEP, about="contact_person", care_note="加藤が窓口です")
    world.sato.latest.opens().says("●●って店員", "対象者A 10件中 1件完了").keeps_silent_about("早乙女")
    world.suzuki.latest.opens().says("氏名や学校名は").keeps_silent_about("早乙女", "保護の画面を開く")
    assert not Mask([SAOTOME]).finds("".join(str(row.body) for row in world.rows()))
    world.post(INSULT, category="misconduct", level="critical", reposts=900)
    world.passes(minutes=3)
    assert not any(Mask([SAOTOME]).finds(str(text)) for text in world.carrier.arrived)
    world.takes_for_granted()


def test_s3_6_a_public_text_that_names_the_person_is_refused_and_the_names_are_seen_once(
    world: World,
) -> None:
    begins(world)
    world.kato.presses(REVEAL, reveal_reason="本人へ連絡するため").says("早乙女 翔太", "緑ヶ丘第三高校")
    world.kato.latest.opens().follows("care").keeps_silent_about("早乙女", "緑ヶ丘")
    (seen,) = world.happened("names_revealed")
    assert (seen.event.actor, seen.event.details["reason"]) == ("kato", "本人へ連絡するため")
    world.sato.latest.opens().says("加藤 薫さんが、対象者Aの氏名を確かめました。理由：本人へ連絡するため")
    world.takes_for_granted()


def test_s3_6_what_exposes_the_person_is_found_by_consent_and_not_a_moment_longer(world: World) -> None:
    begins(world)
    world.post(EXPOSING, category="doxxing", level="notice", brand=None)
    assert world.happened("exposure_seen") == []
    world.kato.presses(AGREE, **CONSENT)
    world.passes(minutes=1)
    world.post(EXPOSING, level="notice", id="found", brand=None, url="https://keijiban.example.jp/1")
    world.people("kato", "tanaka").hear("個人を晒す投稿があります")
    assert [each.state for each in world.room.takedowns] == [TakedownState.PROPOSED]
    world.kato.presses(REVOKE)
    world.post(EXPOSING, level="notice", id="too-late", brand=None)
    assert len(world.happened("exposure_seen")) == 1
    assert not any(Mask([SAOTOME]).finds(str(text)) for text in world.carrier.arrived)
    world.takes_for_granted()
