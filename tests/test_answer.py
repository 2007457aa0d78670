"""The assistant from question to checked answer, over a real index and a model over real HTTP."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.answer import LONGEST_QUESTION, Assistant, Finished, ReasoningDelta, Retracted, Step, TextDelta
from rag.corpus import Answer, Turn, Usage
from rag.embedder import Embedder
from rag.endpoint import Endpoint
from rag.errors import EmptyIndexError, UsageError
from rag.index import Index
from rag.prompts import NO_ANSWER
from rag.settings import Settings
from tests.answering import PAPERS, AssistantMaker, embedder, made_data, make_assistant
from tests.openai_server import Fault, OpenAIServer, Reply, Request, closed_port_url

__all__ = ["embedder", "made_data", "make_assistant"]

QUESTION = "Which optimizer needs less memory than Adam?"
OFF_TOPIC = "Who won the football world cup in Brazil?"


def shown_by(assistant: Assistant, question: str = QUESTION) -> tuple[str, Answer, list[str]]:
    """What a reader saw last before the end, the answer, and the names of the events."""
    text, names = "", []
    for event in assistant.stream(question):
        names.append(event.name if isinstance(event, Step) else type(event).__name__)
        match event:
            case TextDelta():
                text += event.text
            case Retracted():
                text = ""
            case Finished():
                return text, event.answer, names
    raise AssertionError("no end")


def number_of(request: Request, title: str) -> int:
    """The number under which a prompt shows a paper."""
    line = next(line for line in request.prompt.splitlines() if line.startswith("<paper ") and title in line)
    return int(line.split('"')[1])


def test_extracts_are_verbatim_and_each_is_cited(make_assistant: AssistantMaker) -> None:
    answer = make_assistant().ask(QUESTION)
    assert (answer.mode, answer.outcome, answer.model, answer.notice) == ("extractive", "answered", None, "")
    assert [citation.number for citation in answer.citations] == list(range(1, len(answer.citations) + 1))
    for citation, sentence in zip(answer.citations, answer.sentences, strict=True):
        assert citation.quote in PAPERS[citation.paper.title]
        assert sentence.text == f"{citation.quote} [{citation.number}]"
        assert sentence.text in answer.text
    assert any("47 % less memory than Adam" in citation.quote for citation in answer.citations[:3])


def test_a_models_answer_is_resolved_checked_and_quoted(
    make_assistant: AssistantMaker, openai_server: OpenAIServer
) -> None:
    def reply(request: Request) -> str:
        tiny, block = number_of(request, "TinyState"), number_of(request, "BlockMoments")
        return (
            f"BlockMoments stores optimizer states with eight bits [{block}]. TinyState needs 47 % less memory than "
            f"Adam (Source {tiny}). And so on [99]."
        )

    openai_server.replies.append(reply)
    text, answer, names = shown_by(make_assistant(openai_server.base_url))
    assert answer.text == text
    assert "[1]" in text
    assert "[2]" in text
    assert "[99]" not in text
    assert "Source" not in text
    assert [citation.paper.title[:9] for citation in answer.citations] == ["BlockMome", "TinyState"]
    assert answer.citations[1].quote == "It needs 47 % less memory than Adam on a model of 1.3 billion weights."
    assert [sentence.support for sentence in answer.sentences[:2]] == ["supported", "supported"]
    assert (answer.mode, answer.model, answer.outcome) == ("llm", "tiny", "answered")
    assert [name for name in names if name.islower()] == ["searching", "reading", "writing", "checking"]
    assert {"search", "first_token", "checking", "total"} <= set(answer.timings_ms)
    assert answer.usage
    assert not answer.usage.estimated
    assert answer.usage.cost is None
    assert answer.prompt_fingerprint


def test_a_wrong_number_is_marked_with_a_reason(make_assistant: AssistantMaker, openai_server: OpenAIServer) -> None:
    openai_server.replies.append(
        lambda request: f"TinyState needs 74 % less memory than Adam [{number_of(request, 'TinyState')}]."
    )
    answer = make_assistant(openai_server.base_url).ask(QUESTION)
    assert answer.sentences[0].support == "unsupported"
    assert "74" in answer.sentences[0].reason
    assert answer.citations[0].support == "unsupported"


@pytest.mark.parametrize("fence", ["```markdown", "```", "Here is the answer:\n\n```md"])
def test_an_answer_within_a_fence_is_cited_and_checked(
    make_assistant: AssistantMaker, openai_server: OpenAIServer, fence: str
) -> None:
    openai_server.replies.append(
        lambda request: f"{fence}\nTinyState needs 99 % less memory than Adam [{number_of(request, 'TinyState')}].\n```"
    )
    text, answer, _ = shown_by(make_assistant(openai_server.base_url))
    assert answer.text == text.strip()
    assert answer.text.endswith("TinyState needs 99 % less memory than Adam [1].")
    assert [citation.paper.title[:9] for citation in answer.citations] == ["TinyState"]
    assert answer.sentences[-1].support == "unsupported"
    assert answer.sentences[-1].reason == "says 99%, the abstract says 47"
    assert not answer.notice


def test_an_answer_of_which_nothing_can_be_checked_says_so(
    make_assistant: AssistantMaker, openai_server: OpenAIServer
) -> None:
    openai_server.replies.append('```json\n{"answer": "TinyState needs 47 % less memory than Adam [1]."}\n```')
    answer = make_assistant(openai_server.base_url).ask(QUESTION)
    assert answer.outcome == "answered"
    assert answer.notice == "Nothing in this answer could be checked against the papers."


def test_an_uncited_sentence_gets_the_citation_that_carries_it(
    make_assistant: AssistantMaker, openai_server: OpenAIServer
) -> None:
    openai_server.replies.append("TinyState needs 47 % less memory than Adam on a model of 1.3 billion weights.")
    answer = make_assistant(openai_server.base_url).ask(QUESTION)
    assert answer.text.endswith("weights [1].")
    assert [citation.paper.title[:9] for citation in answer.citations] == ["TinyState"]


def test_a_citation_found_late_keeps_the_numbers_in_order(
    make_assistant: AssistantMaker, openai_server: OpenAIServer
) -> None:
    openai_server.replies.append(
        lambda request: (
            "TinyState needs 47 % less memory than Adam on a model of 1.3 billion weights. "
            f"On seven billion weights the states shrink from 56 GB to 15 GB [{number_of(request, 'BlockMom')}]."
        )
    )
    answer = make_assistant(openai_server.base_url).ask(QUESTION)
    assert answer.text.index("[1]") < answer.text.index("[2]")
    assert [citation.paper.title[:9] for citation in answer.citations] == ["TinyState", "BlockMome"]


def test_an_uncited_claim_of_the_models_own_is_marked(
    make_assistant: AssistantMaker, openai_server: OpenAIServer
) -> None:
    openai_server.replies.append("The capital of France has been Paris for many hundred years.")
    answer = make_assistant(openai_server.base_url).ask(QUESTION)
    assert [(sentence.support, sentence.checked) for sentence in answer.sentences] == [("unsupported", True)]
    assert answer.citations == ()


@pytest.mark.parametrize("use_model", [True, False])
def test_off_topic_questions_name_the_nearest_papers_and_ask_no_model(
    make_assistant: AssistantMaker, openai_server: OpenAIServer, *, use_model: bool
) -> None:
    answer = make_assistant(openai_server.base_url).ask(OFF_TOPIC, use_model=use_model)
    assert (answer.outcome, answer.refused, answer.mode) == ("nothing", True, "extractive")
    assert len(answer.nearest) == 3
    assert answer.nearest[0].paper.title in answer.text
    assert openai_server.requests == []


@pytest.mark.parametrize(
    "reply",
    [
        NO_ANSWER,
        "The papers do not state this.",
        f"{NO_ANSWER}: they only speak of optimizers.",
        "NOT_IN_PAPER",
        "The answer is not in the papers.",
    ],
)
def test_a_models_refusal_is_one_in_any_wording(
    make_assistant: AssistantMaker, openai_server: OpenAIServer, reply: str
) -> None:
    openai_server.replies.append(reply)
    text, answer, _ = shown_by(make_assistant(openai_server.base_url))
    assert (answer.outcome, answer.refused) == ("related", True)
    assert answer.nearest
    assert "NOT_IN" not in text + answer.text
    assert answer.text
    assert not answer.citations


FAULTS = [
    Fault("unauthorised"),
    Fault("model_not_found"),
    Fault("rate_limited"),
    Fault("context_exceeded"),
    Fault("html"),
    Fault("broken_json"),
    Fault("no_choices"),
    Fault("dropped", text="The first words of an answer [1"),
    Fault("stall"),
    Fault("silent"),
    Fault("error_in_stream"),
    Reply(""),
    Reply(pieces=["again and again "], endless=True),
    Reply("<think>only thoughts"),
]


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_ends_in_extracts_and_the_reason(
    make_assistant: AssistantMaker, openai_server: OpenAIServer, fault: Fault | Reply
) -> None:
    openai_server.replies += [fault] * 3
    text, answer, names = shown_by(make_assistant(openai_server.base_url, llm_timeout=0.3))
    assert (answer.mode, answer.outcome) == ("extractive", "answered")
    assert text == answer.text
    assert answer.notice
    assert "\n" not in answer.notice
    assert answer.citations
    if "Retracted" in names:
        assert names.index("Retracted") < len(names) - 2


def test_nobody_at_the_address_ends_in_extracts(make_assistant: AssistantMaker) -> None:
    answer = make_assistant(closed_port_url()).ask(QUESTION)
    assert answer.mode == "extractive"
    assert "Nothing answers" in answer.notice


def test_thoughts_are_told_apart(make_assistant: AssistantMaker, openai_server: OpenAIServer) -> None:
    openai_server.replies.append(Reply("<think>Let me see.</think>TinyState needs less memory than Adam [1]."))
    events = list(make_assistant(openai_server.base_url).stream(QUESTION))
    assert "".join(event.text for event in events if isinstance(event, ReasoningDelta)) == "Let me see."
    assert isinstance(events[-1], Finished)
    assert events[-1].answer.reasoning == "Let me see."
    assert "Let me see" not in events[-1].answer.text


def test_text_that_turns_out_to_be_thought_is_taken_back(
    make_assistant: AssistantMaker, openai_server: OpenAIServer
) -> None:
    openai_server.replies.append("So the question is hard.</think>TinyState needs less memory than Adam [1].")
    text, answer, names = shown_by(make_assistant(openai_server.base_url))
    assert "Retracted" in names
    assert text.startswith("TinyState")
    assert answer.reasoning == "So the question is hard."


def test_papers_that_do_not_fit_are_said(make_assistant: AssistantMaker, openai_server: OpenAIServer) -> None:
    answer = make_assistant(openai_server.base_url, llm_context_window=700).ask(QUESTION)
    assert "left out" in answer.notice
    assert "LLM_CONTEXT_WINDOW" in answer.notice
    shown = openai_server.chats()[0].prompt.count("<paper ")
    assert len(answer.evidence) == shown < len(PAPERS)


def test_follow_ups_are_rewritten_by_the_model(make_assistant: AssistantMaker, openai_server: OpenAIServer) -> None:
    openai_server.replies += ["How many steps does TinyState need?", "TinyState takes as many steps as Adam [1]."]
    history = (Turn("user", "What is TinyState?"), Turn("assistant", "TinyState keeps the momentum alone [1]."))
    answer = make_assistant(openai_server.base_url).ask("And how many steps does it need?", history)
    assert answer.standalone_question == "How many steps does TinyState need?"
    assert answer.question == "And how many steps does it need?"
    assert answer.evidence[0].paper.title.startswith("TinyState")


def test_papers_cited_before_stay_at_hand(make_assistant: AssistantMaker) -> None:
    assistant = make_assistant()
    river = assistant.ask("How are floods on waterways predicted?").citations[0].paper
    history = (
        Turn("user", "Which optimizer keeps the momentum?"),
        Turn("assistant", "TinyState.", cited=(river.paper_id,)),
    )
    follow = assistant.ask("And how much memory does it need?", history, k=2)
    assert river.paper_id in [item.paper.paper_id for item in follow.evidence]
    assert follow.evidence[0].paper.title.startswith("TinyState")
    alone = assistant.ask("Which optimizer needs less memory than Adam?", history, k=2)
    assert river.paper_id not in [item.paper.paper_id for item in alone.evidence]


@pytest.mark.parametrize(("question", "words"), [("", "empty"), (" ?! ", "empty"), ("why " * 5000, "up to 4,000")])
def test_questions_that_cannot_be_asked(make_assistant: AssistantMaker, question: str, words: str) -> None:
    with pytest.raises(UsageError, match=words) as caught:
        make_assistant().ask(question)
    assert caught.value.hint
    assert caught.value.exit_code == 2


def test_the_longest_question_is_asked(make_assistant: AssistantMaker, openai_server: OpenAIServer) -> None:
    question = (QUESTION + " ") * (LONGEST_QUESTION // (len(QUESTION) + 1))
    assert make_assistant(openai_server.base_url).ask(question).mode == "llm"


def test_an_empty_index_says_what_to_do(tmp_path: Path, embedder: Embedder) -> None:
    settings = Settings(data_dir=tmp_path, _env_file=None)
    with pytest.raises(EmptyIndexError, match="ingest"):
        Assistant(Index.open(settings.data_dir), embedder, settings).ask(QUESTION)


def test_stopping_ends_the_model(make_assistant: AssistantMaker, openai_server: OpenAIServer) -> None:
    openai_server.replies.append(Reply(pieces=[f"Sentence {number} about TinyState. " for number in range(5000)]))
    spent: list[Usage] = []
    stream = make_assistant(openai_server.base_url).stream(QUESTION, on_stop=spent.append)
    for event in stream:
        if isinstance(event, TextDelta):
            break
    stream.close()
    assert not openai_server.is_busy_after(5)
    [usage] = spent
    assert usage.estimated
    assert usage.prompt_tokens > len(openai_server.chats()[0].prompt.split())
    assert 0 < usage.completion_tokens < 20_000


def test_who_stops_before_a_model_was_asked_has_spent_nothing(
    make_assistant: AssistantMaker, openai_server: OpenAIServer
) -> None:
    spent: list[Usage] = []
    stream = make_assistant(openai_server.base_url).stream(QUESTION, on_stop=spent.append)
    next(stream)
    stream.close()
    assert (spent, openai_server.chats()) == ([], [])


def test_tables_and_shorter_answers_are_asked_for(make_assistant: AssistantMaker, openai_server: OpenAIServer) -> None:
    openai_server.replies.append(
        "| Paper | Memory |\n|---|---|\n| TinyState [1] | 47 % less memory than Adam [1] |\n\nThat is all [1]."
    )
    answer = make_assistant(openai_server.base_url).ask(QUESTION, style="table")
    assert "Markdown table" in openai_server.chats()[0].prompt
    assert [sentence.text for sentence in answer.sentences if sentence.checked] == [
        "47 % less memory than Adam [1]",
        "That is all [1].",
    ]
    make_assistant(openai_server.base_url).ask(QUESTION, style="shorter")
    assert "one or two short sentences" in openai_server.chats()[1].prompt


def test_the_endpoint_is_known_to_the_page(make_assistant: AssistantMaker, openai_server: OpenAIServer) -> None:
    assert make_assistant().model is None
    assistant = make_assistant(openai_server.base_url)
    assistant.warm_up()
    assert isinstance(assistant.model, Endpoint)
    assert openai_server.requests == []
