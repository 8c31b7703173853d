"""From the facts to the signed report: what each may do, and what is refused."""

from __future__ import annotations

from datetime import timedelta

from hikeshi.domain.japan_time import JST
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.people import Channel
from tests.scenarios import stories
from tests.scenarios.stories import (
    ADD_FACT,
    APPROVE,
    CALM,
    DONE,
    DRAFT,
    EDIT,
    ESTABLISH,
    JUDGE,
    PUBLISH,
    SIGN,
    WAIVE,
)
from tests.scenarios.world import World


def test_an_incident_is_worked_through_from_the_first_page_to_the_signature(world: World) -> None:
    stories.closed(world)
    assert world.incident.status is IncidentStatus.CLOSED
    assert world.executions[world.incident.execution_name].status == "SUCCEEDED"
    assert world.backstage.reports.files


def test_s0_9_the_facts_cannot_be_established_before_one_has_a_verdict(world: World) -> None:
    stories.taken_on(world)
    page = world.sato.phone.texts[-1].opens()
    assert not page.offers(ESTABLISH)
    page.says("少なくとも1件の確認結果が必要です")


def test_a_department_finds_out_a_fact_and_the_lead_establishes_them(world: World) -> None:
    stories.taken_on(world)
    world.ito.presses(JUDGE, about="1-claim-01", verdict="refuted", basis="当社の商品ではありません")
    stories.looked_elsewhere(world)
    world.sato.presses(ESTABLISH)
    assert world.incident.status is IncidentStatus.RESPONDING
    world.takes_for_granted()


def test_a_verdict_can_be_mended_and_both_stay_on_record(world: World) -> None:
    stories.taken_on(world)
    world.ito.presses(JUDGE, about="1-claim-01", verdict="confirmed", basis="同じ商品です")
    world.ito.presses(JUDGE, about="1-claim-01", verdict="refuted", basis="別の会社の商品でした")
    assert [fact.verdict for fact in world.room.facts] == ["refuted", "unverified"]
    assert len(world.happened("fact_judged")) == 2


def test_a_claim_that_somebody_adds_is_checked_like_those_of_the_playbook(world: World) -> None:
    stories.taken_on(world)
    world.watanabe.presses(ADD_FACT, claim="同じ申し出が窓口にありますか", source="お客様相談室")
    (fact,) = [fact for fact in world.room.facts if fact.added_by == "watanabe"]
    world.watanabe.presses(JUDGE, about=fact.id, verdict="cannot_know", basis="記録が残っていません")
    stories.looked_elsewhere(world)
    world.sato.presses(ESTABLISH)
    assert world.incident.status is IncidentStatus.RESPONDING
    world.takes_for_granted()


def test_s0_11_a_department_may_not_establish_the_facts(world: World) -> None:
    stories.taken_on(world)
    world.ito.presses(JUDGE, about="1-claim-01", verdict="confirmed", basis="同じ商品です")
    assert not world.ito.latest.opens().offers(ESTABLISH)


def test_s0_3_each_department_hears_of_its_task_and_its_deadline(world: World) -> None:
    stories.taken_on(world)
    world.sato.presses(JUDGE, about="1-claim-01", verdict="confirmed", basis="写真で確かめました")
    stories.looked_elsewhere(world)
    world.sato.presses(ESTABLISH)
    for person, task, due in (
        ("watanabe", "投稿者への連絡窓口の用意", "13:32"),
        ("suzuki", "第一報の準備", "13:47"),
        ("ito", "製造ロットと出荷日の特定", "14:02"),
    ):
        world.person(person).phone.expects("#1", f"期限{due}")
        world.person(person).mailbox.expects("#1", task, due)
    world.sato.hears("対応を始めました", "#1")


def test_a_task_is_done_once_and_the_second_press_is_told_by_whom(world: World) -> None:
    stories.facts_checked(world)
    mine = world.ito.latest.opens()
    world.ito.presses(DONE, about="1-lot", result="7月3日出荷分です")
    mine.tries(DONE, about="1-lot", result="もう一度").says("伊藤 学")
    assert world.room.task("1-lot").result == "7月3日出荷分です"


def test_a_colleague_can_report_somebody_elses_task_done(world: World) -> None:
    stories.facts_checked(world)
    world.nakano.presses(DONE, about="1-lot", result="伊藤さんから電話で聞きました")
    assert world.room.task("1-lot").done_by == "nakano"


