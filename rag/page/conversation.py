"""The conversations of one browser session, and their copies in the file where conversations are kept.

What the session shows lies in Streamlit's session state. With conversations kept, the address names the one that is
shown (`?c=...`), so that loading the page anew brings it back, and other tabs' questions come in at the next look.
"""

from __future__ import annotations

import threading
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count

import streamlit as st

from rag import errors
from rag.conversation import as_turns, cited_papers
from rag.conversations import Feedback, KeptExchange, Problem, new_id
from rag.corpus import Answer, Paper, Turn, Usage
from rag.errors import AskPapersError
from rag.page.asking import Asking, running
from rag.page.keeping import Keeping, keeping, kept, store
from rag.page.visitor import STRANGER, visitor

ADDRESS = "c"  # the part of the address that names the conversation
_GONE = "conversation-gone"  # in the session's state
_ENDS_WITHIN = 0.3  # seconds in which a stopped answer tells what it took; a silent model may take longer to notice
_numbers = count(1)
_taking_over = threading.Lock()


@dataclass(slots=True)
class Exchange:
    """One question and what became of it."""

    question: str
    exchange_id: str = field(default_factory=new_id)
    number: int = field(default_factory=lambda: next(_numbers))
    asked: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="milliseconds"))
    asking: Asking | None = None  # while it is being answered
    answer: Answer | None = None
    before: Answer | None = None  # while it is answered again: the answer that comes back where none takes its place
    problem: AskPapersError | None = None
    stopped: str | None = None  # the text so far with its papers, as Markdown, where the reader stopped it
    spent: Usage | None = None  # what the model had read and written by then; known in this session alone
    feedback: Feedback | None = None
    suggestions: tuple[str, ...] = ()
    revision: int = -1  # of its copy in the file

    @property
    def anchor(self) -> str:
        """The beginning of every HTML id of this exchange."""
        return f"turn-{self.number}"

    def take_over(self, asking: Asking) -> None:
        """What came of it. Where that is no answer the one before stays; of one that was stopped, else the text so far.

        Only the first of two runs of the page does so: Streamlit begins a new one before the old one has ended.
        """
        with _taking_over:
            if self.asking is not asking:
                return
            ended_early = asking.stopped and not asking.answer
            if asking.answer:
                self.answer, self.feedback, self.suggestions = asking.answer, None, asking.suggestions
            else:
                self.answer = self.before
            if not (ended_early and self.before):
                self.problem = None if ended_early else asking.problem
                self.stopped = asking.progress().markdown if ended_early else None
            self.spent = asking.spent if ended_early else None
            self.asking = self.before = None


@dataclass(slots=True)
class Conversation:
    """Exchanges, oldest first."""

    exchanges: list[Exchange] = field(default_factory=list)
    conversation_id: str = field(default_factory=new_id)
    name: str = ""  # as the person called it
    set_aside: tuple[str, ...] = ()  # paper_ids that shall not stay at hand
    changing: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)  # while asking begins

    @property
    def title(self) -> str:
        """What the sidebar calls it."""
        return self.name or (self.exchanges[0].question if self.exchanges else "New conversation")

    def answers(self, *, until: Exchange | None = None) -> list[Answer]:
        """The finished answers, oldest first; those before `until`. One that is being made anew counts until then."""
        found = self.exchanges if until is None else self.exchanges[: self.exchanges.index(until)]
        return [answer for exchange in found if (answer := exchange.answer or exchange.before)]

    def history(self, *, until: Exchange | None = None) -> tuple[Turn, ...]:
        """The finished exchanges as turns, for the next question."""
        return as_turns(self.answers(until=until), self.set_aside)

    def cited(self) -> list[Paper]:
        """All papers that were cited, the latest first, also those set aside."""
        papers = {each.paper.paper_id: each.paper for answer in self.answers() for each in answer.citations}
        return [papers[paper_id] for paper_id in cited_papers(as_turns(self.answers()))]

    def stop(self) -> list[tuple[Exchange, Asking]]:
        """Ask for no more of the answers that are being made, which `let_end` sees to their end.

        One that was finished while nobody looked is taken over whole.
        """
        found = [(exchange, exchange.asking) for exchange in self.exchanges if exchange.asking]
        for exchange, asking in found:
            if asking.over:
                exchange.take_over(asking)
            else:
                asking.stop()
        return found


