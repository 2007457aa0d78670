"""The file of conversations: whatever was answered is there after a kill, beside another writer, and without keys."""

from __future__ import annotations

import json
import signal
import sqlite3
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from rag.conversations import FILE, Conversations, Problem
from rag.conversations.answers import read_answer, write_answer
from rag.corpus import Answer, Provenance, Tally, Understood, Usage
from rag.errors import DamagedStoreError, UnwritableStoreError, UsageError
from rag.filters import Filters
from tests.answering import KEY, AssistantMaker, embedder, made_data, make_assistant
from tests.conftest import ROOT
from tests.openai_server import OpenAIServer, Reply

__all__ = ["embedder", "made_data", "make_assistant"]

QUESTION = "How much memory does TinyState save?"


@pytest.fixture
def answer(make_assistant: AssistantMaker) -> Answer:
    """A real one."""
    return make_assistant().ask(QUESTION)


@pytest.fixture
def kept(tmp_path: Path) -> Conversations:
    """An empty file of conversations."""
    return Conversations(tmp_path / "data", keys=[KEY])


def keep(store: Conversations, answer: Answer, conversation_id: str = "c1", exchange_id: str = "e1") -> None:
    """One answered question."""
    store.add_question(conversation_id, exchange_id, answer.question)
    store.add_answer(exchange_id, answer)


def test_an_answer_comes_back_as_it_was(answer: Answer) -> None:
    whole = replace(
        answer,
        usage=Usage(10, 2, estimated=True, cost=0.5, currency="EUR"),
        provenance=Provenance("corpus", "model", "print", 8, 4096),
        nearest=tuple(item.hit for item in answer.evidence[:2]),
        understood=Understood(
            filters=Filters(dumps=("a.txt",), since="2024"),
            corrections=(("tinystat", "TinyState"),),
            notes=("A note.",),
            tally=Tally("r", 1, 2),
        ),
    )
    assert read_answer(write_answer(whole)) == whole
    assert whole.citations


def test_fields_of_other_versions_are_no_hindrance(answer: Answer) -> None:
    fields = json.loads(write_answer(answer))
    fields["of_later"] = 1
    fields["sentences"][0]["of_later"] = [1]
    del fields["provenance"], fields["style"]
    assert read_answer(json.dumps(fields)) == replace(answer, provenance=None)


def test_before_the_first_question_there_is_no_file(kept: Conversations) -> None:
    assert kept.listed() == []
    assert kept.exchanges("c1") == []
    assert kept.conversation("c1") is None
    assert not kept.path.exists()


def test_a_conversation_is_kept_from_question_to_feedback(kept: Conversations, answer: Answer) -> None:
    kept.add_question("c1", "e1", QUESTION, set_aside=["p"])
    (waiting,) = kept.exchanges("c1")
    assert (waiting.question, waiting.answer, waiting.set_aside) == (QUESTION, None, ("p",))
    kept.add_answer("e1", answer)
    kept.add_suggestions("e1", ["And then?"])
    kept.add_feedback("e1", "good")
    (done,) = kept.exchanges("c1")
    assert (done.answer, done.feedback, done.suggestions) == (answer, "good", ("And then?",))
    assert done.revision == 3
    kept.add_answer("e1", answer)  # answered again: what was thought of the other answer is gone
    assert kept.exchanges("c1")[0].feedback is None


def test_what_came_instead_of_an_answer_is_kept(kept: Conversations) -> None:
    problem = Problem("UsageError", "The question is too long.", "Ask in a few sentences.")
    kept.add_question("c1", "e1", "Why?")
    kept.add_problem("e1", problem)
    kept.add_question("c1", "e2", "How?")
    kept.add_stopped("e2", "It began")
    first, second = kept.exchanges("c1")
    assert (first.problem, second.stopped) == (problem, "It began")


