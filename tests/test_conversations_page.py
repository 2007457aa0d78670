"""Conversations on the page: kept over a reload, listed, renamed, searched, deleted, rated; who sees which."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from rag.conversations import Conversations
from rag.corpus import Answer, Paper, Usage
from rag.page.answer_view import finished_html
from rag.page.asking import Asking, Wish, running
from rag.page.conversation import Conversation, Exchange
from rag.page.ledger import short_names
from rag.page.shelf import day_of, exports, written
from rag.page.visitor import HERE, STRANGER, is_here
from tests.answering import KEY, AssistantMaker, embedder, made_data, make_assistant
from tests.openai_server import OpenAIServer, Reply
from tests.page_harness import APP, OpenPage, button, fresh_server, open_page, shown

__all__ = ["embedder", "fresh_server", "made_data", "make_assistant", "open_page"]

QUESTION = "How much less memory than Adam does TinyState need?"
SECOND = "And how many steps does it take?"
KEPT = {"RAG_KEEP_CONVERSATIONS": "yes"}


@pytest.fixture
def data(made_data: Path, tmp_path: Path) -> Path:
    """A data folder of one's own."""
    folder = tmp_path / "data"
    shutil.copytree(made_data, folder)
    return folder


def ask(page: AppTest, question: str) -> str:
    """Ask in the question box; what the page shows then."""
    page.chat_input(key="question").set_value(question).run()
    return shown(page)


def reload(page: AppTest) -> AppTest:
    """The same address in a new session, as after a reload of the browser."""
    again = AppTest.from_file(APP, default_timeout=60)
    for name, value in page.query_params.items():
        again.query_params[name] = value
    return again.run()


def address_of(page: AppTest) -> str:
    """The id of the conversation that the address names."""
    named = page.query_params["c"]
    return named if isinstance(named, str) else named[0]


def entries(page: AppTest) -> list[str]:
    """The conversations of the list, as they are called there."""
    found = [each for each in page.button if each.key and each.key.startswith("conversation-")]
    return [each.label.replace("\\", "") for each in found]


def press(page: AppTest, key: str) -> str:
    """Press the button whose key begins so; what the page shows then."""
    next(each for each in page.button if each.key and each.key.startswith(key)).click().run()
    return shown(page)


def test_a_reload_brings_the_conversation_back_and_a_fresh_visit_begins_anew(open_page: OpenPage, data: Path) -> None:
    page = open_page(data, **KEPT)
    ask(page, QUESTION)
    before = ask(page, SECOND)
    conversation_id = address_of(page)
    assert [each.question for each in Conversations(data).exchanges(conversation_id)] == [QUESTION, SECOND]
    again = reload(page)
    assert shown(again).count('<h2 class="question"') == 2
    assert shown(again).count('class="cite"') == before.count('class="cite"')
    assert "TinyState" in ask(again, "And what does it keep?")  # the history is there, too
    fresh = AppTest.from_file(APP, default_timeout=60).run()
    assert '<h2 class="question"' not in shown(fresh)
    assert entries(fresh) == [QUESTION]
    press(fresh, "conversation-")
    assert shown(fresh).count('<h2 class="question"') == 3
    assert address_of(fresh) == conversation_id


def test_without_keeping_nothing_is_written_and_the_session_has_its_list(open_page: OpenPage, data: Path) -> None:
    page = open_page(data)
    ask(page, QUESTION)
    assert "c" not in page.query_params
    assert not (data / "conversations.sqlite").exists()
    assert entries(page) == [QUESTION]
    button(page, "New conversation")
    ask(page, "What is measured on rivers?")
    assert entries(page) == ["What is measured on rivers?", QUESTION]


def test_a_conversation_is_renamed_and_deleted_after_a_confirmation(open_page: OpenPage, data: Path) -> None:
    page = open_page(data, **KEPT)
    ask(page, QUESTION)
    conversation_id = address_of(page)
    page.text_input(key=f"name-{conversation_id}").set_value("Small  optimizers").run()
    assert entries(page) == ["Small optimizers"]
    assert Conversations(data).listed()[0].renamed
    assert "for good?" in press(page, "ask-delete")
    press(page, "not-delete")
    assert entries(page) == ["Small optimizers"]
    press(page, "ask-delete")
    assert '<h2 class="question"' not in press(page, "do-delete")
    assert entries(page) == []
    assert Conversations(data).listed() == []
    assert "c" not in page.query_params


def test_many_conversations_are_searched(open_page: OpenPage, data: Path) -> None:
    store = Conversations(data)
    for number in range(7):
        store.add_question(f"c{number}", f"e{number}", f"Question {number} about gauge {number * 11}?")
    page = open_page(data, **KEPT)
    assert len(entries(page)) == 7
    page.text_input(key="conversation-words").set_value("gauge 44").run()
    assert entries(page) == ["Question 4 about gauge 44?"]
    page.text_input(key="conversation-words").set_value("zanzibar").run()
    assert "No conversation holds these words" in shown(page)


