"""Questions of other shapes over a small real index: counts, lists, filters, names, spelling, languages."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from rag.answer import Assistant
from rag.corpus import Evidence
from rag.embedder import Embedder
from rag.extractive import qualify
from rag.filters import EVERYTHING, Filters
from rag.index import Index
from rag.query import parse_query
from rag.questions.request import Request, understand
from rag.search import search
from rag.settings import Settings
from rag.topics.acronyms import long_forms, short_forms
from rag.topics.on_topic import papers_on
from tests.answering import embedder, evidence_of, paper
from tests.dated_corpus import ALL, assistant, ids_of, index, index_dated_corpus, settings
from tests.openai_server import OpenAIServer, Reply, Script

__all__ = ["assistant", "embedder", "index", "settings"]


def found(index: Index, embedder: Embedder, query: str, filters: Filters = EVERYTHING, *, k: int = ALL) -> set[str]:
    with index.reading() as reading:
        hits = search(reading, embedder, query, k=k, filters=filters)
    return {str(hit.paper.external_id) for hit in hits}


def read(index: Index, question: str, given: Filters = EVERYTHING) -> Request:
    with index.reading() as reading:
        return understand(reading, question, given=given)


def test_papers_on_a_topic_are_counted_by_words_close_together_and_the_rule_is_shown(assistant: Assistant) -> None:
    answer = assistant.ask("How many papers on quantum computing?")
    assert sorted(map(str, ids_of(answer))) == ["q1", "q2"]  # q3 holds both words, far apart
    assert answer.understood.tally is not None
    assert (answer.understood.tally.count, answer.understood.tally.of) == (2, ALL)
    assert answer.text.startswith(f"2 of {ALL} papers. Counted: papers whose title or abstract holds")
    assert (answer.outcome, answer.mode) == ("answered", "extractive")
    assert all(citation.quote in citation.paper.abstract for citation in answer.citations)
    assert all("uantum" in citation.quote for citation in answer.citations)


def test_an_acronym_counts_what_it_stands_for(assistant: Assistant) -> None:
    assert set(ids_of(assistant.ask("list all papers about LLMs"))) == {"2401.00001", "d2"}
    assert set(ids_of(assistant.ask("How many papers are about large language models?"))) == {"2401.00001", "d2"}


def test_no_paper_is_a_count_too_and_a_list_of_none_is_searched_for_by_meaning(assistant: Assistant) -> None:
    none = assistant.ask("How many papers on speculative decoding?")
    assert none.text.startswith(f"0 of {ALL} papers.")
    assert none.outcome == "nothing"
    assert assistant.ask("papers about lorries").understood.tally is not None
    assert assistant.ask("papers about trucks").understood.tally is None


def test_all_papers_are_listed_ten_at_most_and_the_newest_first_where_asked(assistant: Assistant) -> None:
    answer = assistant.ask("What papers do you have? Newest first")
    assert ids_of(answer)[:4] == ["d2", "d1", "d4", "q1"]
    assert answer.text.startswith(f"{ALL} papers. Counted: all papers in the index.")
    assert "those without a date last" in answer.text


def test_papers_of_a_year_do_not_count_those_without_a_date_and_say_so(assistant: Assistant) -> None:
    answer = assistant.ask("How many papers from 2025?")
    assert set(ids_of(answer)) == {"q1", "d1", "d4"}
    assert "Not counted: 2 without a date." in answer.text


def test_papers_of_a_dump_and_with_code_are_listed(assistant: Assistant) -> None:
    assert set(ids_of(assistant.ask("papers seen in dump winter"))) == {"d1", "d2", "d3", "d4"}
    released = assistant.ask("Which papers release code?")
    assert set(ids_of(released)) == {"2401.00001", "d2"}
    assert all("code" in citation.quote for citation in released.citations)


def test_who_wrote_a_paper_is_told_where_a_dump_names_them(assistant: Assistant) -> None:
    known = assistant.ask("Who wrote LARK?")
    assert "Authors: Ada Winter, Bo Chen." in known.text
    assert known.outcome == "answered"
    unknown = assistant.ask("Who wrote Noise and Patience?")
    assert "No dump names its authors." in unknown.text
    assert unknown.outcome == "related"


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        (Filters(dumps=("winter.jsonl",)), {"d1", "d2", "d3", "d4"}),
        (Filters(since="2025-06-01"), {"d1", "d2", "d4"}),
        (Filters(until="2023-06-30"), {"q3"}),  # "2023" may be any of its days
        (Filters(since="2024-02-10", until="2024-02-20"), {"2402.00002"}),
        (Filters(since="2026-01-01", undated=True), {"d2", "d3", "q2"}),
        (Filters(has_code=True), {"2401.00001"}),
        (Filters(authors=("bo chen",)), {"2401.00001", "d1"}),
        (Filters(authors=("bo chen", "Ada Winter")), {"2401.00001"}),
        (Filters(authors=("B.o Chen",)), {"2401.00001", "d1"}),
        (Filters(authors=("Win",)), set()),  # a part of a word is another name
        (Filters(without=("optimizers", "quantum")), {"2401.00001", "2402.00002", "d1", "d4"}),
        (Filters(phrases=("low rank",)), {"2401.00001"}),
        (Filters(since="2099-01-01"), set()),
    ],
)
def test_a_search_ranks_only_permitted_papers(
    index: Index, embedder: Embedder, filters: Filters, ids: set[str]
) -> None:
    assert found(index, embedder, "models with weights", filters) == ids
    assert found(index, embedder, "models with weights", filters, k=1) <= ids


def test_many_permitted_papers_are_sieved_to_the_same_ones(
    index: Index, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    filters = Filters(since="2025-01-01")
    one_by_one = found(index, embedder, "optimizers of models", filters)
    monkeypatch.setattr("rag.snapshot._ROWS", 0)
    monkeypatch.setattr("rag.permitted._FEW", 0)
    with closing(Index.open(index._data_dir)) as other:
        other.warm()
        assert found(other, embedder, "optimizers of models", filters) == one_by_one


def test_a_date_that_no_paper_meets_lets_the_undated_in_and_says_so(index: Index) -> None:
    request = read(index, "tides since 2099")
    assert request.filters.undated
    assert "2 papers without a date were searched instead" in request.understood.notes[0]
    some = read(index, "tides since 2025")
    assert (some.filters.undated, some.understood.undated) == (False, 2)
    assert some.understood.sentences() == ("Left out: 2 without a date.",)


def test_filters_that_nothing_meets_are_left_aside_and_told(index: Index) -> None:
    request = read(index, 'How do papers by Zoe Nobody melt "melting chairs" in dump spring.txt?')
    assert request.filters == EVERYTHING
    assert len(request.understood.notes) == 3
    assert read(index, "tides in dump wint").filters.dumps == ("winter.jsonl",)


@pytest.mark.parametrize(
    ("question", "text", "authors"),
    [
        ("papers by ada winter on knobs", "papers on knobs", ("Ada Winter",)),
        ("papers by ada winter and bo chen", "papers", ("Ada Winter", "Bo Chen")),
        ("papers by diaz", "papers", ("Diaz",)),
        ("papers by topic", "papers by topic", ()),
    ],
)
def test_names_of_authors_are_known_without_capitals(
    index: Index, question: str, text: str, authors: tuple[str, ...]
) -> None:
    request = read(index, question)
    assert (request.text, request.filters) == (text, Filters(authors=authors))


def test_code_that_no_paper_has_is_left_aside_unless_papers_are_counted(tmp_path: Path) -> None:
    empty = index_dated_corpus(tmp_path, without=("2401.00001",))
    with closing(Index.open(empty.data_dir)) as index:
        request = read(index, "How do tides differ in papers with code?")
        assert request.filters == EVERYTHING
        assert request.understood.notes == ("No paper here has a link to code, so all of them are searched.",)
        assert read(index, "How many papers with code?").filters == Filters(has_code=True)


def test_a_title_says_nothing_of_other_papers(tmp_path: Path) -> None:
    titles = ["Clocks: Time Is Here, Not About Hands", "Papers on Tides since 2019"]
    with closing(Index.open(index_dated_corpus(tmp_path, titled=titles).data_dir)) as index:
        for title in titles:
            request = read(index, f"{title}?")
            assert (request.text, request.filters, request.wanted.kind) == (f"{title}?", EVERYTHING, "content")


def test_words_in_quotes_that_are_denied_are_not_asked_for(index: Index) -> None:
    assert read(index, 'Which models do not need "low rank"?').filters == EVERYTHING
    assert read(index, 'Which models need "low rank"?').filters == Filters(phrases=("low rank",))
    assert read(index, 'papers not about "low rank"').filters == Filters(without=("low rank",))


def test_filters_chosen_by_hand_take_the_place_of_what_the_question_says(index: Index) -> None:
    assert read(index, "tides since 2025", Filters(has_code=True)).filters == Filters(since="2025-01-01", has_code=True)
    by_hand = read(index, "tides since 2025", Filters(settled=True))
    assert by_hand.filters == Filters(settled=True)
    assert by_hand.text == "tides"


@pytest.mark.parametrize(
    "query",
    [
        "How does LARK work?",
        "how does lark work?",
        "Larje Adapters with Rank Knobs LARK",
        "LARK large adaptors with rank knobs",
        "https://arxiv.org/abs/2401.00001v3",
        "https://arxiv.org/pdf/2401.00001v2.pdf",
    ],
)
def test_a_paper_that_is_named_comes_first(index: Index, embedder: Embedder, query: str) -> None:
    with index.reading() as reading:
        assert search(reading, embedder, query, k=2)[0].paper.external_id == "2401.00001"


def test_addresses_and_old_ids_are_identifiers() -> None:
    assert "hep-th/9901001" in parse_query("see hep-th/9901001v2").identifiers
    assert "2020.acl-main.1" in parse_query("https://aclanthology.org/2020.acl-main.1/").identifiers
    assert parse_query("a ratio of 3/4 and text/1").identifiers == ()


def test_mistyped_words_are_mended_by_the_corpus_own_words(index: Index) -> None:
    request = read(index, "Which optimzer prunes the sttes of LLMs for Quechua?")
    assert request.text == "Which optimizer prunes the states of LLMs for Quechua?"
    assert request.understood.corrections == (("optimzer", "optimizer"), ("sttes", "states"))
    assert "Searched for “optimizer” instead of “optimzer”." in request.understood.sentences()


@pytest.mark.parametrize(
    "question", ["zebras in herds", "What does GPTX4 do?", 'the word "optimzer"', "memory of LARKs"]
)
def test_real_words_names_and_quotes_are_never_mended(index: Index, question: str) -> None:
    assert read(index, question).understood.corrections == ()


def test_another_language_fails_honestly_without_a_model(assistant: Assistant) -> None:
    answer = assistant.ask("Wie funktioniert LARK?")
    assert answer.text.startswith("I read questions in English, and this one seems to be in German.")
    assert "LARK: Large Adapters with Rank Knobs" in answer.text
    assert (answer.outcome, answer.understood.language) == ("related", "German")
    assert assistant.ask("Quel fromage est le meilleur ?").outcome == "nothing"
    assert (
        "“Mixtures of Tides”" in assistant.ask("Tides怎么样?").text
    )  # where nothing has capitals, a first word with one is a name
    assert "“Mixtures of Tides”" not in assistant.ask("Tides kommen wie und warum?").text


@pytest.mark.parametrize("question", ["Does KIVI bark?", "KIVI weather tomorrow"])
def test_a_paper_that_is_named_is_never_denied(real_index: Path, embedder: Embedder, question: str) -> None:
    with closing(Index.open(real_index)) as index:
        answer = Assistant(index, embedder, Settings(data_dir=real_index, _env_file=None)).ask(question)
    assert answer.outcome != "nothing"
    assert "“KIVI" in answer.text
    assert "hold nothing" not in answer.text
    assert answer.how_sure != "high"


def test_another_language_is_translated_for_the_search_by_a_model(
    settings: Settings, index: Index, embedder: Embedder, openai_server: OpenAIServer
) -> None:
    openai_server.replies += ["How do optimizers save memory?", "Vergessen spart ein Viertel des Speichers [1]."]
    with_model = settings.model_copy(update={"llm_base_url": openai_server.base_url, "llm_model": "tiny"})
    assistant = Assistant(index, embedder, with_model)
    answer = assistant.ask("Wie sparen Optimierer Speicher?")
    asked = len(openai_server.chats())
    openai_server.replies.append("Vergessen spart ein Viertel des Speichers [1].")
    again = assistant.ask(answer.question, standalone=answer.standalone_question, filters=answer.understood.filters)
    assistant.close()
    assert len(openai_server.chats()) == asked + 1  # not translated again
    assert again.prompt_fingerprint == answer.prompt_fingerprint
    assert again.understood == answer.understood
    assert answer.standalone_question == "How do optimizers save memory?"
    assert "searched for: How do optimizers save memory?" in answer.understood.notes[-1]
    prompt = str(openai_server.chats()[-1].body)
    assert "Wie sparen Optimierer Speicher?" in prompt
    assert "Optimizers that Forget" in prompt


@pytest.mark.parametrize(
    "reply", [Reply("Okay, the reader wants a translation. Rivers", finish_reason="length"), "I cannot translate that."]
)
def test_what_is_no_translation_is_not_searched_for(
    settings: Settings, index: Index, embedder: Embedder, openai_server: OpenAIServer, reply: Script
) -> None:
    openai_server.replies.append(reply)
    with_model = settings.model_copy(update={"llm_base_url": openai_server.base_url, "llm_model": "tiny"})
    with closing(Assistant(index, embedder, with_model)) as assistant:
        answer = assistant.ask("Wie sparen Optimierer Speicher?")
    assert answer.standalone_question == "Wie sparen Optimierer Speicher?"
    assert answer.understood.notes == ("Could not be translated from German; searched for as it was asked",)


def test_acronyms_are_read_from_the_texts_that_introduce_them() -> None:
    texts = ["We use direct preference optimization (DPO).", "A state-space model (SSM) is", "a list of things (XYZ)."]
    assert long_forms("DPO", texts) == ["direct preference optimization"]
    assert long_forms("SSMs", texts) == ["state space model"]
    assert long_forms("XYZ", texts) == []
    assert short_forms("state space models", texts) == ["SSM"]


def test_a_topic_of_two_names_is_either(index: Index) -> None:
    with index.reading() as reading:
        both = papers_on(reading, "glaciers or tides")
        assert set(both.paper_ids) == {
            *papers_on(reading, "glaciers").paper_ids,
            *papers_on(reading, "tides").paper_ids,
        }
        assert len(both.paper_ids) == 2


def test_only_papers_that_fit_as_well_as_the_best_belong_into_a_list() -> None:
    chosen = evidence_of(paper("Keys in Two Bits"), paper("A Survey of Sparse Attention"), paper("Keys in Two Bits"))
    fits = [0.8, 0.5, 0.7]
    evidence = [Evidence(item.number, item.hit, item.quotes, fit) for item, fit in zip(chosen, fits, strict=True)]
    assert [item.number for item in qualify(evidence)] == [1, 3]
    assert [item.number for item in qualify(chosen)] == [1, 2, 3]  # nothing was read closely


def test_counts_of_the_real_dumps(shared: Path, real_index: Path, embedder: Embedder) -> None:
    with closing(Index.open(real_index)) as index, index.reading() as reading:
        lines = (shared / "eval" / "dev.jsonl").read_text(encoding="utf-8").splitlines()
        relevant = next(line["relevant"] for line in map(json.loads, lines) if line["id"] == "dev-083")
        private = reading.papers(papers_on(reading, "differential privacy").paper_ids)
        assert {one.title for one in private.values()} >= set(relevant)
        assert len(private) == len(relevant) + 1
        assert set(papers_on(reading, "GNNs").paper_ids) == set(papers_on(reading, "graph neural networks").paper_ids)
        assert "quantization" in papers_on(reading, "quantisation").forms