def opened() -> dict[str, Conversation]:
    """The conversations that this session has begun or opened, by their ids."""
    found: dict[str, Conversation] = st.session_state.setdefault("conversations", {})
    return found


def current() -> Conversation:
    """The conversation that is shown; the first run begins with an empty one."""
    known = opened().get(st.session_state.get("conversation", ""))
    if known is None:
        known = Conversation()
        opened()[known.conversation_id] = known
        st.session_state["conversation"] = known.conversation_id
    return known


def begin() -> None:
    """Show an empty conversation; an empty one that is there already is used again."""
    stop_asking()
    if current().exchanges:
        st.session_state.pop("conversation")
        opened_now = opened()
        for known in [each for each in opened_now.values() if not each.exchanges]:
            del opened_now[known.conversation_id]
    st.query_params.pop(ADDRESS, None)


def show(conversation_id: str) -> bool:
    """Show a conversation of this visitor; False where there is none of this id. The one that is shown goes on."""
    if conversation_id not in opened():
        found = kept(lambda store: store.conversation(conversation_id))
        if found is None or found.owner != visitor():
            return False
        name = found.name if found.renamed else ""
        opened()[conversation_id] = Conversation([], conversation_id, name, found.set_aside)
    if conversation_id != current().conversation_id:
        stop_asking()
    st.session_state["conversation"] = conversation_id
    refresh()
    return True


def follow_address() -> None:
    """Show the conversation that the address names, and name the one that is shown there."""
    asked = st.query_params.get(ADDRESS, "")
    if asked and asked != current().conversation_id:
        if not show(asked):
            del st.query_params[ADDRESS]
            st.session_state[_GONE] = True
    elif current().exchanges and store() is not None:
        refresh()
        if not asked:
            st.query_params[ADDRESS] = current().conversation_id


def was_gone() -> bool:
    """Whether the address named a conversation that is not there for this visitor; told once."""
    return bool(st.session_state.pop(_GONE, False))


def refresh() -> None:
    """Take in what another tab or process has added to the conversation that is shown, or changed in it.

    What is new comes behind what precedes it in the file; this session's own order stays, also of what is not there.
    """
    now = current()
    with now.changing:
        revisions = kept(lambda store: store.revisions(now.conversation_id))
        if not revisions:
            return
        known = {exchange.exchange_id: exchange for exchange in now.exchanges}
        changed = _copies([each for each, revision in revisions.items() if _is_old(known.get(each), revision)])
        copies = {copy.exchange_id: copy for copy in changed}
        place = 0
        for exchange_id in revisions:
            mine, copy = known.get(exchange_id), copies.get(exchange_id)
            if mine:
                place = now.exchanges.index(mine) + 1
            if not copy:
                continue
            taken_in = _taken_in(copy, mine)
            if not mine:
                while place < len(now.exchanges) and _came_before(now.exchanges[place], copy, revisions):
                    place += 1
                now.exchanges.insert(place, taken_in)
                place += 1


def _came_before(mine: Exchange, copy: KeptExchange, kept_ones: Container[str]) -> bool:
    """Whether a question that only this session knows was asked before another that came from the file."""
    return mine.exchange_id not in kept_ones and mine.asked <= copy.asked


def _is_old(mine: Exchange | None, revision: int) -> bool:
    return mine is None or (not mine.asking and mine.revision != revision)


def _copies(exchange_ids: Sequence[str]) -> list[KeptExchange]:
    """One by one where it is one; a whole conversation at once."""
    if len(exchange_ids) > 1:
        wanted, now = set(exchange_ids), current()
        found = kept(lambda store: store.exchanges(now.conversation_id)) or []
        return [copy for copy in found if copy.exchange_id in wanted]
    return [copy for each in exchange_ids if (copy := kept(lambda store: store.exchange(each)))]  # noqa: B023 - at once


