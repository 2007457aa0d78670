"""The project's own files: locks, Makefile, licence, and what must never be in the tree."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from rag.settings import Settings
from scripts.serve import is_empty
from tests.conftest import ROOT

LOCKS = ["requirements.lock", "requirements-dev.lock"]


def pins(lock: str) -> list[tuple[str, str, str]]:
    """(package, version, text of the pin with markers and hashes); a package may have one for each Python."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    found = re.finditer(r"^([A-Za-z0-9._-]+)==([^\s;]+)(?:.*\\\n)+.*$", text, flags=re.MULTILINE)
    return [(one[1], one[2], one[0]) for one in found]


def names(lock: str) -> set[str]:
    return {name for name, _, _ in pins(lock)}


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["make", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_versions_and_hashes_and_names_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert not re.search(r"https?://|^--|file:|@ ", text, flags=re.MULTILINE)
    found = pins(lock)
    assert len(found) == len(re.findall(r"^[A-Za-z0-9]", text, flags=re.MULTILINE)) > 50
    assert [name for name, _, pin in found if "--hash=sha256:" not in pin] == []


def test_the_development_lock_holds_the_same_versions() -> None:
    ours, development = ({(name, version) for name, version, _ in pins(lock)} for lock in LOCKS)
    assert ours - development == set()


def test_every_declared_dependency_is_locked_and_says_why() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    project = tomllib.loads(text)
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    locked = names("requirements-dev.lock")
    for requirement in wanted:
        name = re.split(r"[<>=!~\[]", requirement)[0].lower()
        assert name in locked, requirement
        line = next(line for line in text.splitlines() if f'"{requirement}"' in line)
        assert requirement in project["dependency-groups"]["dev"] or "# " in line, f"{requirement} gives no reason"


def test_no_torch() -> None:
    assert not {"torch", "sentence-transformers", "transformers", "llama-index"} & names("requirements-dev.lock")


def test_an_environment_that_is_there_is_used_again() -> None:
    planned = make("--dry-run", "app", "PORT=8599")
    assert planned.returncode == 0, planned.stderr
    if (ROOT / ".venv" / "app.stamp").exists():
        assert "pip install" not in planned.stdout
    assert "scripts.serve --port 8599" in planned.stdout


def test_a_python_that_is_too_old_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_text((ROOT / "Makefile").read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "requirements.lock").touch()
    outcome = subprocess.run(["make", "app", "PYTHON="], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert outcome.returncode != 0
    assert "AskPapers needs Python 3.11 or newer" in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_a_port_in_use_is_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        serve = [sys.executable, "-m", "scripts.serve", "--port", str(port)]
        outcome = subprocess.run(serve, cwd=ROOT, capture_output=True, text=True, check=False)
    assert outcome.returncode != 0
    assert f"Port {port} is in use" in outcome.stderr
    assert f"make app PORT={port + 1}" in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_a_port_that_is_no_number_is_one_sentence() -> None:
    serve = [sys.executable, "-m", "scripts.serve", "--port", "web"]
    outcome = subprocess.run(serve, cwd=ROOT, capture_output=True, text=True, check=False)
    assert outcome.returncode != 0
    assert outcome.stderr.count("\n") == 1
    assert "is no port" in outcome.stderr


def test_only_an_index_without_papers_gets_the_sample(sample_index: Path, tmp_path: Path) -> None:
    assert is_empty(Settings(data_dir=tmp_path / "none"))
    assert not is_empty(Settings(data_dir=sample_index))
    damaged = tmp_path / "damaged"
    damaged.mkdir()
    (damaged / "catalogue.sqlite").write_bytes(b"this is no database" * 500)
    assert not is_empty(Settings(data_dir=damaged))


def test_the_licence_and_the_notice_are_whole() -> None:
    assert "END OF TERMS AND CONDITIONS" in (ROOT / "LICENSE").read_text(encoding="utf-8")
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    assert "all-MiniLM-L6-v2" in notice
    assert "Apache" in notice


def test_the_page_listens_on_this_machine_and_calls_nobody() -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["server"]["address"] == "127.0.0.1"
    assert config["browser"]["gatherUsageStats"] is False


def test_a_click_of_one_reader_does_not_stop_the_others_for_a_full_collection() -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["runner"]["postScriptGC"] is False
