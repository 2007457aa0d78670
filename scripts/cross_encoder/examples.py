"""What the cross-encoder learns from: our sentences and questions about real papers, as token ids with labels."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from tokenizers import Tokenizer

from bench.pairs_by_hand import TWINS, Pair
from bench.questions_by_hand import AskedPaper
from rag.cross_encoder import FAULTS, TOTAL, Fault, Laid, Task, lay_out
from rag.support.evidence import sentences_of, word_likeness
from scripts.cross_encoder.neighbours import Neighbours

# The model's classes of what may be wrong with a sentence, by the kind of mistake.
FAULT_OF: dict[str, Fault] = {
    "contradicted": "contradicted",
    "flipped direction": "contradicted", "negation": "contradicted", "swapped": "number", "wrong number": "number",
    "wrong name or thing": "name", "own knowledge": "absent", "invented detail": "absent", "cause added": "absent",
    "instruction": "absent", "clause added": "absent", "hedge dropped": "overstated", "scope widened": "overstated",
}  # fmt: skip
_OTHER_PAPERS, _OWN_SENTENCES = 500, 400  # pairs made beside those written
_NEIGHBOURS = 8  # the likest papers among which those beside the right one are drawn
_CUT, _ELSEWHERE = 0.35, 0.12  # shares of the answered questions that come again without their answer
_COMPARED = 40  # papers among which the likest stranger is looked for


@dataclass(frozen=True, slots=True)
class Example:
    """Something to read, and what is true of it."""

    laid: Laid
    task: Task
    label: int  # support: 0 or 1 + the place in FAULTS; answer: 1 where the sentences answer
    bearing: int = -1  # place in `laid.places` of the sentence that carries or answers; -1 where unknown
    twin: int = 0  # shared with the example that says the same with another truth; 0: there is none


class ExampleMaker:
    """Lays texts out with the tokens of `tokenizer`, as the model will read them when it is in use."""

    def __init__(self, tokenizer: Tokenizer, seed: int = 9) -> None:
        self._tokens = lru_cache(maxsize=200_000)(lambda text: tokenizer.encode(text, add_special_tokens=False).ids)
        self._random = random.Random(seed)  # noqa: S311 - no secret depends on it
        self._last_twin = 0

    def support(self, pairs: Sequence[Pair], *, more: bool) -> list[Example]:
        """The pairs; with `more` also claims against strangers and abstracts' own sentences."""
        twins = self._twins([(pair.file, pair.abstract, pair.label == "supported") for pair in pairs])
        examples = [replace(self._claim(pair), twin=twin) for pair, twin in zip(pairs, twins, strict=True)]
        if more:
            papers = sorted({(pair.title, pair.abstract) for pair in pairs})
            carried = [pair for pair in pairs if pair.label == "supported"]
            examples += [self._stranger(pair, papers) for pair in self._random.sample(carried, _OTHER_PAPERS)]
            examples += [self._own_sentence(*paper) for paper in self._random.sample(papers, _OWN_SENTENCES)]
        return examples

    def answers(self, questions: Sequence[AskedPaper], *, more: bool) -> list[Example]:
        """The questions; with `more` some again without the sentence that answers, or with another paper."""
        twins = self._twins([(asked.file, asked.abstract, bool(asked.answering)) for asked in questions])
        examples = []
        for asked, twin in zip(questions, twins, strict=True):
            first, *others = self._question(asked, questions, more=more)
            examples += [replace(first, twin=twin), *others]
        return examples

    def found(self, text: str, papers: Sequence[tuple[str, str]]) -> list[Example]:
        """A claim or question with the papers that a search for it should find, as "answered"."""
        return [Example(self._lay_out("answer", text, *paper), "answer", 1) for paper in papers]

    def beside(self, text: str, abstracts: set[str], neighbours: Neighbours, count: int) -> list[Example]:
        """A claim or question with papers that a search also finds, none of `abstracts`, as "not answered"."""
        likest = neighbours.of(text, _NEIGHBOURS, but=abstracts)
        chosen = self._random.sample(likest, min(count, len(likest)))
        return [Example(self._lay_out("answer", text, *paper), "answer", 0) for paper in chosen]

    def _twins(self, lines: Sequence[tuple[str, str, bool]]) -> list[int]:
        """A number for each (file, abstract, is true): that of its twin, the false line below a true one; 0: none."""
        numbers = [0] * len(lines)
        for place, ((file, abstract, true), below) in enumerate(pairwise(lines)):
            if file.startswith(TWINS) and true and below == (file, abstract, False):
                self._last_twin += 1
                numbers[place] = numbers[place + 1] = self._last_twin
        return numbers

    def _claim(self, pair: Pair) -> Example:
        sentences = [quote.text for quote in sentences_of(pair.abstract)]
        carrying = [sentences.index(quote) for quote in pair.quotes]
        laid = self._lay_out("support", pair.sentence, pair.title, pair.abstract, shown=carrying)
        label = 0 if pair.label == "supported" else 1 + FAULTS.index(FAULT_OF[pair.kind])
        return Example(laid, "support", label, _place(laid, carrying))

    def _stranger(self, pair: Pair, papers: Sequence[tuple[str, str]]) -> Example:
        words = set(pair.sentence.lower().split())
        others = [paper for paper in self._random.sample(papers, _COMPARED) if paper[1] != pair.abstract]
        stranger = max(others, key=lambda paper: len(words & set(paper[1].lower().split())))
        return Example(self._lay_out("support", pair.sentence, *stranger), "support", 1 + FAULTS.index("absent"))

    def _own_sentence(self, title: str, abstract: str) -> Example:
        quotes = sentences_of(abstract)
        chosen = self._random.randrange(len(quotes))
        laid = self._lay_out("support", quotes[chosen].text, title, abstract)
        return Example(laid, "support", 0, _place(laid, [chosen]))

    def _question(self, asked: AskedPaper, questions: Sequence[AskedPaper], *, more: bool) -> Iterator[Example]:
        question, title, abstract, answering = asked.question, asked.title, asked.abstract, asked.answering
        laid = self._lay_out("answer", question, title, abstract, shown=answering)
        yield Example(laid, "answer", int(bool(answering)), _place(laid, answering))
        if not (more and answering):
            return
        if len(sentences_of(abstract)) > len(answering) + 1 and self._random.random() < _CUT:
            yield Example(self._lay_out("answer", question, title, abstract, hidden=answering), "answer", 0)
        if self._random.random() < _ELSEWHERE:
            other = self._random.choice(questions)
            if other.abstract != abstract:
                yield Example(self._lay_out("answer", question, other.title, other.abstract), "answer", 0)

    def _lay_out(
        self,
        task: Task,
        first: str,
        title: str,
        abstract: str,
        *,
        shown: Sequence[int] = (),
        hidden: Sequence[int] = (),
    ) -> Laid:
        """The nearest sentences by their words; two of `shown` always, since in use a better ranking sees to that."""
        quotes = sentences_of(abstract)
        settled = {**dict.fromkeys(shown[:2], math.inf), **dict.fromkeys(hidden, -math.inf)}
        nearness = [settled.get(place, near) for place, near in enumerate(word_likeness(first, quotes))]
        sentences = [self._tokens(quote.text) for quote in quotes]
        return lay_out(self._tokens(first), self._tokens(title), sentences, nearness, TOTAL[task])


def by_twins(examples: Sequence[Example]) -> list[list[Example]]:
    """The examples in the same order, each twin beside the other; most are alone."""
    together: dict[int, list[Example]] = {}
    for number, example in enumerate(examples, start=1):
        together.setdefault(example.twin or -number, []).append(example)
    return list(together.values())


def _place(laid: Laid, wanted: Sequence[int]) -> int:
    """Where in `laid.places` the first wanted sentence is; -1 where it found no room."""
    sentences = [sentence for sentence, _, _ in laid.places]
    return sentences.index(wanted[0]) if wanted and wanted[0] in sentences else -1
