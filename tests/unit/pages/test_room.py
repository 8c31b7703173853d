"""What the page says, at every point of an incident and to everyone who opens it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from hikeshi.domain.actions import Role
from hikeshi.domain.incidents import Slot
from hikeshi.domain.peril import Peril
from hikeshi.domain.pulse import NO_PULSE
from hikeshi.domain.reports import Signature
from hikeshi.domain.statements import Statement
from hikeshi.domain.timeline import TimelineEvent
from hikeshi.services.messages.notices import incident_params
from tests.builders import NOON, a_statement, an_approval, an_approved_statement
from tests.unit.pages import scenes
from tests.unit.pages.conftest import Opener
from tests.unit.pages.scenes import decided, event
from tests.unit.pages.stage import Stage


def words(html: str) -> str:
    """The page as somebody hears it read out: no tags, no style."""
    body = re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


def test_the_first_screen_says_how_bad_what_how_fast_how_long_and_who(open_stage: Opener) -> None:
    head = words(open_stage(scenes.found()).room().text.split("</header>")[0])
    for said in ("重大", "#128", "異物混入を訴える写真", "0:41", "2:19", "18件", "平常 0.3件", "未定"):
        assert said in head


def test_the_page_says_how_unusual_the_pace_is_and_why_the_level(open_stage: Opener) -> None:
    head, rest = map(words, open_stage(scenes.found()).room().text.split("</header>"))
    assert "平常の61倍、直近10分で加速" in head
    assert "σ" not in head
    assert "平常との差は、ふだんの増減の幅の8.4倍（+8.4σ）" in rest
    assert "平常の61倍（+8.4σ）" in open_stage(scenes.found()).room("nakano").text.split("</header>")[0]
    assert "ふだん出ない言葉 混入、回収" in rest
    assert "レベルの理由 引用・転載が300件以上になりました" in rest


@pytest.mark.parametrize(("minutes", "pace", "said"), [(5, "6件", "加速"), (25, "0件", ""), (600, "0件", "")])
def test_the_pace_falls_by_itself_when_no_more_posts_come(
    open_stage: Opener, minutes: int, pace: str, said: str
) -> None:
    scene = scenes.found()
    pulse = NO_PULSE.with_voices(60, start=scene.at - timedelta(minutes=4), end=scene.at)
    incident = scene.room.incident
    counted = replace(incident, spread=replace(incident.spread, pulse=pulse))
    room = replace(scene.room, incident=counted)
    later = replace(scene, room=room, at=scene.at + timedelta(minutes=minutes))
    head = words(open_stage(later).room().text.split("</header>")[0])
    assert f"勢い（直近10分） 毎分{pace} 転載を含む。平常 0.3件" in head
    told = incident_params(counted, at=later.at)
    assert f"{float(told['per_minute']):g}件" == pace, "a message of the same minute tells the same"
    assert "集計" not in head
    assert ("加速" in head) == bool(said)


def test_a_pace_that_cannot_be_told_for_now_says_when_it_was_measured(open_stage: Opener) -> None:
    scene = scenes.found()
    later = replace(scene, at=scene.at + timedelta(minutes=25))
    head = words(open_stage(later).room().text.split("</header>")[0])
    assert "勢い（直近10分） 毎分18件 転載を含む。平常 0.3件（13:37 集計）" in head
    assert "加速" not in head


def test_a_page_names_whom_it_is_for(open_stage: Opener) -> None:
    assert "この画面は 広報部　佐藤 花子さん宛です。" in open_stage(scenes.found()).room().text


def test_the_first_screen_says_what_comes_next_and_by_when(open_stage: Opener) -> None:
    scene = scenes.found()
    asked = replace(scene.room.slot(Slot.TRIAGE), task_token="token", asked_at=scene.at)
    waiting = replace(scene.room.incident, next_page_at=scene.at + timedelta(minutes=5))
    room = replace(scene.room, incident=waiting, slots=(asked,))
    head = words(open_stage(replace(scene, room=room)).room().text.split("</header>")[0])
    assert "次：担当の決定（13:43に次の方へ連絡）" in head


def called_again(open_stage: Opener, *reached: str, again_in: int | None) -> str:
    scene = scenes.lapsed()
    next_page_at = scene.at + timedelta(minutes=again_in) if again_in is not None else None
    incident = replace(scene.room.incident, reached=reached, next_page_at=next_page_at)
    page = open_stage(replace(scene, room=replace(scene.room, incident=incident))).room().text
    return words(page.split("</header>")[0])


def test_after_a_lapse_the_first_screen_says_who_is_called_and_when_the_next_follows(
    open_stage: Opener,
) -> None:
    head = called_again(open_stage, "sato", "nakano", again_in=5)
    assert "呼び出し中：中野 葵、佐藤 花子（14:52 に次の方を呼びます）" in head
    assert "次：" not in head


def test_of_many_who_are_called_the_latest_are_named(open_stage: Opener) -> None:
    head = called_again(open_stage, "sato", "nakano", "ito", "watanabe", "takahashi", again_in=None)
    assert "呼び出し中：高橋 誠、渡辺 結、伊藤 学 ほか2名（全員に連絡しました）" in head


def test_before_the_first_call_of_a_round_it_says_that_somebody_is_called(open_stage: Opener) -> None:
    assert "次：担当の呼び出し（自動で進みます）" in called_again(open_stage, again_in=0)


def test_right_after_somebody_took_it_the_head_says_who_checks_the_facts(open_stage: Opener) -> None:
    scene = scenes.found()
    taken = replace(scene.room, slots=(decided(Slot.TRIAGE, 40, choice="acknowledged"),))
    head = words(open_stage(replace(scene, room=taken)).room().text.split("</header>")[0])
    assert "次：事実確認（担当の佐藤 花子さんと関係部署の方が確認します）" in head


def test_the_head_says_published_once_the_statement_is_out(open_stage: Opener) -> None:
    statement = replace(an_approved_statement(), approved_at=scenes.minute(78))

    def head(shown: Statement) -> str:
        return words(open_stage(scenes.responding(statement=shown)).room().text.split("</header>")[0])

    assert "14:15 に承認済み" in head(statement)
    out = replace(statement, published_by="sato", published_at=scenes.minute(80))
    assert "14:17 に公表済み" in head(out)


def test_a_finished_incident_waits_for_nothing(open_stage: Opener) -> None:
    assert "次：" not in words(open_stage(scenes.closed()).room().text.split("</header>")[0])


def test_one_main_button_at_every_point_where_something_is_asked(open_stage: Opener) -> None:
    for scene in (scenes.found(), scenes.checking(), scenes.calming(), scenes.reporting()):
        page = open_stage(scene).room().text
        assert len(re.findall(r'class="(?:button )?main"', page)) == 1


@pytest.mark.parametrize(
    ("scene", "person", "asked"),
    [
        (scenes.found(), "sato", "担当する"),
        (scenes.checking(), "ito", "事実を確認する"),
        (scenes.responding(), "ito", "自分の対応を報告する"),
        (scenes.responding(), "tanaka", "公表文を確認する"),
        (scenes.responding(statement=None), "sato", "公表文を書く"),
        (scenes.calming(), "sato", "沈静化を判断する"),
        (scenes.reporting(), "suzuki", "報告書に書き加える"),
        (scenes.to_sign(), "tanaka", "報告書を確認して署名する"),
    ],
)
def test_each_is_asked_for_what_is_theirs_to_do(
    open_stage: Opener, scene: scenes.Scene, person: str, asked: str
) -> None:
    page = open_stage(scene).room(person).text
    (main,) = re.findall(r'class="(?:button )?main"[^>]*>([^<]+)<', page)
    assert main == asked


def test_who_has_nothing_to_do_when_it_is_over_is_told_so(open_stage: Opener) -> None:
    page = open_stage(scenes.closed()).room("sato").text
    assert "お願いすることはありません" in page
    assert 'class="main"' not in page
    assert "報告書に書き加える" not in page
    assert "是正措置と変更の画面を開く" in page


PUT_OUT = a_statement(
    approved_by="tanaka", approved_at=NOON, published_at=NOON, next_update_at=NOON + timedelta(hours=4)
)


@pytest.mark.parametrize(
    ("scene", "person", "said"),
    [
        (
            scenes.responding(),
            "yoshida",
            "伊藤 学さん、鈴木 健さんの対応（残り2件）を待っています。公表文の承認を待っています。",
        ),
        (scenes.responding(statement=None), "yoshida", "公表文の案を待っています。"),
        (scenes.responding(statement=PUT_OUT), "yoshida", "を待っています。次の更新は16:57の予定です。"),
        (scenes.calming(), "yoshida", "の方による、沈静化の判断を待っています。"),
        (scenes.reporting(), "yoshida", "佐藤 花子さんが報告書を仕上げるのを待っています。"),
        (scenes.to_sign(), "yoshida", "報告書の署名を待っています。"),
    ],
)
def test_who_has_nothing_to_do_learns_what_comes_next_and_from_whom(
    open_stage: Opener, scene: scenes.Scene, person: str, said: str
) -> None:
    page = open_stage(scene).room(person).text
    assert said in page
    assert "お願いすることはありません" not in page
    assert 'class="main"' not in page


def test_who_waits_for_a_headquarters_learns_how_many_it_still_needs(open_stage: Opener) -> None:
    gathered = scenes.gathered()
    called = gathered.room.headquarters
    assert called is not None
    few = replace(called, attendance=called.attendance[:1], established_at=None)
    page = open_stage(replace(gathered, room=replace(gathered.room, headquarters=few))).room("yoshida").text
    assert "対策本部の成立まで、あと2人の出席が必要です。" in page


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("kuchikomi", "口コミ広場"),
        ("webhook", "受信口に届いた投稿"),
        ("x-brand-1", "一覧にない収集元（x-brand-1）"),
    ],
)
def test_a_source_goes_by_its_name_and_never_by_an_id_alone(
    open_stage: Opener, source: str, said: str
) -> None:
    scene = scenes.found()
    incident = replace(scene.room.incident, source=source, sources=(source,))
    found = replace(scene, room=replace(scene.room, incident=incident), alerts=())
    page = words(open_stage(found).room().text)
    assert said in page
    assert not re.search(rf"(?<!（){source}", page)


def test_who_opens_it_late_sees_who_has_it_and_since_when(open_stage: Opener) -> None:
    assert "佐藤 花子さんが 13:40 から担当しています。" in open_stage(scenes.checking()).room("suzuki").text


def test_a_decision_counts_before_the_workflow_has_moved(open_stage: Opener) -> None:
    scene = scenes.found()
    taken = replace(scene.room, slots=(decided(Slot.TRIAGE, 40, choice="acknowledged"),))
    page = open_stage(replace(scene, room=taken)).room("suzuki").text
    assert "/acknowledge" not in page
    assert "佐藤 花子さんが 13:37 から担当しています。" in page


def test_s0_11_an_action_of_others_says_whose_it_is(open_stage: Opener) -> None:
    page = open_stage(scenes.responding()).room("ito").text
    assert "この操作は対策本部長、法務、役員の方が行えます。" in page
    assert "/approve-statement" not in page


def test_nobody_approves_their_own_text(open_stage: Opener) -> None:
    scene = scenes.responding()
    assert scene.room.statement is not None
    own = replace(scene.room, statement=replace(scene.room.statement, drafted_by="takahashi"))
    page = open_stage(replace(scene, room=own)).room("takahashi").text
    assert "文案を書いた方以外の承認が必要です。" in page
    assert "/approve-statement" not in page


def test_one_approval_waits_for_another_in_a_different_role(open_stage: Opener) -> None:
    scene = scenes.responding(statement=a_statement(approvals=(an_approval("tanaka"),)))
    page = open_stage(scene).room("tanaka").text
    assert "もうお一人の承認を待っています。" in page
    assert "/approve-statement" not in page
    assert "/approve-statement" in open_stage(scene).room("sato").text


def test_whoever_signed_waits_for_somebody_else(open_stage: Opener) -> None:
    signed = (Signature(by="sato", at=scenes.minute(344), roles=frozenset({Role.LEAD})),)
    page = open_stage(scenes.to_sign(signatures=signed)).room("sato").text
    assert "あなたの署名は記録しました。もうお一人の署名を待っています。" in page
    assert "/sign-report" not in page


def test_a_report_with_gaps_names_them_and_cannot_be_signed(open_stage: Opener) -> None:
    page = open_stage(scenes.reporting()).room("tanaka").text
    assert "対応の評価を記入してください。" in page
    assert "/sign-report" not in page


def test_s2_5_whoever_may_publish_is_asked_for_an_approved_text_before_all_else(open_stage: Opener) -> None:
    approved = an_approved_statement()
    asked = '<a class="button main" href="{}/statement#publish">公表して記録する</a>'
    browser = open_stage(scenes.responding(statement=approved))
    for person in ("suzuki", "sato"):
        link = browser.stage.link(person)
        assert asked.format(link) in browser.get(f"/r/{link}").text
    assert "公表して記録する" not in browser.room("ito").text
    for over in (approved_and_out(), replace(approved, flagged_at=NOON)):
        assert "公表して記録する" not in open_stage(scenes.responding(statement=over)).room("suzuki").text


def approved_and_out() -> Statement:
    return an_approved_statement(published_by="suzuki", published_at=NOON)


def test_a_late_task_and_a_late_statement_say_by_how_much(open_stage: Opener) -> None:
    page = open_stage(replace(scenes.responding(), at=scenes.minute(200))).room().text
    assert "期限を2時間過ぎています" in page
    assert "0:20 超過" in page


def test_the_readers_own_tasks_come_first_and_open(open_stage: Opener) -> None:
    page = open_stage(scenes.responding()).room("suzuki").text
    groups = re.findall(r"<h3>([^<]+)</h3>\s*<ul", page)
    assert groups[0] == "広報（あなたの対応）"
    assert "<details open>" in page.split("第一報の準備", 1)[1].split("</li>", 1)[0]


@pytest.mark.parametrize("scene", [scenes.closed(), replace(scenes.dismissed(), at=scenes.minute(60))])
def test_a_finished_incident_offers_no_form(open_stage: Opener, scene: scenes.Scene) -> None:
    page = open_stage(scene).room().text
    assert "<form" not in page
    assert "is-calm" in page


@pytest.mark.parametrize("age", [timedelta(hours=72), timedelta(hours=95)])
def test_an_old_link_only_shows(open_stage: Opener, age: timedelta) -> None:
    browser = open_stage(scenes.found())
    page = browser.get(f"/r/{browser.stage.link(age=age)}").text
    assert "このリンクは閲覧のみになりました。" in page
    assert "<form" not in page


def test_a_link_without_a_number_offers_nothing_that_needs_one(open_stage: Opener) -> None:
    browser = open_stage(scenes.calming())
    page = browser.get(f"/r/{browser.stage.link(number='')}").text
    assert "この操作には確認番号が必要です。" in page
    assert 'name="check_number"' not in page


def test_the_emptiest_incident_is_a_whole_page(open_stage: Opener) -> None:
    said = words(open_stage(scenes.quiet_notice()).room().text)
    assert "保存された投稿はまだありません。" in said
    assert "まだ記録がありません。" in said
    assert "推移を示す投稿がまだありません。" in said


def test_the_quoted_post_stands_with_its_own_time_and_the_first_beside_it(open_stage: Opener) -> None:
    scene = scenes.found()
    ((alert, kept),) = scene.alerts
    quoted = replace(
        kept[0], post=replace(kept[0].post, text="虫が入っていた", published_at=scenes.minute(2))
    )
    earlier = replace(kept[0], post=replace(kept[0].post, id="earlier", published_at=NOON))
    incident = replace(scene.room.incident, quote="虫が入っていた", first_post_at=NOON)
    scene = replace(
        scene,
        room=replace(scene.room, incident=incident),
        alerts=((alert, (earlier, quoted)),),
    )
    assert "12:59　口コミ広場（最初の投稿は 12:57）" in open_stage(scene).room().text
    only = replace(scene, alerts=((alert, (earlier,)),))
    assert "（最初の投稿は" not in open_stage(only).room().text


def test_authors_are_never_shown(open_stage: Opener) -> None:
    for person in ("sato", "nakano", "takahashi"):
        assert "author_" not in open_stage(scenes.found()).room(person).text


def test_only_desk_and_lead_see_where_a_post_stands_and_nobody_gets_a_link_to_it(open_stage: Opener) -> None:
    assert "https://kuchikomi.example.jp/posts/0" in open_stage(scenes.found()).room("nakano").text
    assert "https://kuchikomi" not in open_stage(scenes.found()).room("ito").text
    assert 'href="http' not in open_stage(scenes.found()).room("nakano").text


def test_the_check_number_is_in_the_message_and_never_on_the_page(open_stage: Opener) -> None:
    browser = open_stage(scenes.found())
    page = browser.get(f"/r/{browser.stage.link(number='83')}").text
    assert not re.search(r"(?<![0-9a-f.])83(?![0-9a-f])", page.split("</style>")[1])


def test_the_timeline_is_told_newest_first_by_name(open_stage: Opener) -> None:
    scene = scenes.responding()
    last = (event("paged", 90, step="last", people="takahashi,tanaka"),)
    page = open_stage(replace(scene, events=scene.events + last)).room().text
    moments = re.findall(r"<time[^>]*>([^<]+)</time><span[^>]*>([^<]+)<", page)
    assert moments[0] == ("14:27", "最後の連絡先（高橋 誠、田中 翠）へ連絡しました。")
    assert moments[-1] == ("12:58", "投稿を検知しました。")
    assert ("13:40", "状態が「検知」から「担当決定」に変わりました。") in moments
    assert (
        "13:49",
        "「投稿の写真は当社の商品ですか」の確認結果：「はい」と確認。根拠：ロット番号を写真で確かめました",
    ) in moments


def test_the_page_can_be_read_in_english(open_stage: Opener) -> None:
    set_up = Stage(language="en").play(scenes.found())
    page = set_up.desk().show(set_up.link()).body
    assert '<html lang="en">' in page
    assert "What is happening" in page


def test_whoever_was_neither_called_nor_did_anything_is_not_listed_as_on_it(open_stage: Opener) -> None:
    def listed(*events: TimelineEvent) -> str:
        page = words(open_stage(replace(scenes.found(), events=events)).room("sato").text)
        return page.split("連絡した人・対応している人")[1].split("判断に迷うとき")[0].strip()

    assert listed() == "まだだれにも連絡していません。"
    assert listed(event("paged", 1, step="1", people="nakano,ito")) == "品質保証 伊藤 学 監視デスク 中野 葵"


def test_where_a_life_is_at_stake_no_bar_lies_over_the_call_for_help(open_stage: Opener) -> None:
    page = open_stage(scenes.endangering(scenes.found(), Peril.VIOLENCE)).room("sato").text
    assert page.index('id="life"') < page.index('class="bar worked below')
    assert 'class="bar worked below' not in open_stage(scenes.found()).room("sato").text
