"""What several papers have in common by name: the data they report results on, the methods they compare with."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from rag.corpus import Paper
from rag.page.phrases import NO_DATA, name_of_system

_FEWEST = 2  # papers that share a name
_NAME = r"([A-Z][\w+-]{0,30}[A-Z0-9][\w+-]{0,30}(?:\.\d)?|CIFAR-10|ImageNet)"  # bounded: dumps hold any text
_MEASURED_ON = re.compile(rf"\b(?:on|and|,|including|as|like) (?:the )?(?:challenging |popular )?{_NAME}(?=[\s,.;:)])")
_COMPARED = re.compile(
    rf"\b(?:[Cc]ompared (?:to|with|against)|[Uu]nlike|outperform\w*|surpass\w*|than|over|alternative to|replac\w+)"
    rf" (?:the )?(?:standard |vanilla |popular |original )?(?:{_NAME}|(Adam|SGD|full fine-tuning|softmax attention"
    rf"|dense models|backpropagation))(?=[\s,.;:)])"
)
_RESULTS = re.compile(
    r"\b(?:experiment|evaluat|benchmark|result|accura|outperform|perform|test|achiev|dataset|score)\w*", re.IGNORECASE
)


def yardsticks(papers: Sequence[Paper]) -> Iterator[tuple[str, frozenset[str]]]:
    """Questions for the papers that report results on the same data, the most shared first; with those papers."""
    holders: defaultdict[str, set[str]] = defaultdict(set)
    for paper in papers:
        for sentence in re.split(r"(?<=[.;]) ", paper.abstract):
            if _RESULTS.search(sentence):
                for match in _MEASURED_ON.finditer(sentence):
                    if not NO_DATA.fullmatch(match[1]) and match[1] != name_of_system(paper):
                        holders[match[1]].add(paper.paper_id)
    yield from _asked("Which papers report results on {}?", holders)


def baselines(papers: Sequence[Paper]) -> Iterator[tuple[str, frozenset[str]]]:
    """Questions for the papers that compare themselves with the same method, the most shared first."""
    holders: defaultdict[str, set[str]] = defaultdict(set)
    for paper in papers:
        for match in _COMPARED.finditer(paper.abstract):
            name = match[1] or match[2]
            if name != name_of_system(paper):
                holders[name].add(paper.paper_id)
    yield from _asked("Which papers compare with {}?", holders)


def _asked(form: str, holders: dict[str, set[str]]) -> Iterator[tuple[str, frozenset[str]]]:
    for name, found in sorted(holders.items(), key=lambda item: (-len(item[1]), item[0])):
        if len(found) >= _FEWEST:
            yield form.format(name), frozenset(found)
