"""Samples of what people are told where a life is at risk."""

from __future__ import annotations

from hikeshi.domain.assessment import Level
from hikeshi.domain.peril import Peril
from hikeshi.services.incidents.further_threats import FURTHER
from hikeshi.services.messages.discretion import worded_for_few
from hikeshi.services.messages.life_words import words_of_left
from tests.unit.notify.sample_values import (
    FEW,
    FIRST,
    JOINING,
    SELF_HARM,
    SELF_HARM_STEPS,
    UP,
    VIOLENCE,
    VIOLENCE_STEPS,
    at,
)

NOTED = {"help_key": "help.called", "more_key": "help.more", "by": "伊藤 学", "noted_at": at(33)}
TELL = {"ask_key": "ask.some_no_danger"}
BOTH = {
    "first_key": "first.both",
    "life_key": "life.both",
    "summary": "危害の予告と、自殺をほのめかす投稿",
}

LIFE_SCENES: dict[str, tuple[str, str, Level, dict[str, str]]] = {
    "危害の予告（最初の連絡）": (
        "page",
        "takahashi",
        Level.CRITICAL,
        FIRST | VIOLENCE | VIOLENCE_STEPS | {"next_at": at(39)},
    ),
    "自殺の予告（最初の連絡）": (
        "page",
        "sato",
        Level.CRITICAL,
        FIRST | SELF_HARM | SELF_HARM_STEPS | {"next_at": at(39)},
    ),
    "自殺の予告（関係者限りの最初の連絡）": (
        "page",
        "kato",
        Level.CRITICAL,
        FEW | worded_for_few(SELF_HARM) | {"next_at": at(39)},
    ),
    "危害の予告（役員の確認をとる）": ("roll_call", "takahashi", Level.CRITICAL, VIOLENCE),
    "自殺の予告で、引き上げられた": (
        "level_raised",
        "takahashi",
        Level.CRITICAL,
        SELF_HARM | {"from_key": "level.warning", "why": "ハラスメント・労務の投稿が「重大」になりました"},
    ),
    "危害の予告で、対応に加わるよう頼む": ("called_in", "takahashi", Level.CRITICAL, VIOLENCE | UP | JOINING),
    "続いている案件に、自殺の予告が加わった": ("peril", "sato", Level.CRITICAL, SELF_HARM | FURTHER),
    "続いている案件に、自殺の予告が加わった（関係者限り）": (
        "peril",
        "kato",
        Level.CRITICAL,
        FEW | worded_for_few(SELF_HARM | FURTHER),
    ),
    "自殺の予告に、危害の予告が加わった": ("peril", "sato", Level.CRITICAL, BOTH | FURTHER),
    "危害の予告は歌詞の引用と分かった": (
        "status",
        "ito",
        Level.CRITICAL,
        {"news_key": "news.no_danger", "ask_key": "ask.no_danger"},
    ),
    "歌詞の引用という判断が取り消された": (
        "peril",
        "ito",
        Level.CRITICAL,
        VIOLENCE | {"more_key": "life_more.undone", "found_key": "life_found.undone"},
    ),
    "危害の予告は歌詞の引用と分かり、自殺の予告が残った": (
        "peril_left",
        "ito",
        Level.CRITICAL,
        SELF_HARM | words_of_left((Peril.SELF_HARM,)) | TELL,
    ),
    "自殺の予告は歌詞の引用と分かり、危害の予告が残った": (
        "peril_left",
        "takahashi",
        Level.CRITICAL,
        VIOLENCE | words_of_left((Peril.VIOLENCE,)) | TELL,
    ),
    "危害の予告は歌詞の引用と分かり、自殺の予告が残った（関係者限り）": (
        "peril_left",
        "kato",
        Level.CRITICAL,
        FEW | worded_for_few(SELF_HARM | words_of_left((Peril.SELF_HARM,)) | TELL),
    ),
    "訓練で、危害の予告は歌詞の引用と分かり、自殺の予告が残った": (
        "peril_left",
        "sato",
        Level.CRITICAL,
        SELF_HARM | words_of_left((Peril.SELF_HARM,)),
    ),
    "危害の予告で、対策本部に呼ばれた": (
        "headquarters",
        "ito",
        Level.CRITICAL,
        VIOLENCE | {"chief": "佐藤 花子"},
    ),
    "自殺の予告のまま、長く動きがない": (
        "clock",
        "sato",
        Level.WARNING,
        SELF_HARM | {"news_key": "news.stood_still", "ask_key": "ask.stood_still"},
    ),
    "危害の予告で、通報が記録された": ("help_called", "takahashi", Level.CRITICAL, VIOLENCE | NOTED),
    "自殺の予告で、通報が記録された（関係者限り）": (
        "help_called",
        "kato",
        Level.CRITICAL,
        FEW | worded_for_few(SELF_HARM | NOTED),
    ),
    "訓練で、通報したものとして記録された": (
        "help_called",
        "sato",
        Level.CRITICAL,
        VIOLENCE | NOTED | {"help_key": "help.called_drill", "more_key": "help.more_drill"},
    ),
    "訓練で、危害の予告を知らせる": (
        "page",
        "sato",
        Level.CRITICAL,
        FIRST | VIOLENCE | VIOLENCE_STEPS | {"next_at": at(39)},
    ),
}
