"""What a model's answer is cut into: text, code or mathematics, citation markers."""

from __future__ import annotations

from dataclasses import dataclass

from rag.markers import Numbers


@dataclass(frozen=True, slots=True)
class Text:
    """Text to be shown as it is."""

    text: str


@dataclass(frozen=True, slots=True)
class Verbatim:
    """Code or mathematics."""

    text: str


@dataclass(frozen=True, slots=True)
class Marker:
    """A citation of the evidence with these numbers; of nothing known where there are none."""

    numbers: Numbers


Token = Text | Verbatim | Marker
