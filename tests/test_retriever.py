"""The search behind LlamaIndex's joint."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from llama_index.core.schema import MetadataMode

from rag.chosen_embedder import open_embedder
from rag.embedder import Embedder
from rag.index import Index
from rag.retriever import PaperRetriever
from rag.search import search
from rag.settings import Settings
from tests.small_corpus import index_small_corpus


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return index_small_corpus(tmp_path_factory.mktemp("retriever") / "data")


@pytest.fixture(scope="module")
def embedder(settings: Settings) -> Embedder:
    return open_embedder(settings)


@pytest.fixture(scope="module")
def index(settings: Settings) -> Iterator[Index]:
    with closing(Index.open(settings.data_dir)) as opened:
        yield opened


def test_it_returns_what_search_returns_in_the_same_order(index: Index, embedder: Embedder) -> None:
    nodes = PaperRetriever(index, embedder, k=4).retrieve("memory of optimizers")
    with index.reading() as reading:
        hits = search(reading, embedder, "memory of optimizers", k=4)
    assert [node.node.node_id for node in nodes] == [hit.paper.paper_id for hit in hits]
    assert [node.score for node in nodes] == [hit.score for hit in hits]
    assert nodes[0].metadata["title"] == hits[0].paper.title
    assert nodes[0].metadata["cosine_rank"] == hits[0].cosine_rank


def test_a_model_reads_title_and_abstract_and_no_scores(index: Index, embedder: Embedder) -> None:
    node = PaperRetriever(index, embedder, k=1).retrieve("desert dunes")[0].node
    shown = node.get_content(metadata_mode=MetadataMode.LLM)
    assert "Tides of Sand" in shown
    assert "4.2 metres" in shown
    assert "cosine" not in shown


def test_an_empty_corpus_retrieves_nothing(tmp_path: Path, embedder: Embedder) -> None:
    with closing(Index.open(tmp_path / "nothing")) as empty:
        assert PaperRetriever(empty, embedder).retrieve("memory") == []
