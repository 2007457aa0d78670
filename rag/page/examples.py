"""Example questions, drawn from the corpus itself: whoever opens the page can ask what it can answer."""

from __future__ import annotations

import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import cycle
from pathlib import Path

from rag.corpus import Paper

SAMPLE = Path(__file__).parents[2] / "samples" / "well-known-papers.txt"
_SAMPLE_QUESTIONS = SAMPLE.with_name("questions.jsonl")

_WORD = re.compile(r"[^\W\d_][\w-]*\w")
_NAMED = re.compile(r"^([A-Z][\w.+-]*): +\S.{11,}$")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_FUNCTION_WORDS = _words(
    """a about across all an and any are as at be beyond by can do does for from has how i if in into is it its let
    more new no not of on or our out over should than that the their them this through to toward towards under up via
    vs was we what when where which who why will with without you your"""
)
_SAY_NOTHING_FIRST = _words(
    """adaptive better deep effective efficient end fast general good high improved improving large learning low making
    novel one rethinking revisiting robust scalable simple single study survey towards training two understanding
    unified using"""
)
_SAY_NOTHING_LAST = _words(
    """approach approaches based deep efficient framework large method methods paper problem problems study survey
    system systems training via"""
)
# Half of the papers of a field are about these; an answer could only pick some of them.
_TOO_WIDE = frozenset(
    """language model, large language model, foundation model, neural network, deep neural network, deep learning,
    machine learning""".replace("\n   ", "").split(", ")
)
_FEWEST = 3  # papers that share a topic
_LARGEST_SHARE = 0.12  # a topic of more papers than this says nothing about this corpus
_PART_OF_LONGER = 0.6  # share of a phrase's papers that hold a longer one with it inside
_MOST_TOPICS = 12  # the most shared ones, of which some are drawn
_LONGEST_NAME = 24

_TOPIC_FORMS = ("Which papers study {}?", "What is known about {}?")
_NUMBER = r"\d(?:[\d.,]*\d)?"
# What an abstract says with a figure -> the question that the figure answers.
_FIGURES = (
    (re.compile(rf"{_NUMBER}\s?(?:x|×|times)\s+(?:\w+\s+)?(?:speed-?up|faster|acceleration)", re.I), "How fast is {}?"),
    (
        re.compile(rf"(?:memory|footprint)[^.]{{0,60}}{_NUMBER}\s?(?:%|x\b|×)", re.I),
        "How much less memory does {} need?",
    ),
    (re.compile(rf"outperform[^.]{{0,80}}{_NUMBER}\s?%", re.I), "By how much does {} beat other methods?"),
)
_PHRASE_ENDS = rf"(?=\s*[.,;:()]|\s+(?:{'|'.join(sorted(_FUNCTION_WORDS))})\b)"
_MEASURES = re.compile(r"\b(?:benchmark|dataset|corpus|test suite|leaderboard)\b", re.I)


def example_questions(papers: Sequence[Paper], *, wanted: int = 4, seed: int = 0) -> tuple[str, ...]:
    """At most `wanted` different questions, the same ones for the same papers and seed.

    In turn: about a topic that several papers share, how a named system works, a figure that an abstract states.
    """
    generator = random.Random(seed)  # noqa: S311 - picks examples, guards nothing
    mixed = list(papers)
    generator.shuffle(mixed)
    named = named_systems(mixed)
    kinds = [_about_topics(mixed, generator), about_systems(named[::2]), about_figures(named[1::2])]
    found: list[str] = []
    while kinds and len(found) < wanted:
        for kind in list(kinds):
            question = next(kind, None)
            if question is None:
                kinds.remove(kind)
            elif question not in found and len(found) < wanted:
                found.append(question)
    found += [f"What is “{paper.title}” about?" for paper in mixed if len(paper.title) < 80][: wanted - len(found)]
    return tuple(dict.fromkeys(found))


def sample_questions(*, wanted: int = 4) -> tuple[str, ...]:
    """The questions that show best what the bundled sample can answer; none where the file is not there."""
    if not _SAMPLE_QUESTIONS.exists():
        return ()
    lines = map(json.loads, _SAMPLE_QUESTIONS.read_text(encoding="utf-8").splitlines())
    return tuple(line["question"] for line in lines if line.get("example"))[:wanted]


