"""The words of the papers in tantivy: BM25 for the best papers and for given ones. The only file that imports tantivy.

One field holds title and abstract, stemmed: on SciFact that ranks better than two fields or a weighted title. What a
reader typed is cut into tokens here and never reaches tantivy's query parser, which fails on "C++ (a:b".
"""

from __future__ import annotations

import math
import os
import shutil
import tempfile
import threading
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from rag.corpus import Paper
from rag.errors import DamagedStoreError, UnwritableStoreError

if TYPE_CHECKING:
    import tantivy

_REBUILD = "Run `python -m ingest --rebuild`."
_HEAP = 64_000_000  # bytes that the writer may hold before it writes
_MOST_TERMS = 512  # different words of one query; a pasted page has more, and its first ones tell enough


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that shape a question and say nothing of its topic, besides the usual English ones.
_STOP_WORDS = _listed(
    """
    a about above after again against all also am an and any are aren as at be because been before being below between
    both but by can cannot could couldn d did didn do does doesn doing don down during each few for from further had
    hadn has hasn have haven having he her here hers herself him himself his how i if in into is isn it its itself just
    ll m me more most mustn my myself no nor not now of off on once only or other our ours ourselves out over own re s
    same shan she should shouldn so some such t than that the their theirs them themselves then there these they this
    those through to too under until up ve very was wasn we were weren what when where which while who whom why will
    with won would wouldn you your yours yourself yourselves
    paper papers article articles publication publications work works study studies author authors propose proposes
    proposed describe describes discuss discusses explain find finds give gives given list mention mentions please
    present presents report reports say says show shows tell tells there anything something anyone someone
    """
)


class Words:
    """The index of one generation, read by many threads or written by one."""

    def __init__(self, folder: Path) -> None:
        """`folder` is the generation's own. Opened at the first use."""
        self._path = folder / "words"
        self._lock = threading.Lock()
        self._opened: tuple[tantivy.Index, tantivy.Searcher] | None = None
        self._vocabulary: dict[str, int] | None = None
        self._copy: tempfile.TemporaryDirectory[str] | None = None

    def _open(self) -> tuple[tantivy.Index, tantivy.Searcher]:
        with self._lock:
            if self._opened is None:
                import tantivy

                try:
                    index = tantivy.Index.open(str(self._readable()))
                    self._opened = index, index.searcher()
                except (ValueError, OSError) as error:
                    raise DamagedStoreError(
                        f"The word index in {self._path} cannot be opened: {error}.", hint=_REBUILD
                    ) from error
            return self._opened

    def _readable(self) -> Path:
        """The folder, or a copy where it cannot be written: tantivy makes a lock file even to read."""
        if not self._path.is_dir() or os.access(self._path, os.W_OK):
            return self._path
        self._copy = tempfile.TemporaryDirectory(prefix="askpapers-")
        copy = shutil.copytree(self._path, Path(self._copy.name) / "words", copy_function=shutil.copyfile)
        copy.chmod(0o700)  # the folder's own mode came along
        return copy

    def count(self) -> int:
        """How many papers there are."""
        return self._open()[1].num_docs

    def best(
        self, terms: str | Sequence[str], k: int, *, every: bool = False, among: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        """The `k` best (paper_id, BM25), best first: papers with at least one of the words, with `every` of them all.

        A string is a question, whose stop words are left out; a sequence holds words to be searched as they are.
        With `among` only these papers are looked at.
        """
        weights = stems(terms)
        if not weights or k < 1:
            return []
        import tantivy

        index, _ = self._open()
        query = _any_of(index.schema, weights, every=every)
        if among is not None:
            given = tantivy.Query.const_score_query(
                tantivy.Query.term_set_query(index.schema, "paper_id", list(among)), 0.0
            )
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, given), (tantivy.Occur.Must, query)])
        return self._search(query, k)

    def scores(self, terms: str | Sequence[str], paper_ids: Iterable[str]) -> dict[str, float]:
        """The BM25 of given papers; 0.0 where no word is in the paper. Unknown papers are left out."""
        wanted = list(dict.fromkeys(paper_ids))
        if not wanted:
            return {}
        import tantivy

        index, _ = self._open()
        query, occur = tantivy.Query, tantivy.Occur
        given = query.const_score_query(query.term_set_query(index.schema, "paper_id", wanted), 0.0)
        weights = stems(terms)
        if weights:
            given = query.boolean_query([(occur.Must, given), (occur.Should, _any_of(index.schema, weights))])
        return dict(self._search(given, len(wanted)))

    def holding(self, groups: Sequence[Sequence[Sequence[str]]]) -> list[tuple[str, float]]:
        """(paper_id, BM25) of every paper that meets each group, best first.

        A group is met by any of its alternatives, and an alternative is a list of stems that all have to be there.
        """
        if not groups or not all(any(group) for group in groups):
            return []
        import tantivy

        index, searcher = self._open()
        must, query = tantivy.Occur.Must, tantivy.Query

        def all_of(stems: Sequence[str]) -> tantivy.Query:
            terms = [query.term_query(index.schema, "text", stem, index_option="freq") for stem in stems]
            return query.boolean_query([(must, term) for term in terms])

        def any_alternative(group: Sequence[Sequence[str]]) -> tantivy.Query:
            return query.boolean_query([(tantivy.Occur.Should, all_of(stems)) for stems in group if stems])

        return self._search(
            query.boolean_query([(must, any_alternative(group)) for group in groups]), searcher.num_docs
        )

    def frequency(self, stem: str) -> int:
        """How many papers hold a word with this stem."""
        return int(self._open()[1].doc_freq("text", stem))

    def vocabulary(self) -> dict[str, int]:
        """Every stem with the number of papers that hold it, the most frequent first; read once."""
        if self._vocabulary is None:
            found = self._open()[1].terms_with_prefix("text", "")
            self._vocabulary = {str(stem): int(count) for stem, count in found}
        return self._vocabulary

    def _search(self, query: tantivy.Query, k: int) -> list[tuple[str, float]]:
        _, searcher = self._open()
        try:
            found = searcher.search(query, k, count=False).hits
            pairs = [(str(searcher.doc(address)["paper_id"][0]), float(score)) for score, address in found]
        except (ValueError, OSError) as error:
            raise DamagedStoreError(
                f"The word index in {self._path} cannot be read: {error}.", hint=_REBUILD
            ) from error
        return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))

    def close(self) -> None:
        """Give back files and memory; a later call opens again."""
        with self._lock:
            self._opened = None
            if self._copy is not None:
                self._copy.cleanup()
                self._copy = None


