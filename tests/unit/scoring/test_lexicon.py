"""Every rule carries its own proof: a text that must set it off, and one with like words that must not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hikeshi.domain.assessment import Assessment, Category
from hikeshi.domain.errors import ConfigError
from hikeshi.services.scoring.lexicon import Rule, build_lexicon, load_lexicon

Assess = Callable[..., Assessment]

RULES = load_lexicon().rules
NOTICE = load_lexicon().levels.notice

LEVELS = """
[levels]
notice = 30
warning = 60
critical = 85
highest = {}
crisis_types = {}
"""
RULE = """
[words.insect]
terms = ["虫"]
[[rule]]
id = "a"
label = "虫"
category = "contamination"
weight = 60
needs = ["insect"]
hits = "虫"
misses = "歯"
"""


@pytest.mark.parametrize(
    ("rule", "text"), [(r, t) for r in RULES for t in r.hits], ids=lambda value: getattr(value, "id", None)
)
def test_the_rule_finds_its_example(rule: Rule, text: str, assess: Assess) -> None:
    assessment = assess(text)
    assert rule.id in {reason.rule for reason in assessment.reasons}
    if rule.category is not Category.SUPPORT:
        assert assessment.is_risk


@pytest.mark.parametrize(
    ("rule", "text"), [(r, t) for r in RULES for t in r.misses], ids=lambda value: getattr(value, "id", None)
)
def test_the_rule_leaves_its_counterexample(rule: Rule, text: str, assess: Assess) -> None:
    assessment = assess(text)
    fired = rule.id in {reason.rule for reason in assessment.reasons}
    assert not (fired and assessment.score >= NOTICE)


def test_every_rule_has_a_name_of_its_own_and_both_examples() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert all(rule.hits and rule.misses and rule.label for rule in RULES)


def test_every_category_of_risk_has_rules() -> None:
    assert {rule.category for rule in RULES} == set(Category) - {Category.NONE}


def test_only_danger_to_people_can_be_critical_by_words_alone() -> None:
    dangerous = {rule.category for rule in RULES if rule.critical}
    assert dangerous <= {
        Category.CONTAMINATION, Category.DEFECT, Category.ATTACK, Category.MISCONDUCT,
        Category.HARASSMENT, Category.LEAK,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("not toml", r"x\.toml"),
        (LEVELS + RULE.replace('needs = ["insect"]', 'needs = ["ghost"]'), "ghost"),
        (LEVELS + RULE.replace("contamination", "weather"), "weather"),
        (LEVELS + RULE.replace("weight = 60\n", ""), "weight"),
        (RULE, r"\[levels\]"),
        (LEVELS + '[[shift]]\nid="s"\nlabel="s"\npoints=1\ngroups=["ghost"]', "ghost"),
    ],
)
def test_a_broken_lexicon_is_refused_by_name(text: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        build_lexicon([("x.toml", text)])


def test_a_masked_letter_is_found_only_where_the_group_allows_it() -> None:
    text = LEVELS + RULE.replace('terms = ["虫"]', 'terms = ["ゴキブリ"]\nmaskable = true')
    masked = build_lexicon([("x.toml", text)]).matcher
    plain = build_lexicon([("x.toml", text.replace("maskable = true", ""))]).matcher
    assert masked.find("ゴキ○リ")
    assert not plain.find("ゴキ○リ")