def _about_topics(papers: Sequence[Paper], generator: random.Random) -> Iterator[str]:
    topics = shared_topics(papers)
    generator.shuffle(topics)
    for topic, form in zip(topics, cycle(_TOPIC_FORMS), strict=False):
        yield form.format(topic)


def shared_topics(papers: Sequence[Paper], *, wanted: int = _MOST_TOPICS) -> list[str]:
    """Phrases of two or three words that stand in several titles, the most shared first.

    A phrase that is nearly always part of a longer one is left out, and so is the plural beside its singular.
    """
    holders: defaultdict[str, dict[str, Paper]] = defaultdict(dict)
    for paper in papers:
        for phrase in map(_singular, _phrases(paper.title)):
            if phrase not in _TOO_WIDE:
                holders[phrase][paper.paper_id] = paper
    most = max(_FEWEST, len(papers) * _LARGEST_SHARE)
    shared = {phrase: list(held.values()) for phrase, held in holders.items() if _FEWEST <= len(held) <= most}
    ranked = sorted(shared, key=lambda phrase: (-len(shared[phrase]), phrase))
    topics: list[str] = []
    for phrase in ranked:
        longer = [each for each in shared if phrase != each and f" {phrase} " in f" {each} "]
        if any(len(shared[each]) >= _PART_OF_LONGER * len(shared[phrase]) for each in longer):
            continue
        spelt = _usual_spelling(phrase, " ".join(paper.abstract for paper in shared[phrase]))
        if spelt:
            topics.append(spelt)
        if len(topics) == wanted:
            break
    return topics


def _phrases(title: str) -> Iterator[str]:
    words = [word.lower() for word in _WORD.findall(title)]
    for length in (2, 3):
        for start in range(len(words) - length + 1):
            phrase = words[start : start + length]
            if (
                not _FUNCTION_WORDS.intersection(phrase)
                and phrase[0] not in _SAY_NOTHING_FIRST
                and phrase[-1] not in _SAY_NOTHING_LAST
                and re.search(r"\W+".join(map(re.escape, phrase)), title, re.I)
            ):
                yield " ".join(phrase)


def _singular(phrase: str) -> str:
    return phrase[:-1] if phrase.endswith("s") and not phrase.endswith(("ss", "is", "us")) else phrase


def _usual_spelling(phrase: str, text: str) -> str | None:
    """As the abstracts write it: small letters where they ever do, else the most frequent. None where the words are
    hardly followed by the end of a phrase there, and so are only a part of longer names."""
    found = [match[0] for match in re.finditer(rf"\b{re.escape(phrase)}s?\b{_PHRASE_ENDS}", text, re.I)]
    if len(found) < _FEWEST - 1:
        return None
    small = [spelt for spelt in found if spelt.islower()]
    return Counter(small or found).most_common(1)[0][0]


def named_systems(papers: Sequence[Paper], *, also_words: bool = False) -> list[tuple[str, Paper]]:
    """Papers whose title begins with the name of a system that no other paper bears, with that name.

    With `also_words` also names that could be a word, such as Lion, where the abstract has them more than once.
    """
    named = [(match[1], paper) for paper in papers if (match := _NAMED.match(paper.title))]
    times = Counter(name.casefold() for name, _ in named)
    return [
        (name, paper)
        for name, paper in named
        if times[name.casefold()] == 1
        and len(name) <= _LONGEST_NAME
        and (
            (any(sign.isupper() or sign.isdigit() for sign in name[1:]) and name in paper.abstract)
            or (also_words and paper.abstract.count(name) > 1)
        )
    ]


def about_systems(named: Sequence[tuple[str, Paper]]) -> Iterator[str]:
    for name, paper in named:
        measures = _MEASURES.search(paper.title)
        yield f"What does {name} measure?" if measures else f"How does {name} work?"


def about_figures(named: Sequence[tuple[str, Paper]]) -> Iterator[str]:
    for name, paper in named:
        for pattern, form in _FIGURES:
            if pattern.search(paper.abstract):
                yield form.format(name)
                break
