"""What a follow-up points at among the papers cited before: "the second one", "which of them", "paper 3"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.corpus import Paper, Turn, normalise_title
from rag.questions.follow_ups import has_no_noun_before, is_described

if TYPE_CHECKING:
    from rag.index import Reading

_ORDINALS = {
    "first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "sixth": 5, "last": -1, "former": 0, "latter": -1,
}  # fmt: skip
_COUNTS = {"two": 2, "three": 3, "four": 4}
_ANY_ORDINAL = rf"(?:{'|'.join(_ORDINALS)}|[1-9]\d?(?:st|nd|rd|th))\b"
_ALONE = (
    r"(?: (?:paper|method|approach|work|result|answer|item|title|one)\b| of (?:them|these|those)\b(?! \w{4,}s\b)"
    r"|(?=\W*(?:$|\b(?:is|do|does)\b|(?:about|say|mean|show|find)\W*$)))"
)
_ORDINAL = re.compile(
    rf"\bthe (?P<word>{_ANY_ORDINAL})(?:{_ALONE}|(?=,? (?:and|or|with|to|than) the {_ANY_ORDINAL}{_ALONE}))"
    r"|\b(?:paper|source|(?<!\bthe )number|result|item) (?P<number>\d{1,2})\b|(?<!\w)\[(?P<marker>\d{1,2})\]",
    re.IGNORECASE,
)
_FIRST_FEW = re.compile(
    r"\bthe first (two|three|four)(?: (?:papers|articles|methods|approaches|results|ones)| of (?:them|these|those))?"
    r"(?=\W*$)",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\bthe other(?:(?P<one> one| paper| method| approach)| (?:ones|papers|methods|approaches)|s)\b", re.IGNORECASE
)
_ONE_DESCRIBED = re.compile(r" (?:to(?! (?:me|us)\b)|that(?! you\b)|which)\b", re.IGNORECASE)
_PAPERS = r"(?:papers|articles|preprints|methods|approaches)"
_AMONG = re.compile(
    r"\b(?:which|what|any|one|none|all|both|each|either|neither|some|many|most|who|compare|among|between"
    r"|summari[sz]e|describe|explain|about)\b(?: of)? "
    rf"(?P<them>them|(?:these|those) {_PAPERS}|(?:these|those)(?!\s+\w{{4,}}s\b)|the {_PAPERS}"
    rf"|the (?P<count>{'|'.join(_COUNTS)})(?: {_PAPERS})?)\b"
    r"|\b(?P<ones>which ones?)\b",
    re.IGNORECASE,
)
# "the two optimizers Adam and Lion": what stands behind the number says which are meant.
_ENUMERATED = re.compile(r"(?: \w+s)?:? (?:(?-i:[A-Z])|[\w-]+ (?:and|or|versus|vs)\b)", re.IGNORECASE)
_NOUN = re.compile(r" \w+s\b")
_QUOTED_TITLE = re.compile(r"[“\"]([^”\"\n]{4,300})[”\"]")


@dataclass(frozen=True, slots=True)
class Pointed:
    """A follow-up with what it points at put in its place."""

    question: str
    papers: tuple[Paper, ...]  # the ones it is about; () where it points at none in particular


def point(reading: Reading, question: str, history: Sequence[Turn]) -> Pointed:
    """Which papers of an earlier answer, mostly the last one, a question means; ordinals in the question's order."""
    if not history:
        return Pointed(question, ())
    question = _each_in_words(question)
    ordinals, among = _ordinals(question), points_at_several(question)
    if not (ordinals or among):
        return _others(reading, question, history)
    papers, said = _counted_off(reading, ordinals, history) if ordinals else papers_named_last(reading, history)
    meant = [(found, _place(found, said, papers)) for found in ordinals]
    asked, places = question, list[int]()
    for found, place in reversed(meant):
        if place is not None:
            asked = f"{asked[: found.start()]}“{papers[place].title}”{asked[found.end() :]}"
            places.insert(0, place)
    if places:
        return Pointed(" ".join(asked.split()), tuple(papers[place] for place in dict.fromkeys(places)))
    if among and len(papers) > 1 and (not among["count"] or _COUNTS[among["count"].casefold()] == len(papers)):
        return Pointed(with_papers_named(question, among), papers)
    return Pointed(question, ())


def _others(reading: Reading, question: str, history: Sequence[Turn]) -> Pointed:
    """ "The other one": what is left of the list from which the last answer was picked."""
    found = _OTHER.search(question)
    if found is None or is_described(question[found.end() :]) or not has_no_noun_before(question[: found.start()]):
        return Pointed(question, ())
    listed, _ = _counted_off(reading, (), history)
    picked, _ = papers_named_last(reading, history)
    left = tuple(paper for paper in listed if paper not in picked)
    if not left or len(left) + len(picked) != len(listed) or (found["one"] and len(left) > 1):
        return Pointed(question, ())
    name = f"“{left[0].title}”" if len(left) == 1 else "these papers"
    return Pointed(f"{question[: found.start()]}{name}{question[found.end() :]}", left)


