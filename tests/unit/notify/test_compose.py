from __future__ import annotations

import re
import unicodedata
from datetime import timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hikeshi.domain.assessment import Level
from hikeshi.domain.people import Channel
from hikeshi.domain.playbooks import LONGEST_SHORT
from hikeshi.services.messages.compose import LEAST_FIRST_SUMMARY, ComposedText, compose
from hikeshi.services.messages.message_text import sms_parts, utf16_units
from hikeshi.services.messages.parting import PARTING
from hikeshi.services.messages.short_titles import short_title
from hikeshi.services.messages.wording import LANGUAGES, Wording
from tests.builders import NOON, a_message, a_person

TOKEN = "Kx7mQ2vT9bLc4NfR8sWzYa"
SHORT = f"https://r.exmp.jp/{TOKEN}"
LONG = f"https://a1b2c3d4e5.execute-api.ap-northeast-1.amazonaws.com/prod/r/{TOKEN}"
MOMENTS = sorted({key.split(".")[1] for key in Wording() if key.startswith("message.")})
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=300)
LINKISH = re.compile(r"[a-z][a-z0-9+.-]*:\S|\S@\S|[^\s.]\.[^\s.\d…]|\d\.\d+\.\d", re.IGNORECASE)

SPREAD = {
    "summary": "商品に虫の写真",
    "brand": "つきみ製菓",
    "posts": "3",
    "reposts": "742",
    "per_minute": "18.0",
    "normal_per_minute": "0.30",
    "first_post_at": NOON.isoformat(),
}


def written(
    moment: str = "page",
    channel: Channel = Channel.SMS,
    *,
    link: str | None = SHORT,
    level: Level = Level.CRITICAL,
    language: str = "ja",
    number: str = "47",
    values: dict[str, str] | None = None,
    several_brands: bool = False,
    **params: str,
) -> ComposedText:
    message = a_message(
        moment=moment,
        channel=channel,
        level=level,
        check_number=number,
        params=SPREAD | params | (values or {}),
    )
    return compose(
        message,
        person=a_person("takahashi"),
        link=link,
        wording=Wording(language),
        at=NOON + timedelta(minutes=34),
        several_brands=several_brands,
    )


def test_a_page_fits_one_segment_when_the_host_is_short() -> None:
    page = written()
    assert page.text == f"【重大】#128 商品に虫の写真 18件/分\n確認番号47\n{SHORT}"
    assert utf16_units(page.text) <= 70
    assert page.parts == 1


def test_a_message_without_a_number_prints_none() -> None:
    page = written(level=Level.WARNING, number="", summary="店内の不適切動画", per_minute="0.2", reposts="12")
    assert page.text == f"【警戒】#128 つきみ製菓 店内の不適切動画 転載12件\n{SHORT}"


def test_where_several_brands_are_watched_the_first_sms_names_the_one_before_the_spread() -> None:
    page = written(several_brands=True)
    assert page.text == f"【重大】#128 つきみ製菓 商品に虫の写真\n確認番号47\n{SHORT}"
    long = written(several_brands=True, brand="ひのでホールディングス", summary="異物混入を訴える写真")
    assert long.text == f"【重大】#128 ひのでホ… 異物混入の訴え\n確認番号47\n{SHORT}"


def test_an_sms_names_the_only_brand_where_there_is_room() -> None:
    assert written(link=LONG).text.startswith("【重大】#128 つきみ製菓 商品に虫の写真 18件/分\n")
    closed = written("closed", number="", values={"closed_at": NOON.isoformat()})
    assert closed.text == f"#128 対応を完了しました つきみ製菓 商品に虫の写真\n{SHORT}"


@settings(deadline=None)
@given(brand=ANY_TEXT, summary=ANY_TEXT, level=st.sampled_from([Level.WARNING, Level.CRITICAL]))
def test_a_first_page_that_names_its_brand_still_fits_one_segment(
    brand: str, summary: str, level: Level
) -> None:
    assert written(several_brands=True, level=level, values={"brand": brand, "summary": summary}).parts == 1


