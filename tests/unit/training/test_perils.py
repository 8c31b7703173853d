"""The weights about lives: what they are taught by, how they are fitted, where they cut."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from hikeshi.domain.assessment import Category
from hikeshi.domain.peril import Peril
from hikeshi.ports.scoring import Encoders, Reading
from hikeshi.services.scoring.perils import FILE, built
from infra.training import corpus
from infra.training.learning import FOLDER
from infra.training.perils import learning, posts
from infra.training.perils.posts import Row

MEASURED = corpus.POSTS / "life_at_risk"


def row(text: str, peril: Peril | None = None, source: str = "one") -> Row:
    return Row(text=text, peril=peril, source=source, weight=1.0)


class Reader:
    """Tells by a word whether a text is about a life, and by another whose."""

    def read(self, text: str) -> Reading:
        meaning = (float("遺書" in text or "爆破" in text), float("爆破" in text), float(len(text) % 3))
        return Reading(risk=0.0, kinds=dict.fromkeys(Category, 0.0), severe=0.0, meaning=meaning)


def hands() -> Sequence[Row]:
    """Return posts by two hands, each with all three kinds."""
    return [
        row(f"{number}番目の{words}", peril, source)
        for source in ("one", "two")
        for number in range(12)
        for words, peril in (
            ("遺書を机に置きました", Peril.SELF_HARM),
            ("会場を爆破します", Peril.VIOLENCE),
            ("弁当がおいしかった", None),
        )
    ]


def calm(name: str, count: int) -> list[Row]:
    words = ("散歩した", "弁当がおいしい", "机を買った", "会場は満員", "電車が混む", "眠い")
    return [
        row(f"{number}件目、{words[number % 6]}と{words[number % 5]}{'。' * (number % 7)}", source=name)
        for number in range(count)
    ]


def test_a_head_finds_the_number_that_tells() -> None:
    meanings = np.array([[1.0, 5.0], [0.9, -3.0], [-1.0, 4.0], [-1.1, -5.0]] * 20)
    truth = np.array([True, True, False, False] * 20)
    head = learning.fit_head(meanings, truth, np.ones(80), ridge=1.0)
    assert ((head.logits(meanings) > 0) == truth).all()
    assert abs(head.weights[0]) > 10 * abs(head.weights[1])


def test_a_cut_lets_just_its_share_pass() -> None:
    logits = np.arange(1000.0)
    cut = learning.beyond(logits, 10_000, 0.01)
    assert int((logits >= cut).sum()) == 100


def test_what_is_learned_tells_posts_about_lives_from_others_and_whose_life() -> None:
    encoders = Encoders(Reader(), Reader())
    streams = calm(learning.ROUGH, 400)
    described = learning.learn(
        hands(), [row("店員が無愛想", source="training")], streams[:200], streams[200:], encoders=encoders
    )
    assert described["unseen"]["called"] > 0.9
    assert described["unseen"]["lookalikes_called"] < 0.1
    model = built(json.loads(json.dumps(described)))
    for text, peril in (
        ("机に遺書がありました", Peril.SELF_HARM),
        ("明日、会場を爆破します", Peril.VIOLENCE),
    ):
        opinion = model.opinion({*text, "遺書", "爆破"}, text, encoders)
        assert opinion is not None
        assert opinion.peril is peril
    assert model.opinion({*"公園で散歩"}, "公園で散歩", encoders) is None


def test_the_same_posts_give_the_same_weights() -> None:
    given = (hands(), calm("training", 5), calm(learning.ROUGH, 60), calm(learning.ROUGH, 90))
    encoders = Encoders(Reader(), Reader())
    assert learning.learn(*given, encoders=encoders) == learning.learn(*given, encoders=encoders)


def test_what_ships_was_taught_by_the_posts_that_lie_here() -> None:
    shipped = json.loads((FOLDER / FILE).read_text("utf-8"))
    assert shipped["digest"] == posts.digest(), "run make train-perils"


def test_each_hand_wrote_about_as_many_harmless_posts_and_none_twice() -> None:
    rows = posts.written()
    assert len({each.text for each in rows}) == len(rows)
    for source in {each.source for each in rows}:
        mine = [each for each in rows if each.source == source]
        assert abs(sum(each.is_perilous for each in mine) * 2 - len(mine)) <= 1


def test_nothing_that_is_measured_on_is_learned_from() -> None:
    measured = {
        line.rsplit("\t", 1)[1]
        for path in sorted(MEASURED.glob("*.tsv"))
        if path.name != "missed.tsv"
        for line in path.read_text("utf-8").splitlines()
    }
    assert len(measured) > 1_000
    assert measured.isdisjoint(each.text for each in posts.written())


@pytest.mark.parametrize(
    "pattern", [r"\d{2,4}-\d{2,4}-\d{3,4}", r"@\w+\.\w+", r"https?://", r"(?<!\w)@[A-Za-z]\w+"]
)
def test_they_hold_no_phone_mail_link_or_handle(pattern: str) -> None:
    assert [each.text for each in posts.written() if re.search(pattern, each.text)] == []


def test_a_line_that_is_not_kind_and_text_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("harmless\tよい天気\nstrange\t何か\n", "utf-8")
    with pytest.raises(ValueError, match="strange"):
        posts.written(tmp_path)
