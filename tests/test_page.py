"""The page in each of its states, run by Streamlit's own test harness over real parts."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ingest.lock import writer_lock
from rag.page.examples import sample_questions
from rag.page.ingesting import desk
from tests.openai_server import Fault, OpenAIServer, Reply
from tests.page_harness import OpenPage, button, fresh_server, open_page, shown

__all__ = ["fresh_server", "open_page"]  # fixtures of every test here

QUESTION = "How does LoRA adapt a large model with few trainable weights?"


def ask(page: AppTest, question: str) -> str:
    """Ask in the question box; what the page shows then."""
    page.chat_input(key="question").set_value(question).run()
    return shown(page)


def finish_ingest(page: AppTest) -> None:
    """Wait for the ingest that the page began, and look again."""
    job = desk().job
    assert job
    assert job.wait(120)
    page.run()


def with_model(server: OpenAIServer, **more: str) -> dict[str, str]:
    """Settings for the fake endpoint."""
    return {"LLM_BASE_URL": server.base_url, "LLM_MODEL": "tiny", **more}


def test_an_empty_index_says_how_to_begin(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(tmp_path / "data")
    assert "There are no papers yet" in shown(page)
    assert not page.chat_input


def test_an_empty_index_begins_with_the_sample_by_one_button(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(tmp_path / "data")
    button(page, "Begin with a sample of well-known papers")
    finish_ingest(page)
    assert "every sentence checked" in shown(page)
    assert 'class="cite"' in ask(page, QUESTION)


def test_the_first_visit_explains_itself_with_questions_of_the_corpus(open_page: OpenPage, sample_index: Path) -> None:
    page = open_page(sample_index)
    assert "every sentence checked against the paper that it cites" in shown(page)
    examples = [each for each in page.button if each.key and each.key.startswith("example-")]
    assert len(examples) == 4
    assert {each.label for each in examples} == set(sample_questions())
    examples[0].click().run()
    assert '<h2 class="question"' in shown(page)
    assert 'class="cite"' in shown(page)


def test_without_a_model_the_answer_is_made_of_cited_sentences_and_says_so(
    open_page: OpenPage, sample_index: Path
) -> None:
    page = open_page(sample_index)
    text = ask(page, QUESTION)
    assert "No language model is set up: these are sentences from the papers." in text
    assert "quoted word for word" in text
    assert "<mark " in text
    assert "Seen in well-known-papers.txt" in text


def test_a_model_answers_with_citations_and_each_sentence_is_judged(
    open_page: OpenPage, sample_index: Path, openai_server: OpenAIServer
) -> None:
    openai_server.replies.append("LoRA trains two small matrices beside frozen weights [1]. It was found on Mars [1].")
    page = open_page(sample_index, **with_model(openai_server))
    text = ask(page, QUESTION)
    assert 'data-source="turn-' in text
    assert "of 2 sentences supported" in text
    assert "not supported" in text
    assert "Answers by <b>tiny</b>" in text


@pytest.mark.parametrize("fault", ["unauthorised", "server_error", "html"])
def test_an_endpoint_that_fails_is_named_in_a_sentence_and_the_papers_answer(
    open_page: OpenPage, sample_index: Path, openai_server: OpenAIServer, fault: str
) -> None:
    openai_server.default_reply = Fault(fault)  # type: ignore[arg-type]  # one of its literals
    page = open_page(sample_index, **with_model(openai_server, LLM_API_KEY="wrong"))
    text = ask(page, QUESTION)
    assert "These are sentences from the papers instead." in text
    assert "<mark " in text
    assert "wrong" not in text


def test_an_endpoint_that_is_down_is_named_in_a_sentence_and_the_papers_answer(
    open_page: OpenPage, sample_index: Path
) -> None:
    page = open_page(sample_index, LLM_BASE_URL="http://127.0.0.1:9/v1", LLM_MODEL="tiny")
    text = ask(page, QUESTION)
    told = (
        "Nothing answers at http://127.0.0.1:9/v1.",
        "Start the server",
        "These are sentences from the papers instead.",
    )
    places = [text.index(words) for words in told]
    assert places == sorted(places)  # what happened, what to do, what stands below


def test_other_embeddings_than_the_index_has_are_named_and_the_papers_embedded_anew_by_one_button(
    open_page: OpenPage, sample_index: Path, openai_server: OpenAIServer, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    shutil.copytree(sample_index, data)
    page = open_page(data, EMBED_BASE_URL=openai_server.base_url, EMBED_MODEL="counting")
    assert "The index was made with other embeddings" in shown(page)
    assert "ingest --rebuild" in shown(page)
    assert not page.chat_input
    button(page, "Embed all papers anew")
    finish_ingest(page)
    assert 'class="cite"' in ask(page, QUESTION)


def test_a_damaged_index_is_named(open_page: OpenPage, tmp_path: Path) -> None:
    (tmp_path / "catalogue.sqlite").write_bytes(b"not a catalogue " * 200)
    page = open_page(tmp_path)
    assert "The index is damaged" in shown(page)


def test_a_setting_that_cannot_be_used_is_named(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(tmp_path, RAG_TOP_K="many")
    assert "A setting cannot be used" in shown(page)
    assert "RAG_TOP_K" in shown(page)


def test_an_ingest_from_the_shell_is_seen_while_it_runs_and_not_after_it_was_killed(
    open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page(tmp_path)
    with writer_lock(tmp_path):
        assert "An ingest is running" in shown(page.run())
    for process in (os.getpid(), 2**22 + 1):  # whether or not another process has got its number
        note = {"pid": process, "host": "here", "since": "2026-01-01T00:00:00+00:00"}
        (tmp_path / "ingest.holder.json").write_text(json.dumps(note))
        assert "An ingest is running" not in shown(page.run())


def test_a_question_that_the_papers_do_not_answer_names_the_nearest(open_page: OpenPage, sample_index: Path) -> None:
    page = open_page(sample_index)
    text = ask(page, "What is the best recipe for sourdough bread at high altitude?")
    assert "Nearest papers" in text
    assert 'class="cite"' not in text
    assert "supported" not in text


def test_papers_named_in_a_refusal_are_no_topic_of_the_next_question(open_page: OpenPage, sample_index: Path) -> None:
    page = open_page(sample_index)
    assert "The papers hold nothing about this." in ask(page, "Where is Atlantis?")
    assert '">Searched together with: Atlantis</p>' in ask(page, "And what is it?")


@pytest.mark.parametrize("question", ["", "   ", "\n"])
def test_an_empty_question_is_no_question(open_page: OpenPage, sample_index: Path, question: str) -> None:
    page = open_page(sample_index)
    assert '<h2 class="question"' not in ask(page, question)


def test_a_question_of_twenty_thousand_characters_gets_a_sentence(open_page: OpenPage, sample_index: Path) -> None:
    page = open_page(sample_index)
    text = ask(page, "Why do transformers need attention? " * 560)
    assert "That cannot be asked" in text
    assert "can be asked." in text


def test_signs_in_a_question_show_as_they_are(open_page: OpenPage, sample_index: Path) -> None:
    page = open_page(sample_index)
    assert "&lt;b&gt; $x_1$ [1] :red[y]" in ask(page, "<b> $x_1$ [1] :red[y]")


def test_a_follow_up_is_understood_with_the_history_and_a_new_conversation_forgets_it(
    open_page: OpenPage, sample_index: Path
) -> None:
    page = open_page(sample_index)
    ask(page, "What is LoRA?")
    text = ask(page, "And how much memory does it need?")
    assert "Searched together with: LoRA" in text
    assert text.count('<h2 class="question"') == 2
    button(page, "New conversation")
    assert '<h2 class="question"' not in shown(page)
    button(page, "What is LoRA?")
    assert shown(page).count('<h2 class="question"') == 2


def test_asking_again_replaces_the_answer(open_page: OpenPage, sample_index: Path, openai_server: OpenAIServer) -> None:
    openai_server.replies += ["LoRA freezes weights [1].", "LoRA trains small matrices [1]."]
    page = open_page(sample_index, **with_model(openai_server))
    assert "freezes weights" in ask(page, QUESTION)
    button(page, "Ask again")
    text = shown(page)
    assert "trains small matrices" in text
    assert text.count('<h2 class="question"') == 1


def test_a_link_asks_its_question(open_page: OpenPage, sample_index: Path) -> None:
    page = open_page(sample_index)
    page.query_params["q"] = QUESTION
    page.run()
    assert 'class="cite"' in shown(page)
    assert "q" not in page.query_params


def test_what_a_model_thought_is_folded_away(
    open_page: OpenPage, sample_index: Path, openai_server: OpenAIServer
) -> None:
    openai_server.replies.append(Reply("LoRA freezes weights [1].", reasoning="They ask about <LoRA>."))
    page = open_page(sample_index, **with_model(openai_server))
    assert "<summary>What the model thought</summary><div>They ask about &lt;LoRA&gt;." in ask(page, QUESTION)
