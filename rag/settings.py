"""Reads the environment and `.env`; no other file does. `.env.example` holds the same names with their defaults."""

from __future__ import annotations

import difflib
import io
import ipaddress
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dotenv import dotenv_values
from dotenv.parser import parse_stream
from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from rag.errors import SettingsError
from rag.redaction import without_secrets, without_user

_OURS = ("RAG_", "LLM_", "EMBED_", "CHROMA_URL")
_HOST = re.compile(r"[\w.\-~]+")  # of a server that is no IPv6 address; other scripts are letters too


class _ByVariable(PydanticBaseSettingsSource):
    """A source without what it holds under a field's name: a variable DATA_DIR belongs to another program."""

    def __init__(self, source: PydanticBaseSettingsSource) -> None:
        super().__init__(source.settings_cls)
        self._source = source

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        return self._source.get_field_value(field, field_name)

    def __call__(self) -> dict[str, Any]:
        known = setting_names()
        return {name: value for name, value in self._source().items() if name in known}


class Settings(BaseSettings):
    """All that can be set, in code by the fields' names. An empty value counts as not set."""

    model_config = SettingsConfigDict(
        env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True, frozen=True, populate_by_name=True
    )

    data_dir: Path = Field(default=Path("data"), validation_alias="RAG_DATA_DIR")
    top_k: int = Field(default=8, ge=1, le=50, validation_alias="RAG_TOP_K")  # papers shown to the writer
    llm_base_url: str = Field(default="", validation_alias="LLM_BASE_URL")
    llm_model: str = Field(default="", validation_alias="LLM_MODEL")
    llm_api_key: SecretStr = Field(
        default=SecretStr(""), validation_alias=AliasChoices("LLM_API_KEY", "OPENAI_API_KEY")
    )
    llm_context_window: int = Field(default=4096, ge=512, validation_alias="LLM_CONTEXT_WINDOW")  # tokens
    llm_timeout: float = Field(default=60.0, gt=0, validation_alias="LLM_TIMEOUT")  # seconds without a sign of life
    llm_price_in: float = Field(default=0.0, ge=0, validation_alias="LLM_PRICE_IN")  # of a million tokens read; 0: none
    llm_price_out: float = Field(default=0.0, ge=0, validation_alias="LLM_PRICE_OUT")  # of a million tokens written
    llm_currency: str = Field(default="USD", max_length=8, validation_alias="LLM_CURRENCY")
    llm_judge: bool = Field(default=False, validation_alias="LLM_JUDGE")  # it is asked about each answer's sentences
    llm_rerank: bool = Field(default=False, validation_alias="LLM_RERANK")  # it puts the first hits in order
    embed_base_url: str = Field(default="", validation_alias="EMBED_BASE_URL")
    embed_model: str = Field(default="", validation_alias="EMBED_MODEL")
    embed_api_key: SecretStr = Field(
        default=SecretStr(""), validation_alias=AliasChoices("EMBED_API_KEY", "OPENAI_API_KEY")
    )
    chroma_url: str = Field(default="", validation_alias="CHROMA_URL")
    ingest_from: str = Field(default="", validation_alias="RAG_INGEST_FROM")  # the page takes named dumps from there
    keep_conversations: bool = Field(default=True, validation_alias="RAG_KEEP_CONVERSATIONS")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, _ByVariable(env_settings), _ByVariable(dotenv_settings)

    @field_validator("data_dir")
    @classmethod
    def _whole_path(cls, value: Path) -> Path:
        try:
            return value.expanduser()  # in .env no shell does it
        except RuntimeError:
            raise ValueError("the name behind ~ is no user of this machine") from None

    @field_validator("llm_base_url", "embed_base_url", "chroma_url")
    @classmethod
    def _http_address(cls, value: str) -> str:
        return http_address(value)

    @field_validator("llm_api_key", "embed_api_key")
    @classmethod
    def _usable_key(cls, value: SecretStr) -> SecretStr:
        return SecretStr(usable_key(value.get_secret_value()))

    @property
    def has_model(self) -> bool:
        """True where a language model is configured: a server's address, or a model's name with a key for OpenAI.

        An address alone is enough: the first chat model that the server lists is taken then.
        """
        return bool(self.llm_base_url or (self.llm_model and self.llm_api_key.get_secret_value()))

    @property
    def shown_model(self) -> str:
        """The language model as named to people before it has answered."""
        return self.llm_model or f"the first model at {without_user(self.llm_base_url)}"


