"""What every encoder promises, whatever it has learned."""

from __future__ import annotations

import math

import pytest

from hikeshi.adapters.encoder import TransformerEncoder
from hikeshi.domain.assessment import Category
from hikeshi.ports.scoring import Encoder, Encoders
from infra.lab.remembering import RememberingEncoder, remembering
from tests.builders.encoders import an_encoder_file
from tests.fakes.scoring import ScriptedEncoder

TEXTS = [
    "弁当に虫が入っていた",
    "",
    " \n",
    "虫" * 100_000,
    "🪳\x00\u202e\u2066",
    "\ud800虫",
    "ﷺ" * 400,
]


@pytest.fixture(scope="module", params=["fake", "remembering", "transformer"])
def encoder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    if request.param == "fake":
        return ScriptedEncoder()
    if request.param == "remembering":
        return RememberingEncoder(ScriptedEncoder())
    return TransformerEncoder(an_encoder_file(tmp_path_factory.mktemp("encoder") / "encoder.safetensors"))


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: ascii(text)[:20])
def test_any_text_gets_an_answer_to_every_question(encoder: Encoder, text: str) -> None:
    reading = encoder.read(text)
    assert list(reading.kinds) == list(Category)
    answers = [reading.risk, *reading.kinds.values(), reading.severe]
    assert {type(answer) for answer in answers} == {float}
    assert all(map(math.isfinite, answers))


def test_the_same_text_gets_the_same_answer(encoder: Encoder) -> None:
    first = encoder.read(TEXTS[0])
    encoder.read("昨日の店員。")
    assert encoder.read(TEXTS[0]) == first


def test_one_that_remembers_asks_once_for_each_text() -> None:
    asked = ScriptedEncoder()
    once = RememberingEncoder(asked)
    for text in ("虫", "店員", "虫", "店員", "虫"):
        once.read(text)
    assert asked.read_texts == ["虫", "店員"]


@pytest.mark.parametrize("reads_all", [True, False])
def test_those_that_remember_read_as_much_as_those_they_ask(reads_all: bool) -> None:
    found = remembering(Encoders(ScriptedEncoder(), ScriptedEncoder(), reads_all))
    assert found is not None
    assert found.reads_all is reads_all
