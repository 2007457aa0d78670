"""Answer or refuse: how well the confidence tells questions that the papers answer from those that they do not."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from bench.measuring import table
from bench.retrieval_sets import shared_folder
from rag.embedder import Embedder
from rag.evaluation.evaluate import QuestionResult
from rag.evaluation.metrics import area_interval, interval
from rag.evaluation.question_sets import EvaluationQuestion, QuestionSet, read_question_set
from rag.evaluation.sides import Side
from rag.settings import Settings

_EVERYDAY = "everyday"
_WRONGLY_REFUSED = (0.01, 0.02, 0.05, 0.10, 0.20)  # shares of the answerable questions, for points of the curve


def refusal_table(data: Path, embedder: Embedder) -> str:
    """Where the confidence works now, then points of its curve, over the real dumps without a language model."""
    folder = shared_folder() / "eval"
    files = [path for name in ("dev.jsonl", "unanswerable.jsonl") if (path := folder / name).is_file()]
    if not files:
        return "No questions without an answer are there; set ASKPAPERS_SHARED to the folder of real dumps."
    questions = tuple(question for path in files for question in read_question_set(path).questions)
    questions += tuple(
        EvaluationQuestion(f"everyday-{place}", text, kind=_EVERYDAY) for place, text in enumerate(everyday(), start=1)
    )
    settings = Settings(data_dir=data, llm_base_url="", llm_model="")
    with closing(Side(data, settings, embedder)) as side:
        results = side.evaluate(QuestionSet(questions, "title"), answers=True, use_model=False, k=10).results
    answerable = [one for one in results if one.question.answerable]
    unanswerable = [one for one in results if not one.question.answerable and one.question.kind != _EVERYDAY]
    off_topic = [one for one in unanswerable if not one.question.near]
    near = [one for one in unanswerable if one.question.near]
    everyday_ones = [one for one in results if one.question.kind == _EVERYDAY]
    groups = (answerable, off_topic, near, everyday_ones)
    rows: list[list[object]] = [["as it stands", *(_share(_refused(one) for one in group) for group in groups)]]
    confident = sorted(_confidence(one) for one in answerable)
    for share in _WRONGLY_REFUSED:
        threshold = confident[round(share * len(confident))]
        below = [[_confidence(one) < threshold for one in group] for group in groups]
        rows.append([f"confidence {threshold:.3f}", *map(_share, below)])
    area = area_interval(*([_confidence(one) for one in group] for group in (answerable, [*off_topic, *near])))
    kinds = ("answerable", "off topic", "near", "everyday")
    heads = ["threshold", *(f"{kind}, {len(group)}" for kind, group in zip(kinds, groups, strict=True))]
    return table([heads[0], *(f"refused: {head}" for head in heads[1:])], rows) + f"\n\nArea under the ROC {area}."


def everyday() -> list[str]:
    """Questions that people ask of anything but papers; short, and full of common words."""
    return (Path(__file__).parent / "everyday_questions.txt").read_text(encoding="utf-8").splitlines()


def _refused(result: QuestionResult) -> bool:
    return result.answer is not None and result.answer.refused


def _confidence(result: QuestionResult) -> float:
    return (result.answer.confidence or 0.0) if result.answer is not None else 0.0


def _share(truths: Iterable[bool]) -> str:
    return str(interval([float(truth) for truth in truths]))
