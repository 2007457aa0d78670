"""Holds the direction of imports: from the page down to the nouns, and each library behind its own door."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ROOT

# From top to bottom. A file may import what stands below its own room, and files of its own room; files in one line
# share a room. A package's name stands for all files in it.
ROOMS = [
    ["app"],
    ["rag.page"],
    ["ingest"],
    ["rag.__main__"],
    ["rag.commands"],
    ["rag.replay"],
    ["rag.doctor"],
    ["rag.evaluation"],
    ["rag.query_engine"],
    ["rag.export"],
    ["rag.conversations"],
    ["rag.answer"],
    ["rag.finding"],
    ["rag.writing"],
    ["rag.clock", "rag.events"],
    ["rag.checking", "rag.answer_sentences", "rag.source_lines", "rag.table_cells"],
    ["rag.second_judge"],
    ["rag.conversation"],
    ["rag.reranker"],
    ["rag.short_reply"],
    ["rag.writer"],
    ["rag.metering"],
    ["rag.tables"],
    ["rag.tally"],
    ["rag.extractive"],
    ["rag.hostile"],
    ["rag.refusal", "rag.refusal_languages"],
    ["rag.repetition"],
    ["rag.thoughts"],
    ["rag.citations"],
    ["rag.answer_tokens", "rag.fences", "rag.markers", "rag.markup", "rag.scanner", "rag.streamed_code"],
    ["rag.endpoint"],
    ["rag.prompts"],
    ["rag.confidence"],
    ["rag.evidence"],
    ["rag.close_reading"],
    ["rag.rhetoric"],
    ["rag.retriever"],
    ["rag.questions"],
    ["rag.search"],
    ["rag.near_ties"],
    ["rag.support"],
    ["rag.named"],
    ["rag.query"],
    ["rag.topic"],
    ["rag.fusion"],
    ["rag.sentences"],
    ["rag.question_lines"],
    ["rag.corpus_map"],
    ["rag.similar"],
    ["rag.index", "rag.snapshot", "rag.topics"],
    ["rag.opened"],
    ["rag.permitted"],
    ["rag.calibration"],
    ["rag.fitted"],
    ["rag.listing"],
    ["rag.words"],
    ["rag.vectors"],
    ["rag.matrix"],
    ["rag.generations"],
    ["rag.catalogue", "rag.schema"],
    ["rag.conditions"],
    ["rag.passport"],
    ["rag.database"],
    ["rag.llama_embedding"],
    ["rag.cross_encoder"],
    ["rag.chosen_embedder"],
    ["rag.minilm", "rag.endpoint_embedder"],
    ["rag.embedder"],
    ["rag.windows"],
    ["rag.transformer"],
    ["rag.env_file"],
    ["rag.settings"],
    ["rag.redaction"],
    ["rag.corpus"],
    ["rag.filters"],
    ["rag.errors"],
]

# Library -> the only files that import it.
DOORS = {
    "chromadb": {"rag.vectors"},
    "tantivy": {"rag.words"},
    "onnxruntime": {"rag.transformer"},
    "tokenizers": {"rag.transformer"},
    "openai": {"rag.endpoint", "rag.endpoint_embedder"},
    "llama_index": {"rag.answer", "rag.endpoint", "rag.llama_embedding", "rag.query_engine", "rag.retriever"},
    "markdown_it": {"rag.page"},
    "ftfy": {"ingest.mend"},
    "streamlit": {"app", "rag.page"},
    "dotenv": {"rag.env_file", "rag.settings"},
    "pydantic_settings": {"rag.settings"},
}

# Import name -> name on the package index, where the two differ.
PACKAGES = {"dotenv": "python_dotenv", "markdown_it": "markdown_it_py"}

HEAVY = ["chromadb", "llama_index", "numpy", "onnxruntime", "openai", "pydantic", "streamlit", "tantivy", "tokenizers"]


@dataclass(frozen=True, slots=True)
class Import:
    """One import statement: `importer` needs `imported`."""

    importer: str
    imported: str
    line: int
    at_once: bool  # while the importer itself is imported; False inside a function or for types alone


def module_name(path: Path) -> str:
    """The dotted name of a file of the project; a package's own file has the package's name."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def project_files() -> list[Path]:
    """Every Python file of the page, the library and the ingest."""
    return [ROOT / "app.py", *sorted(ROOT.glob("rag/**/*.py")), *sorted(ROOT.glob("ingest/**/*.py"))]


def imports_of(path: Path) -> Iterator[Import]:
    """Every import of a file, also those inside functions and under TYPE_CHECKING."""
    name = module_name(path)
    tree = ast.parse(path.read_text(encoding="utf-8"))
    at_once = set(tree.body)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (Import(name, alias.name, node.lineno, node in at_once) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}:{node.lineno}: write the whole name instead of a relative import"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield Import(name, inner if _is_module(inner) else str(node.module), node.lineno, node in at_once)


def _is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


ALL_IMPORTS = [found for path in project_files() if path.exists() for found in imports_of(path)]


def room_of(module: str) -> int:
    """The place in ROOMS of the room that a module belongs to. Raises ValueError where it has none."""
    for place, room in enumerate(ROOMS):
        if any(module == name or module.startswith(f"{name}.") for name in room):
            return place
    message = f"{module} has no room: give it its place in ROOMS"
    raise ValueError(message)


def is_ours(module: str) -> bool:
    """True for the project's own modules, except the empty package files."""
    return module.split(".")[0] in {"app", "rag", "ingest"} and module not in {"rag", "ingest"}


def test_every_file_has_a_room() -> None:
    for path in project_files():
        if is_ours(module_name(path)):
            room_of(module_name(path))


def test_imports_point_down_the_list_of_rooms() -> None:
    upward = [
        f"{found.importer}:{found.line} imports {found.imported}"
        for found in ALL_IMPORTS
        if is_ours(found.importer) and is_ours(found.imported)
        if room_of(found.imported) < room_of(found.importer)
    ]
    assert upward == []


def test_no_two_files_need_each_other_to_be_imported() -> None:
    needs: dict[str, set[str]] = {}
    for found in ALL_IMPORTS:
        if is_ours(found.imported) and found.at_once and found.importer != found.imported:
            needs.setdefault(found.importer, set()).add(found.imported)
    while leaves := {module for module in needs if not needs[module] & needs.keys()}:
        for module in leaves:
            del needs[module]
    assert sorted(needs) == [], "these files need each other in a circle"


@pytest.mark.parametrize("library", sorted(DOORS))
def test_a_library_is_imported_only_by_its_own_files(library: str) -> None:
    importers = {found.importer for found in ALL_IMPORTS if found.imported.split(".")[0] == library}
    strangers = {
        name for name in importers if not any(name == door or name.startswith(f"{door}.") for door in DOORS[library])
    }
    assert strangers == set()


@pytest.mark.parametrize("command", ["rag", "ingest"])
def test_help_imports_nothing_heavy(command: str) -> None:
    outcome = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", command, "--help"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    imported = {
        line.rpartition("|")[2].strip() for line in outcome.stderr.splitlines() if line.startswith("import time:")
    }
    assert "argparse" in imported
    assert sorted(imported.intersection(HEAVY)) == []


def test_only_declared_libraries_are_imported() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8").replace("-", "_")
    ours = {"app", "rag", "ingest"}
    libraries = {found.imported.split(".")[0] for found in ALL_IMPORTS} - ours - set(sys.stdlib_module_names)
    assert sorted(name for name in libraries if f'"{PACKAGES.get(name, name)}' not in project) == []
