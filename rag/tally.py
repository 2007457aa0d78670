"""An answer that counts or lists papers: the number, the rule that counted, the first papers with a cited sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial

from rag.corpus import AnswerSentence, Chunk, Citation, Evidence, Hit, Paper
from rag.extractive import Extract
from rag.hostile import is_planted
from rag.questions.kinds import Kind, Wanted
from rag.questions.tallying import Tallied
from rag.rhetoric import is_contribution
from rag.sentences import split_sentences
from rag.topics.on_topic import best_sentence

_CODE = re.compile(
    r"\b(?:codes?|implementation|project|repository)\b[^.]*"
    r"(?:available|https?:|released?|found|publi|provided|shared|accessible|open.source)"
    r"|github|gitlab|release[^.]*\bcode\b|open-?sourced? (?:our|the)|\bour code\b"
    r"|\b(?:is|(?:released|available) as) open.source",
    re.IGNORECASE,
)
_LONGEST = 400  # characters of a quoted sentence; the card beside it shows the rest
_SHORTEST = 15


def write_tally(found: Tallied, wanted: Wanted, *, undated: int = 0) -> Extract:
    """The number and its rule, then a paragraph for each paper that is shown: its title and one sentence."""
    choose = (
        _says_code if wanted.releases_code else partial(_on_topic, forms=found.forms) if found.forms else _says_what
    )
    lines = [f"{_number(found)} Counted: {found.rule}."]
    if undated:
        lines[0] += f" Not counted: {undated:,} without a date."
    if len(found.papers) > 1:
        lines[0] += f" {found.order}"
    sentences: list[AnswerSentence] = []
    citations: list[Citation] = []
    for paper in found.papers:
        quote = _quote(paper, choose)
        if not quote:
            lines.append(f"“{paper.title}”")
            continue
        number = len(citations) + 1
        text = f"{' '.join(quote.split())} [{number}]"
        citations.append(Citation(number, paper, quote, "supported"))
        sentences.append(
            AnswerSentence(text, (number,), "supported", reason="word for word from the abstract", quote=quote)
        )
        lines.append(f"“{paper.title}”: {text}")
    more = found.count - len(found.papers)
    if more > 0:
        lines.append(f"And {more:,} more. The room Papers lists and searches all papers.")
    return Extract("\n\n".join(lines), tuple(sentences), tuple(citations))


def write_uncounted() -> Extract:
    """What is asked of the collection, and no catalogue tells."""
    said = (
        "That cannot be told here: papers are counted and listed by topic, date, author, dump and code. "
        "The room Papers has figures of the whole collection and a map of its topics, and puts papers in other orders."
    )
    return Extract(said, (), ())


def write_what_can_be_asked() -> Extract:
    """The answer to a greeting, to thanks, and to a question about the assistant itself."""
    said = (
        "I answer questions from the papers that are stored here. Ask what they say (“Which optimizers need less "
        "memory than Adam?”), how papers differ, or for papers themselves (“How many papers are about attention?”, "
        "“papers from 2025, newest first”), and then go on from the answer (“What about the second one?”)."
    )
    return Extract(said, (), ())


def write_known(papers: Sequence[Paper], kind: Kind) -> Extract:
    """Who wrote each paper or, for the kind "date", of when it is, as the dumps say, with a sentence of its own to show
    which paper that is."""
    lines: list[str] = []
    sentences: list[AnswerSentence] = []
    citations: list[Citation] = []
    for paper in papers:
        names = f"Authors: {', '.join(paper.authors)}." if paper.authors else "No dump names its authors."
        dated = f"Date: {paper.date}." if paper.date else "No dump says its date."
        quote = _quote(paper, _says_what)
        number = len(citations) + 1
        text = f"{' '.join(quote.split())} [{number}]"
        lines.append(f"“{paper.title}”: {dated if kind == 'date' else names}")
        if quote:
            lines[-1] += f"\n\n{text}"
            citations.append(Citation(number, paper, quote, "supported"))
            sentences.append(
                AnswerSentence(text, (number,), "supported", reason="word for word from the abstract", quote=quote)
            )
    return Extract("\n\n".join(lines), tuple(sentences), tuple(citations))


def write_unread(language: str, names: Sequence[str], hits: Sequence[Hit]) -> str:
    """That a question in another language was not read, and what comes nearest by the names in it."""
    said = (
        f"I read questions in English, and this one seems to be in {language}. "
        "Ask it in English, or set up a language model, which translates it."
    )
    if hits:
        titles = "; ".join(f"“{hit.paper.title}”" for hit in hits)
        said += f" What comes nearest by the names in it ({', '.join(names)}): {titles}."
    return said


def as_evidence(papers: Sequence[Paper], near: Sequence[Hit] = ()) -> tuple[Evidence, ...]:
    """The papers as evidence, and behind them those that only come near; counted ones have no scores."""
    hits = [
        Hit(paper, Chunk(f"{paper.paper_id}:0", paper.paper_id, 0, len(paper.abstract)), rank, 0.0, 0.0, 0.0)
        for rank, paper in enumerate(papers, start=1)
    ]
    return tuple(Evidence(number, hit, ()) for number, hit in enumerate([*hits, *near], start=1))


def _number(found: Tallied) -> str:
    if found.count == found.of:
        return f"{found.count:,} {'paper' if found.count == 1 else 'papers'}."
    return f"{found.count:,} of {found.of:,} papers."


def _quote(paper: Paper, choose: Callable[[Sequence[str]], str]) -> str:
    """The sentence that shows why the paper counts; "" where the abstract has none."""
    sentences = [quote.text for quote in split_sentences(paper.abstract) if not is_planted(quote.text)]
    sentences = [sentence for sentence in sentences if len(sentence) >= _SHORTEST] or sentences
    return _cut(choose(sentences)) if sentences else ""


def _on_topic(sentences: Sequence[str], *, forms: Sequence[str]) -> str:
    return sentences[best_sentence(sentences, forms)]


def _says_what(sentences: Sequence[str]) -> str:
    """What the authors say that they did."""
    return next(filter(is_contribution, sentences), sentences[0])


def _says_code(sentences: Sequence[str]) -> str:
    return next(filter(_CODE.search, reversed(sentences)), _says_what(sentences))


def _cut(sentence: str) -> str:
    """A beginning of the sentence, at a blank, where it is endless."""
    return sentence if len(sentence) <= _LONGEST else sentence[:_LONGEST].rpartition(" ")[0]
