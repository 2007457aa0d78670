"""Conversations kept on this machine, in a file of their own beside the index; no ingest ever touches it."""

from __future__ import annotations

from rag.conversations.kept import Feedback, KeptConversation, KeptExchange, Problem
from rag.conversations.store import FILE, Conversations, new_id

__all__ = ["FILE", "Conversations", "Feedback", "KeptConversation", "KeptExchange", "Problem", "new_id"]
