from __future__ import annotations

import pytest

from hikeshi.ports.scoring import Tokenizer
from hikeshi.services.scoring.language import Reading, analyse, read, sentence_around


def reading(text: str, focus: str, tokenizer: Tokenizer) -> Reading:
    start = text.index(focus)
    borders = sentence_around(text, start, start + len(focus))
    sentence = analyse(text, *borders, tokenizer)
    return read(sentence, focus=(start, start + len(focus)))


@pytest.mark.parametrize(
    ("text", "focus"),
    [
        ("パンに虫が入ってなくて安心", "入って"),
        ("虫は入っていませんでした", "入って"),
        ("異物混入はありません", "異物混入"),
        ("パワハラはなかった", "パワハラ"),
        ("虫が入っているわけではない", "入って"),
        ("情報漏えいゼロを続けています", "情報漏えい"),
    ],
)
def test_what_is_denied_is_read_as_denied(text: str, focus: str, tokenizer: Tokenizer) -> None:
    assert reading(text, focus, tokenizer).is_denied


@pytest.mark.parametrize(
    ("text", "focus"),
    [
        ("パンに虫が入っていた", "入って"),
        ("虫が入ってないわけがない", "入って"),
        ("虫が入っていないとは言えない", "入って"),
        ("これ虫入ってない?", "入って"),
        ("これ虫入ってませんか?", "入って"),
        ("虫が入っていたのに謝罪もない", "入って"),
        ("パワハラかもしれない", "パワハラ"),
        ("虫が入っていたに違いない", "入って"),
        ("虫が入っていたんだけど誰も気づかない", "入って"),
    ],
)
def test_what_is_said_is_not_read_as_denied(text: str, focus: str, tokenizer: Tokenizer) -> None:
    assert not reading(text, focus, tokenizer).is_denied


@pytest.mark.parametrize(
    "text", ["虫が入っていたら嫌だ", "もし虫が入っていたなら返金です", "虫が入っていそう"]
)
def test_what_is_supposed_is_read_as_supposed(text: str, tokenizer: Tokenizer) -> None:
    assert reading(text, "入って", tokenizer).is_supposed


def test_a_question_is_read_as_one(tokenizer: Tokenizer) -> None:
    assert reading("虫が入っていたんですか?", "入って", tokenizer).is_asked
    assert not reading("虫が入っていた。なぜ?", "入って", tokenizer).is_asked


@pytest.mark.parametrize(
    ("text", "word", "is_word"),
    [
        ("国宝を見た", "国", False),
        ("この国は", "国", True),
        ("アイスを食べた", "イス", False),
        ("飲むんやけど", "やけど", False),
        ("手にやけどした", "やけど", True),
        ("虫が出た", "虫", True),
    ],
)
def test_a_short_word_inside_another_is_no_word(
    text: str, word: str, is_word: bool, tokenizer: Tokenizer
) -> None:
    start = text.index(word)
    sentence = analyse(text, 0, len(text), tokenizer)
    assert sentence.has_word(start, start + len(word)) is is_word


@pytest.mark.parametrize(
    ("text", "focus"),
    [
        ("社員を殺す", "を殺す"),
        ("社員を殺すつもりです", "を殺す"),
        ("社員を殺す予定だ", "を殺す"),
        ("社員を殺すことにした", "を殺す"),
        ("社員を殺すから待ってろ", "を殺す"),
        ("首を吊って抗議します", "首を吊って"),
        ("友達が死ぬって連絡してきた", "死ぬ"),
    ],
)
def test_a_predicate_that_ends_its_clause_is_read_as_a_statement(
    text: str, focus: str, tokenizer: Tokenizer
) -> None:
    assert reading(text, focus, tokenizer).is_statement


@pytest.mark.parametrize(
    ("text", "focus"),
    [
        ("社員を殺す会社", "を殺す"),
        ("社員を殺すつもりの日程", "を殺す"),
        ("社員を殺すくらいの暑さ", "を殺す"),
        ("「社員を殺す」という台詞", "を殺す"),
        ("首を吊った社長を見つける探偵", "首を吊"),
        ("全員殺すつもりの日程", "殺すつもり"),
    ],
)
def test_a_predicate_that_only_describes_or_is_quoted_is_not_a_statement(
    text: str, focus: str, tokenizer: Tokenizer
) -> None:
    assert not reading(text, focus, tokenizer).is_statement