def _taken_in(copy: KeptExchange, mine: Exchange | None) -> Exchange:
    """The exchange as the file holds it; one that is being answered right now is followed further."""
    exchange = mine or Exchange(copy.question, copy.exchange_id, asked=copy.asked)
    exchange.answer, exchange.stopped, exchange.feedback = copy.answer, copy.stopped, copy.feedback
    exchange.suggestions, exchange.revision = copy.suggestions, copy.revision
    exchange.problem = _problem(copy.problem) if copy.problem else None
    at_work = running(copy.exchange_id)
    if mine is None and at_work and not at_work.over and not at_work.stopped:
        exchange.asking, exchange.before, exchange.answer = at_work, copy.answer, None
    return exchange


def _problem(told: Problem) -> AskPapersError:
    kind = getattr(errors, told.kind, AskPapersError)
    return kind(told.message, hint=told.hint) if issubclass(kind, AskPapersError) else AskPapersError(told.message)


def rate(exchange: Exchange, feedback: Feedback | None) -> None:
    """What the reader thinks of an answer."""
    kept_at = keeping()
    exchange.feedback = feedback
    kept_at.do(lambda store: store.add_feedback(exchange.exchange_id, feedback))


def set_aside(paper_ids: Sequence[str]) -> None:
    """Papers that shall not stay at hand for the next question."""
    now, kept_at = current(), keeping()
    now.set_aside = tuple(paper_ids)
    kept_at.do(lambda store: store.set_aside(now.conversation_id, paper_ids))


def rename(conversation_id: str, name: str) -> None:
    """Call a conversation otherwise; an empty name gives its first question back."""
    name = " ".join(name.split())
    known, kept_at = opened().get(conversation_id), keeping()
    if known:
        known.name = name
    kept_at.do(lambda store: store.rename(conversation_id, name))


def delete(conversation_id: str) -> None:
    """Delete a conversation for good."""
    stop_asking()
    mine, kept_at = opened(), keeping()
    mine.pop(conversation_id, None)
    kept_at.do(lambda store: store.delete(conversation_id))
    st.query_params.pop(ADDRESS, None)


@dataclass(frozen=True, slots=True)
class Entry:
    """A conversation in the list."""

    conversation_id: str
    title: str
    changed: str  # ISO time, UTC


def listed(words: str = "") -> list[Entry]:
    """The visitor's conversations, the last changed first; of a stranger, and where none are kept, this session's."""
    mine = [
        Entry(each.conversation_id, each.title, each.exchanges[-1].asked)
        for each in opened().values()
        if each.exchanges
    ]
    owner = visitor()
    found = kept(lambda store: store.listed(owner=owner, words=words))
    if found is None or owner == STRANGER:
        return sorted((each for each in mine if _holds(each, words)), key=lambda each: each.changed, reverse=True)
    return [Entry(each.conversation_id, each.name, each.changed) for each in found if each.exchanges]


def _holds(entry: Entry, words: str) -> bool:
    said = "\n".join([entry.title, *_said(opened()[entry.conversation_id])]).casefold()
    return all(word in said for word in words.casefold().split())


def _said(conversation: Conversation) -> Iterator[str]:
    for exchange in conversation.exchanges:
        yield exchange.question
        yield exchange.answer.text if exchange.answer else ""


def stop_asking() -> None:
    """End the answer that is being made; its text so far stays, or the answer that there was before."""
    now, kept_at = current(), keeping()
    with now.changing:
        stopped = now.stop()
    let_end(stopped, kept_at)


def let_end(stopped: Sequence[tuple[Exchange, Asking]], kept_at: Keeping) -> None:
    """Take over what came of answers that were stopped, and keep the text so far. Does not touch Streamlit."""
    for exchange, asking in stopped:
        asking.wait(_ENDS_WITHIN)
        exchange.take_over(asking)
        if exchange.asking is None and exchange.stopped is not None:
            _keep_stopped(exchange.exchange_id, exchange.stopped, kept_at)


def _keep_stopped(exchange_id: str, text: str, kept_at: Keeping) -> None:
    kept_at.do(lambda store: store.add_stopped(exchange_id, text))
