"""How a draft reads before anybody is asked to approve it."""

from __future__ import annotations

from typing import Any

import pytest

from hikeshi.domain.assessment import Fault
from hikeshi.domain.errors import InvalidFormError, RefusedTextError
from hikeshi.domain.statements import StatementKind
from hikeshi.services.messages.wording import Wording
from hikeshi.services.statements.statement_check import check_draft
from hikeshi.services.statements.statement_text import sentences_of
from tests.builders import a_draft, a_judged_fact

FACTS = (a_judged_fact(), a_judged_fact(id="fact-2", claim="虫は製造のときに入ったものではない"))
WORDS = Wording()
FULL: dict[str, Any] = {
    "kind": StatementKind.FULL,
    "fact": "写真の商品は、半年前に出荷したものです［1］。幼虫は生後30日から40日です［2］。",
    "action": "製造時点で混入したものではないことを、お客様へ説明しております［1、2］。",
}


def check(fault: Fault = Fault.UNKNOWN, **changes: Any) -> None:
    draft = a_draft(**changes)
    check_draft(draft, sentences_of(draft, FACTS, WORDS), fault=fault, facts=FACTS)


def findings(fault: Fault = Fault.UNKNOWN, **changes: Any) -> set[str]:
    with pytest.raises(RefusedTextError) as refused:
        check(fault, **changes)
    return set(refused.value.missing)


def test_s2_3_a_holding_statement_that_lacks_nothing_passes() -> None:
    check()


def test_s2_3_a_holding_statement_names_no_cause_even_with_a_fact() -> None:
    assert findings(fact="原因は保管中の温度です［1］。調査中です。") == {"cause_in_holding"}
    assert findings(fact="虫は当社の工場で混入したものです［1］。") == {"cause_in_holding"}
    assert findings(fact="製造のときに混入したものではありません［2］。") == {"cause_in_holding"}


def test_s2_3_a_holding_statement_may_say_that_the_cause_is_looked_into_or_unknown() -> None:
    check(fact="現在、原因を調査しています。混入の原因は不明です。異物の混入経路は確認しています。")


def test_s2_3_that_something_was_confirmed_is_no_way_of_looking_into_it() -> None:
    assert findings(fact="健康への影響がないことを確認しております。") == {"states_unchecked"}


def test_s2_3_a_holding_statement_says_that_it_is_looked_into() -> None:
    assert findings(fact="写真の商品は当社の製品です［1］。", action="窓口を設けました。") == {"not_checking"}


def test_s2_3_what_is_stated_without_a_fact_is_not_holding() -> None:
    assert findings(fact="健康への影響はありません。") == {"states_unchecked"}


@pytest.mark.parametrize(
    ("gap", "changes"),
    [
        ("no_next_update", {"next_update_at": None}),
        ("no_contact", {"contact": "よろしくお願いいたします。"}),
        ("no_care", {"care": "ご理解をお願いいたします。"}),
    ],
)
def test_s2_5_s2_19_s2_20_every_required_part_is_asked_for(gap: str, changes: dict[str, Any]) -> None:
    assert findings(**changes) == {gap}
    assert findings(**FULL | changes) == {gap}


def test_s4_12_the_poster_is_protected_in_every_statement() -> None:
    assert "no_care" in findings(care="")


def test_s0_16_every_sentence_of_fact_in_a_full_statement_names_one() -> None:
    check(**FULL)
    assert findings(**FULL | {"fact": "写真の商品は、半年前に出荷したものです。"}) == {"no_fact_named"}


def test_s0_16_a_fact_about_something_else_bears_no_cause_out() -> None:
    check(**FULL | {"fact": "虫は、製造のときに入ったものではありません［2］。"})
    beside = {"fact": "虫は、製造のときに入ったものではありません［1］。"}
    assert findings(**FULL | beside) == {"cause_off_fact"}


def test_s0_16_a_cause_names_its_facts_wherever_it_stands() -> None:
    assert findings(**FULL | {"opening": "原因は当社ではありません。"}) == {"cause_without_fact"}


@pytest.mark.parametrize(
    ("tone", "opening"),
    [
        ("blame", "投稿者様の勘違いでした。"),
        ("sarcasm", "わざわざご連絡をいただきました。"),
        ("hedging", "誤解を招いたのであれば残念です。"),
    ],
)
def test_s2_4_a_tone_is_objected_to_and_may_be_kept_with_a_reason(tone: str, opening: str) -> None:
    assert findings(opening=opening) == {tone}
    check(opening=opening, tone_reason="法務と相談のうえ、この表現とします。")


def test_a_reason_for_the_tone_excuses_nothing_that_is_missing() -> None:
    assert findings(contact="", tone_reason="急ぎます。") == {"no_contact"}


def test_s4_1_our_fault_takes_an_apology_and_what_is_not_ours_an_explanation() -> None:
    sorry = "深くお詫び申し上げます。"
    assert findings(Fault.OURS) == {"no_apology"}
    check(Fault.OURS, opening=sorry)
    assert findings(Fault.NOT_OURS, opening=sorry) == {"apology_not_ours"}
    check(Fault.NOT_OURS, opening="ご心配をおかけし、申し訳ございません。")


def test_a_number_without_a_fact_is_refused_with_its_field() -> None:
    with pytest.raises(InvalidFormError) as refused:
        check(fact="写真の商品は当社の製品です［9］。")
    assert refused.value.field == "said_fact"
