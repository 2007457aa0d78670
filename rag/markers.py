"""What a bracket in a model's answer names: numbers of the evidence, in any of the spellings that models use.

Asked for are `[1]` and `[1][2]`. Seen are also `[1, 2]`, `[1-3]`, `【1】`, `[^1]`, `[[1]]`, `[Paper 2]`, `[1†source]`,
`[1, p. 3]`, `¹`, `(Source 1)`, `（论文 1）`, `(see [1])`, `<cite>1</cite>`, `[1: its title]`, a title in brackets, an
arXiv number, and invented `(Smith et al., 2020)`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from rag.corpus import Paper, normalise_title

Numbers = tuple[int, ...]

_SOURCE_SIGNS = (  # what Chinese, Japanese and Korean call a paper
    *("论文", "論文", "文献", "文獻", "文章", "资料", "資料", "来源", "來源", "出典", "摘要", "要旨"),
    *("参考文献", "參考文獻", "논문", "문헌", "출처", "자료", "초록"),
)
_SOURCE = (
    r"(?:sources?|papers?|documents?|docs?|references?|refs?|citations?|cites?|evidence|passages?|abstracts?|stud(?:y|ies)"
    r"|articles?|excerpts?|contexts?|snippets?|results?|quellen?|artikel|fuentes?|art[ií]culos?|études?|publications?"
    r"|arbeit(?:en)?|belege?|bron(?:nen)?|font[ei]s?|artigos?|articol[oi]|documento?s?|documenti|résumés?|resum(?:o|en)"
    rf"|riassunto|источники?|стать[яи]|работ[аы]|документы?|аннотаци[яи]|{'|'.join(_SOURCE_SIGNS)})"
)
SOURCE_WORDS = (  # those that are read as citations also without brackets: "Paper 2 shows"
    *("source", "sources", "paper", "papers", "document", "documents", "doc", "docs", "reference", "references"),
    *("passage", "passages", "abstract", "abstracts", "evidence", "quelle", "quellen", "fuente", "fuentes"),
)
_SEE = r"(?:(?:see(?: also)?|cf\.?|e\.g\.,?|i\.e\.,?|from|in|according to|siehe|vgl\.?)\s+)?"
_NUMBER = r"(?:\d{1,4}|\d{1,4}\s*(?:-|–|—|−|\.\.\.?|to|through|bis)\s*\d{1,4})"
_NAMED = rf"(?:{_SOURCE}[\s_\-]*(?:no\.?|number|nr\.?|id)?\s*[:#.=_\-]?\s*[\"']?)?[#^]?\s*{_NUMBER}[\"']?"
_SEPARATOR = r"\s*(?:,|;|、|/|\+|&|\||,?\s*(?:and|und|et|y|e|en|i|и)\b|和|与|與|及|と|와|과|\s)\s*"
_PLACE = (
    r"(?:[,:]?\s*(?:(?:pp?\.|pages?|sec(?:tion|\.)?|lines?|para(?:graph|\.)?|fig(?:ure|\.)?|s\.)\s*[\d\-–]*"
    r"|abstract|title))?"
)
_NUMBERS = re.compile(rf"{_SEE}{_NAMED}(?:{_SEPARATOR}{_NAMED})*{_PLACE}[,;]?", re.IGNORECASE)
_ONLY_BRACKETS = re.compile(
    rf"{_SEE}(?:{_SOURCE}\s*:?\s*)?[\[【][^\[\]【】]{{1,40}}[\]】](?:[\s,;&]*(?:and|und|et)?\s*[\[【][^\[\]【】]{{1,40}}[\]】])*",
    re.IGNORECASE,
)
_INNER_BRACKET = re.compile(r"[\[【]([^\[\]【】]{1,40})[\]】]")
_RANGE = re.compile(r"(\d{1,4})\s*(?:-|–|—|−|\.\.\.?|to|through|bis)\s*(\d{1,4})|(\d{1,4})", re.IGNORECASE)
_PLACE_AT_END = re.compile(_PLACE[:-1] + r"$", re.IGNORECASE)
_BESIDE_TITLE = r"\s*(?:[:,|]|\.\s|\s[–—-]\s)\s*"  # "Mamba-2" is a name
_NUMBER_AND_TITLE = re.compile(rf"(?P<number>{_NAMED}){_BESIDE_TITLE}(?P<title>.+)", re.IGNORECASE)
_TITLE_AND_NUMBER = re.compile(rf"(?P<title>.+?){_BESIDE_TITLE}(?P<number>{_NAMED})", re.IGNORECASE)
_DAGGER = re.compile(r"(\d)\s*[†‡][^,;\]】]*")
_HAS_SOURCE_WORD = re.compile(rf"{_SEE}(?P<word>{_SOURCE})(?![^\W\d_])", re.IGNORECASE)
_PAPER_TAG = re.compile(  # as the prompt writes its papers
    rf"<(?:/papers?|papers?[\s_\-]*(?:number)?\s*=?\s*[\"']?(?P<numbers>{_NUMBER}(?:{_SEPARATOR}{_NUMBER})*)[\"']?(?:\s[^<>]*)?)>",
    re.IGNORECASE,
)
_CITING = r"(?P<tag>cite|citation|ref|reference|sources?|doc|document|paper)(?:[ \t][^<>\n]*)?"
_CITING_TAG = re.compile(rf"<{_CITING}>(?P<numbers>[^<>\n]{{1,40}})</(?P=tag)>", re.IGNORECASE)
_MAY_BE_CITING_TAG = re.compile(rf"<{_CITING}>[^<>\n]{{0,40}}(?:<(?:/[a-z]{{0,9}})?)?", re.IGNORECASE)
_ARXIV = re.compile(r"(?:arxiv\s*[:.]?\s*(?:preprint\s*)?)?(\d{4}\.\d{4,5})(?:v\d+)?", re.IGNORECASE)
_NAME = r"[A-ZÀ-ÖØ-Þ][\w'’\-]+"
_WORK = rf"{_NAME}(?:\s+et\s+al\.?|(?:,?\s+(?:and|&)\s+|,\s+){_NAME})*,?\s*\(?(?:19|20)\d{{2}}[a-z]?\)?"
_AUTHOR_YEAR = re.compile(rf"(?:(?:see|e\.g\.,?|cf\.?)\s+)?{_WORK}(?:\s*[;,]\s*{_WORK})*")
_ONE_WORK = re.compile(_WORK)
_YEAR = re.compile(r"(?:19|20)\d{2}[a-z]?")
_NAMED_BEFORE = re.compile(rf"({_NAME})(?:\s+et\s+al\.?|\s+(?:and|&)\s+{_NAME})\s*$")
_DATES = re.compile(
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*|spring|summer|autumn|fall|winter", re.IGNORECASE
)
_WORDS = re.compile(r"\w+")
_COINED = re.compile(r"\d|[^\W\d_][A-Z]")  # a digit or capital within a name, as of benchmarks: GSM8K, NeurIPS
# After these words a list of numbers with one that no evidence has is an interval or a list of sizes.
_BEFORE_VALUES = re.compile(
    r"(?:range|intervals?|between|sizes?|shapes?|dimensions?|values?|lists?|bounds?|domain|scales?|scores?|ratings?|grid"
    r"|[=∈:])\s*(?:(?:of|from|in)\s+)?$"
)


# Behind these a number counts something: "retrieves documents 3 times faster".
_NO_COUNT = r"(?![ \t]+(?:times|fold|percent|(?:to|of)[ \t]+\d|(?:year|month|week|day|hour|minute)s?\b))"
_ONE = r"\d{1,3}(?![\w%]|\.\d|,\d{3})"
_AND = r"(?:and|und|y|et)"
_MENTION = re.compile(rf"[ \t]+#?({_ONE}){_NO_COUNT}")
_MENTIONS = re.compile(rf"[ \t]+#?({_ONE}(?:[ \t]*(?:,[ \t]*{_AND}|{_AND}|[,&–\-])[ \t]*#?{_ONE})*+){_NO_COUNT}")
_MAY_BE_MENTION = re.compile(  # up to the end of the word behind it
    rf"[ \t]*#?(?:\d(?:[ \t\d,&#.–\-]|{_AND}(?=[ \t\d]))*(?:\w*|(?:to|of)[ \t]+))?"
)
# "Both papers document 3 cases" is no word of document 3.
_PLURAL_SUBJECT = re.compile(r"\b(?:we|they|authors|papers|studies|works)[ \t]+$", re.IGNORECASE)
_CITE = re.compile(r"\\(?:cite|citep|citet|footnote|ref)\*?(?:\[[^\]\n]*\])*\{([^{}\n]*)\}")
_MAY_BE_CITE = re.compile(r"\\[a-z]{0,8}\*?(?:\[[^\]\n]*\]?)*(?:\{[^{}\n]*)?")
_ESCAPED_MARKER = re.compile(r"\\\[([\d\s,;\-–]{1,20})\\\]")
_MAY_BE_ESCAPED_MARKER = re.compile(r"\\\[[\d\s,;\-–]{0,20}\\?")
RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
# Raised numbers are citations behind a stop or a word; behind a letter, a number, a unit or a bracket they are powers.
_NO_UNIT = r"(?<!eter)(?<!etre)(?<!eters)(?<!etres)(?<!pixels)(?<!seconds)"
_BEFORE_RAISED = re.compile(rf"(?:[.!?,;:%。！？，”\"]|\d[x×]|[a-zà-öø-ÿ]{{4}}{_NO_UNIT})[ \t]?$")
_RAISED = re.compile(rf"([{RAISED}]{{1,3}})(?![\w⁺⁻])|<sup>[ \t]*([\d \t,;\-–]{{1,20}})</sup>", re.IGNORECASE)
_MAY_BE_RAISED = re.compile(
    rf"[{RAISED}]{{1,3}}|<(?:s|su|sup|sup>[\d \t,;\-–]{{0,20}}(?:<(?:/(?:s(?:up?)?)?)?)?)?", re.IGNORECASE
)
_ROUND_OPENERS = (
    *SOURCE_WORDS,
    *("see", "cf", "e.g", "i.e", "from", "ref", "study", "studies", "article", "excerpt", "citation", "arxiv", "in"),
    *("vgl", "siehe", *_SOURCE_SIGNS, "источник", "стать", "работ", "документ", "fonte", "fonti", "artigo", "articol"),
)


def read_numbers(content: str) -> Numbers | None:
    """The numbers that the inside of a bracket names, in its order; None where it is no citation.

    Zero is never a citation, so "[0, 1]" stays an interval. Ranges are written out; those of more than 30 are none.
    """
    text = _DAGGER.sub(r"\1", unicodedata.normalize("NFKC", content)).strip()
    while len(text) > 1 and text[0] in "[【" and text[-1] in "]】":
        text = text[1:-1].strip()
    text = text.removeprefix("^").removesuffix("^").strip()
    if not any(letter.isdigit() for letter in text) or not _NUMBERS.fullmatch(text):
        return None
    found: list[int] = []
    for first, last, single in _RANGE.findall(_PLACE_AT_END.sub("", text)):
        low, high = (int(single), int(single)) if single else sorted((int(first), int(last)))
        if low == 0 or high - low > 30:
            return None
        found += [number for number in range(low, high + 1) if number not in found]
    return tuple(found)


def read_mention(word: str, before: str, rest: str, *, final: bool) -> tuple[int, Numbers] | None:
    """The numbers of "Source 2" or "Papers 1 and 3" behind its word, and how long they are written; (0, ()) for none.

    `before` is the text in front of the word. None where more text could change that.
    """
    if word not in SOURCE_WORDS:
        return 0, ()
    near = rest[:60]
    if len(near) < 60 and not final and _MAY_BE_MENTION.fullmatch(near):
        return None
    is_plural = word.endswith("s") or word == "quellen"
    found = (_MENTIONS if is_plural else _MENTION).match(near)
    numbers = read_numbers(found[1].replace("#", "")) if found else None
    if not found or numbers is None:
        return 0, ()
    if is_plural and len(numbers) == 1 and "#" not in found[0]:  # "the study documents 3 cases"
        return 0, ()
    return (0, ()) if not is_plural and _PLURAL_SUBJECT.search(before) else (found.end(), numbers)


def read_citing_tag(text: str, *, final: bool) -> tuple[int, Numbers] | None:
    """The numbers of a tag around the prompt's papers or of `<cite>1</cite>`, and how long it is; None: wait."""
    if found := _PAPER_TAG.match(text):
        return found.end(), read_numbers(found["numbers"] or "") or ()
    if not final and _MAY_BE_CITING_TAG.fullmatch(text):
        return None
    found = _CITING_TAG.match(text)
    numbers = read_numbers(found["numbers"]) if found else None
    return (found.end(), numbers) if found and numbers is not None else (0, ())


