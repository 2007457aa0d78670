"""Answers and their papers in the forms that other programs read: Markdown, BibTeX, RIS."""

from __future__ import annotations

from rag.export.bibtex import as_bibtex
from rag.export.markdown import answer_as_markdown, conversation_as_markdown
from rag.export.papers import cited_in
from rag.export.ris import as_ris

__all__ = ["answer_as_markdown", "as_bibtex", "as_ris", "cited_in", "conversation_as_markdown"]
