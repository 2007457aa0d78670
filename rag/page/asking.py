"""One question on its way: the assistant works in a thread of its own, the page draws what is there.

Streamlit runs the page from top to bottom at every click. An answer must not begin anew because somebody folded the
sidebar meanwhile, so it does not belong to a run of the page.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import TYPE_CHECKING

from rag.corpus import Answer, Turn
from rag.errors import AskPapersError
from rag.page.answer_view import Progress

if TYPE_CHECKING:
    from rag.answer import Assistant, Events

logger = logging.getLogger(__name__)


class Asking:
    """A question that is being answered."""

    def __init__(self, assistant: Callable[[], Assistant], question: str, history: Sequence[Turn] = ()) -> None:
        """`assistant` is called in the thread: it may wait until the slow imports are done."""
        self.answer: Answer | None = None
        self.problem: AskPapersError | None = None
        self._assistant = assistant
        self._question = question
        self._history = tuple(history)
        self._steps: tuple[tuple[str, str], ...] = ()
        self._text: list[str] = []
        self._reasoning: list[str] = []
        self._changed = threading.Condition()
        self._stopped = False
        self._over = False
        threading.Thread(target=self._work, name="asking", daemon=True).start()

    @property
    def over(self) -> bool:
        """True once there is an answer or a problem, or it was stopped."""
        return self._over

    def progress(self) -> Progress:
        """What there is so far."""
        with self._changed:
            return Progress(self._steps, "".join(self._text), "".join(self._reasoning))

    def wait(self, seconds: float) -> None:
        """Until it is over, at most `seconds`."""
        with self._changed:
            self._changed.wait_for(lambda: self._over, timeout=seconds)

    def stop(self) -> None:
        """Ask for no more; what is there stays."""
        self._stopped = True

    def _work(self) -> None:
        try:
            self._follow(self._assistant().stream(self._question, self._history))
        except AskPapersError as error:
            self.problem = error
        except Exception:  # the boundary of the thread: nothing above it could tell the person
            logger.exception("the question could not be answered")
            self.problem = AskPapersError(
                "Something went wrong inside AskPapers while answering.",
                hint="Ask again; the log of `make app` holds the details.",
            )
        finally:
            with self._changed:
                self._over = True
                self._changed.notify_all()

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
                        case Retracted():
                            self._text.clear()
                        case ReasoningDelta():
                            self._reasoning.append(event.text)
                        case Finished():
                            self.answer = event.answer
