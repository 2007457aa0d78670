"""Checks each sentence of a model's answer against what it cites, and finds the citation for one that has none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from rag.answer_sentences import Span, find_sentences
from rag.citations import cited_numbers, with_numbers, without_markers
from rag.corpus import VERDICTS, AnswerSentence, Citation, Evidence, Opinion, Paper, SecondJudge, Support, Verdict
from rag.hostile import is_planted
from rag.questions.languages import is_written_in
from rag.refusal import says_not_answered
from rag.second_judge import Claim, SecondReading
from rag.source_lines import find_source_lines
from rag.support import (
    check_against_all,
    check_cell,
    check_copy,
    check_foreign,
    check_sentence,
    clean_sentence,
    is_plainly_in,
)

_UNCITED = "cites no paper, and none of the papers found clearly says it"
_ELSEWHERE = "it is “{title}” that says this, which is not cited here"
_NAMES_IT = Verdict("supported", "names the paper", None)
_PLANTED = "what the paper holds there is an order to the model, and no finding"


class Checked:
    """An answer after its check: the text with its final markers, its sentences, its citations."""

    def __init__(
        self,
        text: str,
        sentences: Sequence[AnswerSentence],
        citations: Sequence[Citation],
        second_judge: SecondJudge | None = None,
    ) -> None:
        self.text = text
        self.sentences = tuple(sentences)
        self.citations = tuple(citations)
        self.second_judge = second_judge


@dataclass(frozen=True, slots=True)
class _Judged:
    """A sentence with what the check says of it."""

    text: str
    numbers: tuple[int, ...]
    verdict: Verdict | None  # None where it states nothing
    alone: tuple[Verdict, ...] = ()  # on each of the cited papers
    claim: str = ""  # without markers

    def as_sentence(self, opinion: Opinion | None) -> AnswerSentence:
        if self.verdict is None:
            return AnswerSentence(self.text, self.numbers, "supported", checked=False)
        quote = self.verdict.quote.text if self.verdict.quote else ""
        return AnswerSentence(
            self.text, self.numbers, self.verdict.support, self.verdict.reason, quote=quote, opinion=opinion
        )


def check_answer(
    text: str,
    used: Sequence[int],
    evidence: Sequence[Evidence],
    *,
    language: str = "",
    second: Callable[[Sequence[Claim]], SecondReading] | None = None,
) -> Checked:
    """Check a resolved text. `used[n - 1]` is the number of the evidence behind its `[n]`.

    A factual sentence without a citation gets the one that carries it, where one clearly does. Numbers stay in order
    of first use, so a citation that was found late may shift those behind it. `second` is asked about all sentences
    that cite something. `language`: the question's, where it is not English; an answer in it is compared by its figures
    and names alone.
    """
    by_number = {item.number: item for item in evidence}
    shown = {n: by_number[number].paper for n, number in enumerate(used, start=1)}
    is_foreign = is_written_in(text, language)
    if not is_foreign:  # else no sentence is carried so clearly that it could be given a citation
        text, shown = _complete(text, shown, evidence)
    judged = [_judged(text[span.start : span.end], span, shown, is_foreign=is_foreign) for span in _spans(text, shown)]
    if not is_foreign:
        judged = [_laid_elsewhere(one, shown, evidence) for one in judged]
    judged, opinions, judge = _heard(judged, shown, second)
    verdicts: dict[int, list[tuple[Verdict, bool]]] = {n: [] for n in shown}
    for one in judged:
        for n, verdict in zip(one.numbers, one.alone, strict=False):
            verdicts[n].append((verdict, len(one.numbers) == 1))
    best_quotes = {item.paper.paper_id: item.quotes[0].text for item in evidence if item.quotes}
    citations = [
        _citation(n, paper, verdicts[n], best_quotes.get(paper.paper_id, "")) for n, paper in sorted(shown.items())
    ]
    sentences = [one.as_sentence(opinion) for one, opinion in zip(judged, opinions, strict=True)]
    return Checked(text, sentences, citations, judge)


def _spans(text: str, shown: Mapping[int, Paper]) -> list[Span]:
    """The sentences; those of a line that only names its paper state nothing."""
    lines = list(find_source_lines(text, shown))
    return [
        replace(span, states=False, names_paper=True)
        if any(start <= span.start < end for start, end in lines)
        else span
        for span in find_sentences(text)
    ]


def _judged(sentence: str, span: Span, shown: Mapping[int, Paper], *, is_foreign: bool) -> _Judged:
    numbers = tuple(n for n in cited_numbers(sentence) if n in shown)
    if not numbers and span.cell and len(span.cell.row_numbers) == 1:  # of a row the citation mostly stands in one cell
        numbers = tuple(n for n in span.cell.row_numbers if n in shown)
    if span.names_paper:
        return _Judged(sentence, numbers, None, (_NAMES_IT,) * len(numbers))
    if not span.states or (not numbers and says_not_answered(sentence)):
        return _Judged(sentence, numbers, None)
    if not numbers:
        return _Judged(sentence, (), Verdict("unsupported", _UNCITED, None, certain=True))
    plain = without_markers(sentence)
    cited = [shown[n] for n in numbers]
    if is_foreign:
        alone = tuple(check_foreign(plain, [paper]) for paper in cited)
    elif span.cell:
        found = [check_cell(plain, paper.title, paper.abstract, paper.year) for paper in cited]
        alone = tuple(verdict for verdict in found if verdict)
        if len(alone) < len(found):  # it names one of them
            return _Judged(sentence, numbers, None, tuple(verdict or _NAMES_IT for verdict in found))
    else:
        alone = tuple(check_sentence(plain, paper.title, paper.abstract, paper.year) for paper in cited)
    whole = check_foreign(plain, cited) if is_foreign else check_against_all(plain, cited, alone)
    if whole.quote and is_planted(whole.quote.text):
        whole = Verdict("unsupported", _PLANTED, whole.quote, certain=True)
    claim = clean_sentence(plain)
    return _Judged(sentence, numbers, whole, alone, span.cell.claim(claim) if span.cell else claim)


def _laid_elsewhere(one: _Judged, shown: Mapping[int, Paper], evidence: Sequence[Evidence]) -> _Judged:
    """A sentence that seems supported, but has the very words of a paper it does not cite, and few of those it does."""
    if one.verdict is None or one.verdict.support != "supported" or one.verdict.certain or not one.numbers:
        return one
    if any(is_plainly_in(one.claim, shown[n].title, shown[n].abstract) for n in one.numbers):
        return one
    for item in evidence:
        if check_copy(one.claim, item.paper.title, item.paper.abstract):
            reason = _ELSEWHERE.format(title=item.paper.title)
            verdict = replace(one.verdict, support="unsupported", reason=reason, certain=True)
            return replace(one, verdict=verdict, alone=(verdict,) * len(one.numbers))
    return one


def _heard(
    judged: Sequence[_Judged],
    shown: Mapping[int, Paper],
    second: Callable[[Sequence[Claim]], SecondReading] | None,
) -> tuple[list[_Judged], list[Opinion | None], SecondJudge | None]:
    """The sentences after the second judge was heard, what it said of each, and who it was."""
    opinions: list[Opinion | None] = [None] * len(judged)
    after = list(judged)
    places = [place for place, one in enumerate(judged) if one.verdict and one.numbers]
    if second is None or not places:
        return after, opinions, None
    claims = [
        Claim(one.claim, tuple(shown[n] for n in one.numbers), one.verdict)
        for one in (judged[place] for place in places)
        if one.verdict
    ]
    reading = second(claims)
    for place, verdict, opinion in zip(places, reading.verdicts, reading.opinions, strict=True):
        one = judged[place]
        alone = (verdict,) if len(one.numbers) == 1 and opinion else one.alone
        after[place] = replace(one, verdict=verdict, alone=alone)
        opinions[place] = opinion
    return after, opinions, reading.judge


def _citation(number: int, paper: Paper, verdicts: Sequence[tuple[Verdict, bool]], otherwise: str) -> Citation:
    alone = [verdict.support for verdict, is_alone in verdicts if is_alone]
    together = [verdict.support for verdict, is_alone in verdicts if not is_alone]
    support: Support = "unsupported"
    if alone:
        support = min(alone, key=VERDICTS.index)
    elif together:
        support = max(together, key=VERDICTS.index)
    quotes = [verdict for verdict, _ in verdicts if verdict.quote]
    best = max(quotes, key=lambda verdict: verdict.strength, default=None)
    return Citation(number, paper, best.quote.text if best and best.quote else otherwise, support)


def _complete(text: str, shown: Mapping[int, Paper], evidence: Sequence[Evidence]) -> tuple[str, dict[int, Paper]]:
    """The text with a citation at each uncited sentence that one paper clearly carries, and what its numbers mean."""
    numbers = {paper.paper_id: n for n, paper in shown.items()}
    papers = {paper.paper_id: paper for paper in shown.values()}
    pieces: list[str] = []
    end = 0
    last = ""
    added = False
    for span in _spans(text, shown):
        sentence = text[span.start : span.end]
        cited = cited_numbers(sentence)
        if span.states and not cited and not says_not_answered(sentence):
            paper = _carrier(sentence, evidence, last, is_cell=span.cell is not None)
            if paper is not None:
                papers[paper.paper_id] = paper
                n = numbers.setdefault(paper.paper_id, len(numbers) + 1)
                pieces += [text[end : span.start], _with_marker(sentence, n)]
                end, last, added = span.end, paper.paper_id, True
        elif cited:
            last = next((key for key, n in numbers.items() if n == cited[-1]), last)
    if not added:
        return text, dict(shown)
    text = "".join([*pieces, text[end:]])
    by_number = {n: papers[key] for key, n in numbers.items()}
    order = [n for n in cited_numbers(text) if n in by_number]
    renumbered = {old: new for new, old in enumerate(order, start=1)}
    return with_numbers(text, renumbered), {renumbered[old]: by_number[old] for old in order}


def _carrier(sentence: str, evidence: Sequence[Evidence], last: str, *, is_cell: bool) -> Paper | None:
    """The one paper that carries the sentence; the one cited just before, where it is among several."""
    papers = [item.paper for item in evidence if _carries(item.paper, sentence, is_cell=is_cell)]
    if len(papers) == 1:
        return papers[0]
    return next((paper for paper in papers if paper.paper_id == last), None)


def _carries(paper: Paper, sentence: str, *, is_cell: bool) -> bool:
    # A few words fit many papers; only copied ones tell whose they are.
    if not is_cell and not is_plainly_in(clean_sentence(sentence), paper.title, paper.abstract):
        return False
    verdict = (check_copy if is_cell else check_sentence)(sentence, paper.title, paper.abstract)
    if verdict is None or verdict.support != "supported":
        return False
    return not (verdict.quote and is_planted(verdict.quote.text))


def _with_marker(sentence: str, number: int) -> str:
    """The marker before the sentence's stop."""
    body = sentence.rstrip()
    stop = len(body)
    while stop and body[stop - 1] in ".!?。":
        stop -= 1
    return f"{body[:stop].rstrip()} [{number}]{body[stop:]}{sentence[len(body) :]}"
