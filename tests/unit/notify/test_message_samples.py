"""Every text that a person can get, on one page that a person can read in one go.

The page is ``tests/fixtures/messages.md``. After a change that is meant, write it anew with
``python -m tests.unit.notify.test_message_samples`` and read it aloud before committing it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from hikeshi.domain.assessment import Level
from hikeshi.domain.outbox import Message
from hikeshi.domain.people import Channel
from hikeshi.services.compose import compose
from hikeshi.services.discretion import DISCREET, worded_for_few
from hikeshi.services.message_text import utf16_units
from hikeshi.services.wording import Wording
from tests.builders import NOON, a_message, a_person

PAGE = Path(__file__).parents[2] / "fixtures" / "messages.md"
LINK = "https://r.exmp.jp/Kx7mQ2vT9bLc4NfR8sWzYa"
SENT_AT = NOON + timedelta(minutes=34)
INCIDENT = {
    "summary": "商品に虫の写真",
    "brand": "つきみ製菓",
    "first_post_at": NOON.isoformat(),
    "posts": "3",
    "reposts": "742",
    "per_minute": "18.0",
    "normal_per_minute": "0.30",
    "sigma": "4.10",
    "acceleration": "2.50",
    "new_words": "金属片 回収",
}


CONFIRMED = ("verify_contact", "duty_link")
ABOUT_PEOPLE = (*CONFIRMED, "contact_test", "drill_score")
"""Moments that are about the reader, not about an incident."""

TO_EXPERTS = ("expert_asked", "expert_reminded", "expert_withdrawn")
"""Moments that tell an expert from outside who asks, and nothing of the incident."""

UNLINKED = ("source_silent", "mail_lost", "digest", "digest_brief", "contact_report", "contact_lost")
"""Moments that lead to no page."""

NUMBERED = ("page", "status", "remind", "headquarters", "expert_asked", "expert_reminded", *CONFIRMED)
"""Moments whose reader may have to decide something that wants the two-digit number."""


def at(minutes: int) -> str:
    return (NOON + timedelta(minutes=minutes)).isoformat()


def status(slot: str, **more: str) -> dict[str, str]:
    return {"news_key": f"news.{slot}", "ask_key": f"ask.{slot}"} | more


def parting(why: str) -> dict[str, str]:
    return {"why_key": f"parting.{why}", "how_key": f"parting.{why}_how", DISCREET: "discreet.parting"}


def on_the_clock(kind: str) -> dict[str, str]:
    keys = {"news_key": f"news.{kind}", "ask_key": f"ask.{kind}", "stage_key": "clock_stage.statement"}
    return keys | {"target_at": at(180)}


DAY = {"since_at": at(-1440), "seen": "1,204", "seen_day": "+120", "seen_week": "−45", "ended": "1"}
CALM = DAY | {"open": "0", "opened": "0", "calm_key": "digest.calm"}
DIGEST = DAY | {
    "open": "2",
    "incidents": "2",
    "opened": "1",
    "silent": "1",
    "critical": "1",
    "critical_day": "+1",
    "critical_week": "+1",
    "warning": "1",
    "warning_day": "±0",
    "warning_week": "−2",
    "notice": "4",
    "notice_day": "+1",
    "notice_week": "±0",
    "noticed": "4",
    "more_notices": "2",
    "incident_1_number": "128",
    "incident_1_title": "商品に虫の写真",
    "incident_1_level_key": "level.critical",
    "incident_1_status_key": "status.fact_finding",
    "incident_2_number": "126",
    "incident_2_title": "不適切行為の映像",
    "incident_2_level_key": "level.warning",
    "incident_2_status_key": "status.calming",
    "notice_1_brand": "つきみ製菓",
    "notice_1_category_key": "category.complaint",
    "notice_1_text": "駅前の店、レジで20分待たされた",
    "notice_1_voices": "7",
    "notice_2_brand": "つきみ製菓",
    "notice_2_category_key": "category.boycott",
    "notice_2_text": "もうあそこのチョコは買わないかな",
    "notice_2_voices": "2",
    "silent_1": "口コミ広場",
    "silent_1_since_at": at(-300),
    "share": "87%",
    "right": "13",
    "false": "2",
}

OUTSIDE = {"brand": "つきみ製菓", "by": "法務部 田中 翠", "until_at": at(4320)}
"""What an expert is told: who asks, and until when."""

FEW = worded_for_few({})
"""What a message about an incident that is kept among few says instead of its contents."""

STAFF = {"summary": "店員の動画", "new_words": ""}
FIRST = {
    "dismiss_key": "ask.dismiss",
    "step_1": "健康被害の有無を最優先で確かめる",
    "step_2": "商品名・製造ロット・購入店を特定する",
    "step_3": "現物の回収と検査の段取りを決める",
    "step_4": "同じロットの出荷を止めるか判断する",
    "step_5": "保健所への報告の要否を確かめる",
}
"""What only the first call says."""

LOT = {"task": "製造ロットと出荷日の特定", "due_at": at(80)}

CORRECTION = {
    "ask_key": "ask.correction_work",
    "what": "休日のロット照会の手順を作る",
    "due_at": at(30 * 1440),
}
TAKEDOWN = {"what_key": "platform.summary_site", "due_at": at(7 * 24 * 60)}

SCENES: dict[str, tuple[str, str, Level, dict[str, str]]] = {
    "最初の連絡（重大・役員へ）": ("page", "takahashi", Level.CRITICAL, FIRST | {"next_at": at(39)}),
    "最初の連絡（警戒・監視デスクへ）": (
        "page",
        "nakano",
        Level.WARNING,
        FIRST
        | {
            "summary": "店内の不適切動画",
            "posts": "2",
            "reposts": "12",
            "per_minute": "0.4",
            "sigma": "",
            "acceleration": "",
            "new_words": "",
            "next_at": at(39),
        },
    ),
    "専門家に依頼する": ("expert_asked", "kobayashi", Level.WARNING, OUTSIDE),
    "専門家にあらためて依頼する": ("expert_reminded", "kobayashi", Level.WARNING, OUTSIDE),
    "専門家への依頼を取り下げた": ("expert_withdrawn", "kobayashi", Level.WARNING, OUTSIDE),
    "専門家の意見が届いた": ("status", "tanaka", Level.WARNING, status("expert_answered")),
    "専門家の回答を待っている": ("status", "tanaka", Level.WARNING, status("expert_waiting")),
    "専門家の回答がなかった": ("status", "tanaka", Level.WARNING, status("expert_silent")),
    "関係者限りの最初の連絡": ("page", "tanaka", Level.WARNING, FEW | FIRST | {"next_at": at(39)}),
    "関係者限りの対応のお願い": (
        "task",
        "kato",
        Level.WARNING,
        FEW | {"task_key": "discreet.task", "due_at": at(124), "lead": "田中 彩"},
    ),
    "関係者限りにした": ("status", "kato", Level.WARNING, FEW | status("restricted")),
    "関係者限りを解いた": ("status", "kato", Level.WARNING, status("restriction_lifted")),
    "関係者に加えた": ("status", "suzuki", Level.WARNING, FEW | status("admitted")),
    "関係者限りになり、見られなくなった": ("parting", "suzuki", Level.WARNING, parting("restricted")),
    "関係者から外れた": ("parting", "suzuki", Level.WARNING, parting("excluded")),
    "動きが止まり、あらためて連絡する": (
        "page",
        "nakano",
        Level.CRITICAL,
        {"again_key": "again.expired", "next_at": at(39)},
    ),
    "役員の確認をとる": ("roll_call", "takahashi", Level.CRITICAL, {}),
    "確認していない方がいる": (
        "status",
        "sato",
        Level.CRITICAL,
        {"news_key": "news.roll_call_missing", "ask_key": "ask.roll_call_missing"},
    ),
    "従業員の保護を始めた": ("due", "kato", Level.WARNING, STAFF | status("care_opened")),
    "保護の手順の期限が来た": (
        "due",
        "kato",
        Level.WARNING,
        STAFF | status("care_due", what_key="care.step.contact_person", due_at=at(64)),
    ),
    "従業員を晒す投稿が見つかった": ("due", "tanaka", Level.WARNING, STAFF | status("exposure_seen")),
    "最後の連絡先へ": ("page", "tanaka", Level.CRITICAL, FIRST),
    "担当が決まった": (
        "acknowledged",
        "takahashi",
        Level.CRITICAL,
        {"by": "佐藤 花子", "decided_at": at(33)},
    ),
    "誤検知だった": (
        "dismissed",
        "takahashi",
        Level.CRITICAL,
        {"by": "佐藤 花子", "decided_at": at(33), "reason": "他社の商品の写真でした"},
    ),
    "事実確認が始まった": ("status", "sato", Level.CRITICAL, status("fact_check", next_at=at(90))),
    "対応が始まった": ("status", "sato", Level.CRITICAL, status("response", next_at=at(90))),
    "公表文の承認を頼む": ("status", "tanaka", Level.CRITICAL, status("statement_drafted")),
    "公表文が承認された": (
        "status",
        "suzuki",
        Level.CRITICAL,
        {"news_key": "news.statement_approved", "next_at": at(213)},
    ),
    "承認された公表文がまだ公表されていない": ("status", "sato", Level.CRITICAL, status("publish_reminded")),
    "公表文がまだ公表されていない（役員へ）": ("status", "takahashi", Level.CRITICAL, status("publish_late")),
    "公表文の根拠が崩れた": (
        "statement_flagged",
        "tanaka",
        Level.CRITICAL,
        {"claim": "写真の商品は半年前に出荷したもの", "out_key": "flagged.published"},
    ),
    "次の更新が近い": ("status", "suzuki", Level.CRITICAL, status("promise_near", next_at=at(213))),
    "次の更新が遅れた": ("status", "sato", Level.CRITICAL, status("promise_missed")),
    "公表が遅れる見込み（対策本部長へ）": (
        "clock",
        "sato",
        Level.CRITICAL,
        on_the_clock("clock_behind"),
    ),
    "公表の遅れが続く見込み（役員へ）": (
        "clock",
        "takahashi",
        Level.CRITICAL,
        on_the_clock("clock_still_behind"),
    ),
    "公表の目標を過ぎた": ("clock", "suzuki", Level.CRITICAL, on_the_clock("clock_broken")),
    "長く動きがない": (
        "clock",
        "sato",
        Level.WARNING,
        {"news_key": "news.stood_still", "ask_key": "ask.stood_still"},
    ),
    "対策本部に呼ばれた": ("headquarters", "ito", Level.CRITICAL, {"chief": "佐藤 花子"}),
    "対策本部の出席を催促する": ("status", "ito", Level.CRITICAL, status("hq_roll")),
    "対策本部の出席が足りない": ("status", "sato", Level.CRITICAL, status("hq_incomplete")),
    "共通認識が出た": ("bulletin", "ito", Level.CRITICAL, {"bulletin": "1"}),
    "共通認識の新しい号が出た": (
        "bulletin",
        "ito",
        Level.CRITICAL,
        {"bulletin": "2", "replaces_key": "bulletin_out.replaces"},
    ),
    "共通認識を読んでいない": ("status", "ito", Level.CRITICAL, status("bulletin_unread")),
    "共通認識を読んでいない方がいる": ("status", "sato", Level.CRITICAL, status("bulletin_laggards")),
    "共通認識の根拠が崩れた": ("status", "sato", Level.CRITICAL, status("bulletin_fell")),
    "共通認識が撤回された（読んだ方へ）": (
        "bulletin_withdrawn",
        "ito",
        Level.CRITICAL,
        {"bulletin": "2", "reason": "出荷の時期に誤りがありました", "out_key": "bulletin_out.read"},
    ),
    "共通認識が撤回された（読んでいない方へ）": (
        "bulletin_withdrawn",
        "ito",
        Level.CRITICAL,
        {"bulletin": "2", "reason": "出荷の時期に誤りがありました", "out_key": "bulletin_out.unread"},
    ),
    "見守りに入った": ("status", "sato", Level.CRITICAL, status("calming")),
    "報告書の下書きができた": ("status", "sato", Level.CRITICAL, status("report")),
    "対応に加わった方に振り返りを頼む": ("due", "ito", Level.WARNING, status("report_feedback")),
    "是正措置が期限": ("due", "ito", Level.WARNING, CORRECTION | {"news_key": "news.correction_work_due"}),
    "是正措置が期限を過ぎた": (
        "due",
        "sato",
        Level.WARNING,
        CORRECTION | {"news_key": "news.correction_work_late"},
    ),
    "是正措置の効果を確かめる": (
        "due",
        "ito",
        Level.WARNING,
        CORRECTION | {"news_key": "news.correction_check_due", "ask_key": "ask.correction_check"},
    ),
    "是正措置の効果がまだ確かめられていない": (
        "due",
        "sato",
        Level.WARNING,
        CORRECTION | {"news_key": "news.correction_check_late", "ask_key": "ask.correction_check"},
    ),
    "上申された": ("status", "takahashi", Level.CRITICAL, {"news_key": "news.escalated"}),
    "部門へのお願い": (
        "task",
        "ito",
        Level.CRITICAL,
        {
            "task": "製造ロットと出荷日の特定 ほか1件",
            "due_at": at(80),
            "lead": "佐藤 花子",
            "department_key": "role.quality",
            "item_1": "製造ロットと出荷日の特定",
            "item_1_due_at": at(80),
            "item_2": "現物の検査を手配し、結果の出る時刻を知らせる",
            "item_2_due_at": at(170),
            "card_1": "製造記録から、製造日と出荷日を先に確かめる",
            "card_2": "現物はお預かりした状態のまま保管し、検査の前に洗わない",
        },
    ),
    "新しく関わる部門へ": ("status", "tanaka", Level.CRITICAL, status("engaged")),
    "原因の判断が変わり、公表文を書き直す": (
        "status",
        "suzuki",
        Level.CRITICAL,
        status("statement_overtaken"),
    ),
    "作業の期限が近い": ("task_near", "ito", Level.CRITICAL, LOT),
    "作業の期限を過ぎた": ("task_late", "sato", Level.CRITICAL, LOT),
    "回答の催促": (
        "remind",
        "sato",
        Level.CRITICAL,
        {"slot_key": "slot.fact_check", "ask_key": "ask.fact_check", "waiting_since_at": at(4)},
    ),
    "事後の見守りで、週に一度の確認を頼む": ("due", "sato", Level.WARNING, status("care_check")),
    "お客様への返信が期限": (
        "due",
        "watanabe",
        Level.WARNING,
        status("reply_due", case="CS-1042", due_at=at(1440)),
    ),
    "補償の期限が近い": (
        "due",
        "watanabe",
        Level.WARNING,
        {
            "news_key": "news.compensation_near",
            "ask_key": "ask.compensation_near",
            "case": "CS-1042",
            "what": "¥3,240",
            "due_at": at(7 * 1440),
        },
    ),
    "補償が期限を過ぎた": (
        "due",
        "sato",
        Level.WARNING,
        {
            "news_key": "news.compensation_late",
            "ask_key": "ask.compensation_late",
            "case": "CS-1042",
            "what": "¥3,240",
            "due_at": at(0),
        },
    ),
    "お客様相談室の応援を頼む": ("due", "yamada", Level.CRITICAL, status("surge_begun")),
    "お客様相談室の応援が終わった": ("due", "yamada", Level.CRITICAL, status("surge_ended")),
    "事後の見守りが終わった": ("due", "sato", Level.WARNING, status("care_ended")),
    "削除依頼の承認を頼む": ("status", "tanaka", Level.CRITICAL, status("takedown_requested")),
    "削除依頼が承認された": ("status", "suzuki", Level.CRITICAL, status("takedown_approved")),
    "同じ文面の投稿が見つかった": ("status", "suzuki", Level.CRITICAL, status("takedown_mirror")),
    "依頼した投稿が消えた": ("status", "suzuki", Level.CRITICAL, status("takedown_removed")),
    "消えた投稿がまた見られる": ("status", "suzuki", Level.CRITICAL, status("takedown_seen_again")),
    "削除依頼が送られていない": ("due", "suzuki", Level.CRITICAL, TAKEDOWN | status("takedown_unsent")),
    "削除依頼の期限が近い": ("due", "suzuki", Level.CRITICAL, TAKEDOWN | status("takedown_near")),
    "削除依頼の期限を過ぎた": ("due", "suzuki", Level.CRITICAL, TAKEDOWN | status("takedown_overdue")),
    "自社の投稿の対応が残っている": ("due", "suzuki", Level.CRITICAL, status("own_post_silent")),
    "レベルが上がった": (
        "level_raised",
        "sato",
        Level.CRITICAL,
        {"from_key": "level.warning", "why": "1分あたり18件に増えました"},
    ),
    "対応が完了した": (
        "closed",
        "takahashi",
        Level.CRITICAL,
        {"closed_at": at(33), "after_care_at": at(30 * 24 * 60)},
    ),
    "収集が止まった": (
        "source_silent",
        "nakano",
        Level.WARNING,
        {"source": "口コミ広場", "last_success_at": at(20)},
    ),
    "メールの登録が外れた": ("mail_lost", "nakano", Level.NOTICE, {"people": "高橋 誠"}),
    "投稿が来なくなった": (
        "source_silent",
        "nakano",
        Level.WARNING,
        {"source": "口コミ広場", "last_success_at": at(20), "expected": "12"},
    ),
    "到達確認": ("contact_test", "takahashi", Level.NOTICE, {}),
    "到達確認の結果": (
        "contact_report",
        "nakano",
        Level.NOTICE,
        {
            "started_at": at(-1300),
            "pressed": "21",
            "count": "2",
            "silent": "2",
            "silent_1": "高橋 誠",
            "silent_1_on_key": "contact_test.sms",
            "silent_2": "加藤 薫",
            "silent_2_on_key": "contact_test.both",
        },
    ),
    "到達確認の結果（全員）": (
        "contact_report",
        "nakano",
        Level.NOTICE,
        {"started_at": at(-1300), "pressed": "23", "count": "0", "everybody_key": "contact_test.everybody"},
    ),
    "連絡先が届かなくなった": (
        "contact_lost",
        "nakano",
        Level.NOTICE,
        {"person": "高橋 誠", "channel_key": "channel.sms"},
    ),
    "朝のまとめ（監視デスクへ）": ("digest", "nakano", Level.NOTICE, DIGEST),
    "朝のまとめ（役員へ）": ("digest_brief", "takahashi", Level.NOTICE, DIGEST),
    "朝のまとめ（何もなかった日）": ("digest", "nakano", Level.NOTICE, CALM),
    "連絡先の確認を頼む": ("verify_contact", "sato", Level.NOTICE, {}),
    "当番と不在の画面を案内する": ("duty_link", "nakano", Level.NOTICE, {}),
    "訓練の最初の連絡（重大・役員へ）": ("page", "takahashi", Level.CRITICAL, FIRST | {"next_at": at(39)}),
    "訓練の採点": (
        "drill_score",
        "nakano",
        Level.NOTICE,
        {"scenario": "菓子の虫", "points": "74", "started_at": at(0), "silent": "1"},
    ),
}


def render() -> str:
    return "\n".join(("# 届く文面", "", *_sections(Wording("ja")))).rstrip() + "\n"


def _sections(wording: Wording) -> Iterator[str]:
    for scene, (moment, person_id, level, params) in SCENES.items():
        yield f"## {scene}"
        about_incident = moment not in (*UNLINKED, *ABOUT_PEOPLE)
        linked = moment not in (*UNLINKED, "expert_withdrawn", "parting")
        for channel in Channel:
            message = a_message(
                person_id=person_id,
                channel=channel,
                moment=moment,
                level=level,
                params=(INCIDENT if about_incident and not _says_little(moment, params) else {}) | params,
                incident_number=128 if about_incident else 0,
                check_number="47" if moment in NUMBERED else "",
                drill="a-drill" if scene.startswith("訓練") else "",
            )
            yield from _sample(message, link=LINK if linked else None, wording=wording)


def _says_little(moment: str, params: dict[str, str]) -> bool:
    return DISCREET in params or moment in TO_EXPERTS


def _sample(message: Message, *, link: str | None, wording: Wording) -> Iterator[str]:
    person = a_person(message.person_id)
    composed = compose(message, person=person, link=link, wording=wording, at=SENT_AT)
    if message.channel is Channel.SMS:
        units = utf16_units(composed.text)
        yield from (f"SMS（{units}字、{composed.parts}通）", "```", composed.text, "```")
    else:
        yield from ("メール", "```", f"件名: {composed.subject}", "", composed.text.rstrip(), "```")
    yield ""


def test_every_text_is_the_one_that_was_read_and_agreed_on() -> None:
    assert render() == PAGE.read_text(encoding="utf-8")


def test_every_moment_of_the_catalogue_has_a_sample() -> None:
    moments = {key.split(".")[1] for key in Wording() if key.startswith("message.")}
    assert {moment for moment, *_ in SCENES.values()} == moments


def test_no_sample_has_a_gap_or_a_placeholder() -> None:
    text = render()
    assert not any(flaw in text for flaw in ("—", "{", "}", "None", "「」"))


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
