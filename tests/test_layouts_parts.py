"""Abstracts in parts: the names of the parts on lines of their own, as journals of medicine print them."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from tests.dump_reading import ReadDump, read_content

TITLES = [
    "Cold Compresses After Long Marches: A Trial in Three Garrisons",
    "Reading Lamps and the Sleep of Night Nurses",
    "Salt in Hospital Soup, Measured and Tasted",
]
NAMES = ["Ada Byron, Mei Lin", "Ola Nordmann, Ruth Adeyemi, Jan Vos", "Pia Holm, Ines Duarte"]
TEXTS = [
    [
        "Compresses are given after marches of all lengths, and nobody has counted what they spare.",
        "We drew lots among 412 recruits in three garrisons and counted days off duty for six weeks.",
        "Days off duty fell from 2.1 to 1.4 with cold compresses, and not with lukewarm ones.",
        "Cold compresses are cheap, and every garrison has a well.",
    ],
    [
        "Night nurses read by lamps that may keep them awake.",
        "Amber and white lamps were exchanged each fortnight on nine wards of two hospitals.",
        "With amber lamps 61 nurses fell asleep 18 minutes earlier. No error in the charts was added.",
        "Amber lamps should be tried where charts are read on paper.",
    ],
    [
        "Hospital soup is said to be bland.",
        "Salt was measured in 240 bowls, and 96 patients said how the soup tasted to them.",
        "The median bowl held 1.9 grams. Taste did not follow salt but the age of whoever tasted.",
        "Less salt can be given without complaint to patients above seventy.",
    ],
]
PARTS = ["Background", "Methods", "Results", "Conclusions"]


def _abstracts(read: ReadDump) -> list[tuple[str, str]]:
    return [(record.title, " ".join(record.abstract.split())) for record in read.records]


@pytest.mark.parametrize("papers", [1, 3])
@pytest.mark.parametrize(
    ("between", "width"), [("\n", 0), ("\n\n", 0), ("\n\n", 60)]
)  # close and wrapped: who can tell?
@pytest.mark.parametrize(
    "parts",
    [
        PARTS,
        [f"{part}:" for part in PARTS],
        [f"**{part}**" for part in PARTS],
        [part.upper() for part in PARTS],
        ["Objective", "Patients and Methods", "Main Results", "Conclusions & Significance"],
    ],
)
@pytest.mark.parametrize("head", ["{title}{names}Abstract", "{title}{names}", "{title}"])
def test_parts_of_an_abstract_are_no_papers(
    head: str, parts: list[str], between: str, width: int, papers: int, tmp_path: Path
) -> None:
    texts = []
    for title, names, text in zip(TITLES[:papers], NAMES, TEXTS, strict=False):
        opening = head.replace("}", "}" + between).format(title=title, names=names).rstrip("\n")
        wrapped = [textwrap.fill(part, width) if width else part for part in text]
        texts.append(
            between.join([opening, *(f"{name}{between}{part}" for name, part in zip(parts, wrapped, strict=True))])
        )
    read = read_content(tmp_path, (between + "\n").join(texts) + "\n")
    assert _abstracts(read) == [(title, " ".join(text)) for title, text in zip(TITLES[:papers], TEXTS, strict=False)]
    assert read.rejected == []


def test_topics_that_are_called_like_parts_stand_above_papers(tmp_path: Path) -> None:
    topics = ["Evaluation", "Design", "Limitations"]
    papers = list(zip(TITLES, (" ".join(text) for text in TEXTS), strict=True))
    text = "".join(f"{topic}\n\n{title}\n\n{text}\n\n" for topic, (title, text) in zip(topics, papers, strict=True))
    assert _abstracts(read_content(tmp_path, text)) == papers
