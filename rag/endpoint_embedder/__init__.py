"""Embeddings from any OpenAI-compatible endpoint: OpenAI itself, Ollama, LM Studio, vLLM, llama.cpp, TEI ..."""

from __future__ import annotations

from rag.endpoint_embedder.embedding import EndpointEmbedder
from rag.endpoint_embedder.habits import Habits, habits_of

__all__ = ["EndpointEmbedder", "Habits", "habits_of"]
