"""Example questions, drawn from the corpus itself: whoever opens the page can ask what it can answer."""

from __future__ import annotations

import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import islice
from pathlib import Path

from rag.corpus import Paper
from rag.page.phrases import FUNCTION_WORDS, words
from rag.page.question_forms import Kind, drawn_from

SAMPLE = Path(__file__).parents[2] / "samples" / "well-known-papers.txt"
_SAMPLE_QUESTIONS = SAMPLE.with_name("questions.jsonl")

_WORD = re.compile(r"[^\W\d_][\w-]*\w")
_SAY_NOTHING_FIRST = words(
    """adaptive better deep effective efficient end fast general good high improved improving large learning low making
    novel one rethinking revisiting robust scalable simple single study survey towards training two understanding
    unified using"""
)
_SAY_NOTHING_LAST = words(
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
_LONGEST_TITLE = 200  # characters; a longer one is no title

_PHRASE_ENDS = rf"(?=\s*[.,;:()]|\s+(?:{'|'.join(sorted(FUNCTION_WORDS))})\b)"
# One question of each row where there is one, of the first kind in it that gives one that is answered.
_ROWS: tuple[tuple[Kind, ...], ...] = (
    ("figure",),
    ("relation", "finding", "limit", "comparison", "contrast"),
    ("means", "aim", "meaning"),
)
_TRIED = 8  # questions of a row that are searched for

Answered = Callable[[str, Collection[str]], bool]


def example_questions(
    papers: Sequence[Paper], *, wanted: int = 4, seed: int = 0, answered: Answered | None = None
) -> tuple[str, ...]:
    """At most `wanted` different questions, the same ones for the same papers and seed.

    A list of papers on a topic that several share, a figure that an abstract states, how two things are related or what
    limits one, how something is done. `answered` says of a question and the papers that may answer it whether the
    corpus does; questions that it does not answer are left out.
    """
    generator = random.Random(seed)  # noqa: S311 - picks examples, guards nothing
    mixed = [paper for paper in papers if len(paper.title) < _LONGEST_TITLE]
    generator.shuffle(mixed)
    topics = shared_topics(papers)
    generator.shuffle(topics)
    rows: list[Iterator[tuple[str, Collection[str]]]] = [((f"Which papers are about {topic}?", ()) for topic in topics)]
    rows += [_of_kinds(mixed, kinds) for kinds in _ROWS]
    found: list[str] = []
    used: set[str] = set()
    for row in (*rows, *rows[1:]):  # what one row lacks the others give
        for text, holders in islice(row, _TRIED):
            if len(found) < wanted and not used & set(holders) and (answered is None or answered(text, holders)):
                found.append(text)
                used |= set(holders)
                break
    found += [f"What is “{paper.title}” about?" for paper in mixed if len(paper.title) < 80][: wanted - len(found)]
    return tuple(dict.fromkeys(found))


def _of_kinds(papers: Sequence[Paper], kinds: Collection[Kind]) -> Iterator[tuple[str, Collection[str]]]:
    """The first question of these kinds of each paper that has one."""
    for paper in papers:
        drawn = next((each for each in drawn_from(paper) if each.kind in kinds), None)
        if drawn:
            yield drawn.text, {drawn.paper_id}


def sample_questions(*, wanted: int = 4) -> tuple[str, ...]:
    """The questions that show best what the bundled sample can answer; none where the file is not there."""
    if not _SAMPLE_QUESTIONS.exists():
        return ()
    lines = map(json.loads, _SAMPLE_QUESTIONS.read_text(encoding="utf-8").splitlines())
    return tuple(line["question"] for line in lines if line.get("example"))[:wanted]


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
                not FUNCTION_WORDS.intersection(phrase)
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
