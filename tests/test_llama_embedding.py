"""Our embedder inside LlamaIndex's own index."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from llama_index.core import Document, VectorStoreIndex

from rag.llama_embedding import PaperEmbedding
from rag.minilm import BundledEmbedder

TEXTS = ["Gauges along a river predict floods.", "The optimizer keeps its momentum in eight bits."]


@pytest.fixture(scope="module")
def embedding() -> PaperEmbedding:
    return PaperEmbedding(BundledEmbedder())


def test_an_index_of_llama_index_finds_with_our_embeddings(embedding: PaperEmbedding) -> None:
    index = VectorStoreIndex.from_documents([Document(text=text) for text in TEXTS], embed_model=embedding)
    found = index.as_retriever(similarity_top_k=1).retrieve("How much memory does Adam take?")
    assert [hit.text for hit in found] == TEXTS[1:]


def test_all_its_ways_give_the_embedders_vectors(embedding: PaperEmbedding) -> None:
    expected = BundledEmbedder().embed_documents(TEXTS).tolist()
    assert embedding.get_text_embedding_batch(TEXTS) == expected
    assert embedding.get_query_embedding(TEXTS[0]) == expected[0]
    with ThreadPoolExecutor(1) as alone:  # the browser tests leave an event loop running in this thread
        assert alone.submit(lambda: asyncio.run(embedding.aget_query_embedding(TEXTS[0]))).result() == expected[0]
        assert alone.submit(lambda: asyncio.run(embedding.aget_text_embedding(TEXTS[1]))).result() == expected[1]
    assert embedding.model_name == BundledEmbedder().identity.model
