"""rag/corpus_map: topics, names, places, the file on disk; and rag/similar.py, which reads the same vectors."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from ingest.sync import sync
from rag.corpus import Paper
from rag.corpus_map import build
from rag.corpus_map.build import make_map
from rag.corpus_map.clusters import find_topics, topic_count
from rag.corpus_map.layout import lay_out, place_among
from rag.corpus_map.model import CorpusMap
from rag.corpus_map.naming import name_topics
from rag.corpus_map.projection import project_papers, unit_rows
from rag.corpus_map.store import open_map
from rag.embedder import FloatMatrix
from rag.errors import EmptyIndexError
from rag.index import Index
from rag.matrix import Matrix, append_rows
from rag.settings import Settings
from rag.similar import similar_papers
from tests.dumps_of import row, write_dump
from tests.word_embedder import WordEmbedder

DATA = Path("data")


def groups(sizes: list[int], *, dimension: int = 24, noise: float = 0.25) -> tuple[FloatMatrix, list[int]]:
    """Unit rows in well-parted groups, mixed, and the group of each."""
    generator = np.random.default_rng(5)
    middles = generator.standard_normal((len(sizes), dimension))
    own = np.repeat(np.arange(len(sizes)), sizes)
    generator.shuffle(own)
    rows = (
        unit_rows(middles.astype(np.float32))[own]
        + noise * generator.standard_normal((len(own), dimension)) / dimension**0.5
    )
    return unit_rows(rows.astype(np.float32)), own.tolist()


@pytest.mark.parametrize(
    ("papers", "topics"), [(1, 1), (2, 1), (9, 3), (18, 6), (89, 6), (385, 10), (3_375, 16), (30_000, 20), (10**6, 20)]
)
def test_there_are_more_topics_in_a_larger_corpus(papers: int, topics: int) -> None:
    assert topic_count(papers) == topics


def test_groups_that_lie_apart_become_topics_the_largest_first() -> None:
    rows, own = groups([40, 25, 10])
    topic_of, centres = find_topics(rows, wanted=3)
    assert np.bincount(topic_of).tolist() == [40, 25, 10]
    assert topic_of.tolist() == own
    assert np.linalg.norm(centres, axis=1) == pytest.approx(1.0)
    again, _ = find_topics(rows, wanted=3)
    assert again.tolist() == topic_of.tolist()


def test_papers_that_are_all_the_same_are_one_topic() -> None:
    topic_of, centres = find_topics(np.tile(unit_rows(np.ones((1, 8), np.float32)), (12, 1)), wanted=4)
    assert set(topic_of.tolist()) == {0}
    assert len(centres) == 1


def test_like_papers_lie_together_and_the_same_papers_lie_in_the_same_places() -> None:
    rows, own = groups([60, 60, 60])
    places = lay_out(rows)
    assert places.shape == (180, 2)
    assert places.min() >= 0
    assert places.max() <= 1
    far = ((places[:, None] - places[None]) ** 2).sum(axis=2)
    np.fill_diagonal(far, np.inf)
    same = np.asarray(own)[far.argmin(axis=1)] == np.asarray(own)
    assert same.mean() > 0.95
    assert np.array_equal(places, lay_out(rows))


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_a_handful_of_papers_has_places_of_their_own(size: int) -> None:
    places = lay_out(groups([size])[0])
    assert len(np.unique(places, axis=0)) == size


def test_more_papers_are_put_among_those_they_are_like() -> None:
    rows, own = groups([50, 50])
    places = lay_out(rows[::2])
    added = place_among(rows[1::2], rows[::2], places)
    middles = [places[np.asarray(own[::2]) == group].mean(axis=0) for group in (0, 1)]
    nearer = [int(np.argmin([((place - middle) ** 2).sum() for middle in middles])) for place in added]
    assert np.mean(np.asarray(nearer) == np.asarray(own[1::2])) > 0.95
    assert place_among(rows[:0], rows, lay_out(rows)).shape == (0, 2)


def test_directions_are_those_in_which_the_papers_differ(tmp_path: Path) -> None:
    rows, own = groups([30, 30], dimension=48)
    common = unit_rows(rows + 3.0)  # what all of them have in common hides the groups
    append_rows(tmp_path / "vectors.f16", np.repeat(common, 2, axis=0))
    matrix = Matrix(tmp_path / "vectors.f16", 48)
    found = project_papers(matrix, np.arange(120), np.repeat(np.arange(60), 2))
    assert found.shape == (60, 32)
    topic_of, _ = find_topics(found, wanted=2)
    assert topic_of.tolist() in (own, [1 - group for group in own])


def test_topics_are_named_by_what_only_their_papers_say() -> None:
    texts = {
        0: ("Dunes of Sand", "We propose a method for sand dunes. Wind moves the dunes, and LLMs watch."),
        1: ("Reinforcement Learning for Drones", "We propose reinforcement learning. Drones learn, and LLMs watch."),
    }
    papers = [Paper(f"{topic}{copy}", *texts[topic]) for topic in texts for copy in range(5)]
    names = name_topics(papers, [topic for topic in texts for _ in range(5)], wanted=3)
    assert names[0][0] in {"dunes", "sand dunes", "sand"}
    assert "reinforcement learning" in names[1]
    assert names[2] == ()
    said = " ".join(term.casefold() for name in names for term in name)
    assert not {"propose", "method", "llms", "the"} & set(said.split())


def test_a_topic_is_named_by_no_paper_alone() -> None:
    pair = [Paper("1", "Quokka Sleep", "Bees dance at noon."), Paper("2", "Copper Rivers", "Clocks melt in summer.")]
    assert name_topics(pair, [0, 0], wanted=1) == [()]
    assert name_topics([*pair, Paper("3", "Rivers Sing", "Owls.")], [0, 0, 0], wanted=1) == [("rivers",)]


def test_names_are_spelt_as_the_papers_spell_them() -> None:
    papers = [Paper(str(n), "Speech with LoRA", "Speech needs LoRA. Our speech is quiet.") for n in range(4)]
    papers += [Paper(str(n), "Bees count flowers", "A bee counts its flowers.") for n in range(4, 9)]
    names = name_topics(papers, [1] * 4 + [0] * 5, wanted=2)
    assert "LoRA" in names[1]
    assert "speech" in names[1]


@pytest.fixture
def index() -> Index:
    """Eighty papers of ten kinds."""
    dump = write_dump(Path("dumps/a.jsonl"), [row(number) for number in range(80)])
    sync([str(dump)], Settings(data_dir=DATA, _env_file=None), embedder=WordEmbedder())
    return Index.open(DATA)


def made(index: Index) -> CorpusMap:
    steps: list[str] = []
    with index.reading() as reading:
        found = make_map(reading, steps.append)
    assert len(steps) == 3
    return found


def test_a_map_holds_every_paper_once(index: Index) -> None:
    found = made(index)
    with index.reading() as reading:
        assert set(found.paper_ids) == {paper.paper_id for paper in reading.all_papers()}
    assert sum(topic.papers for topic in found.topics) == 80
    assert len(found.topics) == topic_count(80)
    assert [topic.papers for topic in found.topics] == sorted((topic.papers for topic in found.topics), reverse=True)
    assert len({topic.short_name for topic in found.topics}) == len(found.topics)
    assert not found.is_sampled
    assert frozenset().union(*(found.in_topic(topic.number) for topic in found.topics)) == set(found.paper_ids)
    index.close()


def test_a_large_corpus_is_drawn_as_a_sample_and_placed_whole(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "DRAWN", 30)
    monkeypatch.setattr(build, "_PLACED", 20)
    found = made(index)
    assert found.is_sampled
    assert len(set(found.drawn.tolist())) == 30
    assert found.places.shape == (80, 2)
    assert not np.isnan(found.places).any()
    index.close()


def test_an_area_holds_the_papers_inside_of_its_line(index: Index) -> None:
    found = made(index)
    assert found.within([[-1, -1], [2, -1], [2, 2], [-1, 2]]) == set(found.paper_ids)
    left = found.within([[-1, -1], [0.5, -1], [0.5, 2], [-1, 2]])
    expected = {each for each, place in zip(found.paper_ids, found.places, strict=True) if place[0] < 0.5}
    assert left == expected
    assert 0 < len(left) < 80
    assert found.within([[0, 0], [1, 1]]) == frozenset()
    index.close()


def test_an_empty_index_has_an_empty_map() -> None:
    index = Index.open(DATA)
    with index.reading() as reading, pytest.raises(EmptyIndexError):
        make_map(reading)


def test_the_map_is_kept_on_disk_until_the_corpus_changes(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    first = open_map(index, DATA)
    [path] = (DATA / "maps").iterdir()
    again = open_map(index, DATA, lambda step: pytest.fail(f"{step}: it was made twice"))
    assert again.paper_ids == first.paper_ids
    assert again.topics == first.topics
    assert np.array_equal(again.places, first.places)
    assert np.array_equal(again.topic_of, first.topic_of)
    for damage in (b"", b"PK\x03\x04 no archive", path.read_bytes()[:-200]):
        path.write_bytes(damage)
        assert open_map(index, DATA).topics == first.topics
    dump = write_dump(Path("dumps/b.jsonl"), [row(number) for number in range(80, 95)])
    sync([str(dump)], Settings(data_dir=DATA, _env_file=None), embedder=WordEmbedder())
    assert len(open_map(index, DATA).paper_ids) == 95
    assert [each.name for each in (DATA / "maps").iterdir()] != [path.name]
    assert len(list((DATA / "maps").iterdir())) == 1
    index.close()


def test_a_map_that_was_made_slowly_leaves_the_one_of_a_later_generation(index: Index) -> None:
    made = open_map(index, DATA)
    [path] = (DATA / "maps").iterdir()
    corpus, _, rules = path.stem.split("-")
    later, killed, being_written = (path.with_name(name) for name in (f"{corpus}-12-{rules}.npz", "a.new", "b.new"))
    for other in (later, killed, being_written, path.with_name(f"{corpus}-0-{rules}.npz"), path.with_name("x-9-1.npz")):
        other.write_bytes(b"")
    os.utime(killed, (0, 0))
    path.unlink()
    assert open_map(index, DATA).topics == made.topics
    assert set((DATA / "maps").iterdir()) == {path, later, being_written}
    index.close()


def test_a_folder_that_cannot_be_written_has_a_map_all_the_same(index: Index) -> None:
    (DATA / "maps").write_text("no folder", encoding="utf-8")
    assert len(open_map(index, DATA).paper_ids) == 80
    index.close()


def test_similar_papers_are_others_of_the_kind_nearest_first(index: Index) -> None:
    with index.reading() as reading:
        paper = next(iter(reading.all_papers()))
        for _ in range(2):  # from the matrix, then from Chroma
            found = similar_papers(reading, paper.paper_id, k=5)
            assert len(found) == 5
            assert paper.paper_id not in {each.paper.paper_id for each in found}
            assert sum("dunes" in each.paper.title for each in found) >= 4
            cosines = [each.cosine for each in found]
            assert cosines == sorted(cosines, reverse=True)
        assert similar_papers(reading, "unknown") == []
        assert similar_papers(reading, paper.paper_id, k=0) == []
    index.close()
