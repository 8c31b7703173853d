"""The parts of a score have a name in every language, and what was stored before keeps the one it had."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from hikeshi.adapters.janome_tokenizer import JanomeTokenizer
from hikeshi.domain.assessment import Reason
from hikeshi.services.alerts.reason_names import name_of
from hikeshi.services.messages.wording import Wording
from hikeshi.services.scoring.lexicon import shipped_files
from hikeshi.services.scoring.scorer import LexiconScorer
from tests.builders import a_post

PACKS = Path("infra/config/lexicon")
JAPANESE, ENGLISH = Wording("ja"), Wording("en")


def lexicon_names() -> dict[str, str]:
    texts = [text for _, text in shipped_files()]
    texts += [file.read_text(encoding="utf-8") for file in PACKS.glob("*.toml")]
    documents = [tomllib.loads(text) for text in texts]
    return {
        row["id"]: row["label"]
        for each in documents
        for row in (*each.get("rule", ()), *each.get("shift", ()))
    }


NAMES = lexicon_names()


def test_the_catalogue_has_the_name_of_every_rule_that_ships() -> None:
    named = {rule: JAPANESE.text(f"rule.{rule}") for rule in NAMES if f"rule.{rule}" in JAPANESE}
    assert named == NAMES
    assert len(NAMES) > 150


@pytest.mark.parametrize("rule", NAMES)
def test_a_rule_has_an_english_name_even_where_it_was_stored_in_japanese(rule: str) -> None:
    told = name_of(Reason(rule=rule, label=NAMES[rule], points=5), ENGLISH)
    assert not re.search(r"[\u3000-\u30ff\u3400-\u9fff]", told)


@pytest.mark.parametrize("words", [JAPANESE, ENGLISH], ids=lambda words: words.language)
def test_a_company_that_calls_a_rule_otherwise_is_read_so(words: Wording) -> None:
    assert name_of(Reason(rule="own.mascot", label="マスコット", points=5), words) == "マスコット"
    assert name_of(Reason(rule="attack.threat", label="当社への脅し", points=5), words) == "当社への脅し"


def test_what_scoring_adds_by_itself_is_named_in_the_words_of_the_reader() -> None:
    post = a_post(
        text="もしサンドイッチから金属片が出てきたら怖い。食べたら口を切りそう", media=("photo", "video")
    )
    reasons = {
        each.rule: each
        for each in LexiconScorer(tokenizer=JanomeTokenizer(), learned=False).assess(post).reasons
    }
    assert name_of(reasons["shift.media"], JAPANESE) == "添付あり（写真、動画）"
    assert name_of(reasons["shift.media"], ENGLISH) == "With attachments (photo, video)"
    assert name_of(reasons["manner.supposed"], ENGLISH) == "Written as a supposition or a wish"


def test_what_was_stored_before_is_read_as_it_stands() -> None:
    stored = Reason(rule="shift.media", label="添付あり（写真）", points=6)
    assert name_of(stored, ENGLISH) == "添付あり（写真）"
