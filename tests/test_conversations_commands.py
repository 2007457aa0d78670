"""Kept conversations on the command line: listed, exported, rated answers as questions, asked again."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from pathlib import Path

import pytest
import rispy  # type: ignore[import-untyped]  # it ships no py.typed
from bibtexparser.entrypoint import parse_string

from ingest.sync import sync
from rag.answer import Assistant
from rag.conversation import as_turns
from rag.conversations import Conversations
from rag.corpus import Answer
from rag.embedder import Embedder
from rag.evaluation.question_sets import read_question_set
from rag.export import cited_in
from rag.index import Index
from rag.replay import Replay, replay
from rag.settings import Settings
from tests.answering import KEY, PAPERS, embedder, made_data
from tests.conftest import RunCommand
from tests.openai_server import OpenAIServer

__all__ = ["embedder", "made_data"]

FIRST = "How much less memory than Adam does TinyState need?"
SECOND = "Which voices do nightingales imitate at night?"
NEW = {
    "title": "NightVoices: What Nightingales Imitate",
    "abstract": "We recorded nightingales at night. Nightingales imitate the voices of thrushes and frogs at night. "
    "Those that know more voices sing longer.",
}


@pytest.fixture
def data(made_data: Path, tmp_path: Path) -> Path:
    """A data folder of one's own."""
    folder = tmp_path / "data"
    shutil.copytree(made_data, folder)
    return folder


def assistant_over(data: Path, embedder: Embedder, index: Index, **settings: object) -> Assistant:
    """It answers from `data`."""
    return Assistant(index, embedder, Settings(data_dir=data, _env_file=None, **settings))  # type: ignore[arg-type]  # fields by name


@pytest.fixture
def store(data: Path, embedder: Embedder) -> Conversations:
    """One conversation of two answered questions, the first one liked, the second one not."""
    found = Conversations(data)
    with closing(Index.open(data)) as index:
        assistant = assistant_over(data, embedder, index)
        answers: list[Answer] = []
        for number, question in enumerate((FIRST, SECOND), start=1):
            found.add_question("c0ffee", f"e{number}", question)
            answers.append(assistant.ask(question, as_turns(answers)))
            found.add_answer(f"e{number}", answers[-1])
    found.add_feedback("e1", "good")
    found.add_feedback("e2", "bad")
    return found


def lines_of(text: str) -> list[dict[str, object]]:
    """The objects of JSON lines."""
    return [json.loads(line) for line in text.splitlines()]


def test_conversations_are_listed_searched_and_deleted(
    run_command: RunCommand, data: Path, store: Conversations
) -> None:
    listed = run_command("rag", "conversations", "--data", data)
    assert listed.stdout.splitlines() == [
        "c0ffee  " + FIRST,
        f"          2 questions, {store.listed()[0].changed[:10]}",
    ]
    (found,) = lines_of(run_command("rag", "conversations", "tinystate", "--data", data, "--json").stdout)
    assert (found["conversation_id"], found["questions"]) == ("c0ffee", 2)
    assert run_command("rag", "conversations", "zanzibar", "--data", data, "--json").stdout == ""
    store.add_question("beef", "e3", NEW["title"])
    assert NEW["title"] in run_command("rag", "conversations", "--delete", "last", "--data", data).stderr
    assert [kept.conversation_id for kept in store.listed()] == ["c0ffee"]
    assert "Deleted" in run_command("rag", "conversations", "--delete", "c0f", "--data", data).stderr
    assert store.listed() == []


def test_a_conversation_is_exported_in_every_form(run_command: RunCommand, data: Path, store: Conversations) -> None:
    def export(*form: str) -> str:
        return run_command("rag", "export", "last", "--data", data, *form).stdout

    cited = {citation.paper.title for exchange in store.exchanges("c0ffee") if exchange.answer
             for citation in exchange.answer.citations}  # fmt: skip
    assert len(parse_string(export("--format", "bibtex")).entries) == len(cited)
    assert {record["title"] for record in rispy.loads(export("--format", "ris"))} == cited
    store.add_question("beef", "e3", "Not answered")
    empty = run_command("rag", "export", "beef", "--data", data, "--format", "ris")
    assert (empty.stdout, empty.stderr) == ("", "No answer of this conversation cites a paper.\n")
    store.delete("beef")
    markdown = export()
    assert markdown.startswith(f"# {FIRST}\n")
    assert f"## {SECOND}" in markdown
    (whole,) = lines_of(export("--json"))
    refused = run_command("rag", "export", "last", "--data", data, "--format", "bibtex", "--json")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "--json writes JSON, not bibtex" in refused.stderr
    answers = whole["answers"]
    assert isinstance(answers, list)
    asked = lines_of(run_command("rag", "ask", FIRST, "--data", data, "--json").stdout)[0]
    assert set(answers[0]) == set(asked) | {"asked", "feedback"}
    assert answers[0]["answer"] == asked["answer"]
    assert [each["feedback"] for each in answers] == ["good", "bad"]


@pytest.mark.parametrize("command", [("export", "nowhere"), ("replay", "nowhere"), ("conversations", "--delete", "x")])
def test_a_conversation_that_is_not_there_is_named(
    run_command: RunCommand, data: Path, store: Conversations, command: tuple[str, ...]
) -> None:
    outcome = run_command("rag", *command, "--data", data)
    assert outcome.returncode == 2
    assert "There is no conversation" in outcome.stderr
    assert outcome.stdout == ""


def test_without_conversations_each_command_says_so(run_command: RunCommand, data: Path) -> None:
    for command, words in {
        "conversations": "No conversations",
        "feedback": "No answer",
        "feedback --json": "No answer has been marked good.",
        "replay": "nothing to ask",
    }.items():
        outcome = run_command("rag", *command.split(), "--data", data)
        assert (outcome.returncode, outcome.stdout) == (0, "")
        assert words in outcome.stderr
    assert run_command("rag", "export", "last", "--data", data).returncode == 2


