"""Posts as tensors, those of like length together."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from infra.training.encoding.pretrained import Floats
from infra.training.encoding.transformer import PADDING, Transformer

_SORTED_AT_ONCE = 50
_ASKED_AT_ONCE = 128


def padded(posts: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """Return the numbers of some posts' pieces, filled up to the longest, and what of it is theirs."""
    longest = max(map(len, posts))
    numbers = torch.full((len(posts), longest), PADDING)
    for at, post in enumerate(posts):
        numbers[at, : len(post)] = torch.tensor(post)
    lengths = torch.tensor([len(post) for post in posts])
    return numbers, torch.arange(longest)[None, :] < lengths[:, None]


def shuffled(
    posts: Sequence[Sequence[int]], *, size: int, epochs: float, chance: random.Random
) -> list[list[int]]:
    """Return which posts are taken in which step; in each step they are about as long as each other."""
    steps: list[list[int]] = []
    for _ in range(math.ceil(epochs)):
        order = list(range(len(posts)))
        chance.shuffle(order)
        near = [
            part
            for begin in range(0, len(order), size * _SORTED_AT_ONCE)
            for part in _by_length(posts, order[begin : begin + size * _SORTED_AT_ONCE], size)
        ]
        chance.shuffle(near)
        steps += near
    return steps[: int(len(posts) / size * epochs)]


def _by_length(posts: Sequence[Sequence[int]], some: Sequence[int], size: int) -> Iterator[list[int]]:
    ordered = sorted(some, key=lambda at: len(posts[at]))
    for begin in range(0, len(ordered), size):
        yield ordered[begin : begin + size]


def asked(
    encoder: Transformer, posts: Sequence[Sequence[int]], progress: Callable[[int], None]
) -> tuple[Floats, NDArray[np.float16]]:
    """Return the encoder's answers and its pooled states for posts, in their order."""
    encoder.eval()
    order = sorted(range(len(posts)), key=lambda at: len(posts[at]))
    answers = np.zeros((len(posts), encoder.head.out_features), np.float32)
    pooled = np.zeros((len(posts), encoder.shape.width), np.float16)
    for begin in range(0, len(order), _ASKED_AT_ONCE):
        some = order[begin : begin + _ASKED_AT_ONCE]
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            state = encoder.pooled(*padded([posts[at] for at in some])).float()
        with torch.no_grad():
            answers[some] = encoder.head(state).numpy()
        pooled[some] = state.numpy()
        progress(len(some))
    return answers, pooled
