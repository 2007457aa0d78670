"""A small model that reads a sentence beside the likeliest sentences of an abstract: the bundled one, trained further.

It says how likely the abstract carries the sentence, which kind of mistake it suspects, which words it doubts and
which sentence decides. Made by `scripts/support`, which also says what it was trained on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from rag.corpus import Quote
from rag.minilm import TokenReader

FOLDER = Path(__file__).parent.parent / "models" / "support"

Suspicion = Literal["none", "contradicted", "number", "name", "unstated", "overstated"]
SUSPICIONS: tuple[Suspicion, ...] = get_args(Suspicion)  # in the order of the model's outputs

_LONGEST_CLAIM, _LONGEST_TITLE, _LONGEST_SENTENCE = 96, 28, 150  # tokens
_ROOM = 164  # tokens of sentence, title and abstract together, as in training
_FULL_STOP = 1012  # the token "."


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the model thinks of one sentence."""

    suspicions: tuple[float, ...]  # a probability for each of SUSPICIONS, in their order
    doubts: tuple[tuple[int, int, float], ...]  # start and end in the sentence of each of its tokens, doubt in [0, 1]
    deciding: tuple[float, ...]  # for each of the abstract's sentences, in [0, 1]; 0 where it was not read

    @property
    def supported(self) -> float:
        """How likely the abstract carries the sentence, in [0, 1]."""
        return self.suspicions[0]

    @property
    def suspected(self) -> Suspicion:
        """The likeliest mistake."""
        return SUSPICIONS[1 + int(np.argmax(self.suspicions[1:]))]


def judge(claim: str, title: str, quotes: Sequence[Quote], likeness: Sequence[float]) -> Judgement:
    """Read `claim` beside those of the abstract's sentences that are likest to it and fit in; some 10 ms."""
    reader, heads = _loaded()
    claim_ids, spans = reader.tokens_of(claim)
    claim_ids, spans = claim_ids[:_LONGEST_CLAIM], spans[:_LONGEST_CLAIM]
    title_ids = [*_ids(title)[:_LONGEST_TITLE], _FULL_STOP]
    chosen = _choose([quote.text for quote in quotes], likeness, _ROOM - len(claim_ids) - len(title_ids) - 3)
    sentences = [_ids(quotes[index].text)[:_LONGEST_SENTENCE] for index in chosen]
    states = reader.read(claim_ids, [*title_ids, *(token for ids in sentences for token in ids)])
    outputs = states @ heads[:, :-1].T + heads[:, -1]
    doubts = _sigmoid(outputs[1 : 1 + len(claim_ids), len(SUSPICIONS)])
    place = 2 + len(claim_ids) + len(title_ids)
    scores = []
    for ids in sentences:
        scores.append(float(outputs[place : place + len(ids), len(SUSPICIONS) + 1].mean()))
        place += len(ids)
    deciding = dict(zip(chosen, _softmax(np.array(scores)), strict=True))
    return Judgement(
        suspicions=tuple(float(share) for share in _softmax(outputs[0, : len(SUSPICIONS)])),
        doubts=tuple((start, end, float(doubt)) for (start, end), doubt in zip(spans, doubts, strict=True)),
        deciding=tuple(float(deciding.get(index, 0.0)) for index in range(len(quotes))),
    )


def _choose(sentences: Sequence[str], likeness: Sequence[float], room: int) -> list[int]:
    """The likest sentences that fit into `room` tokens, at least one, in the order of the abstract."""
    chosen: list[int] = []
    for index in sorted(range(len(sentences)), key=lambda index: -likeness[index]):
        length = len(_ids(sentences[index]))
        if length <= room or not chosen:
            chosen.append(index)
            room -= length
        if room < 8:
            break
    return sorted(chosen)


@lru_cache(maxsize=4_096)
def _ids(text: str) -> list[int]:
    reader, _ = _loaded()
    return reader.tokens_of(text)[0]


@cache
def _loaded() -> tuple[TokenReader, NDArray[np.float32]]:
    """The model, and what turns a token's vector into its outputs: (SUSPICIONS + doubt + deciding, dimension + 1)."""
    heads: NDArray[np.float32] = np.load(FOLDER / "heads.npy", allow_pickle=False)
    return TokenReader(FOLDER), heads


def _softmax(values: NDArray[np.floating]) -> NDArray[np.floating]:
    powers = np.exp(values - values.max())
    return np.asarray(powers / powers.sum())


def _sigmoid(values: NDArray[np.floating]) -> NDArray[np.floating]:
    return np.asarray(1 / (1 + np.exp(-values)))