def test_a_statement_is_approved_by_somebody_else_than_its_writer(world: World) -> None:
    stories.facts_checked(world)
    world.suzuki.presses(DRAFT, **stories.word(world))
    world.people("sato", "tanaka").hear("公表文の承認が必要です", "#1")
    page = world.suzuki.latest.opens()
    assert not page.offers(APPROVE)
    world.sato.presses(APPROVE)
    assert world.room.statement is not None
    assert world.room.statement.approved_by is None
    world.tanaka.presses(APPROVE)
    world.people("suzuki", "sato").hear("公表文が承認されました", "#1")
    assert world.room.statement.approved_by == "tanaka"


def test_the_writer_of_a_statement_who_may_approve_others_may_not_approve_it(world: World) -> None:
    stories.facts_checked(world)
    world.sato.presses(DRAFT, **stories.word(world))
    assert not world.sato.latest.opens().offers(APPROVE)
    world.tanaka.hears("公表文の承認が必要です").then_presses(APPROVE)
    asked = world.takahashi.hears("【警戒】", "公表文の承認が必要です", "つきみ製菓")
    asked.then_presses(APPROVE)
    world.sato.hears("公表文が承認されました")


def test_a_newer_text_cannot_be_approved_from_a_page_that_shows_the_older(world: World) -> None:
    stories.facts_checked(world)
    world.suzuki.presses(DRAFT, **stories.word(world))
    older = world.sato.latest.opens()
    world.suzuki.presses(DRAFT, **stories.word(world, said_opening=""))
    page = older.tries(APPROVE)
    assert page.status == 409
    page.says("新しい文案をご確認ください")
    world.sato.presses(APPROVE)
    assert world.room.statement is not None
    assert world.room.statement.version == 2
    world.takes_for_granted()


def test_a_critical_statement_needs_legal_as_one_of_two(world: World) -> None:
    stories.facts_checked(world, level="critical")
    world.suzuki.presses(DRAFT, **stories.word(world))
    world.people("sato", "tanaka").hear("公表文の承認が必要です")
    world.sato.presses(APPROVE)
    world.takahashi.presses(APPROVE)
    assert world.room.statement is not None
    assert world.room.statement.approved_by is None
    world.tanaka.presses(APPROVE)
    assert world.room.statement.approved_by == "tanaka"
    world.takes_for_granted()


def test_what_was_published_promises_the_next_word_and_its_writers_are_reminded(world: World) -> None:
    stories.facts_checked(world)
    world.suzuki.presses(DRAFT, **stories.word(world))
    world.sato.presses(APPROVE)
    world.tanaka.presses(APPROVE)
    world.suzuki.presses(PUBLISH)
    world.takes_for_granted()
    world.passes(hours=2, minutes=31)
    world.people("sato", "suzuki").hear("次の更新の時刻が近づきました", "#1")
    world.passes(minutes=30)
    world.people("sato", "suzuki", "takahashi").hear("約束した更新の時刻を過ぎました", "#1")
    world.takes_for_granted()


def test_a_fact_refuted_after_approval_calls_everybody_behind_the_text(world: World) -> None:
    stories.facts_checked(world)
    world.suzuki.presses(DRAFT, **stories.word(world, said_fact="写真の商品は当社の製品です［1］。"))
    world.sato.presses(APPROVE)
    world.tanaka.presses(APPROVE)
    world.takes_for_granted()
    world.ito.presses(JUDGE, about="1-claim-01", verdict="refuted", basis="別の会社の商品でした")
    world.people("suzuki", "sato", "tanaka").hear("公表文の", "#1")
    assert not world.suzuki.latest.opens().offers(PUBLISH)


def test_the_response_ends_by_itself_when_the_last_task_is_done_and_all_is_said(world: World) -> None:
    stories.facts_checked(world)
    world.suzuki.presses(DRAFT, **stories.word(world))
    world.sato.presses(APPROVE)
    world.tanaka.presses(APPROVE)
    for task in world.room.tasks:
        assert world.incident.status is IncidentStatus.RESPONDING
        world.person(task.owner).presses(DONE, about=task.id, result="終わりました")
    assert world.incident.status is IncidentStatus.CALMING
    world.takes_for_granted()


def test_saying_nothing_in_public_is_a_decision_with_a_reason(world: World) -> None:
    stories.tasks_done(world)
    page = world.sato.latest.opens().tries(WAIVE, reason="")
    assert page.status == 400
    world.sato.presses(WAIVE, reason="個別にお詫びしました")
    world.sato.hears("見守りに入りました", "#1")
    (entry,) = world.happened("statement_waived")
    assert entry.event.details["reason"] == "個別にお詫びしました"


