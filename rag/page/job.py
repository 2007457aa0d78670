"""Work that takes seconds or minutes, in a thread of its own: the page goes on, and looks whether it is over."""

from __future__ import annotations

import logging
import threading

from rag.errors import AskPapersError

logger = logging.getLogger(__name__)


class Job:
    """Work that begins at once. A subclass sets its own attributes before it calls this constructor."""

    def __init__(self, name: str, broken: str) -> None:
        """`broken`: what the person reads after a fault of ours, one sentence."""
        self._broken = broken
        self._over = threading.Event()
        threading.Thread(target=self._run, name=name, daemon=True).start()

    @property
    def over(self) -> bool:
        """True once the work has ended, however it did."""
        return self._over.is_set()

    def wait(self, seconds: float) -> bool:
        """Until it is over, at most `seconds`; whether it is."""
        return self._over.wait(seconds)

    def work(self) -> None:
        """What is done in the thread. May raise AskPapersError."""
        raise NotImplementedError

    def fail(self, problem: AskPapersError) -> None:
        """Keep what went wrong for the page to show."""
        raise NotImplementedError

    def _run(self) -> None:
        try:
            self.work()
        except AskPapersError as error:
            self.fail(error)
        except Exception:  # the boundary of the thread: nothing above it could tell the person
            logger.exception("%s broke off", threading.current_thread().name)
            self.fail(AskPapersError(self._broken, hint="The log of `make app` holds the details."))
        finally:
            self._over.set()