def points_at_several(question: str) -> re.Match[str] | None:
    """Where a question means some of the papers that were cited; None where its own words say which ones it means."""
    found = _AMONG.search(question)
    if found is None or not has_no_noun_before(question[: found.start()]):
        return None
    rest = question[found.end() :]
    if found["count"]:
        noun = _NOUN.match(rest)
        if _ENUMERATED.match(rest) or (noun and is_described(rest[noun.end() :])):
            return None
    described = found["them"] and found["them"].casefold().startswith("the ") and is_described(rest)
    return None if described else found


def with_papers_named(question: str, several: re.Match[str]) -> str:
    """The question with "these papers" where `points_at_several` found that it means them."""
    if several["count"]:
        return question  # "the two optimizers" says more than "these papers"
    group, words = ("them", "these papers") if several["them"] else ("ones", "which of these papers")
    return f"{question[: several.start(group)]}{words}{question[several.end(group) :]}"


def papers_named_last(reading: Reading, history: Sequence[Turn]) -> tuple[tuple[Paper, ...], str]:
    """The papers of the last answer that named any, and its text: those it cites, else those whose titles it quotes."""
    for turn in reversed(history):
        if turn.role != "assistant":
            continue
        ids = list(dict.fromkeys(turn.cited))
        if not ids:
            titles = dict.fromkeys(normalise_title(title) for title in _QUOTED_TITLE.findall(turn.content))
            ids = [paper_id for title in titles for paper_id in reading.named([title], [])]
        papers = reading.papers(ids)
        if papers:
            return tuple(papers[paper_id] for paper_id in dict.fromkeys(ids) if paper_id in papers), turn.content
    return (), ""


def _counted_off(
    reading: Reading, ordinals: Sequence[re.Match[str]], history: Sequence[Turn]
) -> tuple[tuple[Paper, ...], str]:
    """The papers and the text of the answer in which places are counted: the last one that has all of them.

    An answer to "the second one" is about one of them, and "and the first?" is counted where that was.
    """
    answers = [place for place, turn in enumerate(history) if turn.role == "assistant"]
    for place in reversed(answers):
        papers, said = papers_named_last(reading, history[place : place + 1])
        asked = history[place - 1].content if place and history[place - 1].role == "user" else ""
        if (
            papers
            and not _ordinals(_each_in_words(asked))
            and all(_place(found, said, papers) is not None for found in ordinals)
        ):
            return papers, said
    return papers_named_last(reading, history)


def _each_in_words(question: str) -> str:
    """ "The first and the second" for "the first two"."""
    places = list(_ORDINALS)
    return _FIRST_FEW.sub(
        lambda few: " and ".join(f"the {place}" for place in places[: _COUNTS[few[1].casefold()]]), question
    )


def _ordinals(question: str) -> list[re.Match[str]]:
    """What counts papers off."""
    return [found for found in _ORDINAL.finditer(question) if not found["word"] or _means_cited(found, question)]


def _means_cited(found: re.Match[str], question: str) -> bool:
    """Not what the question itself says more of, and not "the latter" of two things in it."""
    rest = question[found.end() :]
    if found["word"].casefold() in ("former", "latter") and not has_no_noun_before(question[: found.start()]):
        return False
    if found[0].casefold().endswith(" one"):  # "the first one in wide use" is still one of them
        return not _ONE_DESCRIBED.match(rest)
    has_noun = len(found[0].split()) == 3
    return not (has_noun and is_described(rest))


def _place(found: re.Match[str], said: str, papers: Sequence[Paper]) -> int | None:
    if found["marker"]:
        return _behind_marker(found, said, papers)
    word = (found["word"] or found["number"]).casefold()
    place = _ORDINALS[word] if word in _ORDINALS else int(word.rstrip("stndrh")) - 1
    lowest = -len(papers) if found["word"] else 0
    return place % len(papers) if papers and lowest <= place < len(papers) else None


def _behind_marker(found: re.Match[str], said: str, papers: Sequence[Paper]) -> int | None:
    """The paper that [3] stands for: in extracts the title before it, else the third paper that was cited."""
    before, there, _ = said.partition(found[0])
    titles = [normalise_title(title) for title in _QUOTED_TITLE.findall(before)]
    known = {normalise_title(paper.title): place for place, paper in enumerate(papers)}
    if there and titles and titles[-1] in known:
        return known[titles[-1]]
    place = int(found["marker"]) - 1
    return place if 0 <= place < len(papers) else None
