"""One answer as HTML: who wrote it, what went wrong on the way, its text, and how much of it is supported."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.corpus import VERDICTS, Answer, AnswerSentence, Paper
from rag.page.mathematics import as_html
from rag.page.prose import SUPPORT_WORDS, answer_html, citation_link, extract_html
from rag.page.text import count, escape, shorten
from rag.page.text import sentence as as_sentence

STEPS = {"searching": "Searching", "reading": "Reading", "writing": "Writing", "checking": "Checking"}

NO_MODEL = "No language model is set up: these are sentences from the papers."
COUNTED = "Counted in the catalogue, without a language model."
INSTEAD = "These are sentences from the papers instead."
NEAREST_BESIDE = "Try other words, or look at the nearest papers."
STOPPED = "Stopped."
UNCHECKED = "What is here was not checked against the papers."

_BRACKETS = str.maketrans({"[": "&#91;", "]": "&#93;"})  # with a backslash before it one would begin a formula
_LONG_QUESTION = 160  # characters; more do not read well as a heading
_LONGEST_HEADING = 1000


@dataclass(frozen=True, slots=True)
class Progress:
    """What is known of an answer while it is being made."""

    steps: tuple[tuple[str, str], ...] = ()  # (name, detail) in the order in which they began
    text: str = ""
    reasoning: str = ""
    papers: tuple[Paper, ...] = ()  # that the text cites: [1] is the first

    @property
    def markdown(self) -> str:
        """The text so far and the papers that it cites."""
        titles = [paper.title.translate(_BRACKETS) for paper in self.papers]
        named = enumerate(zip(titles, self.papers, strict=True), start=1)
        sources = [f"[{number}] [{title}](<{paper.link}>)  " for number, (title, paper) in named]
        return "\n".join([self.text, "", *sources]).rstrip() if sources else self.text


def progress_html(progress: Progress, *, anchor: str, has_model: bool = True) -> str:
    """The steps by name and the text so far. Without a model there is nothing to write and to check."""
    begun = dict(progress.steps)
    now = progress.steps[-1][0] if progress.steps else "searching"
    items = []
    for name, words in STEPS.items():
        if not has_model and name in {"writing", "checking"}:
            continue
        state = "now" if name == now else "done" if name in begun else ""
        detail = f" {begun[name]}" if name == "reading" and name in begun else ""
        items.append(
            f'<li class="{state}"{" aria-current=step" if state == "now" else ""}>{words}{escape(detail)}</li>'
        )
    steps = f'<div role="status" aria-label="Progress"><ol class="steps">{"".join(items)}</ol></div>'
    text = answer_html(progress.text, anchor=anchor, numbers=None) if progress.text and has_model else ""
    growing = " growing" if now == "writing" else ""
    return f'{steps}{_thoughts(progress.reasoning)}<div class="answer{growing}">{text}</div>'


def finished_html(answer: Answer, *, anchor: str, generation: int = 0) -> str:
    """The whole answer with its marks; `generation` is the index's now, where it may be another than it was."""
    numbers = [citation.number for citation in answer.citations]
    if answer.mode == "extractive" and answer.style == "table" and not answer.refused:
        text = table_html(answer, anchor=anchor)
    else:
        draw = extract_html if answer.mode == "extractive" else answer_html
        text = draw(answer.text, anchor=anchor, numbers=numbers, sentences=answer.sentences)
    return (
        f"{_written_by(answer)}{_thoughts(answer.reasoning)}"
        f'<div class="answer {answer.outcome}">{_refusal_first(text, answer) if answer.refused else text}</div>'
        f"{_support_line(answer)}{_sure_line(answer)}{_made_line(answer, generation)}"
    )


