"""An answer without a language model: the sentences of the papers that answer best, word for word, each cited."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from rag.corpus import AnswerSentence, Citation, Evidence, Hit, Outcome, Quote
from rag.hostile import is_planted
from rag.rhetoric import asks_for_list

_FIRST = 3  # sentences that come first, best papers first
_MORE = 3  # further papers, where they are nearly as good
_NEARLY = 0.08  # below the third best score
_FIRST_OF_LIST = 6  # papers that a list is begun with,
_FITS = 0.12  # those of them that fit the question's words so much worse than the best are left out,
_FITS_LATER = 0.03  # and of the later ones all that fit worse than this
_LONGEST = 1200  # characters of one sentence that are shown; abstracts without full stops exist
_NAMED = 3  # papers named where nothing answers


@dataclass(frozen=True, slots=True)
class Extract:
    """An extractive answer: `text` is plain, a paragraph for each paper that begins with its title."""

    text: str
    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]


def write_extract(
    question: str, evidence: Sequence[Evidence], *, short: bool = False, each_of: Collection[str] = ()
) -> Extract:
    """The best sentences.

    The three that answer best come first, in each paper's own order; then one of each further paper that is nearly as
    good. A question for a list gets one sentence of each paper that clearly qualifies. With `short` the best sentence
    is all. Papers with the ids `each_of` are asked for by name, and none of them is left out.
    """
    ranked = ranked_sentences(evidence)
    if short:
        return _number(_paragraphs(ranked[:1]))
    if asks_for_list(question):
        qualifying = {item.paper.paper_id for item in qualify(evidence)}
        pairs = [pair for pair in _one_of_each(ranked) if pair[1].paper.paper_id in qualifying.union(each_of)]
        return _number(_paragraphs(pairs))
    first = _first(ranked, each_of)
    quoted = {item.paper.paper_id for _, item in first}
    others = [pair for pair in _one_of_each(ranked) if pair[1].paper.paper_id not in quoted]
    more = [pair for pair in others if pair[0].score >= first[-1][0].score - _NEARLY][:_MORE]
    return _number([*_paragraphs(first), *_paragraphs(more)])


def qualify(evidence: Sequence[Evidence]) -> list[Evidence]:
    """The papers that belong into a list: those that fit all the question's words about as well as the best one does.

    On questions for several papers two thirds of the papers so chosen are right and four fifths of the right ones
    chosen; six papers each time were right in less than a half.
    """
    fits = [item.fit for item in evidence if item.fit is not None]
    if not fits:
        return list(evidence[:_FIRST_OF_LIST])
    best = max(fits[:_FIRST_OF_LIST])
    margins = [_FITS] * _FIRST_OF_LIST + [_FITS_LATER] * len(evidence)
    return [
        item
        for item, margin in zip(evidence, margins, strict=False)
        if item.fit is not None and item.fit >= best - margin
    ]


def write_refusal(
    outcome: Outcome,
    hits: Sequence[Hit],
    evidence: Sequence[Evidence] = (),
    *,
    each_of: Collection[str] = (),
    doubtful: bool = False,
) -> Extract:
    """That the papers do not answer, which ones come nearest, and for "related" what they say instead.

    Where that is `doubtful`, it is not said as a fact: the sentences below it may well answer.
    """
    if not hits:
        return Extract("The papers hold nothing about this.", (), ())
    names = "; ".join(f"“{hit.paper.title}”" for hit in hits[:_NAMED])
    papers = "It seems that the papers" if doubtful else "The papers"
    if outcome == "nothing":
        return Extract(f"{papers} hold nothing about this. The nearest are: {names}.", (), ())
    opening = f"{papers} do not state the answer. The nearest are: {names}."
    best = _first(ranked_sentences(evidence), each_of)
    said = _number(_paragraphs(best))
    if not said.sentences:
        return Extract(opening, (), ())
    return Extract(f"{opening} What they say:\n\n{said.text}", said.sentences, said.citations)


def write_no_answer(hits: Sequence[Hit]) -> str:
    """What stands where a model only gave the sign for it. Markdown, with titles that cannot act as such."""
    names = "; ".join(f"“{_escaped(hit.paper.title)}”" for hit in hits[:_NAMED])
    return f"The papers do not state the answer. The nearest are: {names}."


def _escaped(title: str) -> str:
    return "".join(f"\\{letter}" if letter in "\\`*_[]<>$#|~" else letter for letter in title)


Pair = tuple[Quote, Evidence]


def ranked_sentences(evidence: Sequence[Evidence]) -> list[Pair]:
    """Sentences, the best first, without planted instructions and without what another paper has word for word."""
    pairs = [
        (quote, item) for item in evidence for quote in item.quotes if quote.text.strip() and not is_planted(quote.text)
    ]
    pairs.sort(key=lambda pair: (-pair[0].score, pair[1].number, pair[0].start))
    seen: dict[str, Pair] = {}
    for pair in pairs:
        seen.setdefault(" ".join(pair[0].text.split()).casefold(), pair)
    return list(seen.values())


def _first(ranked: Sequence[Pair], each_of: Collection[str]) -> list[Pair]:
    """The sentences that answer best, among them the best one of each paper of `each_of`."""
    of_each = [pair for pair in _one_of_each(ranked) if pair[1].paper.paper_id in each_of]
    rest = [pair for pair in ranked if pair not in of_each]
    return sorted([*of_each, *rest[: max(0, _FIRST - len(of_each))]], key=ranked.index)


def _one_of_each(pairs: Sequence[Pair]) -> list[Pair]:
    """The best sentence of each paper."""
    best: dict[str, Pair] = {}
    for pair in pairs:
        best.setdefault(pair[1].paper.paper_id, pair)
    return list(best.values())


def _paragraphs(pairs: Sequence[Pair]) -> list[list[Pair]]:
    """One paragraph a paper, the paper with the best sentence first."""
    by_paper: dict[str, list[Pair]] = {}
    for pair in pairs:
        by_paper.setdefault(pair[1].paper.paper_id, []).append(pair)
    return [sorted(group, key=lambda pair: pair[0].start) for group in by_paper.values()]


def _number(paragraphs: Sequence[Sequence[Pair]]) -> Extract:
    sentences: list[AnswerSentence] = []
    citations: list[Citation] = []
    lines: list[str] = []
    for paragraph in paragraphs:
        shown: list[str] = []
        for quote, item in paragraph:
            number = len(citations) + 1
            words = " ".join(quote.text.split())
            if len(words) > _LONGEST:
                words = words[:_LONGEST].rsplit(" ", 1)[0] + " ..."
            text = f"{words} [{number}]"
            shown.append(text)
            citations.append(Citation(number, item.paper, quote.text, "supported"))
            sentences.append(
                AnswerSentence(text, (number,), "supported", reason="word for word from the abstract", quote=quote.text)
            )
        lines.append(f"“{paragraph[0][1].paper.title}”: {' '.join(shown)}")
    return Extract("\n\n".join(lines), tuple(sentences), tuple(citations))
