"""Teach the pretrained encoder our posts, then a smaller one what it has learned."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from infra.training.encoding.batches import padded, shuffled
from infra.training.encoding.losses import Labels, from_labels, from_teacher
from infra.training.encoding.transformer import Transformer

Progress = Callable[[int], None]


@dataclass(frozen=True, kw_only=True)
class Course:
    """How an encoder is tuned: posts a step, how often all of them, and how fast."""

    size: int
    epochs: float
    rate: float
    head_rate: float


TEACHER = Course(size=40, epochs=4.0, rate=1e-4, head_rate=1e-3)
STUDENT = Course(size=64, epochs=6.0, rate=1e-3, head_rate=1e-3)
_RISING = 0.06
"""Share of the steps in which the rate rises to its height; then it falls to nothing."""
_SHRINK, _KEPT = 0.01, (0.9, 0.98)
_LONGEST_STEP = 1.0
_DROPPED = 0.1
_UNLABELLED_WEIGHT, _LABEL_SHARE = 0.5, 0.5


def teach(encoder: Transformer, posts: Sequence[Sequence[int]], right: Labels, progress: Progress) -> None:
    """Tune an encoder on labelled posts."""

    def loss(rows: list[int], state: Tensor) -> Tensor:
        mine = right.take(torch.tensor(rows))
        answers = encoder.head(functional.dropout(state, _DROPPED))
        return (from_labels(answers, mine) * mine.weights).mean()

    _run(encoder, posts, TEACHER, loss, progress)


def hand_on(
    encoder: Transformer,
    posts: Sequence[Sequence[int]],
    right: Labels,
    told: tuple[Tensor, Tensor],
    progress: Progress,
) -> None:
    """Tune an encoder on what another says of posts; the first of them are labelled as well.

    ``told`` is the other's answers and its pooled states; a linear map, thrown away afterwards, brings the
    states of both to one width.
    """
    labelled = len(right.risk)
    weights = torch.full((len(posts),), _UNLABELLED_WEIGHT)
    weights[:labelled] = right.weights
    answered, pooled = told
    widened = nn.Linear(encoder.shape.width, pooled.shape[1])

    def loss(rows: list[int], state: Tensor) -> Tensor:
        at = torch.tensor(rows)
        answers = encoder.head(state)
        apart = from_teacher(answers, answered[at])
        ours = at < labelled
        if ours.any():
            labels = from_labels(answers[ours], right.take(at[ours]))
            apart = apart.index_add(0, ours.nonzero()[:, 0], _LABEL_SHARE * labels)
        alike = functional.cosine_similarity(widened(state), pooled[at].float(), dim=1)
        return (apart * weights[at] + 1.0 - alike).mean()

    _run(encoder, posts, STUDENT, loss, progress, beside=list(widened.parameters()))


def _run(
    encoder: Transformer,
    posts: Sequence[Sequence[int]],
    course: Course,
    loss: Callable[[list[int], Tensor], Tensor],
    progress: Progress,
    *,
    beside: Sequence[Tensor] = (),
) -> None:
    """Tune an encoder, and with it what the loss has need of beside it."""
    chance = random.Random(2)  # noqa: S311  # a draw that anyone can repeat
    steps = shuffled(posts, size=course.size, epochs=course.epochs, chance=chance)
    body, head = _all_but_head(encoder), [*encoder.head.parameters(), *beside]
    groups = [{"params": body, "height": course.rate}, {"params": head, "height": course.head_rate}]
    adam = torch.optim.AdamW(groups, lr=0.0, fused=True, weight_decay=_SHRINK, betas=_KEPT)
    encoder.train()
    for number, rows in enumerate(steps):
        risen = min(1.0, (number + 1) / (_RISING * len(steps))) * (1.0 - number / len(steps))
        for group in adam.param_groups:
            group["lr"] = group["height"] * risen
        with torch.autocast("cpu", torch.bfloat16):
            state = encoder.pooled(*padded([posts[at] for at in rows]))
        adam.zero_grad()
        loss(rows, state.float()).backward()
        nn.utils.clip_grad_norm_([*body, *head], _LONGEST_STEP)
        adam.step()
        progress(len(rows))


def _all_but_head(encoder: Transformer) -> list[Tensor]:
    return [weights for name, weights in encoder.named_parameters() if not name.startswith("head.")]
