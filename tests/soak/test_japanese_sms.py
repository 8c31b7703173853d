"""A hundred thousand texts as they reach a phone."""

from __future__ import annotations

import pytest

from tests.proofs.sms import faults, written

pytestmark = [pytest.mark.soak, pytest.mark.timeout(3_600)]

TEXTS, PARTS = 100_000, 4


@pytest.mark.parametrize("part", range(PARTS))
def test_of_a_hundred_thousand_sms_none_is_cut_split_or_over_its_budget(part: int) -> None:
    texts = written(count=TEXTS // PARTS, seed=part)
    assert [fault for sms in texts for fault in faults(sms)][:5] == []