def read_command(text: str, *, final: bool) -> tuple[int, Numbers] | None:
    r"""The numbers of `\[1\]` and `\cite{1}` and how long they are written; (0, ()) for others; None: wait."""
    if not final and _MAY_BE_ESCAPED_MARKER.fullmatch(text):
        return None
    if (escaped := _ESCAPED_MARKER.match(text)) and (numbers := read_numbers(escaped[1])) is not None:
        return escaped.end(), numbers
    if cite := _CITE.match(text):
        return cite.end(), read_numbers(cite[1]) or ()
    return None if not final and _MAY_BE_CITE.fullmatch(text) else (0, ())


def read_raised(text: str, before: str, *, final: bool) -> tuple[int, Numbers] | None:
    """The numbers of `¹` and `<sup>1</sup>`, and how long they are written; (0, ()) for others, as of `m²`; None: wait.

    `before` is the text in front of it.
    """
    if not _BEFORE_RAISED.search(before):
        return 0, ()
    if not final and _MAY_BE_RAISED.fullmatch(text):
        return None
    found = _RAISED.match(text)
    numbers = read_numbers(found[1] or found[2]) if found else None
    return (found.end(), numbers) if found and numbers else (0, ())


def may_open_round(start: str) -> bool:
    """Whether a round bracket that begins like this may hold a citation."""
    begun, first = start.casefold(), start[:1]
    if first.isupper() or first.isspace() or first.isdigit() or first in "[【":
        return True
    return any(begun.startswith(word) or word.startswith(begun) for word in _ROUND_OPENERS)


