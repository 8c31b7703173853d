"""The headquarters at work: it gathers, believes only what is checked, and keeps one picture for all."""

from __future__ import annotations

from dataclasses import replace

from hikeshi.domain.assessment import Level
from tests.scenarios import stories
from tests.scenarios.policies import a_company
from tests.scenarios.stories import ESTABLISH, JUDGE, LOOK, TAKE
from tests.scenarios.world import World

OPEN, ATTEND, MEMBER = "対策本部を設置する", "出席します", "メンバーに加える"
REPORT, CHECK, FACT = "未確認の報告として登録する", "確かめた結果を記録する", "事実として登録する"
ISSUE, READ, WITHDRAW = "共通認識を発行する", "読みました", "この号を撤回する"
ENOUGH = "1種類でよい理由を記録する"
WORDS = "倉庫でも同じ虫が見つかったそうです"


def gathered(world: World) -> None:
    """A headquarters was called by a button, and all of its members are there."""
    stories.taken_on(world)
    world.sato.presses(OPEN, reason="新聞社から取材の申し込みがありました")
    world.takes_for_granted()
    for person in ("ito", "watanabe", "suzuki"):
        world.person(person).presses(ATTEND)


def test_s0_12_at_critical_it_gathers_by_itself_and_laggards_are_called_again() -> None:
    with World(replace(a_company(), headquarters_from=Level.CRITICAL)).begun() as world:
        world.post(level="critical")
        world.takes_for_granted()
        world.sato.presses(TAKE)
        world.people("ito", "watanabe", "suzuki").hear("対策本部", "#1")
        world.takes_for_granted()
        world.ito.presses(ATTEND).says("出席を確認中", "4人中 2人")
        world.passes(minutes=11)
        world.people("watanabe", "suzuki").hear("対策本部の出席をお待ちしています")
        world.suzuki.presses(ATTEND).says("成立")
        (established,) = world.happened("headquarters_established")
        assert established.event.details == {"present": "3", "total": "4", "quorum": "3"}
        world.passes(minutes=30)
        world.is_quiet()


def test_s0_12_without_a_quorum_the_chief_hears_of_it(world: World) -> None:
    stories.taken_on(world)
    world.sato.presses(OPEN, reason="取材がありました")
    world.takes_for_granted()
    world.passes(minutes=21)
    world.takes_for_granted()
    world.passes(minutes=10)
    world.sato.hears("対策本部の出席が足りません")
    world.is_quiet()


def test_s0_13_what_is_reported_reaches_nobody_before_somebody_else_has_checked_it(world: World) -> None:
    gathered(world)
    world.watanabe.presses(REPORT, inbound_source="倉庫からの電話", inbound_words=WORDS)
    world.watanabe.latest.opens().keeps_silent_about(WORDS)
    report = world.room.inbound[0].id
    refused = world.sato.latest.opens().tries(
        ISSUE, picture="", guidance=f"{WORDS}。", bulletin_facts="", bulletin_reports=""
    )
    refused.says("未確認の報告と同じ文面が入っています")
    world.is_quiet()
    world.ito.presses(
        CHECK, about=report, inbound_verdict="verified", grounds="倉庫の責任者に確かめ、写真も受け取りました"
    )
    world.sato.presses(FACT, about=report).says("事実として登録しました")
    assert [fact.claim for fact in world.room.facts if fact.verdict == "confirmed"] == [WORDS]


def test_s0_14_everybody_has_the_same_number_and_who_has_not_read_it_is_asked(world: World) -> None:
    gathered(world)
    world.sato.presses(ISSUE, guidance="お問い合わせは、お客様相談室へおつなぎください。")
    world.people("ito", "watanabe", "suzuki").hear("共通認識 第1号", "#1")
    for person in ("ito", "suzuki"):
        page = world.person(person).latest.opens()
        page.says("共通認識 第1号", "お客様相談室へおつなぎください。").presses(READ)
    assert world.room.bulletins[0].laggards == ("watanabe",)
    world.passes(minutes=16)
    world.watanabe.hears("最新の共通認識が未読です")
    world.passes(minutes=30)
    world.watanabe.hears("最新の共通認識が未読です")
    world.sato.hears("共通認識が未読の方がいます")
    world.sato.latest.opens().says("まだ読んでいない方 渡辺 結さん")
    world.watanabe.presses(READ)
    world.passes(hours=2)
    world.is_quiet()


