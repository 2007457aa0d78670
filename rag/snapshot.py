"""One moment of the corpus: catalogue, vectors and words of a published generation, as `Index.reading` gives it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from rag.catalogue import Catalogue, Counts, DumpInfo, Place, State
from rag.conditions import LAST_ADDED, NEWEST, OLDEST, RELEASES_CODE, Condition, condition_of
from rag.corpus import Chunk, Paper
from rag.embedder import EmbedderIdentity, FloatVector
from rag.errors import EmptyIndexError, IndexMismatchError, StoreError
from rag.filters import EVERYTHING, Filters
from rag.matrix import Matrix
from rag.opened import Generation
from rag.passport import Passport
from rag.permitted import Permitted, permitted
from rag.topics.on_topic import papers_on
from rag.words import stems

_SPARE = 1.25  # share of neighbours asked for beyond k where they are sieved
_ROWS = 8000  # permitted rows that are gone through one by one (6 ms); of more, Chroma's neighbours are sieved
_SIEVED = 4000  # neighbours or papers that are looked through for permitted ones, at most


class Reading:
    """One moment of the corpus. Used by one thread; ends with the `with` that gave it."""

    def __init__(self, catalogue: Catalogue | None, state: State, opened: Generation | None) -> None:
        self._catalogue = catalogue
        self._opened = opened
        self.corpus = state.corpus  # its random name
        self.generation = state.generation  # 0: nothing ingested yet
        self.revision = state.revision  # grows with every change, also of facts and places alone
        self.passport: Passport | None = opened.record.passport if opened else None
        self._places: dict[str, list[Place]] = {}  # those that were asked for
        self._on_topic: dict[str, tuple[str, ...]] = {}  # those that were asked for
        self._counts: Counts | None = None

    def _open(self) -> tuple[Catalogue, Generation]:
        if self._catalogue is None or self._opened is None:
            raise _nothing_ingested()
        return self._catalogue, self._opened

    def check(self, identity: EmbedderIdentity) -> None:
        """Raise EmptyIndexError where nothing was ingested, IndexMismatchError where these embeddings do not fit."""
        if self.passport is None:
            raise _nothing_ingested()
        try:
            self.passport.check(identity)
        except IndexMismatchError:
            if not self.counts().papers:  # all were taken out, and the next ingest may bring any embeddings
                raise _nothing_ingested() from None
            raise

    def counts(self) -> Counts:
        """How many papers, chunks and dumps there are."""
        if self._counts is None:
            self._counts = self._catalogue.counts() if self._catalogue else Counts(0, 0, 0)
        return self._counts

    def papers(self, paper_ids: Sequence[str]) -> dict[str, Paper]:
        """The papers of these ids; an unknown id is left out."""
        return self._catalogue.papers(paper_ids) if self._catalogue else {}

    def titles(self, paper_ids: Sequence[str]) -> dict[str, str]:
        """The titles of the papers of these ids; an unknown id is left out."""
        return self._catalogue.titles(paper_ids) if self._catalogue else {}

    def all_papers(self) -> Iterator[Paper]:
        """Every paper in the order of arrival, a few at a time in memory."""
        return self._catalogue.all_papers() if self._catalogue else iter(())

    def named(self, titles: Sequence[str], identifiers: Sequence[str]) -> list[str]:
        """Ids of the papers of these titles, in normalise_title's form, and of these ids of the source or of arXiv."""
        return self._catalogue.named(titles, identifiers) if self._catalogue else []

    def titles_beginning(self, names: Sequence[str]) -> list[str]:
        """Ids of papers whose title begins with one of the names, in normalise_title's form; at most 20 for a name."""
        catalogue = self._catalogue
        return [found for name in names for found in catalogue.titles_beginning(name, limit=20)] if catalogue else []

    def chunks(self, chunk_ids: Sequence[str]) -> dict[str, Chunk]:
        """The chunks of these ids; an unknown id is left out."""
        return self._catalogue.chunks(chunk_ids) if self._catalogue else {}

    def chunks_of(self, paper_ids: Sequence[str]) -> dict[str, list[Chunk]]:
        """Each paper's chunks in the order of its text; an unknown paper is left out."""
        return self._catalogue.chunks_of(paper_ids) if self._catalogue else {}

    def dumps(self) -> list[DumpInfo]:
        """Every dump that was ingested, in the order of arrival."""
        return self._catalogue.dumps() if self._catalogue else []

    def permitted(self, filters: Filters) -> Permitted:
        """The papers that filters let through. Raises EmptyIndexError where nothing has been ingested."""
        catalogue, opened = self._open()

        def make() -> Permitted:
            found = catalogue.ids_where(self._condition(filters))
            return permitted(found, catalogue.positions_of(found), of=self.counts().papers, of_rows=len(opened.matrix))

        return opened.permitted.get(self.revision, filters, make)

    def count_where(self, filters: Filters, *, dated: bool | None = None) -> int:
        """How many papers the filters let through; with `dated` False how many without a date would pass otherwise."""
        return self._catalogue.count_where(self._condition(filters, dated=dated)) if self._catalogue else 0

    def ids_where(
        self, filters: Filters, *, newest: bool, limit: int, among: Sequence[str] | None = None, oldest: bool = False
    ) -> list[str]:
        """The ids of papers (of `among`) that the filters permit: the newest, the oldest or the last added first."""
        if not self._catalogue:
            return []
        condition = self._condition(filters, among=among)
        order = OLDEST if oldest else NEWEST if newest else LAST_ADDED
        return self._catalogue.ids_where(condition, order=order, limit=limit)

    def undated(self) -> int:
        """How many papers have no date that says a year."""
        return self.count_where(EVERYTHING, dated=False)

    def releasing_code(self) -> list[str]:
        """The ids of papers with a link to code, or whose abstract says that code is released; the last added first."""
        return self._catalogue.ids_where(RELEASES_CODE, order=LAST_ADDED) if self._catalogue else []

    def _condition(
        self, filters: Filters, *, dated: bool | None = None, among: Sequence[str] | None = None
    ) -> Condition:
        """The filters as SQL; the word index says which papers hold the words that they name."""
        holding: list[Sequence[str]] = [self._holding(phrase) for phrase in filters.phrases]
        if among is not None:
            holding.append(among)
        lacking = [paper_id for topic in filters.without for paper_id in self._on(topic)]
        return condition_of(filters, holding=holding, lacking=lacking, dated=dated)

    def _holding(self, words: str) -> list[str]:
        """Ids of the papers that hold all the words in any form."""
        wanted = list(stems([words]))
        return [paper_id for paper_id, _ in self.words_held([[wanted]])] if wanted else []

    def _on(self, topic: str) -> tuple[str, ...]:
        """Ids of the papers on a topic, as they are counted: the others are those that are not on it."""
        if topic not in self._on_topic:
            self._on_topic[topic] = papers_on(self, topic).paper_ids
        return self._on_topic[topic]

    def nearest_chunks(self, vector: FloatVector, k: int, *, among: Permitted | None = None) -> list[tuple[str, float]]:
        """The `k` chunks nearest to a vector of unit length: (chunk_id, cosine in [-1, 1]), best first.

        Chroma finds them, in a time that hardly grows with the corpus. It takes 1.5 s to load, so the first query that
        an opened generation gets is answered from the matrix instead, exactly: a command that asks once never loads it.
        With `among` only chunks of permitted papers: few rows are gone through one by one, of many the neighbours are
        sieved. Raises EmptyIndexError where nothing has been ingested.
        """
        _, opened = self._open()
        at_once = opened.answers_at_once()
        if among is not None and (at_once or len(among.rows) <= _ROWS):
            return self._nearest_in_matrix(vector, k, among.rows)
        if at_once:
            return self._nearest_in_matrix(vector, k)
        if among is None:
            return self._neighbours(vector, k)[:k]
        wanted = min(_SIEVED, int(_SPARE * k / among.share_of_rows))
        found = self._neighbours(vector, wanted, among)[:k]
        return found if len(found) >= min(k, len(among.rows)) // 2 else self._nearest_in_matrix(vector, k, among.rows)

    def _neighbours(self, vector: FloatVector, k: int, among: Permitted | None = None) -> list[tuple[str, float]]:
        """Chroma's `k` neighbours, or those of them that are permitted; the matrix's where a server falls short."""
        catalogue, opened = self._open()
        found = opened.neighbours(catalogue, vector, k)
        if found is None:
            return self._nearest_in_matrix(vector, k, None if among is None else among.rows)
        owners = dict.fromkeys(vector_id.partition(":")[0] for vector_id, _ in found)
        chunk_ids: dict[str, list[str]] = {}
        for place in self._places_of(owners if among is None else [one for one in owners if one in among.paper_ids]):
            chunk_ids.setdefault(place.vector_id, []).append(place.chunk_id)
        known = [(chunk_id, cosine) for vector_id, cosine in found for chunk_id in chunk_ids.get(vector_id, ())]
        if among is None and len(known) < min(k, self.counts().chunks):  # the vectors of an ingest that is under way
            return self._nearest_in_matrix(vector, k)
        return known

    def _nearest_in_matrix(
        self, vector: FloatVector, k: int, rows: NDArray[np.intp] | None = None
    ) -> list[tuple[str, float]]:
        """The nearest of all rows, or of these."""
        catalogue, opened = self._open()
        cosines = opened.matrix.all_cosines(vector) if rows is None else opened.matrix.cosines(vector, rows)
        wanted = max(k, 0)
        while True:
            best = np.argpartition(-cosines, wanted)[:wanted] if wanted < len(cosines) else np.arange(len(cosines))
            near = {int(place if rows is None else rows[place]): float(cosines[place]) for place in best}
            places = catalogue.places_at(near)
            if len(places) >= k or wanted >= len(cosines):
                break
            wanted = 2 * wanted + 1  # some rows belong to texts that are gone
        found = [(place.chunk_id, float(np.clip(near[place.position], -1.0, 1.0))) for place in places]
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:k]

    def warm(self) -> None:
        """Load Chroma and the matrix, for the queries to come."""
        catalogue, opened = self._open()
        if opened.record.chroma_url:
            opened.fault_of_server(catalogue)  # counts its vectors, which opens them
        elif not opened.frozen:
            opened.vectors.count()
        opened.words.count()
        len(opened.matrix)

    def check_files(self) -> None:
        """Raise StoreError where words or vectors in the data folder are not those of the catalogue's papers."""
        catalogue, opened = self._open()
        opened.check(catalogue)

    def fault_of_server(self) -> StoreError | None:
        """Why a server that holds the vectors cannot be asked; searches are answered from the data folder then."""
        catalogue, opened = self._open()
        return opened.fault_of_server(catalogue)

    def chunk_cosines(self, vector: FloatVector, paper_ids: Sequence[str]) -> dict[str, list[tuple[str, float]]]:
        """Every chunk of given papers against a vector of unit length: paper_id -> (chunk_id, cosine), in text order.

        Exact to 0.0003; unknown papers are left out. Raises EmptyIndexError where nothing has been ingested.
        """
        _, opened = self._open()
        places = self._places_of(paper_ids)
        cosines = opened.matrix.cosines(vector, [place.position for place in places])
        found: dict[str, list[tuple[str, float]]] = {}
        for place, cosine in zip(places, np.clip(cosines, -1.0, 1.0).tolist(), strict=True):
            found.setdefault(place.paper_id, []).append((place.chunk_id, cosine))
        return found

    def _places_of(self, paper_ids: Iterable[str]) -> list[Place]:
        """Where the vectors of these papers' chunks are; asked of the catalogue once for each paper."""
        wanted = list(dict.fromkeys(paper_ids))
        unknown = [paper_id for paper_id in wanted if paper_id not in self._places]
        if unknown:
            self._places.update((paper_id, []) for paper_id in unknown)
            for place in self._open()[0].places_of(unknown):
                self._places[place.paper_id].append(place)
        return [place for paper_id in wanted for place in self._places[paper_id]]

    def best_words(
        self, terms: str | Sequence[str], k: int, *, every: bool = False, among: Permitted | None = None
    ) -> list[tuple[str, float]]:
        """The `k` best (paper_id, BM25) by words, best first, with `among` of the permitted papers; see Words.best.

        Raises EmptyIndexError where nothing has been ingested.
        """
        _, opened = self._open()
        if among is None or among.are_few:
            return opened.words.best(terms, k, every=every, among=among.paper_ids if among else None)
        wanted = min(_SIEVED, int(_SPARE * k / among.share))
        found = opened.words.best(terms, wanted, every=every)
        return [pair for pair in found if pair[0] in among.paper_ids][:k]

    def words_held(self, groups: Sequence[Sequence[Sequence[str]]]) -> list[tuple[str, float]]:
        """Every paper that meets all groups of stems, best first; see Words.holding."""
        return self._open()[1].words.holding(groups)

    def frequency(self, stem: str) -> int:
        """How many papers hold a word with this stem."""
        return self._open()[1].words.frequency(stem)

    def stored(self) -> tuple[Catalogue, Matrix]:
        """The catalogue and the vectors themselves, for what goes through all papers.

        Raises EmptyIndexError where nothing has been ingested.
        """
        catalogue, opened = self._open()
        return catalogue, opened.matrix

    def word_scores(self, terms: str | Sequence[str], paper_ids: Sequence[str]) -> dict[str, float]:
        """The BM25 of given papers, 0.0 where no word is there.

        Raises EmptyIndexError where nothing has been ingested.
        """
        return self._open()[1].words.scores(terms, paper_ids)

    def vocabulary(self) -> dict[str, int]:
        """Every stem with the number of papers that hold it."""
        return self._open()[1].words.vocabulary()


def _nothing_ingested() -> EmptyIndexError:
    return EmptyIndexError(
        "No papers have been ingested yet.", hint="Run `python -m ingest PATH` with a saved page of papers."
    )