def test_liked_answers_are_a_file_of_questions(
    run_command: RunCommand, data: Path, store: Conversations, tmp_path: Path
) -> None:
    liked = run_command("rag", "feedback", "--data", data, "--json").stdout
    (line,) = lines_of(liked)
    assert line["question"] == FIRST
    answer = store.exchanges("c0ffee")[0].answer
    assert answer
    assert line["relevant"] == [paper.title for paper in cited_in([answer])]
    path = tmp_path / "liked.jsonl"
    path.write_text(liked, encoding="utf-8")
    (question,) = read_question_set(path).questions
    assert question.answerable
    (disliked,) = lines_of(run_command("rag", "feedback", "--bad", "--data", data, "--json").stdout)
    assert disliked["question"] == SECOND
    assert "relevant" not in disliked
    assert [turn["role"] for turn in disliked["history"]] == ["user", "assistant"]  # type: ignore[attr-defined]  # a list
    assert "TinyState" in run_command("rag", "feedback", "--data", data).stdout


def replayed(data: Path, store: Conversations, embedder: Embedder, **settings: object) -> list[Replay]:
    """Every question of the conversation asked again."""
    with closing(Index.open(data)) as index, closing(assistant_over(data, embedder, index, **settings)) as assistant:
        return list(replay(assistant, store.exchanges("c0ffee")))


def test_the_same_index_changes_nothing(data: Path, store: Conversations, embedder: Embedder) -> None:
    for one in replayed(data, store, embedder):
        assert one.change == "none"
        assert one.before.text == one.after.text
        assert one.same_embeddings
        assert one.same_prompt is None
        assert one.same_writer


def test_a_new_dump_changes_the_answers_that_it_bears_on(
    run_command: RunCommand, data: Path, store: Conversations, tmp_path: Path
) -> None:
    dump = tmp_path / "new.jsonl"
    dump.write_text(json.dumps(NEW), encoding="utf-8")
    run_command("ingest", dump, "--data", data)
    first, second = lines_of(run_command("rag", "replay", "c0ffee", "--data", data, "--json").stdout)
    assert second["change"] == "answer"
    assert [paper["title"] for paper in second["new_evidence"]] == [NEW["title"]]  # type: ignore[attr-defined]  # a list
    assert second["generation"] == {"before": 1, "after": 2}
    assert second["outcome"] == {"before": "nothing", "after": "answered"}
    assert first["outcome"] == {"before": "answered", "after": "answered"}
    people = run_command("rag", "replay", "--data", data)
    assert "another answer: " + SECOND in people.stdout
    assert "new: NightVoices" in people.stdout
    assert "answers would be other ones now" in people.stderr


def test_a_paper_that_is_gone_or_reads_otherwise_is_told(
    data: Path, store: Conversations, embedder: Embedder, tmp_path: Path
) -> None:
    dump = tmp_path / "changed.jsonl"
    title = "TinyState: One Momentum Is Enough"
    changed = {"title": title, "abstract": PAPERS[title].replace("47 %", "40 %") + " It was measured again."}
    dump.write_text(json.dumps(changed), encoding="utf-8")
    sync([str(dump)], Settings(data_dir=data, _env_file=None))
    one = replayed(data, store, embedder)[0]
    assert [paper.title for paper in one.changed_papers] == [title]
    assert one.change == "answer"


def test_with_a_model_only_another_prompt_counts(
    run_command: RunCommand, data: Path, embedder: Embedder, openai_server: OpenAIServer, tmp_path: Path
) -> None:
    store = Conversations(data)
    model = {"llm_base_url": openai_server.base_url, "llm_model": "tiny", "llm_api_key": KEY}
    openai_server.replies.append("TinyState needs 47 % less memory than Adam [1].")
    with closing(Index.open(data)) as index, closing(assistant_over(data, embedder, index, **model)) as assistant:
        answer = assistant.ask(FIRST)
    assert answer.mode == "llm"
    store.add_question("c0ffee", "e1", FIRST)
    store.add_answer("e1", answer)
    openai_server.default_reply = "I would rather say that BlockMoments is smaller [2]."
    (same,) = replayed(data, store, embedder, **model)
    assert same.same_prompt
    assert same.before.text != same.after.text
    assert same.change == "none"
    dump = tmp_path / "new.jsonl"
    more = {"title": "MicroState: Less Memory than Adam", "abstract": "MicroState needs 60 % less memory than Adam."}
    dump.write_text(json.dumps(more), encoding="utf-8")
    sync([str(dump)], Settings(data_dir=data, _env_file=None))
    (other,) = replayed(data, store, embedder, **model)
    assert other.same_prompt is False
    assert other.change in ("answer", "evidence")
    assert [paper.title for paper in other.new_evidence] == [more["title"]]
    (without,) = replayed(data, store, embedder)
    assert not without.same_writer
    assert without.change == "evidence"
    dead = {"LLM_BASE_URL": "http://127.0.0.1:9/v1", "LLM_MODEL": "tiny"}
    told = run_command("rag", "replay", "--json", "--data", data, **dead)
    assert json.loads(told.stdout)["same_writer"] is False
    assert "Nothing answers at http://127.0.0.1:9/v1" in told.stderr


def test_an_exchange_without_an_answer_is_passed_over(data: Path, embedder: Embedder, store: Conversations) -> None:
    store.add_question("c0ffee", "e3", "Stopped?")
    store.add_stopped("e3", "It")
    assert [one.exchange_id for one in replayed(data, store, embedder)] == ["e1", "e2"]
    assert all(isinstance(one.after, Answer) for one in replayed(data, store, embedder))
