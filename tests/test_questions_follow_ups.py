"""Questions that lean on an answer over a small real index: what they point at, and which only look like it."""

from __future__ import annotations

import pytest

from rag.answer import Assistant
from rag.conversation import as_turns
from rag.corpus import Turn
from rag.embedder import Embedder
from rag.filters import EVERYTHING
from rag.index import Index
from rag.questions.follow_ups import is_follow_up
from rag.questions.pointing import point
from rag.questions.searching import search_as_meant
from tests.answering import embedder
from tests.dated_corpus import ALL, assistant, ids_of, index, settings

__all__ = ["assistant", "embedder", "index", "settings"]

ON_LARK = (
    Turn("user", "How does LARK tune a model?"),
    Turn(
        "assistant",
        "“LARK: Large Adapters with Rank Knobs”: knobs [1]. “Sentence-LARK: Rank Knobs for Sentences”: knobs [2].",
    ),
)


def test_a_follow_up_points_at_papers_of_the_last_answer(assistant: Assistant) -> None:
    first = assistant.ask("papers about optimizers")
    history = as_turns([first])
    papers = list(dict.fromkeys(citation.paper.title for citation in first.citations))
    assert len(papers) > 1
    second = assistant.ask("What about the second one?", history)
    assert papers[1] in second.standalone_question
    assert {citation.paper.title for citation in second.citations} == {papers[1]}
    both = assistant.ask("which of them is cheaper?", history)
    assert {item.paper.title for item in both.evidence} == set(papers)
    assert both.understood.filters.chips()[0].label == f"Only the {len(papers)} papers cited before"


def test_places_are_counted_in_the_list_and_not_in_what_was_said_of_one_of_its_papers(assistant: Assistant) -> None:
    answers = [assistant.ask("papers since 2024")]
    listed = ids_of(answers[0])
    assert len(listed) > 2
    for question, places in (
        ("What does the second one say?", [1]),
        ("And the first?", [0]),
        ("Tell me more about the 3rd one", [2]),
        ("Compare the first and the third", [0, 2]),
        ("the last one", [-1]),
    ):
        answers.append(assistant.ask(question, as_turns(answers)))
        read = {item.paper.external_id for item in answers[-1].evidence}
        assert read == {listed[place] for place in places}, question


def test_the_other_one_is_what_is_left_of_the_list(assistant: Assistant) -> None:
    answers = [assistant.ask("papers about optimizers")]
    first, second = ids_of(answers[0])
    answers.append(assistant.ask("What does the second one say?", as_turns(answers)))
    assert set(ids_of(answers[-1])) == {second}
    for question in ("And the other one?", "What do the others say?"):
        assert set(ids_of(assistant.ask(question, as_turns(answers)))) == {first}
    several = [assistant.ask("papers since 2024")]
    several.append(assistant.ask("Explain the first paper", as_turns(several)))
    left = {item.paper.external_id for item in assistant.ask("Explain the other papers", as_turns(several)).evidence}
    assert left == set(ids_of(several[0])[1:])
    with_none_picked = assistant.ask("And the other one?", as_turns(answers[:1]))
    assert not with_none_picked.understood.filters


def test_a_place_that_the_last_answer_lacks_is_counted_in_the_one_before(assistant: Assistant) -> None:
    answers = [assistant.ask("papers about optimizers"), assistant.ask("How do mixtures predict tides?")]
    second = ids_of(answers[0])[1]
    history = (*as_turns(answers[:1]), *as_turns(answers[1:])[:1], Turn("assistant", "“Mixtures of Tides”: bays [1]."))
    assert ids_of(assistant.ask("Explain the second paper", history)) == [second]
    assert ids_of(assistant.ask("Explain the first paper", history)) == ["d4"]


def test_titles_in_a_history_without_ids_are_pointed_at(assistant: Assistant) -> None:
    history = (
        Turn("user", "Who saves memory?"),
        Turn("assistant", "“Optimizers that Forget”: it forgets [1]. “Mixtures of Tides”: it mixes [2]."),
    )
    answer = assistant.ask("the last one", history)
    assert ids_of(answer) == ["d4"]
    assert "Mixtures of Tides" in assistant.ask("How large is [2]?", history).standalone_question


@pytest.mark.parametrize("who", ["them", "those", "these papers"])
def test_what_was_cited_is_counted_where_a_question_means_it(assistant: Assistant, who: str) -> None:
    answer = assistant.ask(f"How many of {who} release code?", ON_LARK)
    assert answer.text.startswith(f"1 of {ALL} papers.")
    assert "of those only papers from among the 2 papers cited before" in answer.text
    assert ids_of(answer) == ["2401.00001"]
    assert ids_of(assistant.ask(f"Which of {who} release code?", ON_LARK)) == ["2401.00001"]


