"""Papers and answers that nobody wrote, for tests of what is drawn of them."""

from __future__ import annotations

from dataclasses import replace

from rag.corpus import Answer, AnswerSentence, Chunk, Citation, Evidence, Hit, Paper, Source

ABSTRACT = (
    "Training keeps a second moment for every weight, and a scale for each block of 128 values keeps outliers apart.",
    "On a model of seven billion weights the states shrink from 56 GB to 15 GB with eight bits.",
    "Throughput falls by 3 % because blocks are widened again in registers, which a later version may do without.",
    "We give the kernels away, with a script that repeats every figure of this text on one machine.",
)

PAPERS = (
    Paper(
        "0000000000000001",
        "BlockMoments: Optimizer States in Eight Bits",
        " ".join(ABSTRACT),
        sources=(Source("autumn.txt", 12), Source("winter.txt", 88)),
        arxiv_id="2511.01234",
        url="https://papers.example/2511.01234",
        authors=("Ada Winter", "Bo Chen", "Carla Diaz", "Deniz Emre"),
        date="2025-11-14",
        code_urls=("https://code.example/x",),
    ),
    Paper("0000000000000002", "SignStep: One State Is Enough", "One state is enough. It halves the memory."),
    Paper("0000000000000003", "Steps of Large Batches", "Larger batches want larger steps."),
)


def made_hit(position: int, *, rank: int) -> Hit:
    """A hit of one of PAPERS."""
    paper = PAPERS[position]
    chunk = Chunk(f"{paper.paper_id}:0", paper.paper_id, 0, len(paper.abstract))
    return Hit(paper, chunk, rank, 1.0 / rank, 0.7, 3.0, cosine_rank=rank, bm25_rank=rank + 1)


def made_answer(**changes: object) -> Answer:
    """An answer of a model with one supported sentence of two, two sources and one paper that was only read."""
    evidence = tuple(Evidence(position + 1, made_hit(position, rank=position + 1), ()) for position in range(3))
    answer = Answer(
        question="Which optimizers need little memory?",
        standalone_question="Which optimizers need little memory?",
        outcome="answered",
        mode="llm",
        model="small-model",
        text="Eight bits take the states from 56 GB to 15 GB [1]. One state needs no tuning [2].",
        sentences=(
            AnswerSentence("Eight bits take the states from 56 GB to 15 GB [1].", (1,), "supported"),
            AnswerSentence("One state needs no tuning [2].", (2,), "unsupported", "The paper says nothing of tuning."),
        ),
        citations=(
            Citation(1, PAPERS[0], ABSTRACT[1], "supported"),
            Citation(2, PAPERS[1], "It halves the memory.", "unsupported"),
        ),
        evidence=evidence,
    )
    return replace(answer, **changes)  # type: ignore[arg-type]  # each test changes fields of its own
