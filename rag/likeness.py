"""How much of one text's words other texts hold, the rare ones first."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

_PARTLY = 0.6  # what a word counts of which only the beginning is there
_BEGINNING = 5  # letters


def word_weights(wanted: AbstractSet[str], held: Sequence[AbstractSet[str]]) -> dict[str, float]:
    """What each stem counts: more, the fewer of the texts hold it."""
    spread = Counter(stem for stems in held for stem in stems)
    total = len(held) + 1
    return {stem: math.log(1 + total / spread[stem]) if spread[stem] else math.log(1 + total) for stem in wanted}


def weight_held(weights: dict[str, float], stems: AbstractSet[str]) -> float:
    """The summed weight of the stems that a text holds, in part of those whose beginning it holds."""
    # fsum: the order of a set must not decide between two texts
    whole = math.fsum(weight for stem, weight in weights.items() if stem in stems)
    partly = math.fsum(
        weight
        for stem, weight in weights.items()
        if stem not in stems and len(stem) >= _BEGINNING and any(other.startswith(stem[:_BEGINNING]) for other in stems)
    )
    return whole + _PARTLY * partly
