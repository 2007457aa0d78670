"""ingest/sync.py: what dumps do to the corpus."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from ingest.log import runs
from ingest.progress import Progress
from ingest.sync import sync
from rag.errors import DamagedStoreError, DumpError, IndexMismatchError
from rag.index import Index
from rag.settings import Settings
from tests.dumps_of import abstract_of, row, title_of, write_dump
from tests.ingesting import DATA, ingest, papers, settings, tally
from tests.word_embedder import WordEmbedder


def generation() -> int:
    with Index.open(DATA).reading() as reading:
        return reading.generation


def content() -> dict[Path, bytes]:
    """Every file of the data folder, but for what SQLite keeps beside a database while it is read."""
    files = (path for path in DATA.rglob("*") if path.is_file() and not path.name.endswith(("-shm", "-wal")))
    return {path: path.read_bytes() for path in files}


def test_papers_are_stored_once_with_every_place_they_were_seen() -> None:
    first = write_dump(Path("a.jsonl"), [row(1), row(2)])
    second = write_dump(Path("b.jsonl"), [row(3), row(2)])
    report = ingest([first, second])
    assert tally(report) == [(2, 0, 0, 0), (1, 0, 0, 1)]
    assert (report.papers_total, report.chunks_total, report.embedded) == (3, 3, 3)
    seen = papers()[title_of(2)].sources
    assert [(source.dump, source.line) for source in seen] == [("a.jsonl", 2), ("b.jsonl", 2)]


def test_a_second_run_embeds_nothing_publishes_nothing_and_says_unchanged() -> None:
    dump = write_dump(Path("a.jsonl"), [row(number) for number in range(30)])
    ingest([dump])
    embedder = WordEmbedder()
    report = ingest([dump], embedder)
    assert (report.embedded, embedder.embedded, generation()) == (0, [], 1)
    assert tally(report) == [(0, 0, 30, 0)]
    assert not report.files[0].was_read


def test_a_rewritten_dump_with_the_same_papers_changes_nothing() -> None:
    dump = write_dump(Path("a.jsonl"), [row(1), row(2)])
    ingest([dump])
    write_dump(dump, [row(2), row(1)])
    report = ingest([dump])
    assert (tally(report), report.embedded, generation()) == ([(0, 0, 2, 0)], 0, 1)
    assert papers()[title_of(1)].sources[0].line == 2


def test_facts_of_a_later_dump_enrich_a_paper_without_embedding_it_again() -> None:
    ingest([write_dump(Path("a.jsonl"), [row(1)])])
    report = ingest([write_dump(Path("b.jsonl"), [row(1, id="2410.05434", authors=["Ada Example"])])])
    assert (tally(report), report.embedded, generation()) == ([(0, 1, 0, 0)], 0, 1)
    paper = papers()[title_of(1)]
    assert (paper.arxiv_id, paper.authors) == ("2410.05434", ("Ada Example",))


def test_a_changed_abstract_replaces_the_old_one_and_only_its_chunks_are_embedded() -> None:
    dump = write_dump(Path("a.jsonl"), [row(number) for number in range(20)])
    ingest([dump])
    longer = abstract_of(7) + " We add a proof that the method m7 ends after nine steps."
    write_dump(dump, [{**row(number), **({"abstract": longer} if number == 7 else {})} for number in range(20)])
    embedder = WordEmbedder()
    report = ingest([dump], embedder)
    assert tally(report) == [(0, 1, 19, 0)]
    assert len(embedder.embedded) == 1
    assert generation() == 2
    assert papers()[title_of(7)].abstract == longer
    with Index.open(DATA).reading() as reading:
        assert len(reading.nearest_chunks(embedder.embed_queries(["proof"])[0], 100)) == 20
        assert [paper for paper, _ in reading.best_words("nine steps", 5)] == [papers()[title_of(7)].paper_id]


def test_chunks_of_a_changed_paper_that_stay_the_same_keep_their_vectors() -> None:
    text = abstract_of(1, sentences=24)
    dump = write_dump(Path("a.jsonl"), [{"title": title_of(1), "abstract": text}])
    chunks = ingest([dump]).chunks_total
    assert chunks >= 3
    write_dump(dump, [{"title": title_of(1), "abstract": text + " A last sentence ends it."}])
    embedder = WordEmbedder()
    report = ingest([dump], embedder)
    assert 0 < report.embedded == len(embedder.embedded) < chunks


def test_a_dump_in_a_known_state_is_taken_up_after_it_was_changed_and_changed_back() -> None:
    dump = write_dump(Path("a.jsonl"), [row(1), row(2)])
    ingest([dump])
    write_dump(dump, [row(1)])
    ingest([dump])
    assert set(papers()) == {title_of(1), title_of(2)}  # a page that shows less loses nothing
    write_dump(dump, [row(1), row(2)])
    assert ingest([dump]).embedded == 0
    assert len(papers()[title_of(2)].sources) == 1


def test_pruning_drops_what_only_vanished_dumps_held() -> None:
    folder = Path("dumps")
    write_dump(folder / "a.jsonl", [row(1), row(2)])
    gone = write_dump(folder / "b.jsonl", [row(2), row(3)])
    other = write_dump(Path("elsewhere.jsonl"), [row(4)])
    ingest([folder, other])
    gone.unlink()
    other.unlink()
    report = ingest([folder])
    assert (report.vanished, report.pruned, report.papers_total) == (1, 0, 4)
    report = ingest([folder], prune=True)
    assert (report.pruned, report.papers_total) == (1, 3)
    assert set(papers()) == {title_of(1), title_of(2), title_of(4)}  # 4 was given elsewhere
    assert [source.dump for source in papers()[title_of(2)].sources] == ["a.jsonl"]
    with Index.open(DATA).reading() as reading:
        assert len(reading.nearest_chunks(WordEmbedder().embed_queries(["tides"])[0], 10)) == 3
        assert reading.best_words("x3", 5) == []


def test_a_vanished_file_itself_may_be_named_to_prune() -> None:
    kept, gone = write_dump(Path("a.jsonl"), [row(1)]), write_dump(Path("b.jsonl"), [row(2)])
    ingest([kept, gone])
    gone.unlink()
    with pytest.raises(DumpError):
        ingest([kept, gone])
    assert ingest([kept, gone], prune=True).pruned == 1
    assert set(papers()) == {title_of(1)}


def test_nothing_is_pruned_where_nothing_could_be_read() -> None:
    dump = write_dump(Path("dumps/a.jsonl"), [row(1)])
    ingest([dump.parent])
    dump.unlink()  # as when a disk is not mounted
    assert ingest([dump.parent], prune=True).pruned == 0
    assert set(papers()) == {title_of(1)}


def test_a_page_saved_over_an_older_one_is_no_vanished_dump() -> None:
    dump = write_dump(Path("today.jsonl"), [row(1)])
    ingest([dump])
    write_dump(dump, [row(2)])
    assert ingest([dump], prune=True).pruned == 0
    assert set(papers()) == {title_of(1), title_of(2)}


def test_a_dry_run_tells_the_same_and_changes_nothing() -> None:
    dump = write_dump(Path("a.jsonl"), [row(1), row(2), row(1)])
    planned = ingest([dump], dry_run=True)
    assert not DATA.exists()
    done = ingest([dump])
    keys = ["files", "papers_total", "chunks_total", "embedded"]
    assert {key: planned.as_json()[key] for key in keys} == {key: done.as_json()[key] for key in keys}
    before = content()
    more = write_dump(Path("b.jsonl"), [row(3)])
    assert ingest([dump, more], dry_run=True).papers_total == 3
    assert before == content()


def test_other_embeddings_are_refused_in_a_sentence_and_a_rebuild_takes_them() -> None:
    dump = write_dump(Path("a.jsonl"), [row(1), row(2)])
    ingest([dump])
    other = WordEmbedder(name="other", dimension=32)
    with pytest.raises(IndexMismatchError, match="made with the embeddings of words, but the settings ask for other"):
        ingest([dump], other)
    assert ingest([], other, rebuild=True).embedded == 2
    with Index.open(DATA).reading() as reading:
        assert reading.passport is not None
        assert (reading.generation, reading.passport.identity) == (2, other.identity)
        assert len(reading.nearest_chunks(other.embed_queries(["bees"])[0], 5)) == 2


def test_an_embedder_that_fails_leaves_the_published_corpus_and_its_work_is_used() -> None:
    class Failing(WordEmbedder):
        def embed_documents(self, texts: Sequence[str]) -> object:  # type: ignore[override]  # it ends in an error
            if self.embedded:
                raise DamagedStoreError("The power is gone.")
            return super().embed_documents(texts)

    ingest([write_dump(Path("a.jsonl"), [row(1)])])
    dump = write_dump(Path("b.jsonl"), [row(number) for number in range(2, 202)])
    failing = Failing()
    with pytest.raises(DamagedStoreError):
        ingest([dump], failing)
    assert set(papers()) == {title_of(1)}
    rest = WordEmbedder()
    report = ingest([dump], rest)
    assert report.papers_total == 201
    assert len(failing.embedded) + len(rest.embedded) == 200
    assert not set(failing.embedded) & set(rest.embedded)
    assert not (DATA / "staging.sqlite").exists()


def test_progress_can_cancel() -> None:
    class CancelledError(Exception):
        pass

    def cancel(progress: Progress) -> None:
        if progress.stage == "storing":
            raise CancelledError

    dump = write_dump(Path("a.jsonl"), [row(1)])
    with pytest.raises(CancelledError):
        sync([str(dump)], settings(), embedder=WordEmbedder(), progress=cancel)
    assert papers() == {}
    embedder = WordEmbedder()
    assert ingest([dump], embedder).papers_total == 1
    assert embedder.embedded == []  # it was embedded before the cancel


def test_a_missing_generation_is_told_and_a_rebuild_makes_it_anew() -> None:
    dump = write_dump(Path("a.jsonl"), [row(1)])
    ingest([dump])
    (DATA / "generations/1/vectors.f16").unlink()
    with pytest.raises(DamagedStoreError) as caught:
        ingest([dump])
    assert "--rebuild" in caught.value.hint
    assert ingest([], rebuild=True).papers_total == 1
    assert len(papers()) == 1


@pytest.mark.parametrize("kept", [0.5, 0.9])
def test_vectors_that_are_cut_off_are_told_before_new_ones_take_their_places(kept: float) -> None:
    dump, new = write_dump(Path("a.jsonl"), map(row, range(4))), write_dump(Path("b.jsonl"), [row(9)])
    ingest([dump])
    vectors = DATA / "generations/1/vectors.f16"
    vectors.write_bytes(vectors.read_bytes()[: int(kept * vectors.stat().st_size)])
    for paths in ([new], [dump]):
        with pytest.raises(DamagedStoreError) as caught:
            ingest(paths)
        assert "--rebuild" in caught.value.hint
    assert ingest([new], rebuild=True).papers_total == 5


def test_the_log_says_what_each_dump_brought() -> None:
    first = write_dump(Path("a.jsonl"), [row(1), row(2)])
    ingest([first])
    second = write_dump(Path("b.jsonl"), [row(2, upvotes=5), row(3), row(3)])
    ingest([first, second])
    newest, oldest = runs(DATA)
    assert (oldest.papers_total, newest.papers_total, oldest.embedded) == (2, 3, 2)
    assert [(dump.name, dump.new, dump.changed, dump.duplicates) for dump in newest.dumps] == [
        ("a.jsonl", 0, 0, 0),
        ("b.jsonl", 1, 1, 1),
    ]
    [detail] = runs(DATA, run=newest.run)
    assert [(event.kind, event.title, event.detail) for event in detail.dumps[1].events] == [
        ("changed", title_of(2), "upvotes"),
        ("new", title_of(3), ""),
        ("duplicate", title_of(3), ""),
    ]


def test_original_text_and_the_origin_of_facts_are_kept() -> None:
    from rag.catalogue import connect

    ingest(
        [
            write_dump(
                Path("a.jsonl"), [{"title": "A study of caf\u00e9s", "abstract": abstract_of(1) + "With more~words."}]
            )
        ]
    )
    ingest(
        [write_dump(Path("b.jsonl"), [{"title": "A study of caf\u00e9s", "abstract": abstract_of(1), "upvotes": 3}])]
    )
    connection = connect(DATA / "catalogue.sqlite")
    original = connection.execute("SELECT original_abstract FROM papers").fetchone()[0]
    facts = dict(connection.execute("SELECT fact, name FROM facts JOIN dumps ON dumps.dump = facts.dump"))
    connection.close()
    assert original.endswith("With more~words.")
    assert (facts["abstract"], facts["upvotes"]) == ("a.jsonl", "b.jsonl")


def test_rejected_places_are_told_again_when_the_same_dump_comes_again() -> None:
    dump = write_dump(Path("a.jsonl"), [row(1)])
    dump.write_text(dump.read_text(encoding="utf-8") + json.dumps({"title": "Only a title"}) + "\n", encoding="utf-8")
    first, second = ingest([dump]), ingest([dump])
    assert [each.line for each in first.files[0].rejected] == [2]
    assert first.files[0].rejected == second.files[0].rejected


def test_other_files_of_a_folder_are_passed_over() -> None:
    write_dump(Path("dumps/a.jsonl"), [row(1)])
    Path("dumps/picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    report = ingest(["dumps"])
    assert [file.name for file in report.files] == ["a.jsonl"]


def test_a_dump_can_be_taken_out_with_the_papers_that_only_it_held() -> None:
    first, second = write_dump(Path("a.jsonl"), [row(1), row(2)]), write_dump(Path("b.jsonl"), [row(2), row(3)])
    ingest([first, second])
    report = sync([], settings(), embedder=WordEmbedder(), forget=[str(second.resolve())])
    assert (report.pruned, report.papers_total) == (1, 2)
    assert set(papers()) == {title_of(1), title_of(2)}
    with Index.open(DATA).reading() as reading:
        assert [dump.name for dump in reading.dumps()] == ["a.jsonl"]
    [newest, _] = runs(DATA)
    assert (newest.pruned, newest.papers_total) == (1, 2)


def test_an_index_without_any_paper_left_can_be_read_and_filled_again() -> None:
    dump = write_dump(Path("a.jsonl"), [row(1)])
    ingest([dump])
    assert sync([], settings(), embedder=WordEmbedder(), forget=[str(dump.resolve())]).papers_total == 0
    with Index.open(DATA).reading() as reading:
        vector = WordEmbedder().embed_queries(["dunes"])[0]
        assert [reading.nearest_chunks(vector, 5) for _ in range(2)] == [[], []]
        assert (reading.best_words("dunes", 5), reading.chunk_cosines(vector, ["x"])) == ([], {})
    assert ingest([dump]).papers_total == 1
    with Index.open(DATA).reading() as reading:
        assert len(reading.nearest_chunks(vector, 5)) == 1


def test_the_order_in_which_dumps_come_does_not_matter_for_what_is_found() -> None:
    first = write_dump(Path("a.jsonl"), [row(number) for number in range(8)])
    second = write_dump(Path("b.jsonl"), [row(number, id=f"2410.0000{number}") for number in range(4, 12)])
    ingest([first])
    ingest([second, first])
    one = papers()
    backwards = Settings(data_dir=Path("other"), _env_file=None)
    sync([str(second), str(first)], backwards, embedder=WordEmbedder())
    with Index.open(Path("other")).reading() as reading:
        other = {paper.title: paper for paper in reading.all_papers()}
    assert one.keys() == other.keys()
    for title, paper in one.items():
        assert (paper.paper_id, paper.abstract, paper.arxiv_id) == (
            other[title].paper_id,
            other[title].abstract,
            other[title].arxiv_id,
        )
        assert set(paper.sources) == set(other[title].sources)
