"""One question on its way: the assistant works in a thread of its own, the page draws what is there.

Streamlit runs the page from top to bottom at every click. An answer must not begin anew because somebody folded the
sidebar meanwhile, so it does not belong to a run of the page. Nor to a session: whoever loads the page anew finds it by
its name and follows it further, and what comes of it is kept also where nobody looks any more.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from rag.corpus import Answer, Paper, Style, Turn, Usage
from rag.errors import AskPapersError
from rag.filters import EVERYTHING, Filters
from rag.page.answer_view import Progress

if TYPE_CHECKING:
    from rag.answer import Assistant, Events

logger = logging.getLogger(__name__)


_running: WeakValueDictionary[str, Asking] = WeakValueDictionary()
_GIVES_WAY = 3.0  # seconds that suggestions wait for others' answers; then there are none


class _Answering:
    """How many questions this server is answering right now."""

    def __init__(self) -> None:
        self._number = 0
        self._changed = threading.Condition()

    def __enter__(self) -> None:
        with self._changed:
            self._number += 1

    def __exit__(self, *_: object) -> None:
        with self._changed:
            self._number -= 1
            self._changed.notify_all()

    def quiet(self, *, within: float) -> bool:
        """Whether nobody waits for an answer, or soon nobody will."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._number, timeout=within)


_answering = _Answering()


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked, and how the answer is wanted."""

    question: str
    history: Sequence[Turn] = field(default=())
    use_model: bool = True
    style: Style = "plain"
    filters: Filters = EVERYTHING  # which papers may answer, besides what the question says of them


class Asking:
    """A question that is being answered."""

    def __init__(
        self,
        name: str,
        assistant: Callable[[], Assistant],
        wish: Wish,
        *,
        keep: Callable[[Asking], None] | None = None,
        suggest: Callable[[Answer], Sequence[str]] | None = None,
    ) -> None:
        """`assistant` is called in the thread: it may wait until the slow imports are done.

        `keep` is called there as soon as there is an answer or a problem, and again when `suggest` has found
        questions that may follow.
        """
        self.answer: Answer | None = None
        self.problem: AskPapersError | None = None
        self.suggestions: tuple[str, ...] = ()
        self.spent: Usage | None = None  # where it was stopped: what the model had read and written until then
        self._assistant = assistant
        self._wish = wish
        self._keep = keep
        self._suggest = suggest
        self._steps: tuple[tuple[str, str], ...] = ()
        self._text: list[str] = []
        self._papers: tuple[Paper, ...] = ()
        self._reasoning: list[str] = []
        self._changed = threading.Condition()
        self._stopped = False
        self._over = False
        self._done = False
        _running[name] = self
        threading.Thread(target=self._work, name="asking", daemon=True).start()

    @property
    def over(self) -> bool:
        """True once there is an answer or a problem, or it was stopped."""
        return self._over

    def progress(self) -> Progress:
        """What there is so far."""
        with self._changed:
            return Progress(self._steps, "".join(self._text), "".join(self._reasoning), self._papers)

    def wait(self, seconds: float) -> None:
        """Until it is over, at most `seconds`."""
        with self._changed:
            self._changed.wait_for(lambda: self._over, timeout=seconds)

    def wait_for_suggestions(self, seconds: float) -> None:
        """Until nothing more comes of it, at most `seconds`."""
        with self._changed:
            self._changed.wait_for(lambda: self._done, timeout=seconds)

    @property
    def stopped(self) -> bool:
        """True where the reader did not want the rest."""
        return self._stopped

    def stop(self) -> None:
        """Ask for no more; what is there stays."""
        self._stopped = True

    def _work(self) -> None:
        with _answering:
            self._ask()
        self._tell_keeper()
        with self._changed:
            self._over = True
            self._changed.notify_all()
        # Suggestions cost as much as an answer: with many readers, answers come first.
        if self.answer and self._suggest and not self._stopped and _answering.quiet(within=_GIVES_WAY):
            self.suggestions = tuple(self._suggest(self.answer))
            self._tell_keeper()
        with self._changed:
            self._done = True
            self._changed.notify_all()

    def _tell_keeper(self) -> None:
        if self._keep and (self.answer or not self._stopped):  # a whole answer is kept, however late it was stopped
            self._keep(self)

    def _ask(self) -> None:
        wish = self._wish
        try:
            self._follow(
                self._assistant().stream(
                    wish.question,
                    wish.history,
                    use_model=wish.use_model,
                    style=wish.style,
                    filters=wish.filters,
                    on_stop=self._spend,
                )
            )
        except AskPapersError as error:
            self.problem = error
        except Exception:  # the boundary of the thread: nothing above it could tell the person
            logger.exception("the question could not be answered")
            self.problem = AskPapersError(
                "Something went wrong inside AskPapers while answering.",
                hint="Ask again; the log of `make app` holds the details.",
            )

    def _spend(self, usage: Usage) -> None:
        self.spent = usage

    def _follow(self, events: Events) -> None:
        from rag.answer import Finished, ReasoningDelta, Retracted, Step, TextDelta

        with closing(events):  # ends the model's work where the reader stopped it
            for event in events:
                if self._stopped:
                    return
                with self._changed:
                    match event:
                        case Step():
                            self._steps += ((event.name, event.detail),)
                        case TextDelta():
                            self._text.append(event.text)
                            self._papers = event.papers
                        case Retracted():
                            self._text.clear()
                            self._papers = ()
                        case ReasoningDelta():
                            self._reasoning.append(event.text)
                        case Finished():
                            self.answer = event.answer


def running(name: str) -> Asking | None:
    """The question of this name that this server is answering right now, whoever asked it."""
    return _running.get(name)
