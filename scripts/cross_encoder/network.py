"""The model in torch, as functions over weights under their published names: nothing to convert at either end.

The encoder is that of `scripts/minilm/reference.py`; on top of it linear heads: "support" and "answer" of the first
token, "bearing" of each. Attention has no dropout, since its fast kernels on a processor know none.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - what everybody calls it
from numpy.typing import NDArray

from rag.cross_encoder import FAULTS
from scripts.minilm.reference import EPSILON, HEADS, LAYERS, WIDTH

HEAD_SIZES = {"support": 1 + len(FAULTS), "answer": 2, "bearing": 1}
DROPOUT = 0.1
_POOL = 1 << 24  # numbers drawn once, of which every dropout takes a part: drawing anew was a tenth of the time

Tensors = dict[str, torch.Tensor]


def trainable(weights: Mapping[str, NDArray[np.float32]]) -> Tensors:
    """The weights as tensors, trainable but for words and places; heads that are not among them are new."""
    tensors = {name: torch.tensor(value) for name, value in weights.items() if not name.startswith("pooler.")}
    for head, size in HEAD_SIZES.items():
        if f"{head}.weight" not in tensors:
            layer = torch.nn.Linear(WIDTH, size)
            tensors[f"{head}.weight"], tensors[f"{head}.bias"] = layer.weight.detach(), layer.bias.detach()
    for name, value in tensors.items():
        value.requires_grad_(value.is_floating_point() and "word_embeddings" not in name and "position" not in name)
    return tensors


class Network:
    """Token ids -> logits, for a batch of padded texts."""

    def __init__(self, weights: Tensors) -> None:
        self.weights = weights
        self.training = True
        self._pools: dict[torch.dtype, torch.Tensor] = {}

    def __call__(self, ids: torch.Tensor, mask: torch.Tensor) -> Tensors:
        """ids, mask: int64 (batch, length). "support": (batch, 6), "answer": (batch, 2), "bearing": (batch, length)."""
        with torch.autocast("cpu", torch.bfloat16):
            hidden = self._encode(ids, mask[:, None, None, :].bool())
            logits = {
                "support": self._linear(hidden[:, 0], "support"),
                "answer": self._linear(hidden[:, 0], "answer"),
                "bearing": self._linear(hidden, "bearing")[..., 0],
            }
        return {name: value.float() for name, value in logits.items()}

    def copied_weights(self) -> dict[str, NDArray[np.float32]]:
        """The weights as they are now, under their published names."""
        return {name: value.detach().numpy().copy() for name, value in self.weights.items()}

    def _encode(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        w = self.weights
        words = w["embeddings.word_embeddings.weight"][ids]
        places = w["embeddings.position_embeddings.weight"][: ids.shape[1]]
        segment = w["embeddings.token_type_embeddings.weight"][0]
        hidden = self._dropped(self._norm(words + places + segment, "embeddings"))
        for layer in range(LAYERS):
            source = f"encoder.layer.{layer}"
            query, key, value = (
                self._linear(hidden, f"{source}.attention.self.{part}").unflatten(-1, (HEADS, -1)).transpose(1, 2)
                for part in ("query", "key", "value")
            )
            mixed = F.scaled_dot_product_attention(query, key, value, attn_mask=mask).transpose(1, 2).flatten(2)
            attended = self._linear(mixed, f"{source}.attention.output.dense")
            hidden = self._norm(hidden + self._dropped(attended), f"{source}.attention.output")
            wide = F.gelu(self._linear(hidden, f"{source}.intermediate.dense"))
            hidden = self._norm(
                hidden + self._dropped(self._linear(wide, f"{source}.output.dense")), f"{source}.output"
            )
        return hidden

    def _linear(self, value: torch.Tensor, name: str) -> torch.Tensor:
        return F.linear(value, self.weights[f"{name}.weight"], self.weights[f"{name}.bias"])

    def _norm(self, value: torch.Tensor, source: str) -> torch.Tensor:
        scale, shift = self.weights[f"{source}.LayerNorm.weight"], self.weights[f"{source}.LayerNorm.bias"]
        return F.layer_norm(value, (WIDTH,), scale, shift, eps=EPSILON)

    def _dropped(self, value: torch.Tensor) -> torch.Tensor:
        if not self.training:
            return value
        if value.dtype not in self._pools:
            kept = (torch.rand(_POOL) > DROPOUT).float() / (1 - DROPOUT)
            self._pools[value.dtype] = kept.to(value.dtype)
        start = int(torch.randint(0, _POOL - value.numel(), (1,)))
        return value * self._pools[value.dtype][start : start + value.numel()].view_as(value)