def test_what_came_last_takes_the_place_of_what_came_before_but_of_no_answer(
    kept: Conversations, answer: Answer
) -> None:
    problem = Problem("UsageError", "The question is too long.", "Ask in a few sentences.")
    kept.add_question("c1", "e1", "Why?")
    kept.add_problem("e1", problem)
    kept.add_stopped("e1", "It began")
    (stopped,) = kept.exchanges("c1")
    assert (stopped.problem, stopped.stopped) == (None, "It began")
    kept.add_problem("e1", problem)
    (failed,) = kept.exchanges("c1")
    assert (failed.problem, failed.stopped) == (problem, None)
    kept.add_answer("e1", answer)
    kept.add_problem("e1", problem)
    (again,) = kept.exchanges("c1")
    assert (again.answer, again.problem) == (answer, problem)


def test_conversations_are_named_by_their_first_question_until_they_are_renamed(kept: Conversations) -> None:
    kept.add_question("c1", "e1", "First?")
    kept.add_question("c1", "e2", "Second?")
    assert [(each.name, each.renamed, each.exchanges) for each in kept.listed()] == [("First?", False, 2)]
    kept.rename("c1", "  Of   mine ")
    assert [(each.name, each.renamed) for each in kept.listed()] == [("Of mine", True)]
    kept.rename("c1", "")
    assert kept.listed()[0].name == "First?"


def test_the_last_changed_comes_first_and_owners_do_not_mix(kept: Conversations) -> None:
    kept.add_question("c1", "e1", "One?")
    kept.add_question("c2", "e2", "Two?", owner="user:ann")
    kept.add_question("c3", "e3", "Three?")
    kept.add_question("c1", "e4", "One more?")
    assert [each.conversation_id for each in kept.listed()] == ["c1", "c3", "c2"]
    assert [each.conversation_id for each in kept.listed(owner="")] == ["c1", "c3"]
    assert [each.conversation_id for each in kept.listed(owner="user:ann")] == ["c2"]
    assert kept.listed(owner="link") == []


def test_search_looks_into_questions_answers_and_names(kept: Conversations, answer: Answer) -> None:
    keep(kept, answer)
    kept.add_question("c2", "e2", "Über Straßen?")
    kept.rename("c2", "Wege durch ÖRTER")
    found = {words: [each.conversation_id for each in kept.listed(words=words)] for words in
             ("tinystate", "47 momentum", "über STRASSEN", "örter", "100%_", "' OR 1=1 --", "")}  # fmt: skip
    assert found == {
        "tinystate": ["c1"],
        "47 momentum": ["c1"],
        "über STRASSEN": ["c2"],
        "örter": ["c2"],
        "100%_": [],
        "' OR 1=1 --": [],
        "": ["c2", "c1"],
    }


def test_a_deleted_conversation_leaves_nothing_in_the_file(kept: Conversations) -> None:
    kept.add_question("c1", "e1", "A secret of zanzibar?")
    kept.add_question("c2", "e2", "Another?")
    kept.delete("c1")
    assert [each.conversation_id for each in kept.listed()] == ["c2"]
    assert kept.exchange("e1") is None
    assert all(b"zanzibar" not in path.read_bytes() for path in kept.path.parent.iterdir())
    kept.add_answer("e1", _no_answer())  # it comes too late, and nothing comes back with it
    assert kept.exchange("e1") is None


def _no_answer() -> Answer:
    return Answer("q", "q", "nothing", "extractive", None, "Nothing.", (), (), ())


def test_ids_may_be_shortened_as_long_as_they_are_clear(kept: Conversations) -> None:
    kept.add_question("abc1", "e1", "One?")
    kept.add_question("abd1", "e2", "Two?")
    assert kept.find("abc").conversation_id == "abc1"
    for unclear in ("ab", "x", ""):
        with pytest.raises(UsageError, match="rag conversations"):
            kept.find(unclear)


