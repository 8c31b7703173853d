"""Learning is repeatable, sees only what it may, and what ships was learned from what lies here."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hikeshi.adapters.janome_tokenizer import JanomeTokenizer
from hikeshi.domain.assessment import Category, Level
from hikeshi.ports.scoring import Encoders
from hikeshi.services.scoring.lexicon import load_lexicon
from hikeshi.services.scoring.model import unpack
from hikeshi.services.scoring.scorer import LexiconScorer
from infra.training import corpus
from infra.training.corpus import fold_of
from infra.training.fitting import Truth, fit
from infra.training.glancing import fit_look
from infra.training.learning import FOLDER, Learned, learn
from infra.training.vectors import Sparse, vectorise
from tests.fakes.scoring import ScriptedEncoder

HARMLESS_ON_A_BOARD: dict[str, Any] = {
    "category": Category.NONE,
    "level": Level.NONE,
    "source": "open2ch_posts",
}


def described() -> dict[str, object]:
    document: dict[str, object] = json.loads((FOLDER / "model.json").read_text("utf-8"))
    return document


def few_rows() -> list[corpus.Row]:
    rows = [*corpus.development()]
    return random.Random(1).sample(rows, 240)  # noqa: S311  # a draw that anyone can repeat


@pytest.fixture(scope="module")
def learned() -> Learned:
    return learn(
        few_rows(),
        lexicon=load_lexicon(),
        tokenizer=JanomeTokenizer(),
        encoders=Encoders(ScriptedEncoder(), ScriptedEncoder()),
    )


def test_the_shipped_model_was_learned_from_the_posts_that_lie_here() -> None:
    assert described()["digest"] == corpus.digest(), "the posts have changed: run make train"


def test_the_same_rows_give_the_same_bytes(learned: Learned, tmp_path: Path) -> None:
    again = learn(
        few_rows(),
        lexicon=load_lexicon(),
        tokenizer=JanomeTokenizer(),
        encoders=Encoders(ScriptedEncoder(), ScriptedEncoder()),
    )
    assert again.packed == learned.packed
    assert again.described == learned.described
    learned.write(tmp_path)
    document = json.loads((tmp_path / "model.json").read_text("utf-8"))
    model = unpack((tmp_path / "model.bin").read_bytes(), document)
    assert model.categories == tuple(Category)
    assert [y for _, y in model.read.table] == sorted(y for _, y in model.read.table)


def test_further_texts_move_the_cuts_and_are_not_learned_from(learned: Learned) -> None:
    calm = [replace(few_rows()[0], text=f"{n}番の席で抹茶", **HARMLESS_ON_A_BOARD) for n in range(30)]
    found = learn(
        few_rows(),
        lexicon=load_lexicon(),
        tokenizer=JanomeTokenizer(),
        encoders=Encoders(ScriptedEncoder(), ScriptedEncoder()),
        unseen=calm,
    )
    assert found.packed == learned.packed
    for way in ("read", "read_all"):
        assert "open2ch_posts" in found.described["unseen"][way]
        assert "open2ch_posts" not in learned.described["unseen"][way]
    assert found.described["unseen"]["read_all"]["thorough"].keys() == {"open2ch_posts", "risks"}


def test_the_half_that_is_held_back_is_not_learned_from() -> None:
    held = (corpus.POSTS / "labelled" / "held.jsonl").read_text("utf-8").splitlines()
    kept_back = {json.loads(line)["text"] for line in held}
    rows = [*corpus.development(), *corpus.written_for_training(), *corpus.examples(load_lexicon())]
    assert kept_back.isdisjoint(row.text for row in rows)


def test_training_rows_are_labelled_like_the_rest() -> None:
    for row in corpus.written_for_training():
        assert row.is_risk == (row.category not in {Category.NONE, Category.SUPPORT}), row.text
        assert row.category is not Category.COMPLAINT or row.level is Level.NOTICE, row.text


def test_texts_by_others_are_learned_from_or_measured_on_and_never_both(tmp_path: Path) -> None:
    texts = [f"文{number}" for number in range(400)]
    for name in corpus.BENIGN:
        (tmp_path / f"{name}.tsv").write_text("kind\ttext\n" + "".join(f"x\t{t}\n" for t in texts), "utf-8")
    drawn = [row.text for row in corpus.harmless(tmp_path)]
    assert drawn
    assert all(corpus.is_for_learning(text) for text in drawn)
    assert any(not corpus.is_for_learning(text) for text in texts)
    assert drawn == [row.text for row in corpus.harmless(tmp_path)]


def test_a_file_with_another_header_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.tsv").write_text("text\tcategory\n", "utf-8")
    with pytest.raises(ValueError, match=r"x\.tsv"):
        list(corpus.written_for_training(tmp_path))


def test_a_family_stays_in_one_fold() -> None:
    folds: dict[str, set[int]] = {}
    for row in corpus.development():
        folds.setdefault(row.family, set()).add(fold_of(row))
    assert all(len(found) == 1 for found in folds.values())


def test_a_row_is_written_in_one_order_whatever_order_sets_have() -> None:
    scorer = LexiconScorer(tokenizer=JanomeTokenizer(), learned=False)
    seen = vectorise(few_rows()[:40], scorer, at_least=1)
    is_mark = [name.startswith("\x01") for name in seen.names]
    for start, end in pairwise(seen.matrix.starts):
        columns = seen.matrix.columns[start:end].tolist()
        marks = [column for column in columns if is_mark[column]]
        assert columns == sorted(set(columns) - set(marks)) + sorted(set(marks))


def three_rows() -> Sparse:
    return Sparse(
        columns=np.array([0, 2, 1, 2, 0, 1, 2]),
        values=np.ones(7, np.float32),
        starts=np.array([0, 2, 4, 7]),
        width=3,
    )


def test_products_are_those_of_the_full_matrix() -> None:
    full = np.array([[1.0, 0, 1], [0, 1, 1], [1, 1, 1]])
    table, outer = np.array([[0.5, 1], [-2.0, 0], [3.0, 2]]), np.array([[1.0, 0], [2.0, 1], [-1.0, 3]])
    assert np.allclose(three_rows().times(table), full @ table)
    assert np.allclose(three_rows().take(np.array([2, 0])).times(table), full[[2, 0]] @ table)
    columns, slopes = three_rows().back(outer)
    assert columns.tolist() == [0, 1, 2]
    assert np.allclose(slopes, full.T @ outer)
    assert three_rows().take(np.array([1])).back(outer[:1])[0].tolist() == [1, 2]
    assert three_rows().counts().tolist() == [2, 2, 3]


def either_but_not_both(times: int) -> tuple[Sparse, Truth]:
    """Rows that no sum of weights can tell apart."""
    posts = [[2], [0, 2], [1, 2], [0, 1, 2]] * times
    sparse = Sparse(
        columns=np.array([column for post in posts for column in post]),
        values=np.ones(sum(map(len, posts)), np.float32),
        starts=np.concatenate(([0], np.cumsum([len(post) for post in posts]))),
        width=3,
    )
    risk = np.array([0, 1, 1, 0] * times, np.float32)
    return sparse, Truth(
        risk=risk,
        kinds=risk.astype(np.int64),
        severe=np.array([0, 1, 0, 0] * times, np.float32),
        weights=np.ones(len(posts), np.float32),
        count=2,
    )


def test_a_network_learns_what_no_sum_of_weights_can() -> None:
    sparse, truth = either_but_not_both(256)
    network = fit(sparse, truth, seed=1, epochs=60)
    answers = network.answers(sparse.take(np.arange(4)))
    assert (answers[:, 0] > 0).tolist() == [False, True, True, False]
    assert answers[:, 1:3].argmax(axis=1).tolist() == [0, 1, 1, 0]
    assert answers[1, 3] > 0 > answers[2, 3]


def test_the_first_look_learns_which_pieces_mean_harm() -> None:
    sparse, truth = either_but_not_both(64)
    plain = (np.array([0, 1, 0, 1] * 64, np.float32), truth.weights)
    look = fit_look(sparse, *plain)
    logits = look.logits(sparse.take(np.arange(4)))
    assert logits[1] > logits[0]
    assert logits[3] > logits[2]


def test_a_seed_gives_the_same_network_again_and_another_seed_another() -> None:
    sparse, truth = either_but_not_both(8)
    one, same, other = (fit(sparse, truth, seed=seed, epochs=1) for seed in (1, 1, 2))
    assert np.array_equal(one.rows, same.rows)
    assert not np.array_equal(one.rows, other.rows)
