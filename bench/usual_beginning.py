"""LlamaIndex's usual beginning, timed: SentenceSplitter, all-MiniLM-L6-v2 through torch, ChromaVectorStore.

Runs in `.bench-venv` alone, started by `bench/embed.py`: reads the texts as one line of JSON, then a line for each
round, and answers each with a line of JSON. Nothing of ours is imported. Loading the model is not timed.
"""

import json
import sys
import time

import chromadb
from llama_index.core import Document
from llama_index.core.ingestion import IngestionPipeline
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.schema import MetadataMode
from llama_index.embeddings.huggingface import HuggingFaceEmbedding  # type: ignore[import-untyped]  # lives in .bench-venv
from llama_index.vector_stores.chroma import ChromaVectorStore  # type: ignore[import-untyped]  # lives in .bench-venv


def main() -> None:
    """Answer until standard input ends."""
    model = HuggingFaceEmbedding(model_name=sys.argv[1], device="cpu")
    client = chromadb.EphemeralClient()
    documents = [Document(text=text) for text in json.loads(sys.stdin.readline())]
    splitter = SentenceSplitter(chunk_size=1024)
    model.get_text_embedding_batch([document.text for document in documents[:20]])
    _answer({})
    for number, _ in enumerate(sys.stdin):
        nodes = splitter.get_nodes_from_documents(documents)
        began = time.perf_counter()
        model.get_text_embedding_batch([node.get_content(MetadataMode.EMBED) for node in nodes])
        embedding = time.perf_counter() - began
        began = time.perf_counter()
        store = ChromaVectorStore(chroma_collection=client.create_collection(f"round{number}"))
        IngestionPipeline(transformations=[splitter, model], vector_store=store).run(documents=documents)
        _answer({"embed": embedding, "all": time.perf_counter() - began})


def _answer(content: dict[str, float]) -> None:
    print(json.dumps(content), flush=True)


if __name__ == "__main__":
    main()
