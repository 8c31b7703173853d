from __future__ import annotations

import pytest

from hikeshi.domain.facts import Verdict
from hikeshi.services.facts.verdict_words import verdict_of, verdicts_of
from hikeshi.services.messages.wording import Wording


@pytest.mark.parametrize(
    "claim",
    [
        "同じロットでほかに申し出があるか",
        "写真の商品は当社の製品か",
        "健康への影響はありますか？",
        "当社の店舗かどうか",
    ],
)
def test_a_question_is_answered_with_yes_or_no(claim: str) -> None:
    said = [verdict_of(claim, verdict, Wording()) for verdict in Verdict]
    assert said == ["未確認", "「はい」と確認", "「いいえ」と確認", "確認できない"]


@pytest.mark.parametrize(
    "claim", ["虫は製造のときに入ったものではない", "元になった投稿はどこから出たか", "経緯はどうだったか"]
)
def test_what_no_yes_answers_is_confirmed_or_not(claim: str) -> None:
    chosen = verdicts_of(claim, (Verdict.CONFIRMED, Verdict.REFUTED), Wording())
    assert chosen == (("confirmed", "事実と確認"), ("refuted", "事実ではないと確認"))