def test_one_cited_paper_is_counted_too_and_none_is_not_all_of_them(assistant: Assistant) -> None:
    one = (ON_LARK[0], Turn("assistant", "“Optimizers that Forget”: it forgets [1]."))
    assert assistant.ask("Which of them release code?", one).text.startswith(f"0 of {ALL} papers.")
    none = (ON_LARK[0], Turn("assistant", "The papers hold nothing about this."))
    assert assistant.ask("Which of them release code?", none).understood.tally is None


def test_all_that_was_counted_is_meant_not_only_what_was_shown(assistant: Assistant) -> None:
    first = assistant.ask("How many papers are about models?")
    assert first.understood.tally is not None
    assert first.understood.tally.count > 2
    history = (Turn("user", first.question), Turn("assistant", first.text, cited=as_turns([first])[1].cited[-1:]))
    released = assistant.ask("Which of them release code?", history)
    assert set(ids_of(released)) == {"2401.00001", "d2"}
    assert released.understood.tally is not None
    assert "“models”" in released.understood.tally.rule
    every = assistant.ask("How many papers release code?", history).understood.tally
    assert every is not None
    assert "“models”" not in every.rule


@pytest.mark.parametrize(
    "question",
    ["Which papers?", "Show me the papers", "Ok, list the papers please", "how many papers?", "newest first"],
)
def test_papers_without_a_topic_are_those_of_the_question_before(assistant: Assistant, question: str) -> None:
    history = as_turns([assistant.ask("How many papers on quantum computing?")])
    answer = assistant.ask(question, history)
    assert sorted(map(str, ids_of(answer))) == ["q1", "q2"]
    again = assistant.ask("list the papers", (*history, *as_turns([answer])))
    assert sorted(map(str, ids_of(again))) == ["q1", "q2"]
    assert assistant.ask(question).understood.tally == assistant.ask("How many papers are there?").understood.tally


@pytest.mark.parametrize("question", ["How many are there?", "how many of them", "And which ones?", "list them all"])
def test_those_are_papers_only_where_papers_were_counted(assistant: Assistant, question: str) -> None:
    history = as_turns([assistant.ask("papers on quantum computing")])
    tally = assistant.ask(question, history).understood.tally
    assert tally is not None
    assert tally.count == 2
    assert assistant.ask(question, ON_LARK).understood.tally is None


def test_after_an_answer_in_sentences_its_papers_are_listed_but_not_counted(assistant: Assistant) -> None:
    assert set(ids_of(assistant.ask("Show me the papers", ON_LARK))) == {"2401.00001", "2402.00002"}
    assert assistant.ask("How many papers?", ON_LARK).understood.tally is None


@pytest.mark.parametrize(
    "question", ["What papers do you have?", "How many papers are in the index?", "list everything"]
)
def test_the_whole_collection_can_be_asked_for_at_any_time(assistant: Assistant, question: str) -> None:
    tally = assistant.ask(question, ON_LARK).understood.tally
    assert tally is not None
    assert tally.count == ALL


@pytest.mark.parametrize(
    ("question", "authors"),
    [
        ("Who wrote the second one?", ["Carla Diaz."]),
        ("Who are the authors of these papers?", ["Ada Winter, Bo Chen.", "Carla Diaz."]),
        ("who wrote them", ["Ada Winter, Bo Chen.", "Carla Diaz."]),
    ],
)
def test_the_authors_of_cited_papers_are_told(assistant: Assistant, question: str, authors: list[str]) -> None:
    text = assistant.ask(question, ON_LARK).text
    assert [line.partition("Authors: ")[2] for line in text.splitlines() if "Authors: " in line] == authors


def test_it_is_the_one_paper_that_was_cited(assistant: Assistant) -> None:
    one = (ON_LARK[0], Turn("assistant", "“Slow Melt: Diffusion Models for Glaciers”: it melts [1]."))
    assert "Authors: Bo Chen." in assistant.ask("Who wrote it?", one).text
    assert "Authors:" not in assistant.ask("Who wrote it?", ON_LARK).text


@pytest.mark.parametrize(
    "question",
    [
        "What is the first method to train in FP8?",
        "Is Adam the first method that adapts step sizes?",
        "What was the last paper on glaciers?",
        "Why are the first and second moments kept in Adam?",
        "Is Lion worse than Adam where the latter is tuned?",
        "Compare the approaches to speculative decoding",
        "What is best among the methods for KV cache compression?",
        "Compare the two optimizers Adam and Lion",
        "Compare the two optimizers: adam and lion",
        "Which of the two ways of routing lorries is shorter?",
        "Which of the methods for protein folding is fastest?",
        "Do transformers need absolute position encodings, and which of them generalise?",
        "What is the algorithm for sorting tides?",
        "Why do so many proofs use the number 2 as base of their logarithms?",
        "What is the method that prunes states of optimizers?",
        "What is the 2nd method to train in FP8?",
    ],
)
def test_what_a_question_says_itself_is_not_sought_among_cited_papers(index: Index, question: str) -> None:
    with index.reading() as reading:
        assert point(reading, question, ON_LARK).papers == ()
    assert not is_follow_up(question, ON_LARK)


