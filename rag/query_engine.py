"""The assistant as one of LlamaIndex's query engines: `PaperQueryEngine(assistant=...).query("...")`.

Imports LlamaIndex (seconds); nothing of ours needs this file.
"""

from __future__ import annotations

from llama_index.core.base.response.schema import Response
from llama_index.core.query_engine import CustomQueryEngine
from llama_index.core.schema import NodeWithScore, TextNode
from pydantic import ConfigDict

from rag.answer import Assistant
from rag.corpus import Answer, Citation


class PaperQueryEngine(CustomQueryEngine):
    """Answers with our text; the cited papers are the source nodes, in the order of their numbers.

    A node's text is the quoted sentence; its metadata tell number, title, address and support. The response's
    metadata hold outcome, mode and notice.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    assistant: Assistant

    def custom_query(self, query_str: str) -> Response:
        """The answer to one question. Raises UsageError, StoreError and EmbedderError."""
        answer = self.assistant.ask(query_str)
        scores = {item.paper.paper_id: item.hit.score for item in answer.evidence}
        nodes = [_node(citation, scores.get(citation.paper.paper_id)) for citation in answer.citations]
        return Response(response=answer.text, source_nodes=nodes, metadata=_metadata(answer))


def _node(citation: Citation, score: float | None) -> NodeWithScore:
    paper = citation.paper
    node = TextNode(
        id_=f"{paper.paper_id}:{citation.number}",
        text=citation.quote,
        metadata={
            "number": citation.number,
            "paper_id": paper.paper_id,
            "title": paper.title,
            "url": paper.link,
            "support": citation.support,
        },
    )
    return NodeWithScore(node=node, score=score)


def _metadata(answer: Answer) -> dict[str, object]:
    return {
        "outcome": answer.outcome,
        "mode": answer.mode,
        "model": answer.model,
        "notice": answer.notice,
        "standalone_question": answer.standalone_question,
    }
