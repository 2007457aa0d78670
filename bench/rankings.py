"""Our ranking beside the simple ones that it is made of, and beside LlamaIndex's usual beginning, in one run.

`ablation_table` takes away one idea at a time. A row says what our ranking gains over it, paired by question.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib import import_module

from bench.embed import other_side
from bench.measuring import table
from bench.retrieval_sets import RetrievalSet
from rag.corpus import Turn
from rag.embedder import Embedder
from rag.evaluation.comparison import compare_evaluations, p_in_words, verdict
from rag.evaluation.evaluate import Evaluation, QuestionResult
from rag.evaluation.figures import figures
from rag.evaluation.question_sets import EvaluationQuestion, QuestionSet
from rag.evaluation.sides import Side
from rag.index import Index, Reading
from rag.settings import Settings

_DEPTH = 100  # papers of a ranking
_RRF = 60  # Cormack, Clarke and Büttcher 2009

Rank = Callable[[Reading, Embedder, str], list[tuple[str, float]]]  # a question's text to (paper_id, score)


@dataclass(frozen=True, slots=True)
class Idea:
    """Something that our ranking does, and how it is taken away: by other values of names in our modules."""

    name: str
    without: Mapping[str, object]  # "module:name" -> the value that takes it away


IDEAS = (
    Idea("mean of a paper's chunks beside its best one", {"rag.fusion:WHOLE": 0.0}),
    Idea("best chunk beside the mean", {"rag.fusion:WHOLE": 1.0}),
    Idea("words beside vectors", {"rag.fusion:WORDS": 0.0}),
    Idea("asking words taken off a question", {"rag.query:topic_of": lambda question: question}),
    Idea("stop words of questions left out", {"rag.words:_STOP_WORDS": frozenset()}),
    Idea("turns before a follow-up question", {"rag.query:_context": lambda _history: ""}),
    Idea("a named paper first", {"rag.search:NAMED": 0.0}),
    Idea("phrases in quotes", {"rag.search:_PHRASE": 0.0}),
    Idea("near ties read", {"rag.near_ties:MOST": 1}),
)


def ranking_table(sets: Sequence[RetrievalSet], embedder: Embedder, *, with_other_side: bool) -> str:
    """nDCG@10, hit@1 and Recall@10 of each ranking on each set, and what ours gains over it."""
    rows: list[list[object]] = []
    for each in sets:
        ours = measured(each, embedder)
        rivals = dict(_simple_rankings(each, embedder))
        if with_other_side:
            rivals["LlamaIndex's usual beginning"] = _usual_beginning(each)
        rows.append([each.name, "ours", *_figures(ours), ""])
        rows += [["", name, *_figures(one), _gain(one, ours)] for name, one in rivals.items()]
    return table(["set", "ranking", "nDCG@10", "hit@1", "Recall@10", "ours gains, nDCG@10"], rows)


def ablation_table(sets: Sequence[RetrievalSet], embedder: Embedder) -> str:
    """What each idea brings on each set: nDCG@10 with it minus nDCG@10 without."""
    rows: list[list[object]] = []
    whole = [measured(each, embedder) for each in sets]
    for idea in IDEAS:
        cells = []
        for each, ours in zip(sets, whole, strict=True):
            with changed(idea.without):
                cells.append(_gain(measured(each, embedder), ours))
        rows.append([idea.name, *cells])
    return table(["idea", *(each.name for each in sets)], rows)


def measured(each: RetrievalSet, embedder: Embedder) -> Evaluation:
    """Our ranking as `rag eval` measures it."""
    with closing(Side(each.data, Settings(data_dir=each.data), embedder)) as side:
        return side.evaluate(each.questions, answers=False, use_model=False, k=10)


@contextmanager
def changed(values: Mapping[str, object]) -> Iterator[None]:
    """Give names in our modules other values for a while."""
    before: list[tuple[object, str, object]] = []
    for place, value in values.items():
        module, _, name = place.partition(":")
        holder: object = import_module(module)
        before.append((holder, name, getattr(holder, name)))
        setattr(holder, name, value)
    try:
        yield
    finally:
        for owner, name, old in before:
            setattr(owner, name, old)


def by_words(reading: Reading, _embedder: Embedder, text: str) -> list[tuple[str, float]]:
    """BM25 alone."""
    return reading.best_words(text, _DEPTH)


def by_vectors(reading: Reading, embedder: Embedder, text: str) -> list[tuple[str, float]]:
    """Each paper's best chunk alone."""
    best: dict[str, float] = {}
    for chunk_id, cosine in reading.nearest_chunks(embedder.embed_queries([text])[0], 3 * _DEPTH):
        best.setdefault(chunk_id.rpartition(":")[0], cosine)
    return list(best.items())[:_DEPTH]


