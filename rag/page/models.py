"""Models: who writes the answers, what made the vectors, and whether both answer now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from rag.page import notices
from rag.page.engine import Engine
from rag.page.holdings import Holdings
from rag.page.sources import printed_date
from rag.page.text import count, escape
from rag.settings import Settings

if TYPE_CHECKING:
    from rag.doctor import Check

_STATES = {"ok": "works", "warning": "look", "failed": "does not work", "off": "off"}


def draw(engine: Engine, holdings: Holdings) -> None:
    """The whole room."""
    st.html('<div class="room"><h1>Models</h1><p>Who writes the answers, and what finds the papers.</p></div>')
    st.html(language_model_html(engine.settings))
    st.html(embeddings_html(holdings))
    if st.button("Test both now", icon=":material/stethoscope:"):
        _examine(engine.settings)


def _examine(settings: Settings) -> None:
    """The doctor's lines, each as soon as it is known."""
    from rag.doctor import examine

    place, lines = st.empty(), []
    place.html('<ol class="steps" role="status"><li class="now">Testing</li></ol>')
    for check in examine(settings):
        lines.append(check_html(check))
        place.html(f'<ul class="checks">{"".join(lines)}<li class="now">Testing</li></ul>')
    place.html(f'<ul class="checks">{"".join(lines)}</ul>')


def check_html(check: Check) -> str:
    """One line of the doctor, and what to do."""
    hint = f'<span class="hint">{escape(check.hint)}</span>' if check.hint else ""
    return (
        f'<li class="{check.status}"><b>{escape(check.name)}</b> <span class="state">{_STATES[check.status]}</span>'
        f"<span>{escape(check.detail)}</span>{hint}</li>"
    )


def language_model_html(settings: Settings) -> str:
    """What is set for the language model, or how to set it. Keys are never shown."""
    if not settings.has_model:
        return (
            '<div class="room"><h2>Language model</h2>'
            + notices.notice_html(
                "No language model is set up",
                "Answers are made of sentences from the papers, word for word.",
                "Set `LLM_BASE_URL` in `.env`, and `LLM_MODEL` where the server has several, and start the page again; "
                "any OpenAI-compatible server will do: Ollama, vLLM, llama.cpp, LM Studio, or OpenAI itself.",
                plain=True,
            )
            + "</div>"
        )
    key = "set" if settings.llm_api_key.get_secret_value() else "not set"
    return _facts(
        "Language model",
        {
            "Model": settings.llm_model or "the first that the server offers",
            "Address": settings.llm_base_url or "OpenAI",
            "Key": key,
            "Context": f"{settings.llm_context_window:,} tokens",
            "Patience": f"{settings.llm_timeout:g} s without a sign of life",
        },
    )


def embeddings_html(holdings: Holdings) -> str:
    """The passport of the index."""
    passport = holdings.passport
    if passport is None:
        return ""
    return _facts(
        "Embeddings of the index",
        {
            "Model": passport.identity.model,
            "Dimensions": f"{passport.identity.dimension:,}",
            "Indexed": f"{count(holdings.counts.papers, 'paper')} in {count(holdings.counts.chunks, 'passage')}",
            "Made": printed_date(passport.created[:10]),
        },
    )


def _facts(title: str, facts: dict[str, str]) -> str:
    rows = "".join(f"<tr><th>{escape(name)}</th><td>{escape(fact)}</td></tr>" for name, fact in facts.items())
    return f'<div class="room"><h2>{escape(title)}</h2><table class="passport"><tbody>{rows}</tbody></table></div>'