@pytest.mark.parametrize(
    ("number", "said"), [(31, "1 earlier one: search for it."), (32, "2 earlier ones: search for them.")]
)
def test_how_many_conversations_are_not_listed_is_said(open_page: OpenPage, data: Path, number: int, said: str) -> None:
    store = Conversations(data)
    for each in range(number):
        store.add_question(f"c{each}", f"e{each}", f"Question {each}?")
    assert said in shown(open_page(data, **KEPT))


def test_what_became_of_a_question_is_shown_after_a_reload(open_page: OpenPage, data: Path) -> None:
    store = Conversations(data)
    store.add_question("c1", "e1", "Killed?")
    store.add_question("c1", "e2", "Stopped?")
    store.add_stopped("e2", "It began with this")
    page = open_page(data, **KEPT)
    page.query_params["c"] = "c1"
    text = shown(page.run())
    assert "The answer was interrupted" in text
    assert "It began with this" in text
    ask(page, "Why? " * 1200)  # longer than can be asked
    assert "That cannot be asked" in shown(reload(page))
    button(page, "Ask again")
    assert "That cannot be asked" in shown(page)


def test_an_address_of_another_or_of_nobody_shows_a_new_conversation(open_page: OpenPage, data: Path) -> None:
    Conversations(data).add_question("c1", "e1", "Whose?", owner="user:0123")
    for conversation_id in ("c1", "nowhere"):
        page = open_page(data, **KEPT)
        page.query_params["c"] = conversation_id
        text = shown(page.run())
        assert "not here any more" in text
        assert "Whose?" not in text
        assert "c" not in page.query_params
        assert entries(page) == []


def test_another_tabs_question_comes_in(open_page: OpenPage, data: Path) -> None:
    page = open_page(data, **KEPT)
    ask(page, QUESTION)
    other = reload(page)
    ask(other, SECOND)
    assert shown(page.run()).count('<h2 class="question"') == 2


def test_thumbs_are_kept_with_the_answer(open_page: OpenPage, data: Path) -> None:
    page = open_page(data, **KEPT)
    ask(page, QUESTION)
    conversation_id = address_of(page)
    page.feedback[0].set_value(1).run()
    assert Conversations(data).exchanges(conversation_id)[0].feedback == "good"
    assert reload(page).feedback[0].value == 1
    button(page, "Shorter")
    assert Conversations(data).exchanges(conversation_id)[0].feedback is None


def test_cited_papers_stay_at_hand_until_they_are_set_aside(open_page: OpenPage, data: Path) -> None:
    page = open_page(data, **KEPT)
    ask(page, QUESTION)
    chips = page.pills[0]
    assert "TinyState" in chips.options
    conversation_id = address_of(page)
    tiny = next(
        each.answer.citations[0].paper.paper_id
        for each in Conversations(data).exchanges(conversation_id)
        if each.answer
    )
    chips.set_value([each for each in chips.value or () if each != tiny]).run()
    kept = Conversations(data).conversation(conversation_id)
    assert kept
    assert kept.set_aside == (tiny,)
    text = ask(page, SECOND)
    assert "Searched together with: TinyState" not in text
    assert tiny not in (reload(page).pills[0].value or ())


def test_an_answer_is_given_shorter_as_a_table_and_from_extracts(
    open_page: OpenPage, data: Path, openai_server: OpenAIServer
) -> None:
    openai_server.replies += [
        "TinyState keeps the momentum alone [1].",
        "| Paper | Memory |\n|---|---|\n| TinyState | 47 % less than Adam [1] |",
    ]
    page = open_page(data, **KEPT, LLM_BASE_URL=openai_server.base_url, LLM_MODEL="tiny")
    ask(page, QUESTION)
    button(page, "As a table")
    text = shown(page)
    cells = re.findall("<td>(.*?)</td>", text)
    assert [cell.count('class="cite"') for cell in cells] == [1, 1]
    assert "tokens read and" in text
    button(page, "Extracts only")
    assert "quoted word for word" in shown(page)
    assert len(openai_server.chats()) == 2
    conversation_id = address_of(page)
    assert len(Conversations(data).exchanges(conversation_id)) == 1


def test_without_a_model_a_table_tells_what_each_paper_says(open_page: OpenPage, data: Path) -> None:
    page = open_page(data)
    ask(page, QUESTION)
    button(page, "As a table")
    assert '<th scope="col">What it says</th>' in shown(page)
    assert '<th scope="row">TinyState: One Momentum Is Enough</th>' in shown(page)


def test_a_long_conversation_shows_its_end_and_all_of_it_on_request(open_page: OpenPage, data: Path) -> None:
    store = Conversations(data)
    for number in range(12):
        store.add_question("c1", f"e{number}", f"Question {number}?")
    page = open_page(data, **KEPT)
    page.query_params["c"] = "c1"
    assert shown(page.run()).count('<h2 class="question"') == 8
    button(page, "Show 4 earlier questions")
    assert shown(page).count('<h2 class="question"') == 12


