"""Fixtures that all tests share: the real dumps, ready indexes, commands as a person runs them, a clean environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings as hypothesis_settings

from rag.endpoint import Endpoint
from rag.settings import Settings
from tests import loopback_guard
from tests.browsing import browser, model_page, open_page, sample_page
from tests.openai_server import OpenAIServer, openai_server

__all__ = ["browser", "model_page", "open_page", "openai_server", "sample_page"]  # fixtures for all tests

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "samples" / "well-known-papers.txt"
SETTINGS_OF_OURS = ("LLM_", "OPENAI_", "EMBED_", "CHROMA_", "RAG_")

RunCommand = Callable[..., "subprocess.CompletedProcess[str]"]

loopback_guard.install()

# Property tests try the same texts at every run; `pytest --hypothesis-profile=default` looks for new ones.
hypothesis_settings.register_profile("repeatable", derandomize=True)
hypothesis_settings.load_profile("repeatable")


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Each test starts without our settings, in a folder of its own without `.env`, and stays on this machine."""
    for name in list(os.environ):
        if name.startswith(SETTINGS_OF_OURS):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    loopback_guard.attempts.clear()
    yield
    assert not loopback_guard.attempts, loopback_guard.attempts


@pytest.fixture
def model(openai_server: OpenAIServer) -> Iterator[Endpoint]:
    """The fake server's model, imported already: that is no time in which a model thinks."""
    settings = Settings(llm_base_url=openai_server.base_url, llm_model="tiny", llm_timeout=2.0, _env_file=None)
    endpoint = Endpoint(settings, pause=0.0)
    endpoint.warm_up()
    yield endpoint
    endpoint.close()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real dumps and question sets: ASKPAPERS_SHARED, else `../shared` from the root."""
    folder = (ROOT / os.environ.get("ASKPAPERS_SHARED", "../shared")).resolve()
    if not (folder / "dumps").is_dir():
        message = f"{folder} holds no dumps; set ASKPAPERS_SHARED to the folder of real dumps"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)  # a clone without the real dumps still runs everything over the sample
    return folder


def _run_module(
    *arguments: object, stdin: str | None = None, cwd: Path, **environment: str
) -> subprocess.CompletedProcess[str]:
    """`python -m ARGUMENTS` as a person runs it, from a folder without .env; ends with what it printed."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(SETTINGS_OF_OURS)}
    return subprocess.run(
        [sys.executable, "-m", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=cwd,
        env={**clean, "PYTHONPATH": str(ROOT), **environment},
        timeout=300,
        check=False,
    )


@pytest.fixture
def run_command(tmp_path: Path) -> RunCommand:
    """Runs `python -m ...`; settings are given by name: `run_command("rag", "status", RAG_TOP_K="3")`."""

    def run(*arguments: object, stdin: str | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
        return _run_module(*arguments, stdin=stdin, cwd=tmp_path, **environment)

    return run


def _ingested_once(tmp_path_factory: pytest.TempPathFactory, name: str, dumps: Path) -> Path:
    """A data folder with `dumps` in it, made by the first xdist worker that asks and shared by all of them."""
    is_worker = "PYTEST_XDIST_WORKER" in os.environ
    root = tmp_path_factory.getbasetemp().parent if is_worker else tmp_path_factory.getbasetemp()
    data, done = root / name, root / f"{name}.done"
    with FileLock(root / f"{name}.lock"):
        if not done.exists():
            outcome = _run_module("ingest", dumps, "--data", data, "--json", cwd=root)
            assert outcome.returncode == 0, outcome.stderr
            done.write_text(json.dumps(json.loads(outcome.stdout)), encoding="utf-8")
    return data


@pytest.fixture(scope="session")
def real_index(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the five real dumps ingested. Shared by all tests: read it, never write to it."""
    return _ingested_once(tmp_path_factory, "real-index", shared / "dumps")


@pytest.fixture(scope="session")
def sample_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the bundled sample ingested. Shared by all tests: read it, never write to it."""
    return _ingested_once(tmp_path_factory, "sample-index", SAMPLE)
