"""LlamaIndex's usual beginning: SentenceSplitter, all-MiniLM-L6-v2 through torch, ChromaVectorStore, its retriever.

Runs in `.bench-venv` alone, started by `bench/embed.py`: reads the texts as one line of JSON, then a line for each
request, and answers each with a line of JSON. `"round"` is a timed ingest; `{"queries", "k"}` gives the places of the
nearest texts for each query, as the retriever ranks them. Nothing of ours is imported. Loading the model is not timed.
"""

import json
import sys
import time

import chromadb
from llama_index.core import Document, VectorStoreIndex
from llama_index.core.ingestion import IngestionPipeline
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.schema import MetadataMode
from llama_index.embeddings.huggingface import HuggingFaceEmbedding  # type: ignore[import-untyped]  # lives in .bench-venv
from llama_index.vector_stores.chroma import ChromaVectorStore  # type: ignore[import-untyped]  # lives in .bench-venv


def main() -> None:
    """Answer until standard input ends."""
    model = HuggingFaceEmbedding(model_name=sys.argv[1], device="cpu")
    client = chromadb.EphemeralClient()
    texts = json.loads(sys.stdin.readline())
    documents = [Document(text=text, doc_id=str(place)) for place, text in enumerate(texts)]
    splitter = SentenceSplitter(chunk_size=1024)
    model.get_text_embedding_batch([document.text for document in documents[:20]])
    _answer({})
    for number, line in enumerate(sys.stdin):
        store = ChromaVectorStore(chroma_collection=client.create_collection(f"request{number}"))
        pipeline = IngestionPipeline(transformations=[splitter, model], vector_store=store)
        request = json.loads(line)
        if request == "round":
            nodes = splitter.get_nodes_from_documents(documents)
            began = time.perf_counter()
            model.get_text_embedding_batch([node.get_content(MetadataMode.EMBED) for node in nodes])
            embedding = time.perf_counter() - began
            began = time.perf_counter()
            pipeline.run(documents=documents)
            _answer({"embed": embedding, "all": time.perf_counter() - began})
        else:
            pipeline.run(documents=documents)
            index = VectorStoreIndex.from_vector_store(store, embed_model=model)
            retriever = index.as_retriever(similarity_top_k=min(request["k"], len(documents)))
            found = [retriever.retrieve(query) for query in request["queries"]]
            _answer({"rankings": [[int(hit.node.ref_doc_id or 0) for hit in hits] for hits in found]})


def _answer(content: dict[str, object]) -> None:
    print(json.dumps(content), flush=True)


if __name__ == "__main__":
    main()
