"""Nothing like a key or a password gets into a sentence that people see."""

from __future__ import annotations

import pytest

from rag.redaction import redact, without_secrets, without_user


@pytest.mark.parametrize(
    "secret", ["sk-abcd1234", "rk_live_abcd1234", "xai-abcd1234", "Bearer abc.def", "A1b2" * 10, "my own words"]
)
def test_keys_and_what_looks_like_one_go(secret: str) -> None:
    said = redact(f"refused: {secret} is not known", api_key="my own words")
    assert secret not in said
    assert said == "refused: (key) is not known"


def test_a_key_of_a_few_characters_cuts_no_words() -> None:
    said = "exceeds the context length"
    assert redact(said, api_key="x") == said


def test_passwords_in_addresses_go() -> None:
    assert redact("no answer from http://ann:p@ss@host:1/v1", api_key="") == "no answer from http://host:1/v1"
    assert without_user("http://ann:p@ss@host:1/v1") == "http://host:1/v1"


@pytest.mark.parametrize(
    ("written", "repeated"),
    [
        ("http://host:port", "http://host:port"),
        ("http://ann:p@ss@host:1", "host:1"),
        ("http://host/v1?key=secret", "http://host/v1?..."),
        ("http://ann:p@ss@host/v1#secret", "host/v1#..."),
        ("http://ann:p?ss@host/v1", "..."),
    ],
)
def test_what_is_no_address_is_repeated_without_password_and_key(written: str, repeated: str) -> None:
    assert without_secrets(written) == repeated


def test_it_is_one_short_line() -> None:
    said = redact("first\n\x1b[31msecond " + "word " * 100, api_key="")
    assert said.startswith("first")
    assert said.endswith("...")
    assert len(said) <= 200
    assert said.isprintable()
