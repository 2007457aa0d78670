"""What made the index's vectors: its passport, making them anew, and using other embeddings for good."""

from __future__ import annotations

import re

import streamlit as st

from ingest.progress import duration
from rag.errors import AskPapersError, UsageError
from rag.page import embeddings_saving, examining, ingest_view, notices
from rag.page.add_dumps import is_mine, owner
from rag.page.engine import Engine
from rag.page.estimate import pace_of_ingests, try_embeddings
from rag.page.holdings import Holdings
from rag.page.ingesting import Task, desk
from rag.page.model_choice import full_address, written_key
from rag.page.sources import printed_date
from rag.page.text import count, escape
from rag.redaction import without_user
from rag.settings import Settings

_PLACE, _NOW = "embeddings", "present-embeddings"  # where the lines of a test stand
_SAID = "embeddings-said"
_ADDRESS, _MODEL, _KEY = "embed-address", "embed-name", "embed-key"


def draw(shared: Engine, holdings: Holdings, *, mine: bool) -> None:
    """The whole section. `mine`: the visitor sits at the machine and may change things."""
    problem = shared.mismatch(holdings)
    with st.container(key="embeddings"):
        st.html(passport_html(holdings, shared.settings))
        if problem:
            notices.problem(problem)
        job = desk().job
        if job is not None and not job.over:
            ingest_view.running(job)
            return
        if job is not None and is_mine(job) and job.task.rebuild:
            ingest_view.finished(job)
            st.button("Close", key="close-rebuild", on_click=desk().put_away, args=(job,))
        if mine and not holdings.empty:
            _rebuild(shared, holdings)
        if mine:
            _others(shared)


def passport_html(holdings: Holdings, settings: Settings) -> str:
    """What the vectors of the index were made with; before the first ingest, what will make them."""
    passport = holdings.passport
    if passport is None:
        model = settings.embed_model or "the bundled all-MiniLM-L6-v2"
        facts = {"Model": f"{model}, for the first papers that are added"}
    else:
        facts = {
            "Model": passport.identity.model,
            "From": without_user(settings.embed_base_url)
            or ("OpenAI" if settings.embed_model else "bundled, runs on this machine"),
            "Dimensions": f"{passport.identity.dimension:,}",
            "Indexed": f"{count(holdings.counts.papers, 'paper')} in {count(holdings.counts.chunks, 'passage')}",
            "Passages": re.sub(r" \(\d+\)$", "", passport.chunking),
            "Made": printed_date(passport.created[:10]),
            "Fingerprint": passport.identity.fingerprint[:16],
        }
    rows = "".join(f"<tr><th>{escape(name)}</th><td>{escape(fact)}</td></tr>" for name, fact in facts.items())
    return f'<div class="room"><h2>Embeddings</h2><table class="passport"><tbody>{rows}</tbody></table></div>'


def _rebuild(shared: Engine, holdings: Holdings) -> None:
    st.html(f'<p class="facts">{escape(estimate_words(shared, holdings))}</p>')
    with st.container(key="rebuild-buttons", horizontal=True):
        wanted = st.button("Embed all papers anew", key="rebuild", disabled=desk().busy)
        settings = shared.settings
        st.button(
            "Measure first",
            key="measure",
            on_click=examining.begin,
            args=(_NOW, lambda: try_embeddings(settings)),
            help="A few seconds; changes nothing.",
        )
    examining.draw(_NOW)
    if wanted:
        try:
            desk().begin(settings, Task(rebuild=True, owner=owner()))
        except AskPapersError as error:
            notices.problem(error)
        else:
            st.rerun()


def estimate_words(shared: Engine, holdings: Holdings) -> str:
    """How long a rebuild takes, as far as earlier ingests tell."""
    chunks = holdings.counts.chunks
    try:
        pace = pace_of_ingests(shared.settings.data_dir)
    except AskPapersError:
        pace = None
    what = f"Embedding all {count(chunks, 'passage')} anew"
    if pace is None:
        return f"{what} is only needed where the index is damaged. How long it takes can be measured first."
    took = duration(max(1.0, chunks / pace))
    return f"{what} takes about {took}, at the {pace:,.0f} passages a second of the last ingests. Questions go on."


def _others(shared: Engine) -> None:
    """The form for other embeddings."""
    settings = shared.settings
    st.session_state.setdefault(_ADDRESS, without_user(settings.embed_base_url))
    st.session_state.setdefault(_MODEL, settings.embed_model)
    with st.expander("Use other embeddings", key="other-embeddings", type="compact"):
        st.html(
            '<p class="facts">A larger model may find more. All papers have to be embedded anew with it; the present '
            "index answers until the new one is whole. Leave both fields empty for the bundled model.</p>"
        )
        form = st.form("embeddings-form", border=False)
        form.text_input("Address of their server", key=_ADDRESS, placeholder="http://127.0.0.1:11434/v1")
        form.text_input("Embedding model", key=_MODEL, placeholder="nomic-embed-text")
        form.text_input("Key of that server", key=_KEY, type="password", autocomplete="off")
        with form.container(key="embed-buttons", horizontal=True):
            st.form_submit_button("Test and measure", key="test-embeddings", on_click=_test, args=(settings,))
            st.form_submit_button("Rebuild with these ...", key="rebuild-other", on_click=_wish, args=(settings,))
        problem: AskPapersError | None = st.session_state.get(_SAID)
        if problem is not None:
            notices.problem(problem)
        examining.draw(_PLACE)
    embeddings_saving.draw()


def _written(settings: Settings) -> Settings | None:
    """The settings with the form's embeddings; None where they cannot be used, which is told."""
    state = st.session_state
    state.pop(_SAID, None)
    examining.forget(_PLACE)
    try:
        return other_embeddings(
            settings, address=state.get(_ADDRESS) or "", model=state.get(_MODEL) or "", key=state.get(_KEY) or ""
        )
    except AskPapersError as error:
        state[_SAID] = error
        return None


def other_embeddings(settings: Settings, *, address: str, model: str, key: str) -> Settings:
    """The settings with other embeddings; their key only goes to their own address. Raises UsageError."""
    base_url, model, key = full_address(address, own=settings.embed_base_url), model.strip(), written_key(key)
    if base_url and not model:
        raise UsageError("A model's name is missing.", hint="Write the name that the server gives it.")
    if not key and base_url == settings.embed_base_url:
        key = settings.embed_api_key.get_secret_value()
    secret = type(settings.embed_api_key)(key)
    return settings.model_copy(update={"embed_base_url": base_url, "embed_model": model, "embed_api_key": secret})


def _test(settings: Settings) -> None:
    wanted = _written(settings)
    if wanted is not None:
        examining.begin(_PLACE, lambda: try_embeddings(wanted))


def _wish(settings: Settings) -> None:
    wanted = _written(settings)
    if wanted is not None:
        embeddings_saving.wish(wanted, entered_key=bool(st.session_state.get(_KEY)))
