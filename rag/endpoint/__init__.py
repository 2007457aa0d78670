"""The language model's endpoint: any OpenAI-compatible server, reached through LlamaIndex's OpenAILike.

Importing this is cheap; the slow libraries are imported at the first question, or by `warm_up`.
"""

from __future__ import annotations

from rag.endpoint.chat import ChatModel, Piece
from rag.endpoint.client import Endpoint
from rag.endpoint.servers import LocalServer, find_local_servers, list_models

__all__ = ["ChatModel", "Endpoint", "LocalServer", "Piece", "find_local_servers", "list_models"]
