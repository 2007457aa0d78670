"""Questions made from the abstracts themselves, for corpora that nobody has written questions for.

Three of each sampled paper. What a question is made from is withheld from the search (`rag/evaluation/withheld.py`).
- title: the title, to be found by the abstract alone.
- sentence: a sentence of the abstract without names and rare words, to be found by the rest of the paper; the inverse
  cloze task (Lee, Chang and Toutanova 2019, arXiv:1906.00300).
- left out: the title, while the whole paper is hidden: to be refused, unless another paper happens to answer it.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Callable, Collection, Iterator
from itertools import islice

from rag.corpus import Paper, Quote
from rag.errors import EmptyIndexError
from rag.evaluation.question_sets import EvaluationQuestion, QuestionSet
from rag.evaluation.withheld import Withheld
from rag.filters import Filters
from rag.index import Reading
from rag.sentences import split_sentences
from rag.words import stems

NOTE = """\
These questions were made from the abstracts themselves; what a question was made from is hidden from the search.
  title      a paper's title, while the search sees its abstract alone
  sentence   a sentence of an abstract without names and rare words, while the search does not see that sentence
  left out   a title while the whole paper is hidden: it should be refused, unless another paper answers it, too
People ask in other words, so take these figures for comparing settings and embeddings, not for a promise. A sentence
may fit several papers: finding another one, or refusing, is not always wrong there."""

_FEWEST_STEMS = 5  # of a question; with fewer it has no topic
_FEWEST_SENTENCES = 3  # of an abstract: something must be left when one is hidden
_LONGEST = 60  # words of a sentence
_RARE = 1  # papers that hold a rare word, at most; in a large corpus one in 5,000
_TOPICAL = 0.1  # share of all papers that hold a word which tells a topic, at most
_FEWEST_TOPICAL = 4  # such words of a sentence: "Extensive experiments show large gains" asks for nothing
_AT_ONCE = 50  # papers fetched together
_LOOKED_AT = 20  # papers for each one that is wanted, at most: a corpus of short texts is not read to its end
_WORD = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")
_EMPTY = re.compile(r"\([\s,;/-]*\)|(?<!\w)[-–/]+(?!\w)")  # what names leave behind
_SPACES = re.compile(r"\s+([,.;:])|\s+")
_NAME = re.compile(r"[^\W_]*(?:[^\W\d_][A-Z]|\d[^\W\d_]|[^\W\d_]\d)[^\W_]*")  # GPT, BERTScore, Llama3


def make_questions(
    reading: Reading,
    *,
    sample: int,
    seed: int = 0,
    among: Collection[str] | None = None,
    wanted: Callable[[Paper], bool] = lambda _paper: True,
) -> QuestionSet:
    """Three questions of each of `sample` papers, or of fewer where there are not as many whose text is long enough.

    The same seed and corpus give the same questions, and a few more papers change few of them. With `among` only these
    papers are drawn, and of those that could be only the `wanted` ones. Raises EmptyIndexError where no paper will do.
    """
    found: list[EvaluationQuestion] = []
    drawn = 0
    for paper in islice(_in_random_order(reading, seed, among), _LOOKED_AT * sample):
        chance = random.Random(f"{seed} {paper.paper_id}")  # noqa: S311 - no secret
        made = list(_questions_of(paper, reading, chance))
        if made and not wanted(paper):
            continue
        found += made
        drawn += bool(made)
        if drawn == sample:
            break
    if not found:
        raise EmptyIndexError(
            "No paper has an abstract of three sentences or more, so no question can be made from any.",
            hint="Ingest pages with whole abstracts, or give a file of questions.",
        )
    return QuestionSet(tuple(found), "paper_id")


def titles_to_ask(reading: Reading, *, most: int, seed: int = 0) -> list[Paper]:
    """At most `most` papers whose titles can be asked for, drawn as for `make_questions`."""
    fitting = filter(_can_be_asked_for, islice(_in_random_order(reading, seed, None), _LOOKED_AT * most))
    return list(islice(fitting, most))


def drawn_ids(reading: Reading, *, most: int, seed: int = 0) -> tuple[str, ...]:
    """The ids of the first papers in the order in which they are drawn, whether or not their titles can be asked for.

    Of two states of a corpus they have about as large a share in common as all of the papers have (Broder 1997).
    """
    return tuple(_ids_in_random_order(reading, seed, None)[:most])


def _can_be_asked_for(paper: Paper) -> bool:
    """Whether the title has a topic, and the abstract still says enough where a part of it is hidden."""
    return (
        not paper.is_summary
        and len(stems(paper.title)) >= _FEWEST_STEMS
        and len(split_sentences(paper.abstract)) >= _FEWEST_SENTENCES
    )


def _in_random_order(reading: Reading, seed: int, among: Collection[str] | None) -> Iterator[Paper]:
    """Papers in an order that the seed decides for each by itself: a new paper leaves the order of the others."""
    wanted = _ids_in_random_order(reading, seed, among)
    for first in range(0, len(wanted), _AT_ONCE):
        page = wanted[first : first + _AT_ONCE]
        papers = reading.papers(page)
        yield from (papers[paper_id] for paper_id in page)


def _ids_in_random_order(reading: Reading, seed: int, among: Collection[str] | None) -> list[str]:
    paper_ids = reading.ids_where(Filters(), newest=False, limit=reading.counts().papers)
    wanted = [paper_id for paper_id in paper_ids if among is None or paper_id in among]
    return sorted(wanted, key=lambda paper_id: hashlib.sha256(f"{seed} {paper_id}".encode()).digest())


def _questions_of(paper: Paper, reading: Reading, chance: random.Random) -> Iterator[EvaluationQuestion]:
    if not _can_be_asked_for(paper):
        return
    sentences = split_sentences(paper.abstract)
    masked = [(sentence, mask(sentence.text, paper.title, reading)) for sentence in sentences]
    fitting = [(sentence, text) for sentence, text in masked if _asks_for_something(sentence, text, reading)]
    if not fitting:
        return
    sentence, text = chance.choice(fitting)
    hidden = Withheld(paper.paper_id, "sentence", sentence.start, sentence.end)
    yield _question("title", paper.title, paper, Withheld(paper.paper_id, "title"))
    yield _question("sentence", text, paper, hidden)
    yield _question("left out", paper.title, paper, Withheld(paper.paper_id, "paper"))


def _question(kind: str, text: str, paper: Paper, withheld: Withheld) -> EvaluationQuestion:
    there = withheld.part != "paper"
    return EvaluationQuestion(
        question_id=f"{paper.paper_id} {kind}".replace(" ", "-"),
        text=text,
        kind=kind,
        grades={paper.paper_id: 1.0} if there else {},
        wanted={paper.paper_id: paper.title} if there else {},
        withheld=withheld,
    )


def _asks_for_something(sentence: Quote, text: str, reading: Reading) -> bool:
    """Whether what is left of the sentence has a topic, and is not endless."""
    most = _TOPICAL * reading.counts().papers
    topical = [stem for stem in stems(text) if 0 < reading.frequency(stem) <= most]
    return len(topical) >= _FEWEST_TOPICAL and len(sentence.text.split()) <= _LONGEST


def mask(sentence: str, title: str, reading: Reading) -> str:
    """The sentence without the paper's name, other names, and words that hardly another paper holds."""
    rare = max(_RARE, reading.counts().papers // 5000)
    head, colon, _ = title.partition(":")
    own = set(stems([head])) if colon and len(head.split()) <= 3 else set()

    def kept(word: re.Match[str]) -> str:
        if _NAME.fullmatch(word[0]):
            return ""
        found = stems([word[0]])
        return "" if any(stem in own or reading.frequency(stem) <= rare for stem in found) else word[0]

    return _SPACES.sub(r"\1 ", _EMPTY.sub(" ", _WORD.sub(kept, sentence))).strip(" ,;:-")