def test_what_was_counted_is_narrowed_to_a_topic(assistant: Assistant) -> None:
    history = as_turns([assistant.ask("How many papers mention memory?")])
    answer = assistant.ask("How many of them are about language models?", history)
    assert ids_of(answer) == ["d2"]
    assert "holds “memory” in any form, and the words of “language models”" in answer.text
    assert assistant.ask("Which of those discuss tides?", history).text.startswith(f"0 of {ALL} papers.")
    assert ids_of(assistant.ask("And how many mention tides?", history)) == ["d4"]
    assert assistant.ask("How many of them are about tides?", ON_LARK).understood.tally is None
    assert assistant.ask("How many of them need more memory?", history).understood.tally is None


def test_a_whole_question_behind_and_is_about_what_it_names(assistant: Assistant) -> None:
    counted = as_turns([assistant.ask("how many papers mention glaciers?")])
    assert assistant.ask("And how many papers mention tides?", counted).text.startswith(f"1 of {ALL} papers.")
    assert ids_of(assistant.ask("and papers on tides?", ON_LARK)) == ["d4"]
    melt = (Turn("user", "How does it melt?"), Turn("assistant", "“Slow Melt: Diffusion Models for Glaciers”: so [1]."))
    answer = assistant.ask("But what does LARK train?", melt)
    assert answer.standalone_question == "what does LARK train?"
    assert ids_of(answer)[0] == "2401.00001"
    assert assistant.ask("thanks, and what is LARK?", melt).standalone_question == "what is LARK?"
    for leaning in (
        "And is LARK better?",
        "And does LARK need it?",
        "And what does Zebra do?",
        "And how does it melt?",
    ):
        assert "Glaciers" in assistant.ask(leaning, melt).standalone_question, leaning
    assert not is_follow_up("and what are tide gauges?", ON_LARK)
    assert is_follow_up("And how does training work?", ON_LARK)


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("Explain the second approach in more detail", [1]),
        ("How does the first of them train?", [0]),
        ("Is the first one in wide use?", [0]),
        ("Explain the first paper to me", [0]),
        ("What does the first paper that you named measure?", [0]),
        ("How fast is the latter?", [1]),
        ("Compare the first with the second one", [0, 1]),
        ("Is [2] better than [1]?", [1, 0]),
        ("Compare the two", [0, 1]),
        ("Which of the two needs less memory?", [0, 1]),
        ("Compare the three", []),
        ("Summarize them", [0, 1]),
        ("Can you explain these papers?", [0, 1]),
        ("Tell me about them", [0, 1]),
        ("What is the 2nd about?", [1]),
        ("Compare the first two", [0, 1]),
        ("Explain the first two papers!", [0, 1]),
        ("What is the 20th about?", []),
        ("Compare the methods in terms of memory", [0, 1]),
        ("Which of these papers is the newest?", [0, 1]),
        ("What do all of them share?", [0, 1]),
    ],
)
def test_papers_are_pointed_at_by_place_and_number(index: Index, question: str, places: list[int]) -> None:
    titles = ["LARK: Large Adapters with Rank Knobs", "Sentence-LARK: Rank Knobs for Sentences"]
    with index.reading() as reading:
        assert [one.title for one in point(reading, question, ON_LARK).papers] == [titles[place] for place in places]


@pytest.mark.parametrize(
    ("question", "leans"),
    [
        ("What is quantum computing?", False),
        ("How does dropout work?", False),
        ("How do state space models work?", False),
        ("What is a neural operator?", False),
        ("What is chain of thought?", False),
        ("What is actually new?", True),
        ("What is the training cost?", True),
        ("How does it work?", True),
        ("How do the experiments work?", True),
        ("What is its training cost?", True),
        ("What is missing?", True),
        ("What is better for memory?", True),
    ],
)
def test_a_short_question_leans_on_what_was_said_unless_it_names_its_subject(question: str, leans: bool) -> None:
    assert is_follow_up(question, ON_LARK) is leans


def test_a_search_is_steered_by_what_was_said_only_where_the_question_leans_on_it(
    index: Index, embedder: Embedder
) -> None:
    def found(question: str, history: tuple[Turn, ...]) -> list[tuple[str, float]]:
        with index.reading() as reading:
            request, hits = search_as_meant(reading, embedder, question, k=3, history=history)
        assert request.filters == EVERYTHING
        return [(hit.paper.title, hit.score) for hit in hits]

    alone = "What noise does quantum computing suffer from?"
    assert found(alone, ON_LARK) == found(alone, ())
    leaning = "And how much of the weights does it train?"
    assert found(leaning, ON_LARK) != found(leaning, ())