def test_s0_14_to_open_a_page_is_not_to_have_read_it(world: World) -> None:
    gathered(world)
    world.sato.presses(ISSUE, guidance="お問い合わせは、お客様相談室へおつなぎください。")
    for _ in range(3):
        world.ito.latest.opens().says("共通認識 第1号")
    assert "ito" in world.room.bulletins[0].laggards
    world.takes_for_granted()


def test_s0_15_a_new_number_replaces_the_old_and_a_withdrawn_one_is_called_back(world: World) -> None:
    gathered(world)
    world.sato.presses(ISSUE, guidance="返品はすべてお受けします。")
    world.takes_for_granted()
    world.ito.presses(READ)
    world.sato.presses(ISSUE, guidance="返品は、対象のロットに限りお受けします。")
    world.people("ito", "watanabe", "suzuki").hear("共通認識 第2号")
    world.ito.latest.opens().says("第2号").keeps_silent_about("返品はすべてお受けします。")
    world.ito.presses(READ)
    world.sato.presses(WITHDRAW, reason="対象のロットに誤りがありました")
    read, unread = world.ito, world.suzuki
    read.phone.expects("共通認識 第2号を撤回しました")
    read.mailbox.expects("第2号を撤回しました", "すでにお読みいただいた号です")
    unread.phone.expects("共通認識 第2号を撤回しました")
    unread.mailbox.expects("第2号を撤回しました", "お読みになる前の号です")
    world.watanabe.hears("共通認識 第2号を撤回しました")
    page = world.suzuki.latest.opens()
    page.says("撤回", "対象のロットに誤りがありました")
    page.keeps_silent_about("対象のロットに限りお受けします。")
    assert not page.offers(READ)


def test_s0_15_when_what_it_rests_on_falls_its_issuer_is_told_within_a_minute(world: World) -> None:
    gathered(world)
    claim = world.room.facts[0].id
    world.ito.presses(JUDGE, about=claim, verdict="confirmed", basis="写真で確かめました")
    world.sato.presses(ISSUE, picture="写真の商品は当社の製品です。", bulletin_facts="1")
    world.takes_for_granted()
    for person in ("ito", "watanabe", "suzuki"):
        world.person(person).presses(READ)
    world.ito.presses(JUDGE, about=claim, verdict="refuted", basis="別の会社の商品でした")
    world.passes(minutes=1)
    world.people("sato", "suzuki").hear("共通認識の訂正が必要です")
    world.sato.latest.opens().says("もとにした内容が確認できなくなりました")
    world.sato.presses(WITHDRAW, reason="別の会社の商品でした")
    world.takes_for_granted()


def test_s2_2_facts_are_settled_on_two_kinds_of_source_or_on_a_reason(world: World) -> None:
    stories.taken_on(world)
    claim = world.room.facts[0].id
    world.sato.presses(JUDGE, about=claim, verdict="refuted", basis="別の会社の商品でした")
    page = world.sato.latest.opens()
    page.says("2種類以上の情報源", "確かめた情報源は1種類です")
    assert not page.offers(ESTABLISH)
    world.watanabe.presses(LOOK, source_kind="news", finding="報道はありません")
    assert world.sato.latest.opens().offers(ESTABLISH)


def test_s2_2_one_kind_is_enough_if_somebody_says_why(world: World) -> None:
    stories.taken_on(world)
    claim = world.room.facts[0].id
    world.sato.presses(JUDGE, about=claim, verdict="refuted", basis="別の会社の商品でした")
    world.sato.presses(ENOUGH, reason="商品の写真だけで、当社のものでないと分かります")
    world.sato.presses(ESTABLISH)
    (waived,) = world.happened("second_view_waived")
    assert waived.event.details["reason"] == "商品の写真だけで、当社のものでないと分かります"
    world.takes_for_granted()


def test_somebody_who_is_taken_in_later_is_called_and_gets_the_picture(world: World) -> None:
    gathered(world)
    world.sato.presses(ISSUE, guidance="返品は、対象のロットに限りお受けします。")
    world.takes_for_granted()
    for person in ("ito", "watanabe", "suzuki"):
        world.person(person).presses(READ)
    world.sato.presses(MEMBER, hq_member="kato")
    page = world.kato.hears("対策本部").opens()
    page.says("返品は、対象のロットに限りお受けします。").presses(READ)
    assert world.room.bulletins[0].laggards == ()