class MarkerReader:
    """Reads brackets against the numbered papers that the writer was shown: paper 1 is `papers[0]`."""

    def __init__(self, papers: Sequence[Paper]) -> None:
        self._papers = papers
        self._titles: dict[str, int] = {}
        for number, paper in enumerate(papers, start=1):
            for name in (normalise_title(paper.title), normalise_title(paper.title.split(":")[0])):
                if len(name) > 2:
                    self._titles.setdefault(name, number)
        self._arxiv = {paper.arxiv_id: n for n, paper in enumerate(papers, start=1) if paper.arxiv_id}
        self._words = frozenset(
            _WORDS.findall(" ".join(f"{paper.title} {paper.abstract}" for paper in papers).casefold())
        )

    def knows(self, number: int) -> bool:
        """True where evidence has this number."""
        return 1 <= number <= len(self._papers)

    def in_square(self, content: str, before: str) -> Numbers | None:
        """The numbers of `[content]`; empty where it is a citation of nothing known; None where it is text.

        `before` is the text in front of it, as far as it is at hand.
        """
        numbers = read_numbers(content)
        if numbers is not None:
            is_list = len(numbers) > 1 and "," in content
            if is_list and not all(map(self.knows, numbers)) and _BEFORE_VALUES.search(before.casefold()):
                return None
            return tuple(filter(self.knows, numbers))
        name = normalise_title(content)
        if name in self._titles:
            return (self._titles[name],)
        if titled := self._titled(content):
            return titled
        return () if content.startswith("^") else self._by_name(content)

    def in_round(self, content: str, before: str) -> Numbers | None:
        """The numbers of `(content)`, as `in_square`; bare numbers in round brackets are text."""
        text = content.strip()
        if (named := _HAS_SOURCE_WORD.match(text)) and (numbers := read_numbers(text)) is not None:
            known = tuple(filter(self.knows, numbers))
            # "(Article 17)" may be one of a law; "(Source 17)" can only be ours.
            return known if known or named["word"].casefold() in SOURCE_WORDS else None
        if _ONLY_BRACKETS.fullmatch(text):
            inner = [read_numbers(part) for part in _INNER_BRACKET.findall(text)]
            if all(part is not None for part in inner):
                flat = dict.fromkeys(number for part in inner for number in part or ())
                return tuple(filter(self.knows, flat))
        if _YEAR.fullmatch(text) and (author := _NAMED_BEFORE.search(before)):
            return self._by_author(author[1], text[:4])
        return self._titled(text) or self._by_name(text)

    def _titled(self, content: str) -> Numbers:
        """The paper of a number beside a title, as in `[1: its title]`; where they differ, the title tells."""
        for form in (_NUMBER_AND_TITLE, _TITLE_AND_NUMBER):
            found = form.fullmatch(unicodedata.normalize("NFKC", content).strip())
            numbers = read_numbers(found["number"]) if found else None
            if not found or not numbers or not self.knows(numbers[0]):
                continue
            name = normalise_title(found["title"])
            if name in self._titles:
                return (self._titles[name],)
            if len(name) > 9 and normalise_title(self._papers[numbers[0] - 1].title).startswith(name):  # cut short
                return numbers[:1]
        return ()

    def _by_name(self, content: str) -> Numbers | None:
        text = content.strip()
        if arxiv := _ARXIV.fullmatch(text):
            return tuple(number for number in (self._arxiv.get(arxiv[1]),) if number)
        if not _AUTHOR_YEAR.fullmatch(text):
            return None
        found: list[int] = []
        for work in _ONE_WORK.findall(text):
            name = re.match(_NAME, work)
            year = _YEAR.search(work)
            if name is None or year is None:  # pragma: no cover - both are part of the pattern of a work
                return None
            numbers = self._by_author(name[0], year[0][:4])
            if not numbers and self._may_be_no_author(work):
                return None
            found += [number for number in numbers if number not in found]
        return tuple(found)

    def _by_author(self, surname: str, year: str) -> Numbers:
        """The one paper whose first author bears the name, or any author where that settles it; its year must fit."""
        wanted = surname.casefold()
        for first_only in (True, False):
            fitting = [
                number
                for number, paper in enumerate(self._papers, start=1)
                if paper.year in (None, int(year))
                and any(name.split()[-1].casefold() == wanted for name in _authors(paper, first_only=first_only))
            ]
            if len(fitting) == 1:
                return (fitting[0],)
        return ()

    def _may_be_no_author(self, work: str) -> bool:
        """ "(CVPR, 2024)", "(May 2023)", "(Adam, 2015)": a venue, a date, or a name that the papers themselves use.

        One such name among several is enough: "(GSM8K, MATH, and AIME 2024)".
        """
        if re.search(r"et\s+al", work):
            return False
        return any(
            _COINED.search(name) or _DATES.fullmatch(name) or self._words.issuperset(_WORDS.findall(name.casefold()))
            for name in re.findall(_NAME, work)
        )


def _authors(paper: Paper, *, first_only: bool) -> list[str]:
    return [name for name in (paper.authors[:1] if first_only else paper.authors) if name.strip()]
