"""What the confidence's score means in one corpus: measured by leave-one-out, kept beside the index, and used."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.calibrating import Measured, calibrate
from ingest.lock import writer_lock
from ingest.progress import Progress, silent
from ingest.sync import sync
from rag.calibration import SHIPPED, Calibration, KeptCalibration, OddsMapping, read_calibration, write_calibration
from rag.embedder import FloatMatrix
from rag.errors import EmbedderError
from rag.evaluation.leave_one_out import Pair, ask_twice, errors_of, mapping_from
from rag.evaluation.made_questions import drawn_ids
from rag.fitted import USUAL
from rag.index import Index
from rag.minilm import bundled_embedder
from rag.settings import Settings
from tests.conftest import ROOT, RunCommand
from tests.dumps_of import row, write_dump
from tests.word_embedder import WordEmbedder

DATA = Path("data")  # every test runs in a folder of its own
CALIBRATION = DATA / "calibration.json"

MADE = Calibration(
    mapping=OddsMapping(0.75),
    corpus="c0ffee",
    fingerprint="words-64",
    generation=3,
    drawn=("a", "b"),
    questions=40,
    error_shipped=0.2,
    error=0.15,
    made="2026-01-01T00:00:00+00:00",
)


def settings() -> Settings:
    return Settings(data_dir=DATA, _env_file=None)


def ingest(*numbers: int) -> None:
    dump = write_dump(Path("dump.jsonl"), [row(number) for number in numbers])
    sync([str(dump)], settings(), embedder=WordEmbedder(), prune=True)


def measure(*, seconds: float = 60.0) -> Measured | None:
    return calibrate(settings(), WordEmbedder(), silent, seconds=seconds)


def kept() -> Calibration:
    found = read_calibration(DATA)
    assert found is not None
    return found


def corpus() -> str:
    index = Index.open(DATA)
    with index.reading() as reading:
        found = reading.corpus
    index.close()
    return found


def drawn() -> tuple[str, ...]:
    index = Index.open(DATA)
    with index.reading() as reading:
        found = drawn_ids(reading, most=60)
    index.close()
    return found


def used() -> OddsMapping:
    index = Index.open(DATA)
    with index.reading() as reading:
        found = index.mapping(reading)
    index.close()
    return found


def test_a_probability_falls_with_the_shift_and_never_with_the_odds() -> None:
    assert OddsMapping().probability(0.0) == 0.5
    assert OddsMapping(1.0).probability(1.0) == 0.5
    found = [OddsMapping(0.5).probability(odds) for odds in (-1e9, -2.0, 0.0, 2.0, 1e9)]
    assert found == sorted(found)
    assert all(0.0 <= share <= 1.0 for share in found)


def test_what_is_kept_comes_back() -> None:
    DATA.mkdir()
    assert read_calibration(DATA) is None
    assert write_calibration(DATA, MADE)
    assert read_calibration(DATA) == MADE
    assert [path.name for path in DATA.iterdir()] == ["calibration.json"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        '{"rules": 1',
        "[]",
        '{"rules": 1, "fit": 1}',
        json.dumps({"rules": 1, "fit": 1, "mapping": {"shift": "NaN"}, "drawn": []}),
    ],
)
def test_what_cannot_be_read_is_as_if_it_were_not_there(text: str) -> None:
    DATA.mkdir()
    CALIBRATION.write_text(text, encoding="utf-8")
    assert read_calibration(DATA) is None
    assert KeptCalibration(DATA).mapping("c0ffee", "words-64") == SHIPPED


@pytest.mark.parametrize("name", ["rules", "fit"])
def test_what_older_rules_or_weights_made_is_not_used(name: str) -> None:
    DATA.mkdir()
    write_calibration(DATA, MADE)
    held = json.loads(CALIBRATION.read_text(encoding="utf-8"))
    CALIBRATION.write_text(json.dumps({**held, name: held[name] - 1}), encoding="utf-8")
    assert read_calibration(DATA) is None


def test_it_holds_for_its_own_corpus_and_embeddings_alone_and_is_read_again_when_it_changes() -> None:
    DATA.mkdir()
    held = KeptCalibration(DATA)
    assert held.mapping("c0ffee", "words-64") == SHIPPED
    write_calibration(DATA, MADE)
    assert held.mapping("c0ffee", "words-64") == OddsMapping(0.75)
    assert held.mapping("another", "words-64") == SHIPPED
    assert held.mapping("c0ffee", "other embeddings") == SHIPPED
    write_calibration(DATA, replace(MADE, mapping=OddsMapping(-0.25)))
    assert held.mapping("c0ffee", "words-64") == OddsMapping(-0.25)


def test_a_folder_that_cannot_be_written_is_no_failure() -> None:
    assert not write_calibration(Path("not/there"), MADE)


def test_the_shift_is_how_much_higher_the_score_is_without_the_paper() -> None:
    usual, high = Pair(3.0, USUAL.withheld), Pair(3.0, USUAL.withheld + 1.0)
    assert mapping_from([]) == SHIPPED
    assert mapping_from([usual] * 40) == SHIPPED
    assert mapping_from([high] * 20).shift == pytest.approx(0.8)  # 5 titles count for the usual score
    assert mapping_from([high]).shift == pytest.approx(1 / 6)
    assert mapping_from([Pair(3.0, 1e6)] * 20) == OddsMapping(2.0)


def test_the_shift_decides_only_under_other_embeddings_than_the_weights_were_fitted_with() -> None:
    high = [Pair(3.0, USUAL.withheld + 1.0)] * 20
    assert mapping_from(high).threshold == 0.0
    other = mapping_from(high, usual_embeddings=False)
    assert other.shift == pytest.approx(0.8)
    assert other.threshold == other.shift


def test_the_error_of_a_shift_is_that_on_other_titles() -> None:
    # Shipped: p(0) = 0.5 for both, so (0.25 + 0.25) / 2 for each pair.
    pairs = [Pair(0.0, 0.0)] * 5
    shipped, own = errors_of(pairs)
    assert shipped == pytest.approx(0.25)
    shift = mapping_from(pairs[1:]).shift
    there = OddsMapping(shift).probability(0.0)
    assert own == pytest.approx(((1 - there) ** 2 + there**2) / 2)


def test_a_title_scores_higher_while_its_paper_is_there(sample_index: Path) -> None:
    pairs = list(ask_twice(sample_index, bundled_embedder(), most=6))
    assert len(pairs) == 6
    assert sum(pair.there - pair.withheld for pair in pairs) > 0
    assert list(ask_twice(sample_index, bundled_embedder(), most=6, until=0.0)) == []


def test_measured_once_and_again_only_where_the_corpus_is_another_one() -> None:
    ingest(*range(12))
    assert used() == SHIPPED
    first = measure()
    assert first is not None
    assert 4 <= first.calibration.questions <= 12
    assert first.calibration == kept()
    assert kept().mapping.threshold == kept().mapping.shift  # words are counted here: no usual embeddings
    assert used() == kept().mapping
    before = CALIBRATION.read_bytes()
    assert measure() is None
    assert CALIBRATION.read_bytes() == before

    enough = replace(first.calibration, questions=24)
    write_calibration(DATA, enough)
    ingest(*range(13))  # much the same: it holds for the new generation, too
    assert used() == kept().mapping
    assert measure() is None
    assert kept() == replace(enough, generation=2)

    ingest(*range(40, 52))
    again = measure()
    assert again is not None
    assert kept().generation == 3


def test_what_few_titles_told_is_used_and_measured_again_with_the_next_papers() -> None:
    ingest(*range(12))
    write_calibration(DATA, replace(MADE, corpus=corpus(), generation=1, drawn=drawn(), questions=5))
    assert used() == MADE.mapping
    assert measure() is None
    ingest(*range(13))
    assert measure() is not None


def test_what_could_not_be_measured_is_tried_again_with_the_next_papers() -> None:
    ingest(*range(12))
    assert measure(seconds=-1.0) is None
    assert (kept().questions, used()) == (0, SHIPPED)
    ingest(*range(13))
    assert measure() is not None


def test_too_few_titles_leave_the_usual_mapping_and_are_not_tried_again() -> None:
    ingest(1, 2, 3)
    assert measure() is None
    assert (kept().questions, kept().mapping) == (0, SHIPPED)
    assert measure() is None


def test_the_next_ingest_need_not_wait_while_it_measures() -> None:
    ingest(*range(12))
    stages = []

    def look(progress: Progress) -> None:
        stages.append(progress.stage)
        with writer_lock(DATA, wait=0.0):
            pass

    assert calibrate(settings(), WordEmbedder(), look, seconds=60.0) is not None
    assert set(stages) == {"measuring"}


class _Failing(WordEmbedder):
    def embed_queries(self, texts: object) -> FloatMatrix:
        message = "The server does not answer."
        raise EmbedderError(message, hint="Start it.")


def test_an_embedder_that_fails_leaves_what_was_there() -> None:
    ingest(*range(12))
    assert calibrate(settings(), _Failing(), silent) is None
    assert not CALIBRATION.exists()


KILLED = """
from pathlib import Path
from ingest.calibrating import calibrate
from rag.settings import Settings
from tests.word_embedder import WordEmbedder

