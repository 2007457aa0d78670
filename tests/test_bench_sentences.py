"""The sentences that the check is made and measured with: every line is understood, nothing is learnt and measured."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import edits_by_hand, pairs_by_hand, questions_by_hand
from bench.edits_by_hand import read_edits, read_summaries
from bench.pairs_by_hand import HELD_OUT, TWINS, Pair, read_pairs, read_papers
from bench.questions_by_hand import read_questions, some_answered
from bench.verdicts import as_pairs, read_claims


@pytest.fixture(scope="module")
def papers(shared: Path) -> dict[str, tuple[str, str]]:
    return read_papers(shared)


def lines_in(folder: Path) -> int:
    texts = [path.read_text(encoding="utf-8") for path in folder.glob("*.txt")]
    return sum(bool(line.strip()) and not line.startswith("#") for text in texts for line in text.splitlines())


def test_every_sentence_by_hand_is_about_a_paper_that_is_there(papers: dict[str, tuple[str, str]]) -> None:
    assert len(list(read_pairs(papers))) == lines_in(pairs_by_hand.FOLDER)
    assert len(list(read_questions(papers))) == lines_in(questions_by_hand.FOLDER)


def test_speed_is_measured_with_questions_that_are_answered_and_not_learnt(papers: dict[str, tuple[str, str]]) -> None:
    chosen = some_answered(papers, 300)
    assert len(set(chosen)) == 300
    asked = {each.question: each for each in read_questions(papers)}
    assert all(asked[question].answering and asked[question].file.startswith(HELD_OUT) for question in chosen)
    assert some_answered(papers, 300) == chosen


def test_every_change_by_hand_finds_its_words_once(papers: dict[str, tuple[str, str]], shared: Path) -> None:
    summaries = read_summaries(shared)
    pairs = list(read_edits(papers, summaries))
    assert len([pair for pair in pairs if pair.sentence not in summaries.values()]) == lines_in(edits_by_hand.FOLDER)


def test_a_changed_sentence_keeps_its_sign_and_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    abstract = "Ants carry leaves. They walk fast."
    (tmp_path / "changes.txt").write_text(
        "#ants\n+ 1: carry => bear\n- d 2: fast => slowly\n- h 0: may => always\n- d 1: a word that is not there => x\n"
    )
    monkeypatch.setattr(edits_by_hand, "FOLDER", tmp_path)
    pairs = list(read_edits({"ants": ("Ants", abstract)}, {abstract: "Ants may be strong."}))
    assert [(pair.sentence, pair.label, pair.kind, pair.quotes) for pair in pairs] == [
        ("Ants may be strong.", "supported", "supported", ()),
        ("Ants bear leaves.", "supported", "supported", ("Ants carry leaves.",)),
        ("They walk slowly.", "unsupported", "flipped direction", ()),
        ("Ants always be strong.", "partial", "hedge dropped", ()),
    ]


@pytest.mark.parametrize("folder", [pairs_by_hand.FOLDER, questions_by_hand.FOLDER])
def test_each_true_line_has_its_twin_below(folder: Path) -> None:
    paths = [path for path in sorted(folder.glob("*.txt")) if path.name.startswith(TWINS)]
    assert paths
    for path in paths:
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
        assert all(line.startswith("+") for line in lines[::2]), path.name
        assert all(line.startswith(("-", "~")) for line in lines[1::2]), path.name


def test_no_paper_is_learnt_from_and_measured_with(papers: dict[str, tuple[str, str]], shared: Path) -> None:
    by_hand = [*read_pairs(papers), *read_edits(papers, read_summaries(shared))]
    assert not abstracts(by_hand, held_out=True) & abstracts(by_hand, held_out=False)


def test_no_paper_is_asked_about_in_both(papers: dict[str, tuple[str, str]]) -> None:
    kept: set[str] = set()
    learnt: set[str] = set()
    for one in read_questions(papers):
        (kept if one.file.startswith(HELD_OUT) else learnt).add(one.abstract)
    assert kept
    assert not kept & learnt


def test_claims_are_learnt_from_or_measured_with(shared: Path) -> None:
    learnt, kept = (read_claims(shared, held_out=held_out) for held_out in (False, True))
    assert not {claim.text for claim in learnt} & {claim.text for claim in kept}
    assert 0.3 < len(kept) / (len(learnt) + len(kept)) < 0.4
    assert {pair.label for pair in as_pairs(kept)} == {"supported", "unsupported"}
    assert all(claim.cited for claim in learnt)


def abstracts(pairs: list[Pair], *, held_out: bool) -> set[str]:
    return {pair.abstract for pair in pairs if pair.file.startswith(HELD_OUT) == held_out}
