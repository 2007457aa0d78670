"""The first hits read word by word: a vector for each sentence and each word, in the light of the words around it.

One pass of the model over an abstract gives them all. Each word of the question is compared with each word of a paper
(late interaction: Khattab and Zaharia 2020, arXiv:2004.12832), so that a word of the question which nothing in the
paper comes near to is seen, where one vector for a whole passage hides it. Too slow for a corpus, right for ten papers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Protocol, runtime_checkable

import numpy as np

from rag.corpus import Hit, Paper, Quote
from rag.cross_encoder import Passage, QuestionReading, bundled_cross_encoder
from rag.embedder import Embedder, FloatMatrix, FloatVector
from rag.minilm import bundled_embedder
from rag.rhetoric import asks_for_list
from rag.sentences import split_sentences
from rag.topic import topic_of
from rag.words import stems

Span = tuple[int, int]
_WORD = re.compile(r"[^\W_]+")
CLOSE = 5  # hits that are read; an answer seldom needs a later one
CLOSEST = 3  # of them are read together with the question
CLOSE_OF_LIST = 8  # the same where a list of papers is asked for
_LONGEST = 6000  # characters of an abstract that are read; an endless one is no abstract


@runtime_checkable
class SpanEmbedder(Protocol):
    """What a close reading needs of an embedder; the bundled model has it."""

    def embed_spans(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[FloatMatrix]:
        """For each text the vectors of its spans, unit rows; a span is the mean of its tokens in context."""


@dataclass(frozen=True, slots=True)
class CloseQuestion:
    """A question with its words of content, each with a vector."""

    vector: FloatVector  # of the whole
    words: tuple[str, ...]
    word_vectors: FloatMatrix


@dataclass(frozen=True, slots=True)
class ClosePaper:
    """A paper's sentences and words of content, each with a vector."""

    sentences: tuple[Quote, ...]
    sentence_vectors: FloatMatrix
    word_vectors: FloatMatrix
    word_sentences: tuple[int, ...]  # the sentence that each word stands in; -1 for the title


@dataclass(frozen=True, slots=True)
class Match:
    """How a paper and its sentences meet a question."""

    paper: ClosePaper
    sentence_cosines: FloatVector  # against the whole question
    words: FloatMatrix  # (words of the question, sentences): the nearest word of that sentence
    best: FloatVector  # of each word of the question, over title and abstract
    reading: QuestionReading | None = None  # of the first papers: whether and where they answer

    @property
    def nearness(self) -> FloatVector:
        """Of each sentence, by its words; by its meaning for a question without words of content."""
        nearest: FloatVector = self.words.mean(axis=0) if len(self.words) else self.sentence_cosines
        return nearest


@dataclass(frozen=True, slots=True)
class CloseReading:
    """A question and the first hits for it, read word by word."""

    question: CloseQuestion
    matches: tuple[Match, ...]  # one a hit, in the order of the hits; not of all hits
    usual_cosines: bool = True  # whether the hits' cosines are of the model that reads; another's lie elsewhere


def read_closely(
    question: str,
    hits: Sequence[Hit],
    embedder: Embedder,
    *,
    begun: CloseReading | None = None,
    together: bool = True,
) -> CloseReading:
    """Read the first `CLOSE` hits, for a list a few more. Raises EmbedderError.

    `begun`: a reading of the first of these hits for the same question, which is not done again. Without `together`
    no paper is read together with the question. An embedder that gives no vectors in context, such as an endpoint's,
    is replaced by the bundled model.
    """
    reader = embedder if isinstance(embedder, SpanEmbedder) else bundled_embedder()
    asked = begun.question if begun else read_question(topic_of(question), reader)
    before = begun.matches if begun else ()
    most = CLOSE_OF_LIST if asks_for_list(question) else CLOSE
    papers = [hit.paper for hit in hits[len(before) : most]]
    matches = [*before, *(match(asked, read) for read in read_papers(papers, reader))]
    unread = [place for place, one in enumerate(matches[:CLOSEST]) if one.reading is None] if together else []
    passages = [
        Passage(
            hits[place].paper.title,
            [sentence.text for sentence in matches[place].paper.sentences],
            matches[place].nearness.tolist(),
        )
        for place in unread
    ]
    for place, reading in zip(unread, bundled_cross_encoder().read_questions(question, passages), strict=True):
        matches[place] = replace(matches[place], reading=reading)
    return CloseReading(asked, tuple(matches), usual_cosines=reader is embedder)


def warm_up() -> None:
    """Load the two bundled models, which the first question would wait for (0.2 s). Raises EmbedderError."""
    bundled_embedder().embed_queries(["ready"])
    bundled_cross_encoder().read_questions("ready?", [Passage("Ready", ["It is ready."], [1.0])])


def read_question(question: str, embedder: SpanEmbedder) -> CloseQuestion:
    """The question's words; one without any word of content has a vector of its own all the same."""
    spans = [(found.start(), found.end()) for found in _WORD.finditer(question) if _stem(found[0])]
    vectors = embedder.embed_spans([question], [[(0, len(question)), *spans]])[0]
    words = tuple(question[start:end] for start, end in spans)
    return CloseQuestion(vectors[0], words, vectors[1:])


def read_papers(papers: Sequence[Paper], embedder: SpanEmbedder) -> list[ClosePaper]:
    """Each paper read once, title and abstract together."""
    laid_out = [_lay_out(paper) for paper in papers]
    vectors = embedder.embed_spans([text for text, *_ in laid_out], [spans for _, spans, *_ in laid_out])
    return [
        ClosePaper(sentences, rows[: len(sentences)], rows[len(sentences) :], owners)
        for (_, _, sentences, owners), rows in zip(laid_out, vectors, strict=True)
    ]


def match(question: CloseQuestion, paper: ClosePaper) -> Match:
    """Compare every word of the question with every word of the paper."""
    nearest = np.zeros((len(question.words), len(paper.sentences)), dtype=np.float32)
    best = np.zeros(len(question.words), dtype=np.float32)
    if question.words and paper.word_sentences:
        # Not `@`: for so small a product the threads of the linear algebra library cost more than they give.
        cosines = np.einsum("qd,wd->qw", question.word_vectors, paper.word_vectors)
        best = cosines.max(axis=1)
        # Words stand in the order of their sentences: each sentence is one run of columns.
        owners, starts = np.unique(paper.word_sentences, return_index=True)
        highest = np.maximum.reduceat(cosines, starts, axis=1)
        inside = owners >= 0
        nearest[:, owners[inside]] = highest[:, inside]
    return Match(paper, paper.sentence_vectors @ question.vector, nearest, best)


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    """The word's stem; empty for a word that says nothing of a topic."""
    return next(iter(stems(word)), "")


def _lay_out(paper: Paper) -> tuple[str, list[Span], tuple[Quote, ...], tuple[int, ...]]:
    """The text that is read, the spans of its sentences and words in it, the sentences, each word's sentence."""
    abstract = paper.abstract[:_LONGEST]
    text = f"{paper.title}\n{abstract}"
    shift = len(paper.title) + 1
    sentences = tuple(split_sentences(abstract))
    words: list[Span] = []
    owners: list[int] = []
    regions = [(-1, 0, len(paper.title))]
    regions += [(place, quote.start + shift, quote.end + shift) for place, quote in enumerate(sentences)]
    for place, start, end in regions:
        for found in _WORD.finditer(text, start, end):
            if _stem(found[0]):
                words.append((found.start(), found.end()))
                owners.append(place)
    spans = [(start, end) for place, start, end in regions if place >= 0]
    return text, [*spans, *words], sentences, tuple(owners)