def http_address(written: str) -> str:
    """An address of a server without blanks and slashes around it, "" for none. Raises ValueError for anything else.

    What the libraries would stumble over is refused here, since each does so with an exception of its own.
    """
    address = written.strip().rstrip("/")
    if not address:
        return ""
    if not address.casefold().startswith(("http:", "https:")):
        raise ValueError("it must start with http:// or https://")
    if "?" in address or "#" in address:  # the path of each request would be put behind them
        raise ValueError("an address here has no “?” and no “#”; a key is set apart from it")
    if not _names_a_server(address):
        raise ValueError("it is no address of a server, such as http://localhost:8000")
    return address


def _names_a_server(address: str) -> bool:
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port  # reading the port checks it
        if "[" in parts.netloc:
            ipaddress.IPv6Address(host)
        elif not _HOST.fullmatch(host) or not host.encode("idna"):
            return False
    except ValueError:
        return False
    return address.isprintable() and " " not in address


def usable_key(written: str) -> str:
    """A key without blanks around it. Raises ValueError, without the key, for one that no request can carry."""
    key = written.strip()
    if not (key.isascii() and key.isprintable()):
        raise ValueError("it holds signs that no key has, curly quotes for example; copy it again")
    return key


def setting_names() -> dict[str, str]:
    """Environment variable -> field, for every variable that is read."""
    names: dict[str, str] = {}
    for field in Settings.model_fields:
        names.update(dict.fromkeys(_names_of(field), field))
    return names


def _names_of(field: str) -> list[str]:
    """The environment variables that a field is read from, the one that counts before others first."""
    alias = Settings.model_fields[field].validation_alias
    return [str(choice) for choice in (alias.choices if isinstance(alias, AliasChoices) else [alias])]


def load_settings(*, env_file: Path | None = Path(".env"), data_dir: Path | None = None) -> Settings:
    """Settings from the environment, then `env_file`, then defaults; `data_dir` overrides all.

    Raises SettingsError with the variable's name for a value that cannot be used and for a misspelt name.
    """
    known = setting_names()
    try:
        text = env_file.read_text(encoding="utf-8-sig") if env_file and env_file.is_file() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{env_file} cannot be read.", hint="Check the file; it should be UTF-8.") from error
    _refuse_broken_lines(text, env_file)
    in_file = dotenv_values(stream=io.StringIO(text))
    for name in [*in_file, *os.environ]:
        _refuse_misspelt(name, known, certain=name in in_file)
    try:
        settings = Settings(_env_file=env_file)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])  # of two names for one setting the first, whichever is set
        name = next((each for each in _names_of(known[name]) if os.environ.get(each) or in_file.get(each)), name)
        reason = first["msg"].removeprefix("Value error, ").lower()
        # A key is not repeated, nor user name, password or key in an address.
        given = "" if name.endswith("_KEY") else f"={without_secrets(str(first.get('input')))!r}"
        raise SettingsError(
            f"{name}{given} cannot be used: {reason}.", hint="Correct it in .env or the environment."
        ) from None
    return settings.model_copy(update={"data_dir": data_dir}) if data_dir else settings


def _refuse_broken_lines(text: str, env_file: Path | None) -> None:
    """Lines that set nothing, such as `NAME: value`, are left out by the reader of .env; not those about ours."""
    for binding in parse_stream(io.StringIO(text)):
        line = binding.original.string
        # Without "=" a line is no fault to the reader, and takes the value of a line before away.
        broken = binding.error or (binding.key is not None and binding.value is None)
        if broken and any(name in line for name in (*_OURS, "OPENAI_API_KEY")):
            blank = line[: len(line) - len(line.lstrip())]  # the empty lines above it are part of it
            number = binding.original.line + blank.count("\n")
            raise SettingsError(f"Line {number} of {env_file} cannot be read.", hint="Write NAME=value.")


def _refuse_misspelt(name: str, known: dict[str, str], *, certain: bool) -> None:
    """Other programs may own a variable that begins like ours, so outside .env only a near miss is an error."""
    if name in known or not name.startswith(_OURS):
        return
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.6 if certain else 0.85)
    if certain or near:
        hint = f"Did you mean {near[0]}?" if near else "The names are listed in .env.example."
        raise SettingsError(f"{name} is not a setting of AskPapers.", hint=hint)