def test_a_second_writer_and_another_reader_are_no_hindrance(kept: Conversations) -> None:
    other = Conversations(kept.path.parent)
    for number in range(5):
        (kept if number % 2 else other).add_question("c1", f"e{number}", f"{number}?")
    assert list(kept.revisions("c1")) == [f"e{number}" for number in range(5)]
    with sqlite3.connect(kept.path) as reading:
        reading.execute("BEGIN")
        reading.execute("SELECT * FROM exchanges").fetchall()
        other.add_question("c1", "e9", "9?")
    assert "e9" in kept.revisions("c1")


KILLED = """
import os, signal, sys
from pathlib import Path
from rag.conversations import Conversations
store = Conversations(Path(sys.argv[1]))
for number in range(100):
    store.add_question("c1", f"e{number}", f"Question {number}?")
    print(number, flush=True)
    if number == 7:
        os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_kill_loses_nothing_that_was_said_to_be_kept(kept: Conversations) -> None:
    outcome = subprocess.run(
        [sys.executable, "-c", KILLED, str(kept.path.parent)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert outcome.returncode == -signal.SIGKILL
    assert outcome.stdout.split() == [str(number) for number in range(8)]
    assert [each.question for each in kept.exchanges("c1")] == [f"Question {number}?" for number in range(8)]


def test_the_file_is_its_owners_alone(kept: Conversations) -> None:
    kept.add_question("c1", "e1", "Why?")
    assert stat.S_IMODE(kept.path.stat().st_mode) == 0o600


def test_no_key_gets_into_the_file(
    kept: Conversations, make_assistant: AssistantMaker, openai_server: OpenAIServer
) -> None:
    openai_server.replies.append(Reply(f"TinyState needs 47 % less memory, says {KEY} [1].", reasoning=f"Key {KEY}."))
    answer = make_assistant(openai_server.base_url).ask(QUESTION)
    assert KEY in answer.text
    answer = replace(answer, question=f"Does it like {KEY} or sk-proj-Abc123Def456Ghi789Jkl?", notice=KEY)
    keep(kept, answer)
    kept.add_question("c1", "e2", f"And {KEY}?")
    kept.add_stopped("e2", f"The key is {KEY}")
    kept.add_problem("e2", Problem("UsageError", f"What is {KEY}?", KEY))
    kept.rename("c1", f"About {KEY}")
    for path in kept.path.parent.iterdir():
        assert KEY.encode() not in path.read_bytes()
        assert b"sk-proj" not in path.read_bytes()
    again = kept.exchanges("c1")[0].answer
    assert again
    assert "says (key)" in again.text
    assert [each.quote for each in again.citations] == [each.quote for each in answer.citations]


def test_a_damaged_file_is_named_and_the_papers_stay(kept: Conversations) -> None:
    kept.path.parent.mkdir()
    kept.path.write_bytes(b"no database " * 400)
    for act in (kept.listed, lambda: kept.add_question("c1", "e1", "Why?")):
        with pytest.raises(DamagedStoreError, match="the papers stay"):
            act()


def test_a_file_of_another_version_is_named(kept: Conversations) -> None:
    kept.add_question("c1", "e1", "Why?")
    with sqlite3.connect(kept.path) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(DamagedStoreError, match=r"another version .* Update AskPapers"):
        kept.listed()


def test_one_answer_that_cannot_be_read_does_not_hide_the_others(kept: Conversations, answer: Answer) -> None:
    keep(kept, answer)
    keep(kept, answer, exchange_id="e2")
    with sqlite3.connect(kept.path) as connection:
        connection.execute("UPDATE exchanges SET answer = '{' WHERE exchange_id = 'e1'")
    first, second = kept.exchanges("c1")
    assert first.answer is None
    assert first.problem
    assert second.answer == answer


def test_a_place_where_no_file_can_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file", encoding="utf-8")
    with pytest.raises(UnwritableStoreError):
        Conversations(tmp_path / "data").add_question("c1", "e1", "Why?")
    assert FILE == "conversations.sqlite"