def table_html(answer: Answer, *, anchor: str) -> str:
    """What each paper says, as a table. Its text is no Markdown of ours to read: abstracts have signs of their own."""
    rows: dict[str, list[str]] = {}
    titles: dict[str, str] = {}
    for citation, sentence in zip(answer.citations, answer.sentences, strict=True):
        paper = citation.paper
        titles[paper.paper_id] = f"{paper.title} ({paper.year})" if paper.year else paper.title
        words = as_html(sentence.text.removesuffix(f"[{citation.number}]").rstrip())
        rows.setdefault(paper.paper_id, []).append(f"{words}{citation_link(citation.number, anchor)}")
    body = "".join(
        f'<tr><th scope="row">{as_html(titles[paper_id])}</th><td>{" ".join(said)}</td></tr>'
        for paper_id, said in rows.items()
    )
    head = '<thead><tr><th scope="col">Paper</th><th scope="col">What it says</th></tr></thead>'
    return f'<div class="wide"><table class="compared">{head}<tbody>{body}</tbody></table></div>'


def question_html(question: str, standalone: str = "", *, anchor: str, searched: str = "") -> str:
    """The question as the heading of its turn; for a follow-up also what was searched for.

    `searched` is the question without the words that became filters, which are shown as chips.
    """
    asked_as = ""
    plain = (searched or question).strip()
    if standalone and " ".join(standalone.split()).casefold() != " ".join(plain.split()).casefold():
        # Without a model a follow-up is the question with words of the conversation behind it, in brackets.
        added = standalone.removeprefix(plain).strip()
        with_words = standalone.startswith(plain) and added.startswith("(") and added.endswith(")")
        words = f"Searched together with: {added[1:-1]}" if with_words else f"Understood as: {standalone}"
        asked_as = f'<p class="asked-as">{escape(shorten(words, _LONGEST_HEADING))}</p>'
    size = " long" if len(question) > _LONG_QUESTION else ""
    return f'<h2 class="question{size}" id="{anchor}">{escape(shorten(question, _LONGEST_HEADING))}</h2>{asked_as}'


def stopped_html(text: str, *, anchor: str) -> str:
    """What there was of an answer, as Markdown, when the reader stopped it."""
    if not text:
        return f'<p class="written-by">{STOPPED}</p>'
    drawn = answer_html(text, anchor=anchor, numbers=None)
    return f'<div class="answer">{drawn}</div><p class="written-by">{STOPPED} {UNCHECKED}</p>'


def actions_html(markdown: str) -> str:
    """Buttons that need no server, for an answer as Markdown."""
    text = escape(markdown)
    return (
        f'<div class="act"><button type="button" data-copy="{text}">Copy</button>'
        f'<button type="button" data-save="answer.md" data-content="{text}">Export</button></div>'
    )


def _refusal_first(text: str, answer: Answer) -> str:
    """The sentence that says no stands out. Which papers come nearest follows in small type, unless their cards alone
    stand beside it."""
    found = re.match(r"<p>([^<]{1,160}?[.!])\s+(.+?)</p>", text, re.DOTALL)
    if not found:
        return text
    nearest = NEAREST_BESIDE if answer.nearest and not answer.citations else found[2]
    return f'<p class="refusal">{found[1]}</p><p class="nearest">{nearest}</p>{text[found.end() :]}'


def _written_by(answer: Answer) -> str:
    """Who wrote it, where no model did; what went wrong, where something did."""
    extracts = answer.mode == "extractive" and not answer.refused
    if answer.notice:
        instead = f'<p class="hint">{INSTEAD}</p>' if extracts else ""
        return f'<div class="notice" role="status"><p>{escape(answer.notice)}</p>{instead}</div>'
    if answer.understood.tally:
        return f'<p class="written-by">{COUNTED}</p>'
    return f'<p class="written-by">{NO_MODEL}</p>' if extracts else ""


def _thoughts(reasoning: str) -> str:
    if not reasoning.strip():
        return ""
    return (
        f'<details class="thoughts"><summary>What the model thought</summary><div>{escape(reasoning)}</div></details>'
    )


