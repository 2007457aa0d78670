"""Reads a claim or a question together with the sentences of a paper: does the paper carry it, does it answer it?

A cross-encoder (Nogueira and Cho 2019, arXiv:1901.04085): both texts go through the model at once, so that each word is
seen in the light of the other text. That tells "faster than" from "slower than" where vectors of whole texts cannot.
One small model with two heads, made from the bundled embedding model by `python -m scripts.train_cross_encoder`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np

from rag.minilm import FOLDER as VOCABULARY
from rag.transformer import END, START, Transformer

Task = Literal["support", "answer"]
Fault = Literal["contradicted", "number", "name", "absent", "overstated"]
FAULTS: tuple[Fault, ...] = ("contradicted", "number", "name", "absent", "overstated")  # class 0 is "supported"
FOLDER = Path(__file__).parent / "models" / "evidence-MiniLM-L6"
# Tokens that are read: of the claim or question, of the title, of one sentence, and of all together. A claim may rest
# on two sentences far apart, and what carries it in other words is not always near; a question needs one sentence.
FIRST, TITLE, SENTENCE = 64, 24, 100
TOTAL: dict[Task, int] = {"support": 208, "answer": 144}
_LEAST_ROOM = 40  # for sentences, however long the claim is
_NO_ROOM = 12  # tokens in which no further sentence is looked for
_STOP = 1012  # the token "."


@dataclass(frozen=True, slots=True)
class Laid:
    """What the model reads: [CLS] claim or question [SEP] title . sentences [SEP]."""

    ids: tuple[int, ...]
    places: tuple[tuple[int, int, int], ...]  # (sentence, start, end) in `ids` of the sentences that found room


@dataclass(frozen=True, slots=True)
class ClaimReading:
    """How a paper bears a claim."""

    supported: float  # probability, in [0, 1]
    fault: Fault  # the likeliest, if it is not supported
    bearing: tuple[float, ...]  # of each sentence given: how likely it is the one that the claim rests on; sum 1


@dataclass(frozen=True, slots=True)
class QuestionReading:
    """How a paper meets a question."""

    answered: float  # probability that the sentences hold the answer, in [0, 1]
    bearing: tuple[float, ...]  # of each sentence given: how likely it is the one that answers; sum 1


@dataclass(frozen=True, slots=True)
class Passage:
    """A paper's sentences, and how near each is to what is asked or claimed: the nearest are read first."""

    title: str
    sentences: Sequence[str]
    nearness: Sequence[float]  # only their order counts; -inf for a sentence not to be read


class CrossEncoder:
    """The model in `folder`. Threads may share it. About 5 ms a pair and core."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._model = Transformer(folder, vocabulary=VOCABULARY)

    def read_claims(self, claim: str, passages: Sequence[Passage]) -> list[ClaimReading]:
        """How each passage bears the claim. Raises EmbedderError where the model cannot be read."""

        def read(passage: Passage) -> ClaimReading:
            laid = self._lay_out(claim, passage, TOTAL["support"])
            logits, bearing = self._model.run(["support", "bearing"], laid.ids)
            shares = _softmax(logits)
            fault = FAULTS[int(np.argmax(shares[1:]))]
            return ClaimReading(float(shares[0]), fault, _by_sentence(bearing, laid, len(passage.sentences)))

        return self._model.spread(read, passages, size=_letters)

    def read_questions(
        self, question: str, passages: Sequence[Passage], *, total: int = TOTAL["answer"]
    ) -> list[QuestionReading]:
        """How each passage meets the question, of which `total` tokens are read with it.

        Raises EmbedderError where the model cannot be read.
        """

        def read(passage: Passage) -> QuestionReading:
            laid = self._lay_out(question, passage, total)
            logits, bearing = self._model.run(["answer", "bearing"], laid.ids)
            return QuestionReading(float(_softmax(logits)[1]), _by_sentence(bearing, laid, len(passage.sentences)))

        return self._model.spread(read, passages, size=_letters)

    def _lay_out(self, first: str, passage: Passage, total: int) -> Laid:
        sentences = [self._model.encode(sentence).ids for sentence in passage.sentences]
        title = self._model.encode(passage.title).ids
        return lay_out(self._model.encode(first).ids, title, sentences, passage.nearness, total)


@cache
def bundled_cross_encoder() -> CrossEncoder:
    """The bundled model, loaded once."""
    return CrossEncoder()


def lay_out(
    first: Sequence[int],
    title: Sequence[int],
    sentences: Sequence[Sequence[int]],
    nearness: Sequence[float],
    total: int,
) -> Laid:
    """Token ids without marks -> what the model reads, `total` tokens: the nearest sentences, in their own order."""
    ids = [START, *first[:FIRST], END, *title[:TITLE], _STOP]
    room = max(total - len(ids) - 1, _LEAST_ROOM)
    chosen: list[int] = []
    for index in sorted(range(len(sentences)), key=lambda place: -nearness[place]):
        length = min(len(sentences[index]), SENTENCE)
        if nearness[index] == -math.inf:
            break
        if length <= room or not chosen:
            chosen.append(index)
            room -= length
        if room < _NO_ROOM:
            break
    places = []
    for index in sorted(chosen):
        start = len(ids)
        ids += sentences[index][:SENTENCE]
        places.append((index, start, len(ids)))
    return Laid((*ids, END), tuple(places))


def _by_sentence(tokens: np.ndarray, laid: Laid, count: int) -> tuple[float, ...]:
    """Logits of the tokens -> a share for each of `count` sentences: their means, softmax; 0 for unread ones."""
    shares = [0.0] * count
    read = [(index, float(tokens[start:end].mean())) for index, start, end in laid.places if end > start]
    if read:
        for (index, _), share in zip(read, _softmax(np.array([mean for _, mean in read])), strict=True):
            shares[index] = float(share)
    return tuple(shares)


def _softmax(logits: np.ndarray) -> np.ndarray:
    powers = np.exp(logits - logits.max())
    return np.asarray(powers / powers.sum())


def _letters(passage: Passage) -> int:
    return sum(map(len, passage.sentences))
