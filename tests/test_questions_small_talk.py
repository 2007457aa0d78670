"""Words that ask nothing of the papers are answered by what can be asked, and what was spoken of stays the topic."""

from __future__ import annotations

import pytest

from rag.answer import Assistant
from rag.conversation import as_turns
from rag.embedder import Embedder
from rag.index import Index
from rag.questions.small_talk import is_small_talk, without_greeting
from tests.answering import embedder
from tests.dated_corpus import ALL, assistant, ids_of, index, index_dated_corpus, settings

__all__ = ["assistant", "embedder", "index", "settings"]


@pytest.mark.parametrize(
    "question",
    [
        "hi",
        "Hello there!!! 👋",
        "Good evening, how are you today?",
        "Ok, thanks a lot for your help.",
        "Perfect. Bye!",
        "help",
        "What can you do for me?",
        "What kinds of questions can I ask here?",
        "who are you?",
        "What's your name?",
        "How does this tool work?",
        "which language model do you use",
        "Are you a bot?",
        "yes",
        "Danke!",
    ],
)
def test_small_talk_is_known(question: str) -> None:
    assert is_small_talk(question)


@pytest.mark.parametrize(
    "question",
    [
        "Hello, what is dropout?",
        "What can you do with diffusion models?",
        "How does this work?",
        "How do I use it?",
        "Thanks to what does dropout help?",
        "help with optimizers",
        "Which language model is the cheapest?",
        "Are you aware of papers on tides?",
        "What is the weather?",
        "Good optimizers",
        "no optimizer",
        "why?",
        "more",
        "OK-VQA",
    ],
)
def test_what_asks_for_something_is_no_small_talk(question: str) -> None:
    assert not is_small_talk(question)


@pytest.mark.parametrize("question", ["Hello!", "thank you", "What can you do?"])
def test_small_talk_is_answered_without_papers(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert (answer.outcome, answer.citations, answer.evidence, answer.how_sure) == ("nothing", (), (), None)
    assert answer.text.startswith("I answer questions from the papers that are stored here. Ask what they say")


def test_a_title_is_no_small_talk(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> None:
    settings = index_dated_corpus(tmp_path_factory.mktemp("titled"), titled=["How Are You?"])
    index = Index.open(settings.data_dir)
    try:
        answer = Assistant(index, embedder, settings).ask("How are you?")
    finally:
        index.close()
    assert [item.paper.title for item in answer.evidence][:1] == ["How Are You?"]


def test_thanks_between_two_questions_changes_no_topic(assistant: Assistant) -> None:
    answers = [assistant.ask("How does LARK tune a model?")]
    answers.append(assistant.ask("Thanks!", as_turns(answers)))
    question = "How much of the weights does it train?"
    after = assistant.ask(question, as_turns(answers))
    assert after.standalone_question == assistant.ask(question, as_turns(answers[:1])).standalone_question
    assert ids_of(after)[0] == "2401.00001"


def test_a_greeting_before_a_question_is_not_searched_for(assistant: Assistant) -> None:
    assert without_greeting("Hi there, thanks! What is LARK?") == "What is LARK?"
    assert without_greeting("Hello world programs") == "Hello world programs"
    assert without_greeting("Hello!") == "Hello!"
    assert assistant.ask("Good morning! What is LARK?").standalone_question == "What is LARK?"


@pytest.mark.parametrize("question", ["What's in the index?", "What papers are in here?", "what is in this collection"])
def test_the_whole_collection_is_listed_in_these_words_too(assistant: Assistant, question: str) -> None:
    tally = assistant.ask(question).understood.tally
    assert tally is not None
    assert tally.count == ALL
