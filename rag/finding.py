"""From a question to numbered evidence: what it asks for, which papers fit, which of their sentences answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.calibration import SHIPPED, OddsMapping
from rag.clock import Clock
from rag.close_reading import SpanEmbedder, read_closely
from rag.confidence import ON_TOPIC, Confidence, is_on_topic, is_plainly_on_topic, judge
from rag.conversation import first_of_all, keep_at_hand, one_line, standalone_question, topics_of
from rag.corpus import Evidence, Hit, Outcome, Paper, Provenance, Style, Tally, Turn, Understood
from rag.embedder import Embedder
from rag.evidence import gather_evidence
from rag.extractive import Extract
from rag.filters import EVERYTHING, Filters
from rag.index import Index, Reading
from rag.metering import MeteredModel
from rag.named import asked_by_name, is_title, named_papers, named_together
from rag.prompts import translate_prompt
from rag.query import parse_query
from rag.questions.another import about_another
from rag.questions.comparing import papers_compared
from rag.questions.follow_ups import is_follow_up
from rag.questions.held_names import known_as
from rag.questions.ids import asked_by_id, asks_for_nothing_else
from rag.questions.kinds import is_uncounted
from rag.questions.languages import names_in
from rag.questions.pointing import Pointed, point, points_at_several
from rag.questions.request import Request, understand
from rag.questions.resuming import kept_to, resume
from rag.questions.small_talk import without_greeting, without_small_talk
from rag.questions.spelling import is_known
from rag.questions.table_wishes import without_table_wishes
from rag.questions.tallying import tally
from rag.reranker import DEPTH, Reranker
from rag.search import search_for
from rag.tally import as_evidence, write_known, write_tally, write_uncounted, write_unread, write_what_can_be_asked

NEAREST = 3  # papers named where the papers do not answer
_GLANCED_AT = 3  # papers that tell whether anything answers
_NAMED = Confidence("answered", 1.0, ("The question names what it asks for by its arXiv id.",))
_POINTED = Confidence("answered", 1.0, ("The question asks for papers that were cited before.",))
_COMPARED = Confidence("answered", 1.0, ("The papers that the question compares by their names are here.",))
_ALSO_NEAR = 0.45  # cosine of papers that are named beside a list whose words they do not hold


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what was found for it."""

    question: str
    standalone: str
    hits: tuple[Hit, ...]
    evidence: tuple[Evidence, ...]
    confidence: Confidence
    generation: int
    style: Style
    model: MeteredModel | None  # None where extracts are wanted
    provenance: Provenance
    understood: Understood
    mapping: OddsMapping = SHIPPED  # of the confidence, as it was measured in this corpus
    extract: Extract | None = None  # where the answer is made already: papers were counted or listed
    each_of: tuple[str, ...] = ()  # ids of papers that are asked for by name or place, several of them
    asked_as: str = ""  # what a model is asked, where that is not `standalone`: the question in its own language


