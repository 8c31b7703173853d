from __future__ import annotations

from collections.abc import Iterator

import pytest

from hikeshi.domain.assessment import Category
from hikeshi.domain.configuration import LexiconFile
from hikeshi.runtime import bootstrap
from tests.builders import a_configuration, a_post
from tests.composition import use_configuration
from tests.unit.learning.test_own_lexicon import OWN

POST = a_post(text="駅前でひのまる君が壊されてた", media=())


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("ALERTS_TABLE", "INCIDENTS_TABLE", "ARCHIVE_BUCKET", "INCIDENTS_QUEUE_URL", "CONFIG_BUCKET"):
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("ENVIRONMENT", "test")
    yield
    for cache in (
        bootstrap.client,
        bootstrap.alert_store,
        bootstrap.post_archive,
        bootstrap.incident_requests,
        bootstrap.exposure_watch,
    ):
        cache.cache_clear()


def configured(monkeypatch: pytest.MonkeyPatch, *texts: str) -> None:
    files = tuple(LexiconFile(name=f"lexicon/{n}.toml", text=text) for n, text in enumerate(texts))
    use_configuration(monkeypatch, lambda: a_configuration(lexicon=files))


def test_the_stack_judges_by_the_words_of_its_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    configured(monkeypatch)
    assert not bootstrap.assessing().scorer.assess(POST).is_risk
    configured(monkeypatch, OWN)
    assert bootstrap.assessing().scorer.assess(POST).category is Category.MISCONDUCT


def test_a_scorer_is_built_anew_only_when_the_words_change(monkeypatch: pytest.MonkeyPatch) -> None:
    configured(monkeypatch, OWN)
    first = bootstrap.assessing().scorer
    assert bootstrap.assessing().scorer is first
    configured(monkeypatch, OWN.replace("weight = 61", "weight = 62"))
    assert bootstrap.assessing().scorer is not first


def test_words_that_cannot_be_used_stop_no_post_from_being_judged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    configured(monkeypatch, "[words")
    insect = a_post(text="昨日買ったパンを開けたら虫が入っていた")
    assert bootstrap.assessing().scorer.assess(insect).category is Category.CONTAMINATION
    assert "own lexicon left out" in caplog.text