def _support_line(answer: Answer) -> str:
    """`5 of 6 sentences supported`; the doubtful ones listed behind it, for those who cannot see the marks."""
    checked = [sentence for sentence in answer.sentences if sentence.checked]
    if answer.refused or not checked:
        return ""
    if answer.mode == "extractive":
        return f'<p class="support">{_ring(100)}{_quoted(len(checked))}</p>'
    doubtful = [sentence for sentence in checked if sentence.support != "supported"]
    words = f"{len(checked) - len(doubtful)} of {count(len(checked), _unit(answer))} supported"
    share = round(100 * (1 - len(doubtful) / len(checked)))
    return f'<p class="support">{_ring(share)}{words}</p>{_doubts(doubtful)}{_second_judge(answer)}'


def _unit(answer: Answer) -> str:
    """What was checked one by one: in a table it is each cell."""
    return "cell" if answer.style == "table" else "sentence"


def _second_judge(answer: Answer) -> str:
    """Who read it again, and what that changed. Doubts stand among the others above; those that were lifted here."""
    judge = answer.second_judge
    if judge is None:
        return ""
    note = f'<p class="near">{escape(judge.note)}</p>' if judge.note else ""
    if not judge.heard:
        return note
    moved = [(each, each.opinion.before) for each in answer.sentences if each.opinion]
    lifted = [(each, before) for each, before in moved if VERDICTS.index(each.support) > VERDICTS.index(before)]
    raised = sum(VERDICTS.index(each.support) < VERDICTS.index(before) for each, before in moved)
    changes = [count(raised, "doubt") + " raised"] if raised else []
    changes += [count(len(lifted), "doubt") + " lifted"] if lifted else []
    words = escape(f"Read again by {judge.model}: {', '.join(changes) or 'no doubt raised or lifted'}")
    if not lifted:
        return f'<p class="near">{words}</p>{note}'
    items = "".join(
        f"<li><b>{SUPPORT_WORDS[each.support].capitalize()}, before {SUPPORT_WORDS[before]}:</b> "
        f"{escape(as_sentence(each.reason))}</li>"
        for each, before in lifted
    )
    return f'<details class="near doubts"><summary>{words}</summary><ul>{items}</ul></details>{note}'


def _sure_line(answer: Answer) -> str:
    """`How sure it is that these papers answer the question: fair`, with what speaks for and against behind it."""
    if answer.how_sure is None:
        return ""
    items = "".join(f"<li>{escape(reason)}</li>" for reason in answer.sure_because)
    summary = f"<summary>{answer.sure_of}: <b>{answer.how_sure}</b></summary>"
    return f'<details class="near sure">{summary}<ul>{items}</ul></details>'


def _made_line(answer: Answer, generation: int) -> str:
    """What it cost, and whether the corpus is another one by now; quiet, and often nothing."""
    facts = [answer.usage.in_words] if answer.usage else []
    if answer.provenance and answer.provenance.ordered_by:
        facts.append(f"Papers put in order by {answer.provenance.ordered_by}")
    if generation and answer.generation and answer.generation != generation:
        facts.append("Papers have changed since this answer")
    return f'<p class="made">{" · ".join(map(escape, facts))}</p>' if facts else ""


def _ring(share: int) -> str:
    """A small ring, filled to `share` percent; the words beside it say the same."""
    return f'<span class="ring" style="--share: {share}%" aria-hidden="true"></span>'


def _quoted(number: int) -> str:
    return "1 passage, quoted word for word" if number == 1 else f"{number} passages, each quoted word for word"


def _doubts(sentences: Sequence[AnswerSentence]) -> str:
    if not sentences:
        return ""
    items = "".join(
        f"<li><b>{SUPPORT_WORDS[sentence.support].capitalize()}:</b> {escape(as_sentence(sentence.reason))}</li>"
        for sentence in sentences
        if sentence.reason
    )
    return f'<details class="near doubts"><summary>Why not all</summary><ul>{items}</ul></details>' if items else ""
