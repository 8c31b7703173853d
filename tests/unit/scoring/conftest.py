from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hikeshi.domain.assessment import Assessment
from hikeshi.ports.scoring import Tokenizer
from hikeshi.runtime import bootstrap
from hikeshi.services.scoring.scorer import LexiconScorer
from tests.builders import a_post

Assess = Callable[..., Assessment]


@pytest.fixture(scope="session")
def tokenizer() -> Tokenizer:
    """The real dictionary: what is tested here is how its morphemes are read.

    ``HIKESHI_TOKENIZER=mecab`` runs the same suite on the other one.
    """
    return bootstrap.tokenizer()


@pytest.fixture(scope="session")
def scorer(tokenizer: Tokenizer) -> LexiconScorer:
    return LexiconScorer(tokenizer=tokenizer)


@pytest.fixture(scope="session")
def assess(scorer: LexiconScorer) -> Assess:
    def of(text: str, **changes: Any) -> Assessment:
        quiet: dict[str, Any] = {"followers": 0, "reposts": 0, "likes": 0, "media": ()}
        return scorer.assess(a_post(text=text, **(quiet | changes)))

    return of
