"""The training loop: both tasks mixed, AdamW, a rate that rises shortly and falls to a tenth."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - what everybody calls it

from rag.cross_encoder import Task
from scripts.cross_encoder.examples import Example, by_twins
from scripts.cross_encoder.network import Network, Tensors

_BATCH = 32
_SORTED = 40  # batches among which texts are sorted by length, so that little is padded
_STEP = 16  # lengths are padded to its multiples: every new shape costs the libraries some time
_WARM_UP, _LAST = 150, 0.1  # steps; share of the rate at the end
_DECAY, _LONGEST_GRADIENT = 0.01, 1.0
_FAULTS, _CARRIED, _BEARING, _TWINS = 0.4, 0.8, 0.3, 0.5  # weights of the losses beside that of "answer"
_SMOOTHING = 0.03


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded token ids, and what is true of each row."""

    ids: torch.Tensor  # int64 (rows, length)
    mask: torch.Tensor  # the same; 1 for tokens, 0 for padding
    examples: Sequence[Example]


def train(network: Network, examples: Sequence[Example], *, epochs: int, rate: float, seed: int = 1) -> None:
    """Fit the network's weights in place, `rate` being AdamW's at its height; prints how it goes."""
    torch.manual_seed(seed)
    order = random.Random(seed)  # noqa: S311 - no secret depends on it
    plan = [batch for _ in range(epochs) for batch in _batches(examples, order)]
    optimizer = _optimizer(network.weights, rate)
    began = time.monotonic()
    network.training = True
    for step, rows in enumerate(plan, start=1):
        for group in optimizer.param_groups:
            group["lr"] = rate * min(1.0, step / _WARM_UP) * (1 - (1 - _LAST) * step / len(plan))
        loss = _loss(network, pad(rows))
        loss.backward()
        torch.nn.utils.clip_grad_norm_([w for w in network.weights.values() if w.requires_grad], _LONGEST_GRADIENT)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        if step % 100 == 0 or step == len(plan):
            speed = step * _BATCH / (time.monotonic() - began)
            print(f"step {step} of {len(plan)}, loss {float(loss.detach()):.3f}, {speed:.0f} examples/s", flush=True)
    network.training = False


def pad(examples: Sequence[Example]) -> Batch:
    """Texts of different lengths as one batch."""
    longest = -(-max(len(example.laid.ids) for example in examples) // _STEP) * _STEP
    ids = np.zeros((len(examples), longest), np.int64)
    for row, example in enumerate(examples):
        ids[row, : len(example.laid.ids)] = example.laid.ids
    return Batch(torch.from_numpy(ids), torch.from_numpy((ids > 0).astype(np.int64)), examples)


def _batches(examples: Sequence[Example], order: random.Random) -> list[list[Example]]:
    twins = by_twins(examples)
    units = order.sample(twins, len(twins))
    batches: list[list[Example]] = []
    for start in range(0, len(units), _BATCH * _SORTED):
        part = sorted(units[start : start + _BATCH * _SORTED], key=lambda unit: max(len(one.laid.ids) for one in unit))
        batches.append([])
        for unit in part:
            if len(batches[-1]) >= _BATCH:
                batches.append([])
            batches[-1] += unit
    order.shuffle(batches)
    return batches


def _optimizer(weights: Tensors, rate: float) -> torch.optim.AdamW:
    learnt = [value for value in weights.values() if value.requires_grad]
    matrices, vectors = [w for w in learnt if w.ndim > 1], [w for w in learnt if w.ndim == 1]
    groups = [{"params": matrices, "weight_decay": _DECAY}, {"params": vectors, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=rate, fused=True)


def _loss(network: Network, batch: Batch) -> torch.Tensor:
    """The tasks' losses, each by its share of the batch, and that of the sentence that bears the matter."""
    logits = network(batch.ids, batch.mask)
    total = torch.zeros(())
    for task in get_args(Task):
        rows = [row for row, example in enumerate(batch.examples) if example.task == task]
        if rows:
            labels = torch.tensor([batch.examples[row].label for row in rows])
            loss = (
                _support_loss(logits[task][rows], labels)
                if task == "support"
                else _answer_loss(logits[task][rows], labels)
            )
            loss = loss + _TWINS * _twin_loss(_odds(task, logits[task][rows]), [batch.examples[row] for row in rows])
            total = total + loss * len(rows) / len(batch.examples)
    known = [
        (row, example)
        for row, example in enumerate(batch.examples)
        if example.bearing >= 0 and len(example.laid.places) > 1
    ]
    if known:
        losses = []
        for row, example in known:
            means = torch.stack([logits["bearing"][row, start:end].mean() for _, start, end in example.laid.places])
            losses.append(F.cross_entropy(means[None], torch.tensor([example.bearing])))
        total = total + _BEARING * torch.stack(losses).mean()
    return total


def _odds(task: Task, logits: torch.Tensor) -> torch.Tensor:
    """The logarithm of the odds that the sentences carry the claim, or answer the question."""
    if task == "answer":
        return logits[:, 1] - logits[:, 0]
    return logits[:, 0] - torch.logsumexp(logits[:, 1:], 1)


def _twin_loss(odds: torch.Tensor, examples: Sequence[Example]) -> torch.Tensor:
    """That the true one of two twins is the likelier one (as in RankNet, Burges et al. 2005), summed a row."""
    rows: dict[int, list[int]] = {}
    for row, example in enumerate(examples):
        if example.twin:
            rows.setdefault(example.twin, []).append(row)
    pairs = [sorted(pair, key=lambda row: not _is_true(examples[row])) for pair in rows.values() if len(pair) == 2]
    if not pairs:
        return torch.zeros(())
    ahead = torch.stack([odds[true] - odds[false] for true, false in pairs])
    return 2 * F.softplus(-ahead).sum() / len(examples)


def _is_true(example: Example) -> bool:
    return (example.label == 0) == (example.task == "support")


def _support_loss(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Which fault, and once more whether there is any: the second question is the one that counts."""
    which = F.cross_entropy(logits, labels, label_smoothing=_SMOOTHING)
    shares = F.log_softmax(logits, 1)
    any_or_none = torch.stack([shares[:, 0], torch.logsumexp(shares[:, 1:], 1)], 1)
    return _FAULTS * which + _CARRIED * F.nll_loss(any_or_none, (labels > 0).long())


def _answer_loss(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    return F.cross_entropy(logits, labels, label_smoothing=_SMOOTHING)
