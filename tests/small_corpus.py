"""A corpus of ten made-up papers, small enough to know every right answer, indexed for real."""

from __future__ import annotations

import json
from pathlib import Path

from ingest.sync import sync
from rag.settings import Settings

PAPERS = [
    (
        "SlimMoments: Optimizer States in Eight Bits",
        "Optimizers keep two moments for each weight, which often need more memory than the model. We store both"
        " moments in eight bits, block by block. On a language model with seven billion weights the"
        " states shrink from 56 GB to 15 GB. The final loss is the same as that of 32-bit Adam.",
    ),
    (
        "SignStep: One State Is Enough",
        "Most adaptive optimizers hold a second moment. SignStep follows the sign of a single momentum and drops the"
        " second moment altogether. It halves the memory of the optimizer and needs a smaller learning rate.",
    ),
    (
        "Tides of Sand: Forecasting Desert Dunes",
        "Dunes wander and bury roads. We forecast the movement of dunes from satellite images with a convolutional"
        " network. On the coast of Namibia the mean error after one year is 4.2 metres.",
    ),
    (
        "KV-Fold: A Smaller Cache for Long Contexts",
        "The key-value cache grows with every token. KV-Fold merges neighbouring keys and keeps outliers apart. At a"
        " context of 128,000 tokens the cache takes a sixth of the memory, with a loss of half a point of accuracy.",
    ),
    (
        "Choirs: Voices Apart Without Scores",
        "Separating the voices of a choir is hard, since they sing alike. We train on synthetic mixtures and separate"
        " four voices without a score. Listeners prefer our result in 71 % of the trials.",
    ),
    (
        "Graph Lantern: Sparse Message Passing",
        "Message passing over dense graphs is slow. Graph Lantern samples edges by their effective resistance. It is"
        " three times as fast and loses no accuracy on molecules.",
    ),
    (
        "Proofs by Sketch: Guiding a Prover with Outlines",
        "Language models write outlines of proofs that a prover fills in. On a benchmark of school mathematics the"
        " share of proved theorems rises from 31 % to 44 %.",
    ),
    (
        "Quiet Drones: Learning Propeller Schedules",
        "Drones disturb people. We learn speeds of the propellers that spread the noise over frequencies. The perceived"
        " loudness falls by six decibels.",
    ),
    (
        "A Survey of Pretraining Data Mixtures",
        "What a language model is pretrained on decides what it can do. We compare forty mixtures of web pages, code"
        " and books, and find that code helps reasoning even outside of programming.",
    ),
    (
        "Bees in the Loop: Counting Pollinators with Cameras",
        "Cameras at flowers count pollinators. A small detector runs on the camera for three months on one battery.",
    ),
]


def index_small_corpus(data_dir: Path) -> Settings:
    """Ingest the ten papers; their ids are "p0" to "p9". Returns settings that point there."""
    dump = data_dir.parent / f"{data_dir.name}.jsonl"
    rows = [{"id": f"p{number}", "title": title, "abstract": text} for number, (title, text) in enumerate(PAPERS)]
    rows[5]["url"] = "https://arxiv.org/abs/2410.05434"
    dump.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    settings = Settings(data_dir=data_dir, _env_file=None)
    sync([str(dump)], settings)
    return settings
