from __future__ import annotations

from pathlib import Path

import pytest

from hikeshi.domain.configuration import LexiconFile
from hikeshi.ports.scoring import Token
from hikeshi.services.scoring.lexicon import load_lexicon, shipped_files
from hikeshi.services.scoring.normalise import normalise
from infra.lab.cases import labelled_cases
from infra.lab.remembering import RememberingScorer, RememberingTokenizer, one_reading
from infra.lexicon.bearing import bearing_of
from tests.builders import a_post, an_assessment
from tests.fakes.scoring import ScriptedScorer, ScriptedTokenizer
from tests.unit.learning.test_own_lexicon import OWN, own_file

PACKS = sorted((Path(__file__).parents[3] / "infra" / "config" / "lexicon").glob("*.toml"))


def bears(text: str, *files: LexiconFile) -> bool:
    return bearing_of(files)(normalise(text).text)


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.stem)
def test_what_a_pack_has_no_bearing_on_is_judged_as_without_it(pack: Path) -> None:
    files = (LexiconFile(name=f"lexicon/{pack.name}", text=pack.read_text("utf-8")),)
    posts = [case.post for case in labelled_cases()[::3]]
    untouched = [post for post in posts if not bears(post.text, *files)]
    assert len(posts) / 4 < len(untouched) < len(posts)
    shipped, own = one_reading()(()), one_reading()(files)
    assert [own.assess(post) for post in untouched] == [shipped.assess(post) for post in untouched]


def test_a_file_bears_on_its_words_its_exceptions_and_what_its_rules_begin_with() -> None:
    with_exception = OWN.replace('terms = ["壊され"]', 'terms = ["壊され"]\nnot_in = ["虫めがね"]')
    assert bears("ひのまる君に会えた", own_file())
    assert bears("虫めがねを買った", own_file(with_exception))
    assert not bears("虫めがねを買った", own_file())
    begins = OWN.replace('needs = ["own_mascot", "own_act"]', 'needs = ["insect", "own_act"]')
    assert bears("ゴキブリがいた", own_file(begins))
    assert not bears("ゴキブリがいた", own_file())


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('[weights]\n"contamination.object_in_food" = 3', "lexicon/own.toml"),
        ('[[shift]]\nid = "own.calm"\nlabel = "x"\npoints = -5\ngroups = ["insect"]', "lexicon/own.toml"),
        (OWN.replace("own.mascot", load_lexicon().rules[0].id), "lexicon/own.toml"),
        (dict(shipped_files())["contamination.toml"], "contamination.toml"),
    ],
    ids=["weights", "shift", "shipped rule", "shipped file"],
)
def test_what_changes_points_or_what_ships_bears_on_every_text(text: str, name: str) -> None:
    assert bears("いい天気", own_file(text, name))


def test_a_sentence_is_split_once_and_a_post_judged_once() -> None:
    words = (Token("虫", "虫", "名詞,一般"), Token("が", "が", "助詞,格助詞"))
    tokenizer, scorer = ScriptedTokenizer({"虫が": words}), ScriptedScorer({"虫": an_assessment()})
    split, judge = RememberingTokenizer(tokenizer), RememberingScorer(scorer)
    assert [tuple(split.tokenize("虫が")) for _ in range(3)] == [words] * 3
    assert [judge.assess(a_post(id=each, text="虫が")) for each in "aba"] == [an_assessment()] * 3
    assert (tokenizer.sentences, scorer.asked) == (["虫が"], ["a", "b"])