class Finder:
    """Finds in an index what answers are made of. Threads may share it."""

    def __init__(self, index: Index, embedder: Embedder, reranker: Reranker | None = None) -> None:
        """With a `reranker` the model that answers puts the first hits in order before."""
        self._index = index
        self._embedder = embedder
        self._reranker = reranker

    def find(
        self,
        question: str,
        history: Sequence[Turn],
        model: MeteredModel | None,
        *,
        limit: int,
        clock: Clock,
        style: Style = "plain",
        standalone: str = "",
        filters: Filters = EVERYTHING,
    ) -> Asked:
        """Count where papers are to be counted; else search, read the first hits closely, choose their best sentences,
        judge whether they are enough."""
        typed = question
        question, history, as_table = without_table_wishes(question, without_small_talk(history))
        with self._index.reading() as reading:
            reading.check(self._embedder.identity)
            request = understand(reading, question, given=filters)
            by_id = asked_by_id(reading, question) if request.wanted.kind == "content" else None
            if by_id and by_id.alone and not by_id.papers:
                missing = Extract(" ".join(by_id.notes()), (), ())
                return self._told(reading, typed, _made(request, "nothing", missing, ()), limit, style)
            if by_id and by_id.missing:
                request = _with_notes(request, by_id.notes())
            counted = self._count(reading, resume(reading, question, request, history))
            if counted is not None:
                clock.mark("search")
                return self._told(reading, typed, counted, limit, style)
            if request.understood.language and model is None:
                return self._not_read(reading, typed, request, limit, style)
            named = by_id is not None and by_id.alone and bool(by_id.papers) and not filters.settled
            pointed = (
                Pointed(by_id.question, by_id.papers) if by_id and named else point(reading, request.text, history)
            )
            alone = not pointed.papers and not request.filters
            compared = papers_compared(reading, request.text) if alone else ()
            follows = is_follow_up(without_greeting(question), history) and not pointed.papers and not compared
            another = about_another(reading, self._embedder, request.text, history) if follows and not model else ""
        only_pointed = bool(pointed.papers) and asks_for_nothing_else(pointed.question)
        meant = pointed.papers if only_pointed or _each_is_named(pointed) else compared
        follows, given, standalone = follows and not another, standalone, standalone or another
        if pointed.papers:
            request = kept_to(request, pointed, by="named by id" if named else "cited before")
            standalone = pointed.question if named else _with_topics(pointed, history)
        elif not standalone:
            standalone = standalone_question(request.text, history, model) if follows else request.text
        understood, asked_as = request.understood, ""
        if understood.language and model is not None:
            # What was made understandable before was translated before, too.
            original = (standalone if pointed.papers else request.text) if given else standalone
            translated = given or one_line(translate_prompt(standalone), model)
            if not translated:
                note = f"Could not be translated from {understood.language}; searched for as it was asked"
                understood = replace(understood, notes=(*understood.notes, note))
            elif translated != original:
                note = f"Translated from {understood.language}; searched for: {translated}"
                understood = replace(understood, text=translated, notes=(*understood.notes, note))
                standalone, asked_as = translated, original
        clock.mark("standalone")
        with self._index.reading() as reading:
            reading.check(self._embedder.identity)
            provenance = self._provenance(reading, limit, model)
            before = history if follows else ()
            most = max(limit, NEAREST)
            query = parse_query(standalone, before, typed=request.typed)
            depth = max(most, DEPTH) if self._reranker and model else most
            hits = search_for(reading, self._embedder, query, k=depth, filters=request.filters)
            if not request.filters:
                hits = keep_at_hand(reading, hits, before, question)[:depth]
            if compared:
                hits = first_of_all(reading, hits, compared)[:depth]
            generation, mapping = reading.generation, self._index.mapping(reading)
        clock.mark("search")
        if model is None:
            evidence, confidence = self.read(standalone, hits, limit, mapping)
        else:
            confidence = self._glance(standalone, hits, mapping)
            if self._reranker and confidence.outcome != "nothing":  # a model is not asked about what is off the topic
                clock.mark("reading")
                reordered = self._reranker.reorder(standalone, hits, model)
                clock.mark("ordering")
                if reordered.by_model:
                    hits, provenance = reordered.hits, replace(provenance, ordered_by=model.name)
                    confidence = self._glance(standalone, hits, mapping)
            hits = hits[:most]
            evidence = tuple(Evidence(number, hit, ()) for number, hit in enumerate(hits[:limit], start=1))
        if named and hits:
            confidence = _NAMED
        elif (only_pointed or compared) and hits:
            confidence = _POINTED if only_pointed else _COMPARED
        elif confidence.outcome == "nothing" and hits and asked_by_name(query, {"": hits[0].paper.title}):
            confidence = replace(confidence, outcome="related")  # a paper that is named is here
        clock.mark("reading")
        untold = confidence.outcome == "nothing" and is_uncounted(request.text)
        each_of = [paper.paper_id for paper in meant] or named_together(standalone, [hit.paper for hit in hits])
        style = "table" if as_table and style == "plain" else style
        return Asked(
            typed, standalone, tuple(hits), evidence, confidence, generation, style, model, provenance,
            understood, mapping, write_uncounted() if untold else None, tuple(each_of), asked_as,
        )  # fmt: skip

    def read(
        self, question: str, hits: Sequence[Hit], limit: int, mapping: OddsMapping
    ) -> tuple[tuple[Evidence, ...], Confidence]:
        """Read the first hits closely, choose their best sentences, judge whether they are enough."""
        read = read_closely(question, hits[:limit], self._embedder)
        return gather_evidence(question, hits, read, limit=limit), judge(question, hits, read, mapping)

    def _glance(self, question: str, hits: Sequence[Hit], mapping: OddsMapping) -> Confidence:
        """Whether it is worth asking a model, from as little reading as tells: all of it comes before the first word.

        Where the topic is seen in a paper, nothing more is judged here; the rest is read while the model writes.
        """
        if hits and isinstance(self._embedder, SpanEmbedder) and is_plainly_on_topic(hits[0]):
            return ON_TOPIC
        first = read_closely(question, hits[:1], self._embedder, together=False)
        if is_on_topic(first):
            return ON_TOPIC
        read = read_closely(question, hits[:_GLANCED_AT], self._embedder, begun=first, together=False)
        if is_on_topic(read):
            return ON_TOPIC
        read = read_closely(question, hits[:_GLANCED_AT], self._embedder, begun=read)
        alone = judge(question, hits, replace(read, matches=read.matches[:1]), mapping)
        return alone if alone.outcome == "answered" else judge(question, hits, read, mapping)

    def _provenance(self, reading: Reading, limit: int, model: MeteredModel | None) -> Provenance:
        identity = self._embedder.identity
        window = model.context_window if model else None
        return Provenance(reading.corpus, identity.model, identity.fingerprint, limit, window)

    def _count(self, reading: Reading, request: Request) -> Asked | None:
        """The answer to a question for a count or a list; None where the papers' content answers it.

        A list of which no paper holds the words is searched for by meaning instead, unless no paper may answer at all.
        """
        wanted = request.wanted
        if wanted.kind in ("authors", "date"):
            return self._known(reading, request)
        if wanted.kind == "content":
            return None
        if wanted.kind == "uncounted":
            return _made(request, "nothing", write_uncounted(), ())
        if wanted.kind == "talk":
            return _made(request, "nothing", write_what_can_be_asked(), ())
        found = tally(reading, wanted, request.filters)
        if not found.count and wanted.kind == "list" and wanted.topic:
            permitted = reading.count_where(request.filters) if request.filters else reading.counts().papers
            if permitted:
                return None
        near = self._also_near(reading, request, {paper.paper_id for paper in found.papers}, found.count)
        understood = replace(request.understood, tally=Tally(found.rule, found.count, found.of))
        extract = write_tally(found, wanted, undated=request.understood.undated)
        outcome: Outcome = "answered" if found.count else "nothing"
        return _made(replace(request, understood=understood), outcome, extract, found.papers, near)

    def _known(self, reading: Reading, request: Request) -> Asked | None:
        """Who wrote a paper that is named, or the papers that the filters name, or when; None where none is named."""
        if not request.wanted.topic:
            pointed = reading.papers(request.filters.only)
            meant = [pointed[paper_id] for paper_id in request.filters.only if paper_id in pointed]
            return _told_of(request, meant) if meant else None
        query = parse_query(request.wanted.topic)
        hits = search_for(reading, self._embedder, query, k=NEAREST, filters=request.filters)
        papers = {hit.paper.paper_id: hit.paper for hit in hits}
        papers |= reading.papers(reading.titles_beginning([query.as_title]))
        titles = {paper_id: paper.title for paper_id, paper in papers.items()}
        named = {*named_papers(reading, query), *asked_by_name(query, titles), *known_as(query.text, papers)}
        meant = [paper for paper_id, paper in papers.items() if paper_id in named or is_title(query, paper.title)]
        return _told_of(request, meant) if meant else None

    def _not_read(self, reading: Reading, question: str, request: Request, limit: int, style: Style) -> Asked:
        """A question in another language, where no model translates it: what comes nearest by the names in it."""
        names = names_in(request.text, lambda word: is_known(reading, word))
        hits: list[Hit] = []
        if names:
            query = parse_query(" ".join(names))
            found = search_for(reading, self._embedder, query, k=NEAREST, filters=request.filters)
            hits = [hit for hit in found if hit.bm25 > 0]
        said = Extract(write_unread(request.understood.language, names, hits), (), ())
        made = _made(request, "related" if hits else "nothing", said, (), hits)
        return self._told(reading, question, made, limit, style)

    def _told(self, reading: Reading, question: str, made: Asked, limit: int, style: Style) -> Asked:
        """An answer that is made already, with what it was asked of."""
        provenance = self._provenance(reading, limit, None)
        return replace(made, question=question, generation=reading.generation, style=style, provenance=provenance)

    def _also_near(self, reading: Reading, request: Request, shown: set[str], count: int) -> list[Hit]:
        """Papers near a topic in meaning that do not hold its words; only where all that hold them are shown."""
        if not request.wanted.topic or count > len(shown):
            return []
        query = parse_query(request.wanted.topic)
        hits = search_for(reading, self._embedder, query, k=len(shown) + NEAREST, filters=request.filters)
        return [hit for hit in hits if hit.paper.paper_id not in shown and hit.cosine >= _ALSO_NEAR][:NEAREST]


