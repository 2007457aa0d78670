"""The nouns that flow between the rooms: papers, hits, evidence, citations, answers. No input or output."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import quote_plus

from rag.filters import EVERYTHING, Filters

Support = Literal["supported", "partial", "unsupported"]
VERDICTS: tuple[Support, ...] = ("unsupported", "partial", "supported")  # the worst first
Outcome = Literal["answered", "related", "nothing"]
Mode = Literal["extractive", "llm"]
Says = Literal["yes", "partly", "no"]  # whether a paper carries a sentence, as a language model puts it
Style = Literal["plain", "shorter", "table"]  # how an answer is wanted
Level = Literal["high", "fair", "low"]  # how sure something is

_HIGH, _FAIR = 0.85, 0.65  # probability from which on it is called so

_NOT_A_WORD = re.compile(r"[\W_]+")


def normalise_title(title: str) -> str:
    """The form under which two spellings of a title are one: NFKC, case folded, punctuation and blanks collapsed."""
    folded = unicodedata.normalize("NFKC", title).casefold()
    return _NOT_A_WORD.sub(" ", folded).strip()


def paper_key(title: str, *, apart: str = "") -> str:
    """The key of a paper: 16 hexadecimal digits from its normalised title.

    `apart` holds the source's id where two different papers bear one title; the first of them has none.
    A title of punctuation alone is hashed as it stands, so that "???" and "!!!" stay two papers.
    """
    name = normalise_title(title) or unicodedata.normalize("NFKC", title).strip()
    return hashlib.sha256(f"{name}\n{apart}".encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Source:
    """One place where a paper was seen."""

    dump: str  # the dump's name as shown to people: its file name, with the inner name for a .zip
    line: int  # of the title, from 1; in formats without lines the number of the record


@dataclass(frozen=True, slots=True)
class Paper:
    """One document: an abstract with its metadata. Text is as shown, mended where damage was certain."""

    paper_id: str  # see paper_key
    title: str
    abstract: str
    sources: tuple[Source, ...] = ()  # in the order in which they were first seen
    external_id: str | None = None  # the source's own id, for example "2410.05434" or "acl:2016.amta-researchers.1"
    arxiv_id: str | None = None  # without version
    url: str | None = None  # http or https only
    authors: tuple[str, ...] = ()
    organisation: str | None = None
    date: str | None = None  # ISO "2026-10-04", "2026-10" or "2026"; as printed ("May 8") where the year is not known
    upvotes: int | None = None
    code_urls: tuple[str, ...] = ()
    is_summary: bool = False  # the dump gave a one-sentence summary instead of the abstract

    @property
    def year(self) -> int | None:
        """The year, where the date has one."""
        return int(self.date[:4]) if self.date and re.match(r"\d{4}(-|$)", self.date) else None

    @property
    def link(self) -> str:
        """Where a reader can open the paper: its own page, or a search for its title where no address is known."""
        if self.url:
            return self.url
        if self.arxiv_id:
            return f"https://arxiv.org/abs/{self.arxiv_id}"
        return f"https://arxiv.org/search/?searchtype=title&query={quote_plus(self.title)}"


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a paper that has a vector of its own; its text is `abstract[start:end]`."""

    chunk_id: str  # "<paper_id>:<ordinal>"
    paper_id: str
    start: int  # characters into the abstract
    end: int

    def passage(self, paper: Paper) -> str:
        """The chunk's text."""
        return paper.abstract[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Hit:
    """One retrieved paper, with what each ranking thought of it."""

    paper: Paper
    chunk: Chunk  # the paper's chunk nearest to the question
    rank: int  # 1 is the best
    score: float  # fused, higher is better; only to be compared within one question
    cosine: float  # best chunk against the question, in [-1, 1]
    bm25: float  # 0 where no word of the question is in the paper
    cosine_rank: int | None = None  # None where that ranking did not bring the paper up
    bm25_rank: int | None = None

    @property
    def passage(self) -> str:
        """The best chunk's text, verbatim from the abstract."""
        return self.chunk.passage(self.paper)


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of an abstract: `abstract[start:end]`, verbatim."""

    text: str
    start: int
    end: int
    score: float = 0.0  # how well it answers the question; only to be compared within one question


@dataclass(frozen=True, slots=True)
class Evidence:
    """A numbered paper that an answer may cite, with its best sentences for the question, best first."""

    number: int  # as the writer sees it, from 1
    hit: Hit
    quotes: tuple[Quote, ...]
    fit: float | None = None  # how near its words come to each of the question's, in [-1, 1]; None: not read closely

    @property
    def paper(self) -> Paper:
        """The paper behind the number."""
        return self.hit.paper


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a cited text carries a sentence, why, and the sentence of the text that decides it."""

    support: Support
    reason: str  # one sentence in plain words, for the reader of the page
    quote: Quote | None  # verbatim from the cited abstract; None where nothing there comes near
    certain: bool = False  # found letter by letter, such as another number or a copied sentence: no reading changes it

    @property
    def strength(self) -> tuple[int, float]:
        """The better of two verdicts has the higher one: by its support, then by how near its quote is."""
        return VERDICTS.index(self.support), self.quote.score if self.quote else 0.0


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a language model, asked as second judge, says of a sentence and the papers that it cites."""

    says: Says
    reason: str  # its own words on one line, without markup; "" where it gave none
    before: Support  # the verdict of the check alone, which the opinion moves by one step at most


@dataclass(frozen=True, slots=True)
class SecondJudge:
    """A language model that was asked about the sentences of an answer after the check."""

    model: str
    asked: int  # sentences
    heard: int  # of them those of which it gave a usable verdict
    note: str = ""  # one sentence for the reader where its verdicts do not count


@dataclass(frozen=True, slots=True)
class Citation:
    """One `[n]` of an answer, resolved: numbers run from 1 in order of first use, without gaps.

    A model's answer has one number for each paper; an extractive one has one for each quoted sentence, so that there
    several numbers may belong to one paper.
    """

    number: int
    paper: Paper
    quote: str  # verbatim substring of the paper's abstract
    support: Support  # the worst verdict among the sentences that cite it alone, the best it takes part in otherwise


@dataclass(frozen=True, slots=True)
class AnswerSentence:
    """A sentence of an answer with the numbers that it cites and the outcome of the check."""

    text: str  # with its [n] markers
    citations: tuple[int, ...]
    support: Support
    reason: str = ""
    checked: bool = True  # False for headings, transitions and refusals, which state no fact
    quote: str = ""  # verbatim sentence of a cited abstract that decided the check
    opinion: Opinion | None = None  # None where no second judge was asked, or where it said nothing usable


@dataclass(frozen=True, slots=True)
class Usage:
    """What language models read and wrote for one answer, over all requests that it took."""

    prompt_tokens: int
    completion_tokens: int
    estimated: bool  # the endpoint did not count all of them; ours are rather too many than too few
    cost: float | None = None  # in `currency`; None where no price is set
    currency: str = ""

    @property
    def in_words(self) -> str:
        """`About 1,240 tokens read and 96 written, 0.0021 USD`."""
        about = "About " if self.estimated else ""
        price = "" if self.cost is None else f", {self.cost:.{2 if self.cost >= 1 else 4}f} {self.currency}"
        return f"{about}{self.prompt_tokens:,} tokens read and {self.completion_tokens:,} written{price}"


@dataclass(frozen=True, slots=True)
class Provenance:
    """What an answer was made with, so that it can be asked again and compared."""

    corpus: str  # the random name of the corpus; generations count within it
    embeddings: str  # the embedding model's name
    embeddings_fingerprint: str
    papers_read: int  # at most; RAG_TOP_K unless asked otherwise
    context_window: int | None = None  # tokens; None where no model was asked
    ordered_by: str = ""  # the language model that put the hits in order; "" where the search did


@dataclass(frozen=True, slots=True)
class Tally:
    """Papers that were counted by a rule instead of being searched for."""

    rule: str  # one sentence that says which papers count
    count: int
    of: int  # papers in the corpus


@dataclass(frozen=True, slots=True)
class Understood:
    """How a question was read, besides its words: all of it is shown, so that a reader can take it back."""

    filters: Filters = EVERYTHING
    text: str = ""  # the question without the words that became filters, spelling mended
    corrections: tuple[tuple[str, str], ...] = ()  # (as typed, as searched for)
    notes: tuple[str, ...] = ()  # sentences for the reader, for example that a dump is not known
    undated: int = 0  # papers that were left out because they have no date
    language: str = ""  # the question's, where it is not English: "German"
    tally: Tally | None = None  # where the answer counts or lists papers

    def sentences(self) -> tuple[str, ...]:
        """All that a reader should know of it, besides the filters."""
        mended = [f"Searched for “{used}” instead of “{typed}”." for typed, used in self.corrections]
        left_out = [f"Left out: {self.undated:,} without a date."] if self.undated and not self.tally else []
        return (*mended, *self.notes, *left_out)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the assistant says to one question, and all that is needed to check it."""

    question: str
    standalone_question: str
    outcome: Outcome
    mode: Mode
    model: str | None  # the language model's name where one wrote the answer
    text: str  # with [n] markers: Markdown where mode is "llm", else plain text whose paragraphs an empty line parts
    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]
    evidence: tuple[Evidence, ...]  # what the writer could use, also where nothing was cited
    nearest: tuple[Hit, ...] = ()  # for outcomes other than "answered": what comes nearest
    notice: str = ""  # one sentence where something did not go as wished, for example the endpoint failed
    confidence: float | None = None  # how likely the papers answer the question, in [0, 1]; None where not judged
    sure_because: tuple[str, ...] = ()  # what speaks for and against, in plain words; () where nothing was judged
    reasoning: str = ""  # what a model printed of its thoughts; shown folded, never part of the answer
    generation: int = 0  # of the index that was asked
    timings_ms: dict[str, float] = field(default_factory=dict)  # step -> milliseconds
    prompt_fingerprint: str = ""  # of the prompt that a model answered
    usage: Usage | None = None  # None where no model was asked
    style: Style = "plain"
    provenance: Provenance | None = None
    understood: Understood = Understood()
    second_judge: SecondJudge | None = None  # None where none was asked

    @property
    def refused(self) -> bool:
        """True where the papers do not answer the question."""
        return self.outcome != "answered"

    @property
    def how_sure(self) -> Level | None:
        """How sure it is that the papers answer or, for a refusal, that they do not; None where it was not judged."""
        if self.confidence is None or not self.sure_because:
            return None
        return level_of(1 - self.confidence if self.refused else self.confidence)

    @property
    def sure_of(self) -> str:
        """What that is about: the papers, not a model's sentences, which may be wrong where the papers do answer."""
        return f"How sure it is that these papers {'do not say it' if self.refused else 'answer the question'}"


def level_of(probability: float) -> Level:
    """What a probability in [0, 1] is called."""
    return "high" if probability >= _HIGH else "fair" if probability >= _FAIR else "low"


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier message of a conversation."""

    role: Literal["user", "assistant"]
    content: str
    cited: Sequence[str] = ()  # paper_ids that an assistant's turn cited, where known