def test_where_nothing_can_be_kept_the_page_answers_and_says_so(open_page: OpenPage, data: Path) -> None:
    (data / "conversations.sqlite").write_bytes(b"no database " * 400)
    page = open_page(data, **KEPT)
    text = ask(page, QUESTION)
    assert 'class="cite"' in text
    assert "Conversations are not kept" in text
    assert entries(page) == [QUESTION]


def test_no_key_is_shown_or_kept(open_page: OpenPage, data: Path, openai_server: OpenAIServer) -> None:
    openai_server.replies.append(f"TinyState needs 47 % less memory than Adam [1]. The key is {KEY} [1].")
    page = open_page(data, **KEPT, LLM_BASE_URL=openai_server.base_url, LLM_MODEL="tiny", LLM_API_KEY=KEY)
    ask(page, QUESTION)
    assert KEY not in shown(reload(page))
    assert all(KEY.encode() not in path.read_bytes() for path in data.glob("conversations*"))


def test_no_key_is_exported(make_assistant: AssistantMaker, openai_server: OpenAIServer) -> None:
    openai_server.replies.append(f"TinyState needs 47 % less memory than Adam, and {KEY} [1].")
    answer = make_assistant(openai_server.base_url).ask(QUESTION)
    assert KEY in answer.text
    now = Conversation([Exchange(f"What is {KEY}?", answer=answer)])
    for _, _, _, write in exports():
        text = written(write, now, [KEY])
        assert "TinyState" in text
        assert KEY not in text


def test_an_answer_is_followed_by_its_name_and_kept_where_nobody_looks(
    make_assistant: AssistantMaker, openai_server: OpenAIServer
) -> None:
    openai_server.replies.append(Reply("TinyState keeps the momentum [1].", piece_delay=0.02))
    assistant = make_assistant(openai_server.base_url)
    kept: list[Answer | None] = []
    asking = Asking("e1", lambda: assistant, Wish(QUESTION), keep=lambda done: kept.append(done.answer))
    assert running("e1") is asking
    asking.wait_for_suggestions(60)
    assert kept == [asking.answer]
    assert asking.answer


@pytest.mark.parametrize(
    ("headers", "address", "here"),
    [
        ({}, None, True),
        ({"Host": "localhost:8501"}, None, True),
        ({"Host": "127.0.0.1:8501"}, "127.0.0.1", True),
        ({"Host": "[::1]:8501"}, "::1", True),
        ({"Host": "papers.example.org"}, None, False),
        ({"Host": "192.168.1.4:8501"}, "192.168.1.9", False),
        ({"Host": "localhost:8501"}, "192.168.1.9", False),
        ({"Host": "localhost:8501", "X-Forwarded-For": "10.0.0.2"}, None, False),
        ({"Host": "localhost", "Forwarded": "for=10.0.0.2"}, None, False),
    ],
)
def test_only_a_browser_on_this_machine_is_here(headers: Mapping[str, str], address: str | None, here: bool) -> None:
    assert is_here(headers, address) is here
    assert HERE != STRANGER


def test_days_have_names() -> None:
    from datetime import date, datetime

    now = datetime(2026, 3, 10, 12).astimezone()
    names = [day_of(now.replace(day=day).isoformat(), date(2026, 3, 10)) for day in (11, 10, 9, 4, 3)]
    assert names == ["Today", "Today", "Yesterday", "This week", "Earlier"]


def test_short_names_differ() -> None:
    titles = ("LionNet: One", "LionNet: Two", "A very long title that goes on and on without any colon in it", "Short")
    papers = [Paper(str(number), title, "") for number, title in enumerate(titles)]
    names = list(short_names(papers).values())
    assert names[:2] == ["LionNet", "LionNet (2)"]
    assert names[3] == "Short"
    assert len(names[2]) <= 32


def test_what_an_answer_cost_is_told_quietly(make_assistant: AssistantMaker, openai_server: OpenAIServer) -> None:
    openai_server.replies += ["TinyState keeps the momentum [1].", Reply("It keeps one [1].", usage=False)]
    assistant = make_assistant(openai_server.base_url, llm_price_in=1.0, llm_price_out=2.0, llm_currency="EUR")
    counted, guessed = (assistant.ask(QUESTION).usage for _ in range(2))
    assert counted
    assert counted.cost == pytest.approx((counted.prompt_tokens + 2 * counted.completion_tokens) / 1e6)
    assert not counted.estimated
    assert guessed
    assert guessed.estimated
    assert guessed.prompt_tokens > counted.prompt_tokens / 2
    assert Usage(1240, 96, estimated=True, cost=0.00214, currency="EUR").in_words == (
        "About 1,240 tokens read and 96 written, 0.0021 EUR"
    )
    assert Usage(10, 2, estimated=False).in_words == "10 tokens read and 2 written"


def test_an_answer_of_an_older_index_says_so(make_assistant: AssistantMaker) -> None:
    answer = make_assistant().ask(QUESTION)
    assert "Papers have changed" not in finished_html(answer, anchor="a", generation=answer.generation)
    assert "Papers have changed" in finished_html(answer, anchor="a", generation=answer.generation + 1)
