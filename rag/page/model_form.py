"""Another language model: servers found on this machine, or an address; tested, then used for a session or for good."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import streamlit as st

from rag.errors import AskPapersError, ModelError
from rag.page import examining, model_saving, notices
from rag.page.model_choice import SMALLEST_WINDOW, ModelChoice, choose, full_address, make_choice
from rag.page.text import count, escape
from rag.redaction import without_user
from rag.settings import Settings

if TYPE_CHECKING:
    from rag.doctor import Check
    from rag.endpoint import LocalServer

_PLACE = "other-model"
_OFFERED = "offered-models"  # in the session's state: (address, its models)
_SAID = "model-said"  # in the session's state: what went wrong with the form
_ADDRESS, _MODEL, _WINDOW, _IN, _OUT = (
    f"model-{name}" for name in ("address", "name", "window", "price-in", "price-out")
)
_ROUND = "model-key-round"  # in the session's state: how often the key's field was emptied
_KNOWN_FOR = 20.0  # seconds that found servers are taken as still there


def draw(settings: Settings, *, has_model: bool) -> None:
    """The servers of this machine, then the form. `settings` are the server's, `has_model` is told of the session."""
    st.html(f'<div class="room"><h2>Use {"another" if has_model else "a"} model</h2></div>')
    _servers()
    st.session_state.setdefault(_ADDRESS, without_user(settings.llm_base_url))
    # A form, since a password field outside of one keeps what was typed to itself when the reader goes on with Tab.
    with st.container(key="model-form"), st.form("model", border=False):
        _fields(settings)
        _buttons(settings)
    problem: AskPapersError | None = st.session_state.get(_SAID)
    if problem is not None:
        notices.problem(problem)
    examining.draw(_PLACE)


@st.cache_data(ttl=_KNOWN_FOR, show_spinner=False)
def local_servers() -> list[LocalServer]:
    """The servers that answer on this machine's usual ports."""
    from rag.endpoint import find_local_servers

    return find_local_servers()


def _servers() -> None:
    place = st.empty()
    place.html(notices.step_html("Looking for servers on this machine"))
    found = local_servers()
    with place.container(key="servers", gap=None):
        if not found:
            st.html(
                '<p class="facts">No server was found on this machine. Ollama, LM Studio, llama.cpp and vLLM are '
                "looked for at their usual ports; any other server can be named below.</p>"
            )
        for server in found:
            with st.container(key=f"server-{server.name}", horizontal=True, vertical_alignment="center"):
                st.html(server_html(server))
                st.button(f"Take {server.name}", key=f"take-{server.name}", on_click=_take, args=(server,))
        st.button("Look again", key="look-again", type="tertiary", on_click=local_servers.clear)


def server_html(server: LocalServer) -> str:
    """A server's name, address and models."""
    models = ", ".join(server.models[:4]) + (" ..." if len(server.models) > 4 else "")
    facts = " · ".join([server.base_url, count(len(server.models), "model"), *([models] if models else [])])
    return f'<p class="dump"><b>{escape(server.name)}</b><span class="facts">{escape(facts)}</span></p>'


def _take(server: LocalServer) -> None:
    """Fill the form with a server that was found."""
    st.session_state[_ADDRESS] = server.base_url
    st.session_state[_OFFERED] = (server.base_url, server.models)
    st.session_state[_MODEL] = server.models[0] if server.models else None
    _empty_key()
    _forget_what_was_said()


def _key_field() -> str:
    """A field in a form keeps what was typed whatever its state says, so it is emptied by taking a new one."""
    return f"model-key-{st.session_state.get(_ROUND, 0)}"


def _empty_key() -> None:
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1


