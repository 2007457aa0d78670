"""Sign-in on shared servers: who stands before the door, who is inside, and where the page may listen at all."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from scripts.serve import address_problem
from tests.conftest import ROOT
from tests.page_harness import APP, OpenPage, button, fresh_server, open_page, shown

__all__ = ["fresh_server", "open_page"]  # fixtures of every test here

EXAMPLE = ROOT / "docs" / "secrets-example.toml"
READER = {"is_logged_in": True, "name": "Ada <b>Example</b>", "sub": "17", "iss": "https://login.example.org"}


@pytest.fixture
def visit(sample_index: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A visit to a server with these secrets, by this person."""
    monkeypatch.setenv("RAG_DATA_DIR", str(sample_index))
    monkeypatch.setenv("RAG_KEEP_CONVERSATIONS", "no")

    def go(secrets: dict[str, Any], person: dict[str, Any] | None = None) -> AppTest:
        page = AppTest.from_file(APP, default_timeout=60)
        page.secrets.update(secrets)
        if person:
            page.user.update(person)
        return page.run()

    return go


def secrets() -> dict[str, Any]:
    """Those of the example."""
    return tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))


def labels(page: AppTest) -> list[str]:
    return [each.label for each in page.button]


def test_without_it_nobody_is_asked_for_a_name(open_page: OpenPage, sample_index: Path) -> None:
    page = open_page(sample_index)
    assert "Ask your papers" in shown(page)
    assert not {"Sign in", "Sign out"} & set(labels(page))


def test_who_has_not_signed_in_sees_the_door_and_no_paper(visit: Any) -> None:
    page = visit(secrets())
    text = shown(page)
    assert "This server is shared" in text
    assert not page.chat_input
    assert "89 papers" not in text
    assert "New conversation" not in labels(page)


def test_a_missing_package_is_told_before_anybody_presses_a_button(visit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.page.signing_in.find_spec", lambda name: None)
    page = visit(secrets())
    assert "The package that signs people in is not installed" in shown(page)
    assert "docs/shared-server.md" in shown(page)
    assert labels(page) == []


def test_several_providers_get_a_button_each(visit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.page.signing_in.find_spec", lambda name: object())
    assert labels(visit(secrets())) == ["Sign in"]
    several = {"auth": {"cookie_secret": "c", "google": {"client_id": "a"}, "our_house": {"client_id": "b"}}}
    assert labels(visit(several)) == ["Sign in with Google", "Sign in with Our House"]


def test_an_incomplete_set_up_is_a_sentence_when_the_button_is_pressed(
    visit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.page.signing_in.find_spec", lambda name: object())
    page = visit({"auth": {"client_id": "a"}})
    button(page, "Sign in")
    assert "Sign-in does not work yet" in shown(page)


def test_a_reader_is_named_and_can_leave(visit: Any) -> None:
    page = visit(secrets(), READER)
    text = shown(page)
    assert "Signed in as <b>Ada &lt;b&gt;Example&lt;/b&gt;</b>" in text
    assert "89 papers" in text
    assert "Sign out" in labels(page)


def test_secrets_that_cannot_be_read_let_nobody_in(open_page: OpenPage, sample_index: Path, tmp_path: Path) -> None:
    broken = tmp_path / ".streamlit" / "secrets.toml"
    broken.parent.mkdir()
    broken.write_text("[auth\n", encoding="utf-8")
    page = AppTest.from_file(APP, default_timeout=60).run()
    assert "cannot be read, so nobody is let in" in shown(page)
    assert not page.chat_input


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.2", "::1"])
def test_the_page_listens_on_this_machine_without_sign_in(address: str, tmp_path: Path) -> None:
    assert address_problem(address, tmp_path / "none.toml") == ""


@pytest.mark.parametrize("written", [None, "", "[auth\n", "[other]\nname = 1\n"])
def test_it_listens_nowhere_else_without_sign_in(written: str | None, tmp_path: Path) -> None:
    path = tmp_path / "secrets.toml"
    if written is not None:
        path.write_text(written, encoding="utf-8")
    assert "this machine only, not on 0.0.0.0" in address_problem("0.0.0.0", path)  # noqa: S104 - refused
    assert "no address of a network" in address_problem("everywhere", path)


def test_it_may_listen_elsewhere_with_sign_in() -> None:
    assert address_problem("0.0.0.0", EXAMPLE) == ""  # noqa: S104 - with sign-in


def test_the_example_holds_what_streamlit_asks_for_and_no_secret() -> None:
    auth = secrets()["auth"]
    assert set(auth) == {"redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url"}
    assert all(" " in auth[name] or "example.org" in auth[name] for name in auth)
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert ".streamlit/secrets.toml" in ignored
