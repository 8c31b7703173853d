"""The encoder's arithmetic agrees with the same written out in plain numbers."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hikeshi.adapters.encoder import TransformerEncoder
from hikeshi.adapters.encoder.file import Loaded, load
from hikeshi.adapters.encoder.network import told_depths
from hikeshi.adapters.encoder.pieces import MOST_TOKENS
from hikeshi.domain.assessment import Category
from tests.builders.encoders import EPSILON, HEADS, LAYERS, PIECES, WIDTH, an_encoder_file, encoder_arrays

Rows = list[list[float]]
ARRAYS = encoder_arrays()


def plain(name: str, at: int | None = None) -> list[float]:
    return [float(each) for each in (ARRAYS[name] if at is None else ARRAYS[name][at])]


def linear(rows: Rows, name: str, at: int) -> Rows:
    scale, bias = plain(f"{name}.scale", at), plain(f"{name}.bias", at)
    columns = [
        [float(whole) for whole in block[:, column]]
        for block in ARRAYS[f"{name}.weight"][at]
        for column in range(block.shape[1])
    ]
    return [
        [
            b + s * sum(w * x for w, x in zip(ws, row, strict=True))
            for s, ws, b in zip(scale, columns, bias, strict=True)
        ]
        for row in rows
    ]


def normed(rows: Rows, name: str, at: int | None = None) -> Rows:
    weight, bias = plain(f"{name}.weight", at), plain(f"{name}.bias", at)
    answer = []
    for row in rows:
        mean = sum(row) / len(row)
        variance = sum((x - mean) ** 2 for x in row) / len(row)
        level = [(x - mean) / math.sqrt(variance + EPSILON) for x in row]
        answer.append([w * x + b for w, x, b in zip(weight, level, bias, strict=True)])
    return answer


def bent(x: float) -> float:
    """GELU as it is usually approximated: within a thousandth of the true one."""
    answer = x * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))) / 2
    assert answer == pytest.approx(x * (1 + math.erf(x / math.sqrt(2))) / 2, abs=1e-3)
    return answer


def added(one: Rows, other: Rows) -> Rows:
    return [[a + b for a, b in zip(x, y, strict=True)] for x, y in zip(one, other, strict=True)]


def attended(rows: Rows, layer: int) -> Rows:
    qkv = linear(rows, "qkv", layer)
    size = WIDTH // HEADS
    mixed: Rows = [[] for _ in rows]
    for head in range(HEADS):
        q, k, v = (
            [row[part * WIDTH + head * size : part * WIDTH + (head + 1) * size] for row in qkv]
            for part in range(3)
        )
        for at, query in enumerate(q):
            products = [sum(a * b for a, b in zip(query, key, strict=True)) / math.sqrt(size) for key in k]
            heeds = [math.exp(product) for product in products]
            shares = [heed / sum(heeds) for heed in heeds]
            mixed[at] += [
                sum(share * value[column] for share, value in zip(shares, v, strict=True))
                for column in range(size)
            ]
    return linear(mixed, "out", layer)


def means(numbers: list[int]) -> Rows:
    """Return the mean of the rows before any layer and after each."""
    scale = plain("embedding_scale")
    rows: Rows = [[scale[n] * float(x) for x in ARRAYS["embedding"][n]] for n in numbers]
    rows = normed(added(rows, ARRAYS["positions"][: len(numbers)].tolist()), "norm")
    found = [mean_of(rows)]
    for at in range(LAYERS):
        rows = normed(added(rows, attended(rows, at)), "norm1", at)
        inner = [[bent(x) for x in row] for row in linear(rows, "up", at)]
        rows = normed(added(rows, linear(inner, "down", at)), "norm2", at)
        found.append(mean_of(rows))
    return found


def mean_of(rows: Rows) -> list[float]:
    return [sum(column) / len(rows) for column in zip(*rows, strict=True)]


def expected(numbers: list[int]) -> list[float]:
    last = means(numbers)[-1]
    return [
        b + sum(w * x for w, x in zip(ws, last, strict=True))
        for ws, b in zip(ARRAYS["head.weight"].tolist(), plain("head.bias"), strict=True)
    ]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return an_encoder_file(tmp_path_factory.mktemp("encoder") / "encoder.safetensors")


@pytest.fixture(scope="module")
def loaded(file: Path) -> Loaded:
    return load(file)


@settings(deadline=None)  # a busy machine is slow, not wrong
@given(numbers=st.lists(st.integers(0, 3 + len(PIECES)), min_size=1, max_size=9))
def test_the_answers_are_those_of_plain_arithmetic(loaded: Loaded, numbers: list[int]) -> None:
    answers = loaded.network.answers(loaded.network.meaning(numbers))
    assert answers == pytest.approx(expected(numbers), rel=1e-4, abs=2e-5)


def test_a_meaning_is_told_from_the_last_layer_down_to_the_first(loaded: Loaded) -> None:
    numbers = [0, 5, 6, 2]
    layers = means(numbers)
    wanted = [value for depth in told_depths(LAYERS) for value in layers[depth]]
    assert loaded.network.meaning(numbers).tolist() == pytest.approx(wanted, rel=1e-4, abs=2e-5)


@pytest.mark.parametrize(("layers", "depths"), [(12, [12, 9, 6, 3]), (3, [3, 2, 1, 0]), (2, [2, 1, 1, 0])])
def test_a_meaning_is_taken_at_four_depths(layers: int, depths: list[int]) -> None:
    assert told_depths(layers) == depths


def test_the_longest_text_has_a_position_for_each_token(loaded: Loaded) -> None:
    numbers = [0, *[5, 7] * (MOST_TOKENS // 2 - 1), 2]
    assert len(numbers) == MOST_TOKENS
    answers = loaded.network.answers(loaded.network.meaning(numbers))
    assert answers == pytest.approx(expected(numbers), rel=1e-4, abs=2e-5)


def test_answering_leaves_the_weights_as_they_were(loaded: Loaded) -> None:
    network = loaded.network
    first = network.answers(network.meaning([0, 5, 6, 2]))
    network.answers(network.meaning([0, 9, 2]))
    assert network.answers(network.meaning([0, 5, 6, 2])) == first


def test_the_order_of_the_words_is_heard(file: Path) -> None:
    encoder = TransformerEncoder(file)
    assert encoder.read("店員が虫の弁当").risk != pytest.approx(encoder.read("虫が店員の弁当").risk)


def test_the_first_answer_is_the_risk_the_last_severity_and_the_rest_the_categories(
    file: Path, loaded: Loaded
) -> None:
    numbers = loaded.pieces.encode("昨日の弁当。")
    risk, *kinds, severe = expected(numbers)
    reading = TransformerEncoder(file).read("昨日の弁当。")
    assert (reading.risk, reading.severe) == pytest.approx((risk, severe), rel=1e-4, abs=2e-5)
    assert list(reading.kinds) == list(Category)
    assert list(reading.kinds.values()) == pytest.approx(kinds, rel=1e-4, abs=2e-5)
