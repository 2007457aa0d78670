"""What known embedding models want in front of a query or a document, and how much text they read.

As their authors' model cards say; leaving the words out costs several points of nDCG, silently. Names are matched as
servers spell them: "nomic-embed-text:latest" (Ollama), "text-embedding-nomic-embed-text-v1.5" (LM Studio),
"Snowflake/snowflake-arctic-embed-m-v2.0" (Hugging Face), "bge-small-en-v1.5-q8_0.gguf" (llama.cpp).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_TASK = "Given a web search query, retrieve relevant passages that answer the query"
_INSTRUCT = f"Instruct: {_TASK}\nQuery: "
_PASSAGES = "Represent this sentence for searching relevant passages: "
_SHORT, _USUAL, _LONG = 256, 512, 2048  # tokens


@dataclass(frozen=True, slots=True)
class Habits:
    """How a model wants its texts."""

    query_prefix: str = ""
    document_prefix: str = ""
    window: int = _USUAL  # tokens that it reads for sure, prefix included; what comes after may be dropped silently


# The first pattern found in the normalised name counts, so the narrower ones come first.
_KNOWN: list[tuple[str, Habits]] = [
    (r"e5-mistral|e5-large-instruct|e5-.*instruct|sfr-embedding|linq-embed", Habits(_INSTRUCT)),
    (r"\be5\b", Habits("query: ", "passage: ")),
    (r"embeddinggemma|embedding-gemma", Habits("task: search result | query: ", "title: none | text: ", _LONG)),
    (r"nomic-embed-code", Habits("Represent this query for searching relevant code: ", window=_LONG)),
    (r"nomic-embed-text-v2", Habits("search_query: ", "search_document: ")),
    (r"nomic-embed", Habits("search_query: ", "search_document: ", _LONG)),
    (r"modernbert-embed", Habits("search_query: ", "search_document: ", _LONG)),
    (r"bge-m3|bge-multilingual-gemma|bge-en-icl", Habits(window=_LONG)),
    (r"bge-.*-zh", Habits("为这个句子生成表示以用于检索相关文章：")),
    (r"bge-(micro|small|base|large)", Habits(_PASSAGES)),
    (r"mxbai-embed|uae-large", Habits(_PASSAGES)),
    (r"arctic-embed2|arctic-embed-[a-z]-v2|arctic-embed-.*-v2", Habits("query: ", window=_LONG)),
    (r"arctic-embed", Habits(_PASSAGES)),
    (r"qwen3-embedding", Habits(f"Instruct: {_TASK}\nQuery:", window=_LONG)),
    (r"gte-qwen|stella", Habits(_INSTRUCT)),
    (
        r"jina-embeddings-v3",
        Habits(
            "Represent the query for retrieving evidence documents: ", "Represent the document for retrieval: ", _LONG
        ),
    ),
    (r"jina-embeddings-v4", Habits("Query: ", "Passage: ", _LONG)),
    (r"jina-embeddings-v5", Habits("Query: ", "Document: ", _LONG)),
    (r"jina-embeddings", Habits(window=_LONG)),
    (r"nv-embed", Habits("Instruct: Given a question, retrieve passages that answer the question\nQuery: ")),
    (r"llama-(3-2-nv-embedqa|nemotron-embed)", Habits("query: ", "passage: ")),
    (r"text-embedding-(3|ada)", Habits(window=_LONG)),
    (r"minilm", Habits(window=_SHORT)),
]


def habits_of(model: str) -> Habits:
    """What the model of that name wants; nothing in front and 512 tokens where the name is not known."""
    name = re.sub(r"[\s_.:/]+", "-", model.casefold())
    return next((habits for pattern, habits in _KNOWN if re.search(pattern, name)), Habits())
