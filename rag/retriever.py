"""The search as a LlamaIndex retriever, so that any of its query engines can stand on our index.

One node a paper, best first: the node's text is the paper's title and abstract, its score the fused one. Importing
this file imports LlamaIndex, which takes seconds; the commands and the page use `rag/search.py`.
"""

from __future__ import annotations

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from rag.corpus import Hit
from rag.embedder import Embedder
from rag.index import Index
from rag.search import search

# Facts for programs; a model that reads the node needs none of them.
_FACTS = ["paper_id", "rank", "cosine", "bm25", "cosine_rank", "bm25_rank", "passage", "url", "dumps"]


class PaperRetriever(BaseRetriever):
    """Retrieves papers from an index with its embedder."""

    def __init__(self, index: Index, embedder: Embedder, *, k: int = 8) -> None:
        super().__init__()
        self._index = index
        self._embedder = embedder
        self._k = k

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        """Raises UsageError for an empty query, StoreError and EmbedderError."""
        with self._index.reading() as reading:
            hits = search(reading, self._embedder, query_bundle.query_str, k=self._k)
        return [NodeWithScore(node=hit_as_node(hit), score=hit.score) for hit in hits]


def hit_as_node(hit: Hit) -> TextNode:
    """A hit as a node: the paper's id is the node's id, so that results of two searches can be merged."""
    paper = hit.paper
    return TextNode(
        id_=paper.paper_id,
        text=paper.abstract,
        metadata={
            "title": paper.title,
            "paper_id": paper.paper_id,
            "rank": hit.rank,
            "cosine": hit.cosine,
            "bm25": hit.bm25,
            "cosine_rank": hit.cosine_rank,
            "bm25_rank": hit.bm25_rank,
            "passage": hit.passage,
            "url": paper.link,
            "dumps": [source.dump for source in paper.sources],
        },
        excluded_embed_metadata_keys=_FACTS,
        excluded_llm_metadata_keys=_FACTS,
    )
