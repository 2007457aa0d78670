"""How long each step of an answer took."""

from __future__ import annotations

import time


class Clock:
    """Milliseconds of each step, and of the whole."""

    def __init__(self) -> None:
        self._begun = self._last = time.perf_counter()
        self._steps: dict[str, float] = {}

    def mark(self, step: str) -> None:
        """The step ends here; it began where the one before ended."""
        now = time.perf_counter()
        self._steps[step] = self._steps.get(step, 0.0) + 1000 * (now - self._last)
        self._last = now

    def mark_once(self, step: str) -> None:
        """As `mark`, the first time."""
        if step not in self._steps:
            self.mark(step)

    def timings(self) -> dict[str, float]:
        """Step -> milliseconds, with "total"."""
        return {**self._steps, "total": 1000 * (time.perf_counter() - self._begun)}