UP = {"called_key": "called.up", "called_why_key": "called_why.up", "by": "監視デスク 中野 葵"}


def test_an_sms_of_stepping_up_says_so_by_whom_and_what_it_is_about() -> None:
    page = written(level=Level.WARNING, values=UP | {"do_key": "called.untaken"})
    said = (
        "【警戒】#128 上申：監視デスク 中野 葵さん つきみ製菓 商品に虫の写真 18件/分 担当が決まっていません"
    )
    assert page.text == f"{said}\n確認番号47\n{SHORT}"
    assert page.parts == 2


def test_whoever_is_called_in_late_learns_level_brand_matter_and_what_to_do() -> None:
    called = written(
        "called_in", level=Level.WARNING, values=UP | {"do_key": "called.join_lead", "lead": "伊藤 学"}
    )
    asked = "伊藤 学さんと対応をお願いします"
    said = f"【警戒】#128 上申：監視デスク 中野 葵さん つきみ製菓 商品に虫の写真 {asked}"
    assert called.text == f"{said}\n確認番号47\n{SHORT}"
    mail = written(
        "called_in",
        Channel.MAIL,
        level=Level.WARNING,
        values=UP | {"do_key": "called.join_lead", "lead": "伊藤 学"},
    )
    assert mail.subject == "【警戒】#128 上申：監視デスク 中野 葵さん 商品に虫の写真（13:31）つきみ製菓"
    assert (
        "監視デスク 中野 葵さんから上申がありました。\n伊藤 学さんが担当として対応しています。" in mail.text
    )


@settings(deadline=None)
@given(by=st.text(min_size=20, max_size=80), summary=ANY_TEXT, brand=ANY_TEXT)
def test_a_call_for_help_takes_two_parts_at_most_and_says_what_it_is(
    by: str, summary: str, brand: str
) -> None:
    values = UP | {"by": by, "summary": summary, "brand": brand, "do_key": "called.join"}
    for link in (SHORT, LONG):
        called = written("called_in", link=link, values=values)
        assert called.parts <= 2
        assert called.text.startswith("【重大】#128 上申：")


def test_a_second_call_says_that_it_is_one() -> None:
    again = written(level=Level.WARNING, values={"called_key": "called.again"})
    assert again.text == f"【警戒】#128 再連絡 商品に虫の写真\n確認番号47\n{SHORT}"


def test_word_to_somebody_whom_nobody_called_begins_with_the_level_and_names_the_brand() -> None:
    known = written("status", values={"news_key": "news.statement_drafted"})
    assert known.text == f"#128 公表文の承認が必要です 商品に虫…\n確認番号47\n{SHORT}"
    newcomer = written("status", values={"news_key": "news.statement_drafted", "mark_key": "sms.mark"})
    said = "【重大】#128 公表文の承認が必要です つきみ製菓 商品に虫の写真"
    assert newcomer.text == f"{said}\n確認番号47\n{SHORT}"


def test_the_spread_gives_way_before_the_summary_is_cut() -> None:
    assert (
        written(summary="異物混入を訴える写真").text
        == f"【重大】#128 異物混入を訴える写真\n確認番号47\n{SHORT}"
    )


WORDS = Wording()
TITLES = sorted({WORDS.template(key) for key in WORDS if key.startswith(("title.", "title_media."))})
"""The titles that incidents are opened with."""

BRIEF = [key for key in WORDS if key.startswith(("title_short.", "title_media_short."))]


@pytest.mark.parametrize("title", TITLES)
def test_a_title_that_has_a_shorter_form_is_never_cut_in_a_first_sms(title: str) -> None:
    brief = short_title(title, WORDS)
    for units in range(40, 110):
        link = f"https://{'h' * (units - 31)}/{TOKEN}"
        page = written(link=link, values={"summary": title}).text
        assert title in page or brief in page or brief == title


