"""The encoder as torch trains it; :mod:`hikeshi.adapters.encoder` computes the same with numpy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from infra.training.encoding.pretrained import Floats, Pretrained

POSITIONS = 128
PADDING = 1
OUTPUTS = 16
"""Risk, fourteen categories, severity."""
_FAR = -1e4
_PIECES_SPREAD, _PLACES_SPREAD = 0.3, 0.1
"""Standard deviation of what a small encoder begins with for its pieces and for their places."""


@dataclass(frozen=True, kw_only=True)
class Shape:
    """How large an encoder is."""

    pieces: int
    width: int
    layers: int
    heads: int
    inner: int
    epsilon: float


class _Layer(nn.Module):
    """Attention and two linear steps, each added to what came in and normalised after."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.qkv = nn.Linear(shape.width, 3 * shape.width)
        self.out = nn.Linear(shape.width, shape.width)
        self.norm1 = nn.LayerNorm(shape.width, shape.epsilon)
        self.up = nn.Linear(shape.width, shape.inner)
        self.down = nn.Linear(shape.inner, shape.width)
        self.norm2 = nn.LayerNorm(shape.width, shape.epsilon)

    def forward(self, state: Tensor, mask: Tensor | None) -> Tensor:
        posts, length, width = state.shape
        parted = self.qkv(state).view(posts, length, 3, self.heads, width // self.heads)
        query, key, value = parted.permute(2, 0, 3, 1, 4)
        near = (query @ key.transpose(-1, -2)) * (width // self.heads) ** -0.5
        if mask is not None:
            near = near + mask
        seen = near.softmax(-1).to(value.dtype) @ value
        state = self.norm1(state + self.out(seen.transpose(1, 2).reshape(posts, length, width)))
        return self.norm2(state + self.down(functional.gelu(self.up(state))))


class Transformer(nn.Module):
    """Answers for posts: logits of risk, of each category and of severity."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.embedding = nn.Embedding(shape.pieces, shape.width)
        self.positions = nn.Embedding(POSITIONS, shape.width)
        self.norm = nn.LayerNorm(shape.width, shape.epsilon)
        self.layer = nn.ModuleList(_Layer(shape) for _ in range(shape.layers))
        self.head = nn.Linear(shape.width, OUTPUTS)

    def pooled(self, numbers: Tensor, kept: Tensor) -> Tensor:
        """Return the mean of the last states of each post."""
        state = self.norm(self.embedding(numbers) + self.positions.weight[: numbers.shape[1]])
        mask = None if kept.all() else torch.where(kept, 0.0, _FAR)[:, None, None, :].to(torch.bfloat16)
        for layer in self.layer:
            state = layer(state, mask)
        share = kept[..., None].to(state.dtype)
        return (state * share).sum(1) / share.sum(1)

    def forward(self, numbers: Tensor, kept: Tensor) -> Tensor:
        """Return the logits of each post."""
        return self.head(self.pooled(numbers, kept).float())


def begin_from(pretrained: Pretrained, pieces: Sequence[int]) -> Transformer:
    """Return the pretrained encoder with so much of its vocabulary, and a head that knows nothing yet."""
    width = pretrained.width
    shape = Shape(
        pieces=len(pieces) + 4,
        width=width,
        layers=pretrained.layers,
        heads=pretrained.heads,
        inner=pretrained.inner,
        epsilon=pretrained.epsilon,
    )
    found = Transformer(shape)
    places = pretrained.matrix("emb.pos", width)[:POSITIONS] + pretrained.vector("emb.type")[:width]
    weights = {
        "embedding.weight": pretrained.embedding(np.array(pieces)),
        "positions.weight": places,
        "norm.weight": pretrained.vector("emb.ln.w"),
        "norm.bias": pretrained.vector("emb.ln.b"),
        "head.weight": found.head.weight.detach().numpy(),
        "head.bias": found.head.bias.detach().numpy(),
    }
    for at in range(shape.layers):
        weights |= _layer(pretrained, at)
    found.load_state_dict({name: torch.from_numpy(values.copy()) for name, values in weights.items()})
    return found


def _layer(pretrained: Pretrained, at: int) -> dict[str, Floats]:
    width, inner = pretrained.width, pretrained.inner
    into, outof = f"layer.{at}", f"l{at}"
    parts = [f"{outof}.{part}" for part in "qkv"]
    return {
        f"{into}.qkv.weight": np.concatenate([pretrained.matrix(f"{part}.w", width) for part in parts]),
        f"{into}.qkv.bias": np.concatenate([pretrained.vector(f"{part}.b") for part in parts]),
        f"{into}.out.weight": pretrained.matrix(f"{outof}.ao.w", width),
        f"{into}.out.bias": pretrained.vector(f"{outof}.ao.b"),
        f"{into}.norm1.weight": pretrained.vector(f"{outof}.aln.w"),
        f"{into}.norm1.bias": pretrained.vector(f"{outof}.aln.b"),
        f"{into}.up.weight": pretrained.matrix(f"{outof}.fi.w", width),
        f"{into}.up.bias": pretrained.vector(f"{outof}.fi.b"),
        f"{into}.down.weight": pretrained.matrix(f"{outof}.fo.w", inner),
        f"{into}.down.bias": pretrained.vector(f"{outof}.fo.b"),
        f"{into}.norm2.weight": pretrained.vector(f"{outof}.oln.w"),
        f"{into}.norm2.bias": pretrained.vector(f"{outof}.oln.b"),
    }


def narrower(teacher: Transformer, *, width: int, layers: int, heads: int, inner: int) -> Transformer:
    """Return a small encoder that knows of each piece only in what the teacher's pieces differ most."""
    found = Transformer(replace(teacher.shape, width=width, layers=layers, heads=heads, inner=inner))
    every = teacher.embedding.weight.detach()
    centre = every.mean(0)
    axes = torch.linalg.svd(every - centre, full_matrices=False).Vh[:width].T
    with torch.no_grad():
        found.embedding.weight.copy_(_spread((every - centre) @ axes, _PIECES_SPREAD))
        found.positions.weight.copy_(_spread(teacher.positions.weight @ axes, _PLACES_SPREAD))
    return found


def _spread(rows: Tensor, deviation: float) -> Tensor:
    return rows / rows.std() * deviation
