from __future__ import annotations

from dataclasses import replace

import pytest

from hikeshi.domain.assessment import HARMLESS, Category, CrisisType, Intent, Level, Reason
from hikeshi.domain.configuration import LexiconFile
from hikeshi.domain.errors import ConfigError
from hikeshi.services.scoring.layering import layered
from hikeshi.services.scoring.lexicon import load_lexicon, shipped_files
from hikeshi.services.scoring.own import OwnScorer
from tests.builders import a_post, an_assessment
from tests.fakes.scoring import ScriptedScorer

OWN = """
[words.own_mascot]
terms = ["ひのまる君", "ヒノマル"]
maskable = true
[words.own_act]
terms = ["壊され"]
[[rule]]
id = "own.mascot"
label = "着ぐるみへのいたずら"
category = "misconduct"
weight = 61
needs = ["own_mascot", "own_act"]
hits = "ひのまる君が壊されてた"
misses = "ひのまる君に会えた"
"""


def own_file(text: str = OWN, name: str = "lexicon/own.toml") -> LexiconFile:
    return LexiconFile(name=name, text=text)


# ---- layering ----------------------------------------------------------------------------------


def test_without_files_the_shipped_lexicon_is_used_as_it_is() -> None:
    assert layered(()).lexicon is load_lexicon()


def test_own_rules_join_the_shipped_ones_and_their_words_are_known_as_own() -> None:
    found = layered((own_file(),))
    assert {rule.id for rule in found.lexicon.rules} == {r.id for r in load_lexicon().rules} | {"own.mascot"}
    assert found.own_words.find("ひの○る君が")
    assert not found.own_words.find("虫が入っていた")


def test_a_rule_that_begins_with_a_shipped_group_is_tried_on_that_groups_words() -> None:
    text = OWN.replace('needs = ["own_mascot", "own_act"]', 'needs = ["insect", "own_act"]')
    assert layered((own_file(text),)).own_words.find("ゴキブリ")