@pytest.mark.parametrize("key", BRIEF)
def test_a_shorter_title_stands_for_one_that_there_is_and_fits_a_first_sms(key: str) -> None:
    whole, brief = WORDS.template(key.replace("_short", "")), WORDS.template(key)
    assert utf16_units(brief) <= LEAST_FIRST_SUMMARY
    assert utf16_units(brief) < utf16_units(whole)
    assert short_title(whole, WORDS) == brief


def test_only_the_summary_is_shortened_and_the_rest_stays_whole() -> None:
    page = written(summary="商品に異物混入があったと訴える写真つきの投稿")
    assert page.text == f"【重大】#128 商品に異物混入があったと…\n確認番号47\n{SHORT}"
    assert page.parts == 1


def test_a_long_host_takes_the_fewest_parts_and_leaves_the_text_whole() -> None:
    page = written(link=LONG, summary="商品に異物混入があったと訴える写真つきの投稿")
    head = "【重大】#128 商品に異物混入があったと訴える写真つきの投稿 18件/分"
    assert page.text == f"{head}\n確認番号47\n{LONG}"
    assert page.parts == 2


@example(values={"summary": "h323:0"}, moment="closed", link=SHORT, language="ja")
@example(values={"summary": "A:", "task": ""}, moment="task", link=SHORT, language="ja")
@given(
    values=st.fixed_dictionaries(dict.fromkeys(("summary", "task", "source", "news"), ANY_TEXT)),
    moment=st.sampled_from(MOMENTS),
    link=st.sampled_from([SHORT, LONG]),
    language=st.sampled_from(LANGUAGES),
)
def test_whatever_the_values_are_the_link_and_number_arrive_whole(
    values: dict[str, str], moment: str, link: str, language: str
) -> None:
    sms = written(moment, link=link, language=language, values=values)
    *head, number, address = sms.text.split("\n")
    assert address == link
    assert number in ("確認番号47", "Check no. 47")
    assert len(head) == 1
    assert not LINKISH.search(sms.text.removesuffix(link))
    assert sms.parts == sms_parts(sms.text)
    assert not {unicodedata.category(c) for c in head[0]} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert sms.text.encode()


@given(summary=ANY_TEXT, level=st.sampled_from([Level.WARNING, Level.CRITICAL]))
def test_every_page_fits_one_segment_whatever_was_posted(summary: str, level: Level) -> None:
    assert written(level=level, summary=summary).parts == 1


@given(value=ANY_TEXT, moment=st.sampled_from(MOMENTS))
def test_a_subject_is_one_short_line_and_the_body_holds_one_link(value: str, moment: str) -> None:
    names = ("summary", "task", "by", "reason", "why", "source", "brand", "lead")
    mail = written(moment, Channel.MAIL, values=dict.fromkeys(names, value))
    assert utf16_units(mail.subject) < 100
    assert not {unicodedata.category(c) for c in mail.subject} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert mail.text.count(SHORT + "\n") == 1
    assert not LINKISH.search(mail.text.replace(SHORT, "").replace(mail.subject, ""))


def test_a_posted_line_break_adds_no_line_and_no_header() -> None:
    mail = written(channel=Channel.MAIL, summary="虫\r\nBcc: all@example.jp\r\n\r\nhttps://evil.example.com")
    assert (
        mail.subject == "【重大】#128 虫 Bcc: all＠example・jp https：//evil・example・com（13:31）つきみ製菓"
    )


def test_the_mail_names_its_reader_and_prints_the_number() -> None:
    mail = written(channel=Channel.MAIL).text
    assert mail.startswith("常務執行役員　高橋 誠様\n")
    assert "確認番号 47" in mail
    assert mail.endswith("このメールは #128 について、高橋 誠様宛に送られています。\n")


def test_a_line_whose_value_is_missing_is_left_out() -> None:
    with_next = written(channel=Channel.MAIL, next_at=(NOON + timedelta(minutes=39)).isoformat())
    assert "13:36までに担当が決まらないときは" in with_next.text
    assert "次のご連絡" not in written(channel=Channel.MAIL).text