def say(progress):
    print(progress.stage, progress.done, flush=True)

calibrate(Settings(data_dir=Path("data"), _env_file=None), WordEmbedder(), say, seconds=60.0)
"""


def test_killed_while_it_measures_nothing_is_half_written_and_the_next_ingest_makes_up_for_it() -> None:
    ingest(*range(12))
    for done in (0, 8):
        running = subprocess.Popen(
            [sys.executable, "-c", KILLED], stdout=subprocess.PIPE, text=True, env={"PYTHONPATH": str(ROOT)}
        )
        assert running.stdout is not None
        while running.stdout.readline().split() not in (["measuring", str(done)], []):
            pass
        running.send_signal(signal.SIGKILL)
        running.communicate()
        assert used() == SHIPPED
        assert not CALIBRATION.exists()
    (DATA / f"calibration.json.{os.getpid()}0.new").write_text("{", encoding="utf-8")  # killed while it wrote
    assert measure() is not None
    assert used() == kept().mapping
    assert list(DATA.glob("*.new")) == []


@pytest.mark.parametrize(
    ("shift", "words"),
    [
        (0.1, "much as usual"),
        (0.6, "a match scores high here more easily than usual, so it counts for less"),
        (-0.4, "a match seldom scores as high here as usual, so it counts for more"),
    ],
)
def test_people_are_told_what_it_means(shift: float, words: str) -> None:
    told = Measured(replace(MADE, mapping=OddsMapping(shift)), 3.2).in_words()
    assert told == f"How sure answers are was measured on 40 of your titles (3 s): {words}."


def test_the_command_measures_after_the_ingest_and_keeps_json_alone_on_stdout(run_command: RunCommand) -> None:
    dump = write_dump(Path("dump.jsonl"), [row(number) for number in range(12)])
    found = run_command("ingest", dump, "--data", DATA, "--json")
    told = json.loads(found.stdout)["calibration"]
    # Where a busy machine asks fewer titles in the time that it has, nothing is told.
    assert told is None or set(told) == {"titles", "shift", "threshold", "brier_shipped", "brier", "seconds"}
    assert kept().generation == 1
    assert json.loads(run_command("ingest", dump, "--data", DATA, "--json").stdout)["calibration"] is None