def _fields(settings: Settings) -> None:
    st.text_input(
        "Address",
        key=_ADDRESS,
        placeholder="http://127.0.0.1:11434/v1",
        help="Of any server that speaks the OpenAI protocol. Leave it empty for OpenAI itself.",
    )
    with st.container(key="model-names", horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            "Model",
            _offered(),
            index=None,
            key=_MODEL,
            accept_new_options=True,
            placeholder="The first that the server offers, or write a name",
        )
        st.form_submit_button("List its models", key="list-models", on_click=_list_models, args=(settings,))
    st.text_input(
        "Key",
        key=_key_field(),
        type="password",
        autocomplete="off",
        help="Only where the server asks for one. It stays in this session's memory.",
    )
    with st.expander("Context and prices", key="model-more", type="compact"):
        # Its value is part of it: one put into the session's state is lost where a run is cut short by the next.
        st.number_input(
            "Tokens that the model reads",
            min_value=SMALLEST_WINDOW,
            value=settings.llm_context_window,
            step=1024,
            key=_WINDOW,
            help="LLM_CONTEXT_WINDOW",
        )
        with st.container(horizontal=True):
            words = f"{settings.llm_currency} for a million tokens"
            st.number_input(f"{words} read", min_value=0.0, key=_IN, help="LLM_PRICE_IN; 0: not known")
            st.number_input(f"{words} written", min_value=0.0, key=_OUT, help="LLM_PRICE_OUT; 0: not known")


def _offered() -> list[str]:
    """The models of the address in the form, as far as known; and the one that is chosen."""
    state = st.session_state
    address, models = state.get(_OFFERED, ("", ()))
    known = list(models) if address == _address() else []
    chosen = state.get(_MODEL)
    return known if not chosen or chosen in known else [*known, chosen]


def _address() -> str:
    try:
        return full_address(st.session_state.get(_ADDRESS, ""))
    except AskPapersError:
        return ""


def _buttons(settings: Settings) -> None:
    with st.container(key="model-buttons", horizontal=True):
        submit = st.form_submit_button
        submit("Use for this session", type="primary", key="use-session", on_click=_use, args=(settings,))
        submit("Use for good ...", key="use-good", on_click=_save, args=(settings,))
        submit("Test it first", key="test-other", on_click=_test, args=(settings,))


def _written(settings: Settings) -> ModelChoice | None:
    """What stands in the form; None where it cannot be used, which is told."""
    state = st.session_state
    _forget_what_was_said()
    try:
        return make_choice(
            settings,
            address=state.get(_ADDRESS) or "",
            model=state.get(_MODEL) or "",
            key=state.get(_key_field()) or "",
            context_window=int(state.get(_WINDOW) or settings.llm_context_window),
            price_in=float(state.get(_IN) or 0.0),
            price_out=float(state.get(_OUT) or 0.0),
        )
    except AskPapersError as error:
        state[_SAID] = error
        return None


def _forget_what_was_said() -> None:
    st.session_state.pop(_SAID, None)
    examining.forget(_PLACE)


def _use(settings: Settings) -> None:
    wanted = _written(settings)
    if wanted is not None:
        choose(wanted)
        _empty_key()
        examining.forget("models")


def _save(settings: Settings) -> None:
    wanted = _written(settings)
    if wanted is not None:
        model_saving.wish(wanted, entered_key=bool(st.session_state.get(_key_field())))


def _test(settings: Settings) -> None:
    wanted = _written(settings)
    if wanted is not None:
        candidate = wanted.applied_to(settings)
        examining.begin(_PLACE, lambda: _check(candidate))


def _check(settings: Settings) -> Iterator[Check]:
    from rag.doctor import check_endpoint

    return check_endpoint(settings)


def _list_models(settings: Settings) -> None:
    """Ask the server in the form what it has."""
    wanted = _written(settings)
    if wanted is None:
        return
    from contextlib import closing

    from rag.endpoint import Endpoint

    state = st.session_state
    try:
        with closing(Endpoint(wanted.applied_to(settings))) as endpoint:
            models = endpoint.models()
    except (ModelError, AskPapersError) as error:
        state[_SAID] = error
        return
    state[_OFFERED] = (without_user(wanted.base_url), models)
    if models and state.get(_MODEL) not in models:
        state[_MODEL] = models[0]
