"""`rag ask`: an answer with citations, to one question or to each question of a file."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from typing import TYPE_CHECKING, TypedDict

from rag.commands.ending import LineFaults
from rag.commands.narrowing import add_filter_arguments, filters_from
from rag.commands.search import number_of_papers, say_understood
from rag.commands.shapes import answer_as_json, write_json
from rag.commands.terminal import bold, faint, printable, say, wrap
from rag.errors import UsageError
from rag.question_lines import QuestionLine, clean_text, read_history, read_question_lines

if TYPE_CHECKING:
    from rag.answer import Assistant
    from rag.corpus import Answer, Style
    from rag.filters import Filters
    from rag.settings import Settings

_SUPPORT_IN_WORDS = {"supported": "", "partial": " (only in part)", "unsupported": " (not supported)"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """QUESTION or --questions FILE, the earlier turns, and whether a language model may write."""
    parser.add_argument("question", nargs="?", metavar="QUESTION", help="what to ask")
    parser.add_argument(
        "--questions", metavar="FILE", help="JSONL of id and question, one object printed a line (-: stdin)"
    )
    parser.add_argument("-k", type=number_of_papers, metavar="N", help="papers to read (default: RAG_TOP_K)")
    parser.add_argument("--history", metavar="FILE", help="earlier turns: JSON list of role and content (-: stdin)")
    add_filter_arguments(parser)
    parser.add_argument("--no-llm", action="store_true", help="answer with sentences of the papers, without a model")
    parser.add_argument(
        "--style", choices=("plain", "shorter", "table"), default="plain", help="how the answer is wanted"
    )


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the answers. A question of a file that cannot be asked is reported, and the others go on (exit code 2)."""
    if (arguments.question is None) == (arguments.questions is None):
        raise UsageError("Give either a question or --questions FILE.", hint='Example: rag ask "What is Lion?"')
    if arguments.questions is not None and arguments.history is not None:
        raise UsageError("--history goes with one question.", hint="In a file of questions each may hold a history.")
    from rag.answer import Assistant
    from rag.chosen_embedder import open_embedder
    from rag.index import Index

    history = read_history(arguments.history) if arguments.history else ()
    with closing(Index.open(settings.data_dir, chroma_url=settings.chroma_url)) as index:
        embedder = open_embedder(settings)
        with index.reading() as reading:
            reading.check(embedder.identity)
        assistant = Assistant(index, embedder, settings)
        if arguments.question is not None:
            _answer_one(assistant, QuestionLine(None, clean_text(arguments.question), history), arguments)
            return 0
        faults = LineFaults()
        for line in read_question_lines(arguments.questions, faults.tell):
            try:
                _answer_one(assistant, line, arguments)
            except UsageError as error:
                faults.tell(error, line.question_id)
        return faults.exit_code


def _answer_one(assistant: Assistant, line: QuestionLine, arguments: argparse.Namespace) -> None:
    if arguments.json:
        answer = assistant.ask(line.text, line.history, **_wanted(arguments))
        named = {} if line.question_id is None else {"question_id": line.question_id}
        write_json({**named, **answer_as_json(answer)})
    else:
        if line.question_id is not None:
            print(bold(f"{line.question_id}: {printable(line.text)}"))
        answer = _stream_for_people(assistant, line, arguments)
    if answer.notice:
        say(answer.notice)


def _stream_for_people(assistant: Assistant, line: QuestionLine, arguments: argparse.Namespace) -> Answer:
    """A model's words as they come where a person watches; all else wrapped and at once."""
    from rag.answer import Finished, Retracted, Step, TextDelta

    writing = streamed = False
    for event in assistant.stream(line.text, line.history, **_wanted(arguments)):
        if isinstance(event, Finished):
            if not streamed:
                _show_progress("")
            say_understood(event.answer.understood)
            print("\n" if streamed else _laid_out(event.answer) + "\n")
            _print_sources(event.answer)
            return event.answer
        if isinstance(event, Step) and not streamed:
            writing = event.name == "writing"
            _show_progress(f"{event.name} ...")
        elif isinstance(event, TextDelta) and writing and sys.stdout.isatty():
            if not streamed:
                _show_progress("")
            streamed = True
            print("".join(map(_printable_or_line_end, event.text)), end="", flush=True)
        elif isinstance(event, Retracted) and streamed:
            print(faint("\n(That was not the answer.)\n"))
            writing = streamed = False
    raise AssertionError("an answer's stream ends with Finished")


class _Wanted(TypedDict):
    """How an answer is wanted."""

    k: int | None
    use_model: bool
    style: Style
    filters: Filters


def _wanted(arguments: argparse.Namespace) -> _Wanted:
    return {
        "k": arguments.k,
        "use_model": not arguments.no_llm,
        "style": arguments.style,
        "filters": filters_from(arguments),
    }


def _laid_out(answer: Answer) -> str:
    """The text wrapped; the rows of a table stay whole."""
    if answer.style == "table":
        return "\n".join(map(printable, answer.text.splitlines()))
    return wrap(answer.text)


def _show_progress(text: str) -> None:
    """In place of what stood in the line before, where a person watches."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\033[K{text}")
        sys.stderr.flush()


def _printable_or_line_end(character: str) -> str:
    """The character, or a blank for one that could steer the terminal."""
    return character if character.isprintable() or character == "\n" else " "


def _print_second_judge(answer: Answer) -> None:
    """What the second judge changed, sentence by sentence; nothing where none was asked."""
    judge = answer.second_judge
    if judge is None:
        return
    if judge.heard:
        print(faint(printable(f"Read again by {judge.model}, as second judge: {judge.heard} of them.")))
    if judge.note:
        print(faint(wrap(printable(judge.note))))
    for sentence in answer.sentences:
        if sentence.opinion and sentence.support != sentence.opinion.before:
            moved = f"from {sentence.opinion.before} to {sentence.support}: {sentence.reason}"
            print(wrap(printable(sentence.text), indent="    "))
            print(faint(wrap(printable(moved), indent="    ")))


def _print_sources(answer: Answer) -> None:
    for citation in answer.citations:
        print(bold(wrap(f"[{citation.number}] {citation.paper.title}{_SUPPORT_IN_WORDS[citation.support]}")))
        if citation.quote:
            print(wrap(f"“{citation.quote}”", indent="    "))
        print(faint(wrap(citation.paper.link, indent="    ")))
    checked = [sentence for sentence in answer.sentences if sentence.checked]
    if answer.mode == "llm" and checked:
        supported = sum(sentence.support == "supported" for sentence in checked)
        unit = "cells" if answer.style == "table" else "sentences"
        print(faint(f"\n{supported} of {len(checked)} {unit} supported · written by {answer.model}"))
        _print_second_judge(answer)
    if answer.provenance and answer.provenance.ordered_by:
        print(faint(printable(f"Papers put in order by {answer.provenance.ordered_by}")))
    if answer.how_sure:
        print(faint(wrap(printable(f"{answer.sure_of}: {answer.how_sure}. {' '.join(answer.sure_because)}"))))
    if answer.usage:
        print(faint(answer.usage.in_words))
