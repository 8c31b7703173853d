"""A million links that nobody was sent."""

from __future__ import annotations

import pytest

from tests.proofs.tokens import WAYS, accepted

pytestmark = [pytest.mark.soak, pytest.mark.timeout(3_600)]

TRIES, PARTS = 1_000_000, 4


@pytest.mark.parametrize("part", range(PARTS))
def test_of_a_million_forged_links_none_opens(part: int) -> None:
    tried, opened = accepted(count=TRIES // PARTS, seed=part)
    assert len(tried) == len(WAYS)
    assert opened == []
