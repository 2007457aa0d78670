"""Is the evidence good enough to answer? Three outcomes: it answers, the topic is there, nothing is.

What tells best is not how near the nearest paper is as a whole but which words of the question find nothing like them
in it: "What accuracy does it get on Kinetics?" is near to a paper that never speaks of Kinetics. So one signal is the
mean over the third of the question's words that are met worst; another is whether the cross-encoder, which reads the
question together with the sentences, finds the asked fact in them. A question of a few common words ("What time is
it?") finds all of them in some paper, but nothing near to it in meaning: so that counts, too. Five weights
(rag/fitted.py), fitted with cross-validation on questions with and without an answer; the length of a question is no
signal. What their sum means in the user's own corpus is measured there (rag/calibration.py).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from rag.calibration import SHIPPED, OddsMapping
from rag.close_reading import CloseReading, Match
from rag.corpus import Hit, Outcome
from rag.embedder import FloatVector
from rag.fitted import WEIGHTS, Weights
from rag.named import holds_name_of
from rag.rhetoric import asks_for_number, holds_number

LOOKED_AT = 3  # papers, the first ones
_WORST = 0.3  # share of the question's words that are met worst
_LEAST, _MOST = 0.001, 0.982  # probability of an answer beyond which more says no more
_HIGHEST_SCORE = 1.5  # of a hit; a paper named by its title has more
_FAR = 0.3  # cosine of a first hit below which it is seldom on the topic at all
_OFF_TOPIC = 0.47  # mean over all words of the question; below it not even the topic is there
_PLAINLY_ON_TOPIC = 1.25  # cosine and score of a hit together; from here on the topic is there
# For the reasons that are told:
_NEAR = 0.5  # cosine of a passage that is near in meaning
_UNMET = 0.4  # of a word: nothing in the papers is like it
_NAMED = 3  # unmet words that a reason names
_LIKELY = 0.5  # share of an answer in a paper's sentences


@dataclass(frozen=True, slots=True)
class Signals:
    """What the confidence is made of."""

    worst_words: float  # how near the papers come to the words of the question that are met worst, in [-1, 1]
    number_gap: float  # how far the best sentence with a number is behind, where a number is asked for; 0 or less
    score: float  # of the first hit
    meaning: float  # how far the first hit is from the question beyond what is usual on a topic; 0 or less
    answered: float  # logarithm of the odds that the sentences answer
    all_words: float  # how near the best paper comes to the words of the question, in [-1, 1]

    def odds(self, weights: Weights = WEIGHTS) -> float:
        """Their weighted sum: the logarithm of the odds that the papers answer."""
        return (
            weights.worst_words * self.worst_words
            + weights.number_gap * self.number_gap
            + weights.score * self.score
            + weights.meaning * self.meaning
            + weights.answered * self.answered
            + weights.bias
        )


@dataclass(frozen=True, slots=True)
class Confidence:
    """What the evidence is worth."""

    outcome: Outcome
    probability: float  # that the papers answer, in [0, 1], by what the score means in this corpus
    reasons: tuple[str, ...]  # what speaks for and against, in plain words


def judge(question: str, hits: Sequence[Hit], read: CloseReading, mapping: OddsMapping = SHIPPED) -> Confidence:
    """Judge the first hits by a close reading of them; `question` can be understood alone.

    `mapping` is the corpus' own, see rag/evaluation/leave_one_out.py.
    """
    matches = read.matches[:LOOKED_AT]
    if not hits or not matches:
        return Confidence("nothing", 0.0, ("No paper was found.",))
    signals = signals_of(question, hits, read)
    if signals is None:
        return Confidence("related", 0.3, ("The question names no topic.",))
    odds = signals.odds()
    probability = mapping.probability(odds)
    enough = odds >= mapping.threshold
    reasons = tuple(_reasons(question, hits[0], read, enough))
    if enough:
        return Confidence("answered", probability, reasons)
    return Confidence("nothing" if signals.all_words < _OFF_TOPIC else "related", probability, reasons)


# What is known of a question once its topic is seen in a paper: it is worth asking a model.
ON_TOPIC = Confidence("related", 0.5, ())


def is_on_topic(read: CloseReading) -> bool:
    """Whether the papers read so far show that the outcome will not be "nothing", however more papers are read.

    The best paper's nearness to the question's words decides that, and a further paper can only raise it.
    """
    if not read.question.words:
        return bool(read.matches)
    return any(float(one.best.mean()) >= _OFF_TOPIC for one in read.matches[:LOOKED_AT])


def is_plainly_on_topic(first: Hit) -> bool:
    """The same of the best hit unread, by its words and its meaning; only with the bundled embeddings.

    Of 1,245 questions to three corpora, most of them another field's, it sees the topic for 365, two of which a reading
    would have turned away; of the questions about the corpus itself it spares the reading for six of ten and more.
    """
    return first.cosine + first.score >= _PLAINLY_ON_TOPIC


def signals_of(question: str, hits: Sequence[Hit], read: CloseReading) -> Signals | None:
    """The signals; None where there is nothing to judge or the question names no topic."""
    matches = read.matches[:LOOKED_AT]
    if not hits or not matches or not any(any(map(str.isalpha, word)) for word in read.question.words):
        return None
    best = max(matches, key=lambda one: float(one.best.mean()))
    return Signals(
        worst_words=_mean_of_worst(best.best),
        number_gap=_number_gap(question, matches),
        score=min(hits[0].score, _HIGHEST_SCORE),
        meaning=_distance(question, hits[0]) if read.usual_cosines else 0.0,
        answered=_odds_of_an_answer(matches),
        all_words=float(best.best.mean()),
    )


def _distance(question: str, first: Hit) -> float:
    """How far the first hit is, 0 or less; 0 where it holds a name of the question, which a vector may not know."""
    return 0.0 if first.cosine >= _FAR or holds_name_of(question, first.paper) else first.cosine - _FAR


def _mean_of_worst(nearest: FloatVector) -> float:
    count = max(1, round(_WORST * len(nearest)))
    return float(np.sort(nearest)[:count].mean())


def _odds_of_an_answer(matches: Sequence[Match]) -> float:
    """Logarithm of the odds, summed over the papers, that their sentences answer the question."""
    shares = [min(max(one.reading.answered, _LEAST), _MOST) for one in matches if one.reading]
    return math.log(sum(share / (1 - share) for share in shares)) if shares else 0.0


def _number_gap(question: str, matches: Sequence[Match]) -> float:
    """How much further from the question the best sentence with a number is than the best sentence; 0 or less."""
    if not asks_for_number(question):
        return 0.0
    found = [
        (float(score), holds_number(quote.text))
        for one in matches
        for quote, score in zip(one.paper.sentences, one.words.mean(axis=0), strict=True)
    ]
    best = max((score for score, _ in found), default=0.0)
    return max((score for score, has_number in found if has_number), default=0.0) - best


def _reasons(question: str, first: Hit, read: CloseReading, enough: bool) -> Iterator[str]:
    """The signals one by one: words, meaning, the asked fact, both rankings.

    Where they are `enough` for an answer, a fact that the cross-encoder does not see is rather missed than missing: of
    44 questions where it sees none though a paper answers, the other signals answer 39, and 14 of these for sure.
    """
    matches = read.matches[:LOOKED_AT]
    nearest = np.max([one.best for one in matches], axis=0)
    unmet = [read.question.words[place] for place in np.argsort(nearest) if nearest[place] < _UNMET]
    if unmet:
        names = ", ".join(f"“{word}”" for word in list(dict.fromkeys(unmet))[:_NAMED])
        yield f"Nothing in the nearest papers is like {names}."
    else:
        yield "Every word of the question is in the nearest papers, or one like it."
    if first.cosine >= _NEAR:
        yield "In meaning, the first paper is near to the question."
    else:
        yield "In meaning, no paper is very near to the question."
    if asks_for_number(question):
        if _number_gap(question, matches) < 0:
            yield "The question asks for a number, and the sentences nearest to it hold none."
        else:
            yield "The question asks for a number, and a sentence near to it holds one."
    answered = [one.reading.answered for one in matches if one.reading]
    if answered:
        if max(answered) >= _LIKELY:
            yield "A sentence seems to say what is asked."
        elif enough:
            yield "No single sentence plainly says what is asked."
        else:
            yield "No sentence seems to say what is asked."
    ranks = (first.cosine_rank, first.bm25_rank)
    if all(ranks) and 1 in ranks:  # a paper that neither puts first is there by its title, or by a model's order
        same = ranks == (1, 1)
        yield f"Searching by words and by meaning puts {'the same paper' if same else 'different papers'} first."