def by_rank_fusion(reading: Reading, embedder: Embedder, text: str) -> list[tuple[str, float]]:
    """Both of them by reciprocal ranks."""
    fused: dict[str, float] = {}
    for ranking in (by_words(reading, embedder, text), by_vectors(reading, embedder, text)):
        for rank, (paper_id, _) in enumerate(ranking, start=1):
            fused[paper_id] = fused.get(paper_id, 0.0) + 1 / (_RRF + rank)
    return sorted(fused.items(), key=lambda pair: (-pair[1], pair[0]))[:_DEPTH]


def _simple_rankings(each: RetrievalSet, embedder: Embedder) -> Iterator[tuple[str, Evaluation]]:
    ranks: dict[str, Rank] = {
        "words alone (BM25)": by_words,
        "vectors alone (best chunk)": by_vectors,
        "rank fusion of the two": by_rank_fusion,
    }
    with closing(Index.open(each.data)) as index:
        for name, rank in ranks.items():
            results = []
            for question in each.questions.questions:
                with index.reading() as reading:
                    began = time.perf_counter()
                    found = rank(reading, embedder, whole_text(question))
                    taken = 1000 * (time.perf_counter() - began)
                    papers = reading.papers([paper_id for paper_id, _ in found])
                ranked = tuple((each.questions.key(papers[paper_id]), score) for paper_id, score in found)
                results.append(QuestionResult(question, ranked, taken))
            yield name, Evaluation(tuple(results), with_answers=False)


def _usual_beginning(each: RetrievalSet) -> Evaluation:
    keys = list(each.texts)
    with other_side(list(each.texts.values())) as ask:
        asked = [whole_text(question) for question in each.questions.questions]
        rankings = ask.send({"queries": asked, "k": _DEPTH})["rankings"]
    return as_evaluation(each.questions, [dict.fromkeys(keys[place] for place in one) for one in rankings])


def as_evaluation(questions: QuestionSet, rankings: Sequence[Iterable[str]]) -> Evaluation:
    """Rankings of keys, best first, one a question."""
    return Evaluation(
        tuple(
            QuestionResult(question, tuple((key, -float(place)) for place, key in enumerate(ranking)), 0.0)
            for question, ranking in zip(questions.questions, rankings, strict=True)
        ),
        with_answers=False,
    )


def whole_text(question: EvaluationQuestion) -> str:
    """A question with what was said before it, for rankings that know no conversation."""
    said: Sequence[Turn] = question.history
    return " ".join([*(turn.content for turn in said), question.text])


def _figures(evaluation: Evaluation) -> list[str]:
    ranking = figures(evaluation).ranking
    return [str(ranking["ndcg@10"]), f"{ranking['hit@1'].mean:.3f}", f"{ranking['recall@10'].mean:.3f}"]


def _gain(first: Evaluation, second: Evaluation) -> str:
    found = compare_evaluations(first, second, names=("", "")).ranking["ndcg@10"]
    if found.better == found.worse == 0:
        return "0"
    chance = "" if verdict(found) == "no difference" else "**"
    return f"{chance}{found.gain.mean:+.3f}{chance} ({p_in_words(found)})"