def test_a_time_on_another_day_says_the_day() -> None:
    task = written("task", task="窓口の用意", due_at=(NOON + timedelta(hours=20)).isoformat())
    assert "期限5月14日 08:57" in task.text


@pytest.mark.parametrize(
    "broken",
    [
        {"first_post_at": "yesterday"},
        {"first_post_at": "2026-05-13T12:57:00"},
        {"per_minute": "nan"},
        {"posts": "many"},
        {"posts": "inf"},
        {"ask_key": "ask.never"},
    ],
)
@pytest.mark.parametrize("channel", list(Channel))
def test_a_value_that_cannot_be_read_holds_no_message_back(channel: Channel, broken: dict[str, str]) -> None:
    assert SHORT in written(channel=channel, values=broken).text


def test_a_comparison_is_made_only_where_there_is_something_to_compare_with() -> None:
    assert "平常の60倍" in written(channel=Channel.MAIL).text
    assert "平常の" not in written(channel=Channel.MAIL, normal_per_minute="0").text
    assert "平常の" not in written(channel=Channel.MAIL, per_minute="0.4").text


TO_OUTSIDERS = frozenset({"expert_asked", "expert_reminded", "expert_withdrawn"})
"""An expert learns what it is about from the page, once the link was opened, and from nothing else."""

ABOUT_INCIDENTS = tuple(
    moment
    for moment in MOMENTS
    if "{number}" in Wording().template(f"message.{moment}.sms") and moment not in {*TO_OUTSIDERS, PARTING}
)


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("moment", ABOUT_INCIDENTS)
def test_every_message_about_an_incident_names_it_by_number_and_title(moment: str, language: str) -> None:
    words = Wording(language)
    for part in ("sms", "subject"):
        assert {"number", "summary"} <= words.placeholders(f"message.{moment}.{part}")


@given(
    title=st.text("商品に虫の写真", min_size=6, max_size=40),
    task=st.text("製造ロット", min_size=1, max_size=60),
)
def test_an_sms_about_a_task_says_which_incident_and_which_task_in_one_part(title: str, task: str) -> None:
    values = {"summary": title, "task": task, "due_at": NOON.isoformat()}
    sms = written("task", number="", values=values)
    assert sms.parts == 1
    assert sms.text.startswith(f"#128 {title[:4]}")
    assert task[:LONGEST_SHORT] in sms.text


@given(
    title=st.text("商品に虫の写真", min_size=6, max_size=40),
    task=st.text("製造ロット", min_size=1, max_size=8),
)
def test_a_short_name_is_never_cut_however_long_the_host(title: str, task: str) -> None:
    values = {"summary": title, "task": task * 4, "task_short": task, "due_at": NOON.isoformat()}
    for link in (SHORT, SHORT.replace("r.exmp.jp", "kouhou.hinode.example.jp"), LONG):
        for moment in ("task", "task_near", "task_late"):
            assert f"{task} " in written(moment, number="", link=link, values=values).text


@pytest.mark.parametrize("moment", ABOUT_INCIDENTS)
@example(title="00000", numbers=[1] * 10)
@given(title=ANY_TEXT, numbers=st.lists(st.integers(1, 99_999), min_size=1, max_size=40))
def test_a_bundle_is_one_part_that_counts_all_and_names_all_or_none(
    moment: str, title: str, numbers: list[int]
) -> None:
    others = [a_message(incident_number=number) for number in numbers]
    params = SPREAD | {"summary": title, "news_key": "news.response", "by": "佐藤 花子", "task": title}
    sms = compose(
        a_message(moment=moment, level=Level.WARNING, check_number="", params=params),
        person=a_person("takahashi"),
        link=SHORT,
        wording=Wording(),
        at=NOON,
        others=others,
    )
    more = sms.text.removesuffix("\n" + SHORT).rsplit(f" ほか{len(numbers)}件", 1)[1]
    named = {int(each) for each in more.replace("#", "").split()}
    assert named in (set(), set(numbers) - {128})
    assert sms.parts == 1
    assert sms.text.endswith("\n" + SHORT)
