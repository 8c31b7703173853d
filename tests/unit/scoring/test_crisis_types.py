"""Which of the five types of crisis a post speaks of."""

from __future__ import annotations

import pytest

from hikeshi.domain.assessment import Category, CrisisType, Level
from tests.unit.scoring.conftest import Assess

POSTS = {
    CrisisType.CUSTOMER_COMPLAINT: "店員の態度が最悪。ありえない。二度と行かないし写真も撮った。拡散希望",
    CrisisType.FLAMING: "コンビニのアイスの冷凍庫に人が入って寝そべってる写真、店員が投稿してて引いた",
    CrisisType.SCANDAL: "この会社、産地偽装を何年も続けて隠蔽していたって内部告発が出てる",
    CrisisType.COMPETITOR_ATTACK: "競合の会社が、あの店の商品に毒が入っているとデマを流してるらしい",
    CrisisType.OWN_FAULT: "買ったチョコを開けたら虫が入っていた。写真を載せておきます",
}


@pytest.mark.parametrize("crisis_type", POSTS)
def test_s2_8_each_of_the_five_types_is_told_with_its_reasons(
    crisis_type: CrisisType, assess: Assess
) -> None:
    judged = assess(POSTS[crisis_type])
    assert judged.crisis_type is crisis_type
    assert any(reason.points > 0 and reason.label for reason in judged.reasons)


def test_s4_11_somebody_in_the_ice_freezer_of_a_shop_is_an_alarm(assess: Assess) -> None:
    judged = assess(POSTS[CrisisType.FLAMING], media=("photo",))
    assert judged.category is Category.MISCONDUCT
    assert judged.level.at_least(Level.WARNING)
