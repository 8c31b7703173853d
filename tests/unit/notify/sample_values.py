"""What the samples of messages are filled in with, and which moments are of which kind."""

from __future__ import annotations

from datetime import timedelta

from hikeshi.domain.phrases import phrase
from hikeshi.services.messages.discretion import DISCREET, worded_for_few
from tests.builders import NOON

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

RAISED = phrase("why.level", category="contamination", level="critical", posts=3, reposts=742)
"""Why a level rose, as it is stored."""

CONFIRMED = ("verify_contact", "duty_link")

ABOUT_PEOPLE = (*CONFIRMED, "contact_test", "drill_score")
"""Moments that are about the reader, not about an incident."""

TO_EXPERTS = ("expert_asked", "expert_reminded", "expert_withdrawn")
"""Moments that tell an expert from outside who asks, and nothing of the incident."""

UNLINKED = ("source_silent", "mail_lost", "digest", "digest_brief", "contact_report", "contact_lost")
"""Moments that lead to no page, by what they are about."""

LINKLESS = (*UNLINKED, "expert_withdrawn", "parting")
"""Moments that lead to no page: nothing is to be seen there, or not any more."""

ASKING = tuple(
    f"news.{slot}"
    for slot in (
        *("fact_check", "response", "calming", "report", "link_renewed"),
        *("statement_drafted", "statement_approved", "publish_reminded", "publish_late"),
        *("restricted", "restriction_lifted", "admitted", "bulletin_fell", "takedown_requested"),
        *("care_opened", "exposure_seen"),
    )
)
"""Word of where things stand whose reader may have to decide something with the number."""

NUMBERED = ("page", "called_in", "remind", "headquarters", "expert_asked", "expert_reminded", *CONFIRMED)
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


DAY = {
    "since_at": at(-1440),
    "asof_at": at(0),
    "seen": "1,204",
    "seen_day": "+120",
    "seen_week": "−45",
    "ended": "1",
}

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

VIOLENCE = {
    "summary": "危害を予告する投稿",
    "first_key": "first.violence",
    "life_key": "life.violence",
    "new_words": "",
}
SELF_HARM = {
    "summary": "自殺をほのめかす投稿",
    "first_key": "first.self_harm",
    "life_key": "life.self_harm",
    "new_words": "",
}
"""What every message about a life at risk says before all else."""

VIOLENCE_STEPS = {
    "step_1": "110番へ通報し、通報した人・時刻・伝えたことを記録する",
    "step_2": "名指しされた店舗や人へ電話で知らせ、人を近づけない",
    "step_3": "投稿のURL・投稿者名・日時を、画面ごと保存する",
    "step_4": "従業員や元従業員かどうかは、人事だけが確かめる",
    "step_5": "公表を急がず、場所や名前を社外に出さない",
}
SELF_HARM_STEPS = {
    "step_1": "110番へ通報し、通報した人・時刻・伝えたことを記録する",
    "step_2": "投稿のURL・投稿者名・日時を、画面ごと保存する",
    "step_3": "本人を責める返信や、言い争いになる返信をしない",
    "step_4": "従業員や内定者かどうかは、人事だけが確かめる",
    "step_5": "公表をせず、名前や場所を社外に出さない",
}

STAFF = {"summary": "店員の動画", "new_words": ""}

FIRST = {
    "dismiss_key": "ask.dismiss",
    "unproved_key": "called_why.unproved",
    "step_1": "健康被害の有無を最優先で確かめる",
    "step_2": "商品名・製造ロット・購入店を特定する",
    "step_3": "現物の回収と検査の段取りを決める",
    "step_4": "同じロットの出荷を止めるか判断する",
    "step_5": "保健所への報告の要否を確かめる",
}
"""What only the first call says."""

LOT = {"task": "製造ロットと出荷先を特定する", "task_short": "製造ロット特定", "due_at": at(80)}

CORRECTION = {
    "ask_key": "ask.correction_work",
    "what": "休日のロット照会の手順を作る",
    "due_at": at(30 * 1440),
}

TAKEDOWN = {"platform_key": "platform.summary_site", "due_at": at(7 * 24 * 60)}

UP = {"called_key": "called.up", "called_why_key": "called_why.up", "by": "監視デスク 中野 葵"}
"""What a call says that somebody passed on."""

JOINING = {"do_key": "called.join_lead", "lead": "伊藤 学"}

NEW = {"mark_key": "sms.mark"}
"""What word of an incident says first to somebody whom nobody called."""
