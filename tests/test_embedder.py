"""The bundled model: does it agree with the published weights, whatever the text and its neighbours?"""

from __future__ import annotations

import json
import shutil
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.chosen_embedder import open_embedder
from rag.errors import EmbedderError
from rag.minilm import DIMENSION, FOLDER, BundledEmbedder
from rag.settings import Settings
from rag.windows import cut_windows
from tests.conftest import ROOT

SENTENCES = [
    "Optimizers keep two numbers for each weight of a network, and TinyState keeps one.",
    "We describe waterways as graphs whose nodes are gauges.",
    "Keys are quantised by channel and values by token.",
]


@pytest.fixture(scope="module")
def bundled() -> BundledEmbedder:
    return BundledEmbedder()


def test_embeddings_agree_with_the_published_weights(bundled: BundledEmbedder) -> None:
    # Made by `python -m scripts.build_model` with the published float32 weights, for texts of our own.
    stored = json.loads((ROOT / "tests" / "published_embeddings.json").read_text(encoding="utf-8"))
    ours = bundled.embed_documents([entry["text"] for entry in stored])
    published = np.array([entry["embedding"] for entry in stored], np.float32)
    cosines = (ours * published).sum(axis=1) / np.linalg.norm(published, axis=1)
    assert cosines.min() > 0.985
    assert cosines.mean() > 0.995


def test_rows_are_float32_of_unit_length_in_the_order_of_the_texts(bundled: BundledEmbedder) -> None:
    texts = SENTENCES * 5
    vectors = bundled.embed_documents(texts)
    assert vectors.shape == (15, DIMENSION)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(15), abs=1e-5)
    assert np.array_equal(vectors[:3], vectors[12:])


def test_a_vector_does_not_depend_on_its_neighbours(bundled: BundledEmbedder) -> None:
    together = bundled.embed_documents([*SENTENCES, SENTENCES[0] * 60, "?"])
    alone = [bundled.embed_documents([sentence])[0] for sentence in SENTENCES]
    assert np.array_equal(together[:3], np.stack(alone))


def test_queries_are_embedded_as_documents_are(bundled: BundledEmbedder) -> None:
    assert np.array_equal(bundled.embed_queries(SENTENCES), bundled.embed_documents(SENTENCES))


def test_like_texts_are_near(bundled: BundledEmbedder) -> None:
    question = bundled.embed_queries(["How much memory do optimizer states take?"])[0]
    cosines = bundled.embed_documents(SENTENCES) @ question
    assert cosines.argmax() == 0


def test_the_end_of_a_long_text_counts(bundled: BundledEmbedder) -> None:
    beginning = SENTENCES[0] * 60  # far more than one window
    plain, ended = bundled.embed_documents([beginning, beginning + SENTENCES[1] * 30])
    river = bundled.embed_queries(["waterways as graphs"])[0]
    assert ended @ river > plain @ river + 0.05


@pytest.mark.parametrize("text", ["", " \n", "\x00", "half \ud83d of a face", "水", "🦙" * 2000, "a" * 5000, "  x"])
def test_odd_texts_have_a_vector(bundled: BundledEmbedder, text: str) -> None:
    vector = bundled.embed_documents([text])[0]
    assert np.linalg.norm(vector) == pytest.approx(1.0, abs=1e-5)


def test_no_texts_give_no_rows(bundled: BundledEmbedder) -> None:
    assert bundled.embed_documents([]).shape == (0, DIMENSION)
    assert bundled.embed_spans([], []) == []


def test_the_span_of_a_whole_text_is_its_embedding_but_for_the_marks(bundled: BundledEmbedder) -> None:
    for text in (SENTENCES[0], SENTENCES[0] * 60):
        span = bundled.embed_spans([text], [[(0, len(text))]])[0][0]
        assert span @ bundled.embed_documents([text])[0] > 0.97


def test_spans_are_the_words_they_cover(bundled: BundledEmbedder) -> None:
    text = "Rivers flood in spring. Über die Optimierer: they keep their momentum in eight bits."
    cut = text.index("Über")
    vectors = bundled.embed_spans([text, "x"], [[(0, cut), (cut, len(text)), (cut - 1, len(text))], []])
    assert vectors[1].shape == (0, DIMENSION)
    alone = bundled.embed_documents([text[:cut], text[cut:]])
    assert (vectors[0] @ alone.T).argmax(axis=1).tolist() == [0, 1, 1]
    assert np.array_equal(vectors[0][1], vectors[0][2])


def test_a_span_without_a_word_is_zero(bundled: BundledEmbedder) -> None:
    vectors = bundled.embed_spans(["one two"], [[(3, 4), (2, 2), (0, 3)]])[0]
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([0, 0, 1], abs=1e-5)


def test_the_bundled_model_is_the_default_and_knows_itself_without_loading() -> None:
    embedder = open_embedder(Settings(embed_base_url="", embed_model=""))
    identity = embedder.identity
    assert identity.dimension == DIMENSION
    assert len(identity.fingerprint) == 64
    assert identity == BundledEmbedder().identity


@pytest.mark.parametrize("damage", ["missing", "cut off", "no tokenizer"])
def test_a_damaged_model_is_one_sentence(tmp_path: Path, damage: str) -> None:
    folder = tmp_path / damage
    shutil.copytree(FOLDER, folder)
    model, tokenizer = folder / "model.onnx", folder / "tokenizer.json"
    if damage == "missing":
        model.unlink()
    elif damage == "cut off":
        model.write_bytes(model.read_bytes()[:1_000_000])
    else:
        tokenizer.write_text("{}", encoding="utf-8")
    with pytest.raises(EmbedderError, match="cannot be read") as caught:
        BundledEmbedder(folder).embed_queries(["x"])
    assert "README.md" in caught.value.hint


@given(count=st.integers(0, 5000), room=st.integers(40, 600), overlap=st.integers(0, 39))
def test_windows_cover_all_and_overlap(count: int, room: int, overlap: int) -> None:
    windows = cut_windows(count, room=room, overlap=overlap)
    assert windows[0][0] == 0
    assert windows[-1][1] == count
    assert all(end - start <= room for start, end in windows)
    assert all(one[1] - two[0] >= overlap for one, two in pairwise(windows))
    assert len(windows) == 1 or count > room