def stems(terms: str | Sequence[str]) -> dict[str, int]:
    """Stem -> how often it is asked for, in order of first use; see Words.best."""
    analyser = _analyser()
    if isinstance(terms, str):
        words = [word for word in _cut(terms) if word not in _STOP_WORDS]
    else:
        words = [word for term in terms for word in _cut(term)]
    counts = Counter(stem for word in words for stem in analyser.analyze(word))
    return dict(list(counts.items())[:_MOST_TERMS])


def rarity(holding: int, papers: int) -> float:
    """What a word tells apart that `holding` of all papers hold: BM25's weight of it, as tantivy has it."""
    return math.log(1 + (papers - holding + 0.5) / (holding + 0.5))


def _cut(text: str) -> list[str]:
    return _splitter().analyze(text.encode("utf-8", "replace").decode("utf-8"))  # a lone surrogate is no text


_analysers: dict[str, tantivy.TextAnalyzer] = {}


def _splitter() -> tantivy.TextAnalyzer:
    """Cuts as the index does, without stemming."""
    if "split" not in _analysers:
        import tantivy

        builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        _analysers["split"] = builder.filter(tantivy.Filter.remove_long(40)).filter(tantivy.Filter.lowercase()).build()
    return _analysers["split"]


def _analyser() -> tantivy.TextAnalyzer:
    """The index's own `en_stem`, which tantivy does not hand out."""
    if "stem" not in _analysers:
        import tantivy

        builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        _analysers["stem"] = (
            builder.filter(tantivy.Filter.remove_long(40))
            .filter(tantivy.Filter.lowercase())
            .filter(tantivy.Filter.stemmer("english"))
            .build()
        )
    return _analysers["stem"]


def _any_of(schema: tantivy.Schema, weights: dict[str, int], *, every: bool = False) -> tantivy.Query:
    import tantivy

    query = tantivy.Query
    occur = tantivy.Occur.Must if every else tantivy.Occur.Should
    clauses = []
    for stem, weight in weights.items():
        clause = query.term_query(schema, "text", stem, index_option="freq")
        clauses.append((occur, clause if weight == 1 else query.boost_query(clause, float(weight))))
    return query.boolean_query(clauses)


class WordsWriter:
    """Writes the word index of a generation that is being built."""

    def __init__(self, folder: Path) -> None:
        """Opens the index in the generation's folder, or makes it. Raises StoreError."""
        import tantivy

        path = folder / "words"
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("paper_id", stored=True, tokenizer_name="raw", index_option="basic")
        builder.add_text_field("text", tokenizer_name="en_stem", index_option="freq")
        try:
            path.mkdir(parents=True, exist_ok=True)
            self._index = tantivy.Index(builder.build(), path=str(path), reuse=True)
            self._writer = self._index.writer(_HEAP, 1)  # one thread: the same papers give the same index
        except (ValueError, OSError) as error:
            raise DamagedStoreError(f"The word index in {path} cannot be written: {error}.", hint=_REBUILD) from error
        self._path = path

    def delete(self, paper_ids: Iterable[str]) -> None:
        """Take papers out; unknown ones are passed over."""
        for paper_id in paper_ids:
            self._writer.delete_documents_by_term("paper_id", paper_id)

    def add(self, papers: Iterable[Paper]) -> None:
        """Put papers in; one that is there already has to be deleted before."""
        import tantivy

        for paper in papers:
            document = tantivy.Document()
            document.add_text("paper_id", paper.paper_id)
            document.add_text("text", f"{paper.title}\n{paper.abstract}")
            self._writer.add_document(document)

    def commit(self) -> None:
        """Write all to disk and close. Raises UnwritableStoreError where that fails."""
        try:
            self._writer.commit()
            self._writer.wait_merging_threads()
        except (ValueError, OSError) as error:
            raise UnwritableStoreError(
                f"The word index in {self._path} cannot be written: {error}.", hint="Free some space and run it again."
            ) from error

    def abandon(self) -> None:
        """Give up what was not committed."""
        with suppress(ValueError, OSError):
            self._writer.rollback()