def _each_is_named(pointed: Pointed) -> bool:
    """Whether each paper is meant for itself: "compare the first and the third", not "which of them ...?"."""
    titles = [f"“{paper.title}”" for paper in pointed.papers]
    return bool(titles) and all(title in pointed.question for title in titles)


def _with_notes(request: Request, notes: Sequence[str]) -> Request:
    return replace(request, understood=replace(request.understood, notes=(*notes, *request.understood.notes)))


def _with_topics(pointed: Pointed, history: Sequence[Turn]) -> str:
    """For several papers the words of the question before stay with it; names of the answer would favour some."""
    if len(pointed.papers) == 1:
        return pointed.question
    asked = [turn for turn in history if turn.role == "user" and not points_at_several(turn.content)][-1:]
    topics = topics_of(asked, without=pointed.question)
    return f"{pointed.question} ({', '.join(topics)})" if topics else pointed.question


def _made(
    request: Request, outcome: Outcome, extract: Extract, papers: Sequence[Paper], near: Sequence[Hit] = ()
) -> Asked:
    """An answer that needs no search: the caller says what it was asked of."""
    return Asked(
        question="",
        standalone=request.text,
        hits=tuple(near),
        evidence=as_evidence(papers, near),
        confidence=Confidence(outcome, 1.0 if outcome == "answered" else 0.0, ()),
        generation=0,
        style="plain",
        model=None,
        provenance=Provenance("", "", "", 0),
        understood=request.understood,
        extract=extract,
    )


def _told_of(request: Request, papers: Sequence[Paper]) -> Asked:
    dated = request.wanted.kind == "date"
    known = any(paper.date if dated else paper.authors for paper in papers)
    outcome: Outcome = "answered" if known else "related"
    return _made(request, outcome, write_known(papers, request.wanted.kind), papers)
