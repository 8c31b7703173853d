"""Japanese SMS as a bad week would write them, and what must hold of every one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from hikeshi.domain.assessment import Level
from hikeshi.domain.people import Channel
from hikeshi.services.messages.compose import compose
from hikeshi.services.messages.message_text import clusters, one_line, sms_parts, utf16_units
from hikeshi.services.messages.notices import NEWCOMER
from hikeshi.services.messages.wording import Wording
from tests.builders import NOON, a_message, a_person

TOKEN = "Kx7mQ2vT9bLc4NfR8sWzYa"
SHORT = f"https://r.exmp.jp/{TOKEN}"
LONG = f"https://a1b2c3d4e5.execute-api.ap-northeast-1.amazonaws.com/live/r/{TOKEN}"
SEGMENT, PART = 70, 67
PAGE_PARTS = {SHORT: 1, LONG: 2}
"""Parts that a page may take, by what stands before its token."""

EMOJI = ("🔥", "🍫", "👨‍👩‍👧", "🇯🇵", "👍🏽", "❤️", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "1️⃣", "🧑🏻‍🚒")
HIDDEN = ("\u202e", "\u2066", "\u200b", "\u0000", "\r\n", "\u2028", "\ufeff", "\u0301", "\u3099", "\ue000")
WORDS = (
    *(
        "虫",
        "異物",
        "ひのでチョコ",
        "顧客名簿",
        "が",
        "流出",
        "写真",
        "動画",
        "店内",
        "不適切",
        "発火",
        "を",
        "の",
    ),
    *(
        "ｶﾞ",
        "㈱",
        "髙橋",
        "𠮷野家",
        "葛󠄀城",
        "。",
        "、",
        "「",
        "」",
        "！",
        "https://evil.example.com/a",
        "a@example.jp",
    ),
    *("www.example.com", "3.5倍", "#999", "確認番号00", "番号99", "\t", "…", "－", "〜", "Ａ", "wwwwww"),
)
NAMES = (
    "佐藤 花子",
    "𠮷田 髙志",
    "葛󠄀城 惠",
    "勅使河原 コンスタンティン・アレクサンダー",
    "Maria del Carmen García",
)
"""Of people in the roster, whose names are not cut."""

MOMENTS = sorted(
    {key.split(".")[1] for key in Wording() if key.startswith("message.") and key.endswith(".sms")}
)
CALLS: tuple[dict[str, str], ...] = (
    {},
    {"called_key": "called.up", "do_key": "called.untaken"},
    {"called_key": "called.again"},
)
"""Why somebody is called: for the first time, because somebody turned to the next one, once more."""

TELLING = frozenset({"acknowledged", "dismissed", "closed"})
"""Moments after which nobody has to decide anything: these print no number."""

_URL = re.compile(r"[a-z][a-z0-9+.-]*://\S+", re.IGNORECASE)
_REGIONAL = range(0x1F1E6, 0x1F200)


@dataclass(frozen=True, kw_only=True)
class Sms:
    """A finished text with what it was made from."""

    moment: str
    link: str
    text: str
    values: tuple[str, ...]
    most_parts: int = 2


def written(*, count: int, seed: int) -> Iterator[Sms]:
    """Yield texts: every moment, level and host, around values out of words, emoji and hidden marks."""
    random, words = Random(seed), Wording()  # noqa: S311  # repeatable, and nothing depends on it
    person = a_person("takahashi")
    for number in range(count):
        moment, link = MOMENTS[number % len(MOMENTS)], random.choice((SHORT, LONG))
        summary, task, by, brand = _value(random), _value(random), random.choice(NAMES), _value(random)
        call = random.choice(CALLS)
        reposts = random.choice((0, 1, 742, 12_345_678))
        message = a_message(
            moment=moment,
            channel=Channel.SMS,
            level=random.choice(list(Level)[1:]),
            incident_number=random.choice((1, 128, 99_999)),
            check_number="" if moment in TELLING else "47",
            params={
                "summary": summary,
                "task": task,
                "by": by,
                "brand": brand,
                "news_key": "news.fact_check",
                "source": task,
                "reason": by,
                "posts": str(random.randint(1, 9_999)),
                "reposts": str(reposts),
                "per_minute": f"{random.choice((0.2, 5.0, 1_234.5))}",
                "normal_per_minute": "0.30",
                "first_post_at": NOON.isoformat(),
                "due_at": (NOON + timedelta(hours=random.randint(1, 200))).isoformat(),
            }
            | call
            | random.choice(({}, {NEWCOMER: "sms.mark"} if moment == "status" else {})),
        )
        made = compose(
            message,
            person=person,
            link=link,
            wording=words,
            at=NOON,
            several_brands=random.random() < 0.5,
        )
        first = moment == "page" and call.get("called_key") != "called.up"
        yield Sms(
            moment=moment,
            link=link,
            text=made.text,
            values=(summary, task, by, brand, person.name),
            most_parts=PAGE_PARTS[link] if first else 2,
        )


def _value(random: Random) -> str:
    parts = random.choices(WORDS, k=random.randint(0, 14))
    parts += random.choices(EMOJI, k=random.choice((0, 0, 1, 5, 40)))
    parts += random.choices(HIDDEN, k=random.choice((0, 1, 4)))
    random.shuffle(parts)
    return "".join(parts)


def faults(sms: Sms) -> list[str]:
    """Return what is wrong with a text, in words."""
    said = sms.text.removesuffix(sms.link)
    checks = {
        "the link is not whole at the end": not sms.text.endswith("\n" + sms.link),
        "there is another link": bool(_URL.search(said)),
        "a control or direction mark": bool(
            {unicodedata.category(c) for c in said} & {"Cf", "Cs", "Co", "Zl", "Zp"}
        ),
        "a control character that is no line end": any(
            unicodedata.category(c) == "Cc" and c != "\n" for c in said
        ),
        "an emoji in pieces": bool(_pieces(said) - _whole(sms.values)),
        "half a flag": sum(ord(c) in _REGIONAL for c in said) % 2 == 1,
        "over its budget": _parts(sms.text) > sms.most_parts,
        "its parts are miscounted": sms_parts(sms.text) != _parts(sms.text),
    }
    return [f"{what}: {sms.moment} {sms.text!r}" for what, applies in checks.items() if applies]


def _pieces(text: str) -> set[str]:
    """Everything a reader sees as one sign, above what the keyboard of a plain phone has."""
    return {cluster for cluster in clusters(text) if any(ord(c) > 0xFFFF for c in cluster)}


def _whole(values: tuple[str, ...]) -> set[str]:
    return {piece for value in values for piece in _pieces(one_line(value))}


def _parts(text: str) -> int:
    """Count as a network does that never splits a pair, apart from how the product counts."""
    if utf16_units(text) <= SEGMENT:
        return 1
    parts, left = 1, PART
    for character in text:
        width = len(character.encode("utf-16-le")) // 2
        if width > left:
            parts, left = parts + 1, PART
        left -= width
    return parts
