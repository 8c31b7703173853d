"""What every tokenizer promises, whichever dictionary it reads."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hikeshi.adapters.janome_tokenizer import JanomeTokenizer
from hikeshi.adapters.mecab_tokenizer import MecabTokenizer
from hikeshi.domain.errors import ConfigError
from hikeshi.ports.scoring import Token, Tokenizer
from hikeshi.runtime import bootstrap


@pytest.fixture(scope="module", params=[JanomeTokenizer, MecabTokenizer])
def tokenizer(request: pytest.FixtureRequest) -> Tokenizer:
    make: Callable[[], Tokenizer] = request.param
    return make()


def test_words_come_with_their_dictionary_form_and_part_of_speech(tokenizer: Tokenizer) -> None:
    assert list(tokenizer.tokenize("虫が入っていない")) == [
        Token("虫", "虫", "名詞,一般"),
        Token("が", "が", "助詞,格助詞"),
        Token("入っ", "入る", "動詞,自立"),
        Token("て", "て", "助詞,接続助詞"),
        Token("い", "いる", "動詞,非自立"),
        Token("ない", "ない", "助動詞,*"),
    ]


def test_a_word_that_is_in_no_dictionary_is_its_own_form(tokenizer: Tokenizer) -> None:
    assert all(token.lemma == token.surface for token in tokenizer.tokenize("ゲロマズッチ"))


@pytest.mark.parametrize("text", ["", " ", "虫\n虫", "🪳", "\x00", "ｱ", "a" * 2_000])
def test_the_words_stand_in_the_text_in_order(tokenizer: Tokenizer, text: str) -> None:
    at = 0
    for token in tokenizer.tokenize(text):
        at = text.index(token.surface, at) + len(token.surface)


def test_an_unknown_tokenizer_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIKESHI_TOKENIZER", "sudachi")
    with pytest.raises(ConfigError, match="janome and mecab"):
        bootstrap.tokenizer.__wrapped__()
