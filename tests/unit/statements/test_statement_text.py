"""From what was typed to sentences, and from sentences to every channel."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hikeshi.domain.statements import Part, Sentence, Statement
from hikeshi.services.messages.wording import Wording
from hikeshi.services.statements.statement_text import (
    X_LIMIT,
    Difference,
    channel_texts,
    differences,
    sentences_of,
    text_of,
    typed_again,
    x_posts,
    x_weight,
)
from tests.builders import a_draft, a_judged_fact, a_statement

FACTS = (a_judged_fact(), a_judged_fact(id="fact-2"), a_judged_fact(id="fact-3"))
WORDS = Wording()


def written(**changes: Any) -> Statement:
    sentences = sentences_of(a_draft(**changes), FACTS, WORDS)
    return a_statement(sentences=sentences, text=text_of(sentences))


@pytest.mark.parametrize(
    "typed",
    [
        "一つ目です［1］。二つ目です［2、3］。",
        "一つ目です。[1]二つ目です。［２，３］",
        "一つ目です［1］\n二つ目です[2][3]",
    ],
)
def test_marks_belong_to_the_sentence_before_them_however_they_are_set(typed: str) -> None:
    facts = [each for each in written(fact=typed).sentences if each.part is Part.FACT]
    assert [each.facts for each in facts] == [("fact-1",), ("fact-2", "fact-3")]
    assert all("1" not in each.text and "［" not in each.text for each in facts)


def test_s2_5_the_promise_is_written_into_the_text_with_its_zone() -> None:
    assert "次のお知らせは、2026年5月13日 16:30（日本時間）の予定です。" in written().text


def test_a_version_can_be_taken_up_again_as_it_was_typed() -> None:
    typed = typed_again(written(fact="一つ目です［1、3］。"), FACTS)
    assert typed["said_fact"] == "一つ目です。［1、3］"
    assert written(fact=typed["said_fact"]).sentences == written(fact="一つ目です［1、3］。").sentences


@pytest.mark.parametrize(
    ("text", "weight"),
    [("あ", 2), ("a", 1), ("https://www.example.jp/very/long/address", 23), ("、", 2), ("", 0)],
)
def test_x_counts_as_x_counts(text: str, weight: int) -> None:
    assert x_weight(text) == weight


@given(st.lists(st.text(min_size=1, max_size=400), min_size=1, max_size=6))
def test_s4_2_the_posts_for_x_are_the_approved_text_and_nothing_else(texts: list[str]) -> None:
    sentences = tuple(Sentence(part=Part.FACT, text=text) for text in texts)
    posts = x_posts(a_statement(sentences=sentences, text="".join(texts)))
    assert "".join(posts) == "".join(texts)
    assert all(x_weight(post) <= X_LIMIT for post in posts)


def test_s4_2_every_channel_carries_the_approved_text_whole() -> None:
    statement = written()
    found = {each.channel: each.posts for each in channel_texts(statement, brand="つきみ製菓", words=WORDS)}
    assert set(found) == {"x", "site", "mail", "store"}
    assert found["site"] == (statement.text,)
    for channel in ("mail", "store"):
        assert statement.text in found[channel][0]
        assert found[channel][0].endswith("つきみ製菓")


def test_two_versions_are_compared_sentence_by_sentence() -> None:
    changes = differences(written(fact="調査中です。"), written(fact="調査中です。電話でも承ります。"))
    assert Difference(kind="new", text="電話でも承ります。") in changes
    assert not [each for each in changes if each.kind == "gone"]
