"""Models: who writes the answers and what made the vectors, whether both answer now, and how to use others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import streamlit as st

from rag.page import embeddings, examining, model_form, model_saving, notices
from rag.page.engine import Engine
from rag.page.holdings import Holdings
from rag.page.model_choice import EXTRACTS, ModelChoice, choice, choose
from rag.page.text import escape
from rag.page.visitor import HERE, visitor
from rag.redaction import without_user
from rag.settings import Settings

if TYPE_CHECKING:
    from rag.doctor import Check

_PLACE = "models"  # where the doctor's lines stand


def draw(engine: Engine, shared: Engine, holdings: Holdings) -> None:
    """The whole room. `shared` goes by the settings alone, `engine` by what this session has chosen."""
    st.html('<div class="room"><h1>Models</h1><p>Who writes the answers, and what finds the papers.</p></div>')
    mine = visitor() == HERE
    with st.container(key="model"):
        st.html(language_model_html(engine.settings, chosen=choice() is not None))
        _actions(engine, shared)
        examining.draw(_PLACE)
    with st.container(key="other-model"):
        if mine:
            model_form.draw(shared.settings, has_model=engine.settings.has_model)
            model_saving.draw()
        else:
            _from_elsewhere()
    embeddings.draw(shared, holdings, mine=mine)


def _actions(engine: Engine, shared: Engine) -> None:
    """What can be done with the model in use."""
    settings = engine.settings
    with st.container(key="model-actions", horizontal=True):
        st.button(
            "Test now",
            icon=":material/stethoscope:",
            key="test-models",
            on_click=examining.begin,
            args=(_PLACE, lambda: _examine(settings)),
        )
        if settings.has_model:
            st.button("Extracts only", key="extracts-only", on_click=_choose, args=(EXTRACTS,))
        if choice() is not None:
            words = f"Back to {shared.settings.shown_model}" if shared.settings.has_model else "Back to the settings"
            st.button(words, key="back-to-settings", on_click=_choose, args=(None,))


def _choose(wanted: ModelChoice | None) -> None:
    choose(wanted)
    examining.forget(_PLACE)


def _examine(settings: Settings) -> Iterator[Check]:
    from rag.doctor import examine

    return examine(settings)


def _from_elsewhere() -> None:
    st.html(
        notices.notice_html(
            "Other models are chosen at the machine that serves this page",
            "You visit it from elsewhere, so addresses and keys cannot be entered here.",
            "Whoever runs it opens the page there, or sets `LLM_BASE_URL` and `LLM_MODEL` in `.env`.",
            plain=True,
        )
    )


def language_model_html(settings: Settings, *, chosen: bool) -> str:
    """Who writes, and where that was said. Keys are never shown."""
    where = '<span class="tag">this session</span>' if chosen else ""
    if not settings.has_model:
        return (
            f'<div class="room"><h2>Language model {where}</h2>'
            + notices.notice_html(
                "Extracts only" if chosen else "No language model is set up",
                "Answers are made of sentences from the papers, word for word.",
                ""
                if chosen
                else "Choose one below, or set `LLM_BASE_URL` in `.env`. Any OpenAI-compatible server will do: "
                "Ollama, LM Studio, llama.cpp, vLLM, or OpenAI itself.",
                plain=True,
            )
            + "</div>"
        )
    return facts_html(
        f"Language model {where}",
        {
            "Model": settings.llm_model or "the first that the server offers",
            "Address": without_user(settings.llm_base_url) if settings.llm_base_url else "OpenAI",
            "Key": "set" if settings.llm_api_key.get_secret_value() else "none",
            "Context": f"{settings.llm_context_window:,} tokens (what an answer may read and write together)",
            "Cost": cost_words(settings),
            "Patience": f"{settings.llm_timeout:g} s without a sign of life",
            "Order of papers": "the model puts the first hits in order"
            if settings.llm_rerank
            else "that of the search; with LLM_RERANK=yes the model puts the first hits in order",
            "Second judge": "reads each answer's sentences again, after the check"
            if settings.llm_judge
            else "no; with LLM_JUDGE=yes it reads each answer's sentences again, after the check",
        },
    )


def cost_words(settings: Settings) -> str:
    """What a million tokens cost, as far as that was told."""
    price_in, price_out = settings.llm_price_in, settings.llm_price_out
    if not price_in and not price_out:
        return "not known; set LLM_PRICE_IN and LLM_PRICE_OUT, and answers tell what they cost"
    return f"{price_in:g} {settings.llm_currency} for a million tokens read, {price_out:g} for as many written"


def facts_html(title: str, facts: dict[str, str]) -> str:
    """A heading, which is HTML, and a table of facts, which are text."""
    rows = "".join(f"<tr><th>{escape(name)}</th><td>{escape(fact)}</td></tr>" for name, fact in facts.items())
    return f'<div class="room"><h2>{title}</h2><table class="passport"><tbody>{rows}</tbody></table></div>'