def test_a_file_with_the_name_of_a_shipped_one_takes_its_place() -> None:
    name, text = next(each for each in shipped_files() if each[0] == "contamination.toml")
    doubled = text.replace("weight = 64", "weight = 63", 1)
    rules = {rule.id: rule.weight for rule in layered((own_file(doubled, name),)).lexicon.rules}
    assert len(rules) == len(load_lexicon().rules)
    assert rules != {rule.id: rule.weight for rule in load_lexicon().rules}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[weights]\n'no.such' = 3", "no.such"),
        ("[weights]\n'shift.anger' = 300", "shift.anger"),
        ("[weights]\n'shift.anger' = true", "shift.anger"),
        ("weights = 3", "table"),
        ("not toml", "lexicon/own.toml"),
        (OWN.replace("own_act", "ghost", 1), "own_act"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(text: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        layered((own_file(text),))


# ---- judging -----------------------------------------------------------------------------------

RULE = "contamination.insect"
TOLD = an_assessment(score=61, reasons=(Reason(rule="own.mascot", label="x", points=61, span="x"),))


def scorer(whole: object, rules: object, shipped: object, *, text: str = OWN) -> OwnScorer:
    def scripted(answer: object) -> ScriptedScorer:
        return ScriptedScorer({"ひのまる君": answer} if answer is not None else {})  # type: ignore[dict-item]  # assessments

    return OwnScorer(
        layered((own_file(text),)),
        whole=scripted(whole), rules=scripted(rules), shipped_rules=scripted(shipped),
    )  # fmt: skip


def test_what_the_company_wrote_is_honoured_where_the_rest_lets_it_pass() -> None:
    assert scorer(HARMLESS, TOLD, HARMLESS).assess(a_post(text="ひのまる君が壊された")) == TOLD


def test_an_own_rule_names_the_category_where_the_level_is_the_same() -> None:
    told = replace(TOLD, category=Category.MISCONDUCT)
    judged = an_assessment(category=Category.HARASSMENT)
    found = scorer(judged, told, HARMLESS).assess(a_post(text="ひのまる君が"))
    assert (found.category, found.score) == (Category.MISCONDUCT, judged.score)
    graver = replace(judged, level=Level.CRITICAL)
    assert scorer(graver, told, HARMLESS).assess(a_post(text="ひのまる君が")) == graver
    shipped = an_assessment(category=Category.MISCONDUCT)
    assert scorer(judged, shipped, HARMLESS).assess(a_post(text="ひのまる君が")) == judged


def test_a_shipped_rule_that_the_rest_overruled_stays_overruled() -> None:
    assert scorer(HARMLESS, TOLD, TOLD).assess(a_post(text="ひのまる君が")) == HARMLESS


def test_a_post_without_own_words_is_judged_once() -> None:
    rules = ScriptedScorer({})
    own = OwnScorer(layered((own_file(),)), whole=ScriptedScorer({}), rules=rules, shipped_rules=rules)
    own.assess(a_post(text="虫が入っていた"))
    assert rules.asked == []


# ---- other points ------------------------------------------------------------------------------


def reweighted(
    weights: str, *, score: int, level: Level, category: Category, rule: str, points: int
) -> object:
    judged = an_assessment(
        score=score, level=level, category=category, crisis_type=CrisisType.NONE,
        intent=Intent.RISK if level is not Level.NONE else Intent.OTHER,
        reasons=(
            Reason(rule=rule, label="x", points=points, span="x"),
            Reason(rule="model.text", label="m", points=score - points),
        ),
    )  # fmt: skip
    own = OwnScorer(
        layered((own_file(f"[weights]\n{weights}"),)),
        whole=ScriptedScorer({"虫": judged}), rules=ScriptedScorer({}), shipped_rules=ScriptedScorer({}),
    )  # fmt: skip
    found = own.assess(a_post(text="虫"))
    assert sum(reason.points for reason in found.reasons) == found.score
    return (found.score, found.level, found.category)


OBJECT = next(r for r in load_lexicon().rules if r.id == "contamination.object_in_food")
MILD = next(r for r in load_lexicon().rules if r.id == "complaint.mild")


def test_new_points_count_on_top_of_what_the_rest_says() -> None:
    found = reweighted(
        f'"{OBJECT.id}" = {OBJECT.weight - 8}', score=66, level=Level.WARNING,
        category=Category.CONTAMINATION, rule=OBJECT.id, points=OBJECT.weight,
    )  # fmt: skip
    assert found == (58, Level.NOTICE, Category.CONTAMINATION)


def test_a_rule_that_counted_in_part_changes_in_part() -> None:
    found = reweighted(
        f'"{OBJECT.id}" = 100',
        score=62,
        level=Level.WARNING,
        category=Category.LEAK,
        rule=OBJECT.id,
        points=12,
    )
    assert found == (62 + round(12 * 100 / OBJECT.weight) - 12, Level.WARNING, Category.LEAK)


def test_more_points_make_no_complaint_a_warning_and_nothing_critical() -> None:
    complaint = reweighted(
        f'"{MILD.id}" = 100', score=40, level=Level.NOTICE, category=Category.COMPLAINT,
        rule=MILD.id, points=MILD.weight,
    )  # fmt: skip
    assert complaint == (load_lexicon().levels.warning - 1, Level.NOTICE, Category.COMPLAINT)
    grave = reweighted(
        f'"{OBJECT.id}" = 100', score=70, level=Level.WARNING, category=Category.CONTAMINATION,
        rule=OBJECT.id, points=OBJECT.weight,
    )  # fmt: skip
    assert grave == (load_lexicon().levels.critical - 1, Level.WARNING, Category.CONTAMINATION)


def test_a_post_that_rises_to_a_level_gets_the_category_of_its_heaviest_rule() -> None:
    found = reweighted(
        f'"{OBJECT.id}" = {OBJECT.weight + 6}', score=26, level=Level.NONE, category=Category.NONE,
        rule=OBJECT.id, points=OBJECT.weight,
    )  # fmt: skip
    assert found == (32, Level.NOTICE, Category.CONTAMINATION)


def test_a_post_that_falls_below_every_level_is_no_risk() -> None:
    found = reweighted(
        f'"{OBJECT.id}" = {OBJECT.weight - 6}', score=33, level=Level.NOTICE, category=Category.CONTAMINATION,
        rule=OBJECT.id, points=OBJECT.weight,
    )  # fmt: skip
    assert found == (27, Level.NONE, Category.NONE)
