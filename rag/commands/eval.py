"""`rag eval`: how good search and answers are on a file of questions, or on questions made from the papers."""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

from rag.commands.option_values import number_from_one, path
from rag.commands.search import number_of_papers
from rag.commands.shapes import write_json
from rag.commands.terminal import printable, say
from rag.errors import UsageError

if TYPE_CHECKING:
    from rag.corpus import Paper
    from rag.evaluation.comparison import EvaluationComparison
    from rag.evaluation.evaluate import Evaluation
    from rag.evaluation.question_sets import QuestionSet
    from rag.evaluation.sides import Side
    from rag.settings import Settings

_SAMPLE = 70  # papers that questions are made of; rag/evaluation/made_questions.py makes three of each


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """QUESTIONS or --self, by what they are judged, what to measure, what to compare with, what to write."""
    parser.add_argument(
        "questions", nargs="?", metavar="QUESTIONS", type=path, help="JSONL of id, question and relevant titles"
    )
    parser.add_argument(
        "--self", dest="made", action="store_true", help="make questions from the papers' own abstracts instead"
    )
    parser.add_argument(
        "--sample",
        type=number_from_one,
        metavar="N",
        help=f"with --self: papers to make questions of (default {_SAMPLE})",
    )
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="with --self: which papers and sentences")
    parser.add_argument(
        "--qrels", metavar="FILE", type=path, help="query id, document id, grade; by the ids of the corpus"
    )
    parser.add_argument("--run", dest="run_file", metavar="FILE", type=path, help="write the hits as a TREC run")
    parser.add_argument("-k", type=number_of_papers, default=10, metavar="N", help="papers of a question in the run")
    parser.add_argument("--answers", action="store_true", help="answer the questions, too, and judge the answers")
    parser.add_argument(
        "--against", metavar="DIR", type=path, help="compare with another index, for example of other embeddings"
    )
    parser.add_argument("--compare", metavar="RUN", type=path, help="compare with a TREC run of the same questions")
    parser.add_argument("--html", metavar="FILE", type=path, help="write the report as one page, too")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the figures."""
    _check_usage(arguments)
    from rag.chosen_embedder import open_embedder
    from rag.evaluation.comparison import check_answers, compare_evaluations, compare_with_run
    from rag.evaluation.figures import figures
    from rag.evaluation.made_questions import NOTE
    from rag.evaluation.question_sets import read_question_set
    from rag.evaluation.report import Report, as_json, as_table
    from rag.evaluation.report_page import write_page
    from rag.evaluation.runs import read_run, write_run
    from rag.evaluation.sides import Side

    questions = None if arguments.made else read_question_set(arguments.questions, arguments.qrels)
    earlier = read_run(arguments.compare) if arguments.compare else None
    with ExitStack() as stack:
        side = stack.enter_context(closing(Side(settings.data_dir, settings, open_embedder(settings))))
        other = (
            stack.enter_context(closing(Side.by_passport(arguments.against, settings))) if arguments.against else None
        )
        if questions is None:
            questions = _make(arguments, side, other)
        else:
            _tell_unknown(side, questions)
            if other is not None:
                _tell_missing(side, other)
        if earlier is not None:
            check_answers(earlier, questions, name=str(arguments.compare))
        evaluation = _evaluate(side, questions, arguments, settings)
        comparisons: list[EvaluationComparison] = []
        if other is not None:
            names = f"the index in {side.data_dir}", f"the index in {other.data_dir}"
            second = _evaluate(other, questions, arguments, settings)
            comparisons.append(compare_evaluations(evaluation, second, names=names))
        if earlier is not None:
            names = f"the run {arguments.compare}", f"the index in {side.data_dir}"
            comparisons.append(compare_with_run(questions, earlier, evaluation, names=names))
        configuration = side.configuration(
            questions=_named(arguments),
            answers=_writer(evaluation, arguments, settings),
            note=NOTE if arguments.made else "",
        )
    report = Report(configuration, evaluation, figures(evaluation), tuple(comparisons))
    if arguments.json:
        write_json(as_json(report))
    else:
        print(as_table(report))
    if arguments.run_file:
        write_run(arguments.run_file, evaluation.results, k=arguments.k)
    if arguments.html:
        write_page(arguments.html, report)
    return 0


def _check_usage(arguments: argparse.Namespace) -> None:
    if (arguments.questions is None) != arguments.made:
        raise UsageError(
            "Give either a file of questions or --self.",
            hint="`rag eval --self` makes questions from your own papers; see `rag eval --help`.",
        )
    if arguments.made and arguments.qrels:
        raise UsageError("--qrels judges a file of questions, and --self makes its own.", hint="Leave one of them out.")
    if not arguments.made and arguments.sample:
        raise UsageError("--sample goes with --self.", hint="All questions of a file are asked.")
    for option, path_given in (("--run", arguments.run_file), ("--html", arguments.html)):
        if path_given and not _can_be_written(path_given):  # told before hours of measuring, not after
            raise UsageError(f"{path_given} cannot be written.", hint=f"Give another path to {option}.")


def _can_be_written(file: Path) -> bool:
    return not file.is_dir() and os.access(file if file.exists() else file.parent, os.W_OK)


def _with_answers(arguments: argparse.Namespace) -> bool:
    """Made questions are always answered, by extracts: whether a left-out paper is missed is half of the report."""
    return bool(arguments.answers or arguments.made)


def _evaluate(side: Side, questions: QuestionSet, arguments: argparse.Namespace, settings: Settings) -> Evaluation:
    evaluation = side.evaluate(
        questions,
        answers=_with_answers(arguments),
        use_model=arguments.answers and settings.has_model,
        k=arguments.k,
        progress=_show_progress if sys.stderr.isatty() else None,
    )
    failures = evaluation.failures
    if failures:
        count = f"{len(failures):,} answers are extracts" if len(failures) > 1 else "1 answer is an extract"
        say(f"{count} in place of the model's. The first reason: {failures[0]}")
    return evaluation


def _writer(evaluation: Evaluation, arguments: argparse.Namespace, settings: Settings) -> str | None:
    """What wrote the answers; a model with how many it wrote, where it failed at others."""
    if not _with_answers(arguments):
        return None
    if not (arguments.answers and settings.has_model):
        return "extracts"
    if not evaluation.failures:
        return settings.shown_model
    asked = evaluation.written + len(evaluation.failures)
    return f"{settings.shown_model}, for {evaluation.written} of {asked} questions; extracts for the others"


def _make(arguments: argparse.Namespace, side: Side, other: Side | None) -> QuestionSet:
    """Questions from the papers of this index, or from those that both hold with the same text.

    Of another text the other index would hide another part than the one that the question was made from.
    """
    from rag.evaluation.made_questions import make_questions

    sample, seed = arguments.sample or _SAMPLE, arguments.seed
    if other is None:
        return side.read(lambda reading: make_questions(reading, sample=sample, seed=seed))
    differing: list[Paper] = []

    def is_alike(paper: Paper) -> bool:
        there = other.read(lambda reading: reading.papers([paper.paper_id]))[paper.paper_id]
        alike = (there.title, there.abstract) == (paper.title, paper.abstract)
        differing.extend([] if alike else [paper])
        return alike

    among = other.paper_ids()
    try:
        return side.read(
            lambda reading: make_questions(reading, sample=sample, seed=seed, among=among, wanted=is_alike)
        )
    finally:
        if differing:
            count = f"{len(differing):,} papers" if len(differing) > 1 else "1 paper"
            say(f"{count} whose text differs between the two {'are' if len(differing) > 1 else 'is'} left out.")


def _tell_unknown(side: Side, questions: QuestionSet) -> None:
    unknown = side.unknown(questions)
    if unknown:
        count = f"{len(unknown):,} relevant papers are" if len(unknown) > 1 else "1 relevant paper is"
        say(f"{count} not in {side.data_dir} and cannot be found; the first: {printable(unknown[0])}")


def _tell_missing(side: Side, other: Side) -> None:
    missing = len(side.paper_ids() - other.paper_ids())
    if missing:
        say(f"{missing:,} papers of {side.data_dir} are not in {other.data_dir}; it cannot find them.")


def _named(arguments: argparse.Namespace) -> str:
    if arguments.made:
        return f"made from {arguments.sample or _SAMPLE} papers at most, seed {arguments.seed}"
    return str(arguments.questions)


def _show_progress(done: int, of: int) -> None:
    sys.stderr.write(f"\r\033[K{done} of {of} questions" if done < of else "\r\033[K")
    sys.stderr.flush()