def test_a_statement_that_was_waived_cannot_be_approved_from_an_old_page(world: World) -> None:
    stories.facts_checked(world)
    world.suzuki.presses(DRAFT, **stories.word(world))
    older = world.tanaka.latest.opens()
    world.sato.presses(WAIVE, reason="個別にお詫びしました")
    older.tries(APPROVE).says("佐藤 花子")
    world.takes_for_granted()


def test_s0_11_only_the_lead_or_an_executive_says_that_it_is_calm(world: World) -> None:
    stories.responded(world)
    assert not world.suzuki.latest.opens().offers(CALM)
    world.sato.presses(CALM, basis="三時間、新しい投稿がありません")
    world.people("sato", "suzuki", "tanaka").hear("報告書案ができました", "#1")
    for person in ("nakano", "ito", "watanabe", "suzuki"):
        world.person(person).mailbox.expects("対応の振り返りをお願いします", "#1")
    assert world.incident.status is IncidentStatus.REPORTING


def test_s2_29_whoever_took_part_says_from_a_link_how_they_saw_it(world: World) -> None:
    stories.calm(world)
    world.ito.presses("振り返りを送る", speed="2", precision="4", correctness="5")
    world.watanabe.presses("振り返りを送る", speed="4", precision="4", correctness="5")
    report = world.browser.open(world.ito.latest.link + "/report")
    report.says("2人の平均（5点満点）：速さ 3.0、的確さ 4.0、正確さ 5.0")
    world.takes_for_granted()


def test_s0_19_s1_14_what_was_promised_is_asked_for_every_week_after_the_end(world: World) -> None:
    stories.calm(world)
    stories.written(world)
    today = world.now.astimezone(JST)
    world.suzuki.presses(
        stories.CORRECT,
        correction="夜間の連絡先を作る",
        owner="ito",
        due_at=f"{today + timedelta(days=40):%Y-%m-%d}",
        check="訓練で確かめる",
        check_at=f"{today + timedelta(days=60):%Y-%m-%d}",
        change="manual",
    )
    stories.signed(world)
    world.passes(days=40)
    world.takes_for_granted()
    world.passes(days=1)
    world.ito.hears("是正措置の期限が来ました", "#1")
    world.passes(days=7)
    world.people("ito", "sato").hear("是正措置が期限を過ぎています", "#1")
    world.ito.presses(stories.CORRECTED, result="連絡先を名簿に加えました")
    world.passes(days=7)
    world.is_quiet()
    world.passes(days=7)
    world.people("ito", "sato").hear("是正措置の効果を確かめる日です", "#1")
    world.sato.presses(stories.CHECKED, effective="yes", effect="5分で電話がつながりました")
    world.passes(days=30)
    world.is_quiet()


def test_s0_18_a_report_with_gaps_cannot_be_signed_and_says_which(world: World) -> None:
    stories.calm(world)
    page = world.tanaka.latest.opens()
    assert not page.offers(SIGN)
    page.says("対応の評価を記入してください", "マニュアルの変更を採用するか、見送る理由")


def test_s0_18_two_people_sign_and_one_of_them_leads_or_is_an_executive(world: World) -> None:
    stories.reported(world)
    stood = []
    for signer in (world.tanaka, world.suzuki, world.sato):
        signer.presses(SIGN)
        stood.append(world.incident.status)
    assert stood == [IncidentStatus.REPORTING, IncidentStatus.REPORTING, IncidentStatus.CLOSED]
    world.takes_for_granted()


def test_everybody_involved_hears_by_mail_that_it_is_closed_and_nobody_by_sms(world: World) -> None:
    stories.reported(world)
    stories.signed(world)
    told = {text.person for text in world.carrier.arrived if not text.expected}
    assert {"sato", "ito", "watanabe", "suzuki", "nakano", "tanaka"} == told
    for person in told:
        world.person(person).mailbox.expects("対応を完了しました", "#1")
    assert not [
        text for text in world.carrier.arrived if "完了しました" in text.body and text.channel is Channel.SMS
    ]


def test_after_the_close_a_link_shows_the_report_and_offers_nothing(world: World) -> None:
    stories.closed(world)
    page = world.sato.phone.texts[-1].opens()
    page.says("対応を完了しました")
    assert page.page.forms == ()
    report = world.browser.open(world.sato.phone.texts[-1].link + "/report")
    report.says("SHA-256", "田中 翠", "佐藤 花子")


def test_what_has_no_place_in_this_phase_is_not_offered(world: World) -> None:
    stories.taken_on(world)
    page = world.sato.phone.texts[-1].opens()
    assert not [button for button in (DONE, DRAFT, APPROVE, WAIVE, CALM, EDIT, SIGN) if page.offers(button)]
