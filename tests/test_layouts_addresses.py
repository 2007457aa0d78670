"""A paper's address, id and date stay with their paper, wherever a page prints them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import printed_papers
from tests.dump_reading import ReadDump, read_content

NAMES_AND_IDS = [
    ("Ines Okafor, Tom Brandt", "2405.01234"),
    ("Lea Winter, Max Moth, Ida Holm", "2406.04321"),
    ("Karl Berg, Ada Byron", "2407.00077"),
    ("Li Wei, Tove Lund, Ana Cruz, Sam Reed", "2408.11111"),
]
PAPERS = [(*printed, *more) for printed, more in zip(printed_papers.PAPERS, NAMES_AND_IDS, strict=True)]
DATES = ["2024-05-02", "2024-06-07", "2024-07-01", "2024-08-20"]
TEAMS = ["Quill AI", "ETH Zurich", "Haddad Lab", "Mistral"]


def _text(form: str, papers: list[tuple[str, str, str, str]] = PAPERS) -> str:
    return "".join(
        form.format(title=title, text=text, names=names, id=identifier, date=DATES[n], team=TEAMS[n])
        for n, (title, text, names, identifier) in enumerate(papers)
    )


def _found(read: ReadDump) -> list[tuple[str, str, str | None]]:
    return [(record.title, record.abstract, record.arxiv_id) for record in read.records]


EXPECTED = [(title, text, identifier) for title, text, _, identifier in PAPERS]


@pytest.mark.parametrize("between", ["\n", "\n\n"], ids=["compact", "blank lines"])
@pytest.mark.parametrize(
    "parts",
    [
        ("{title}", "{text}", "Read the paper", "https://arxiv.org/abs/{id}"),
        ("{title}", "{text}", "Google DeepMind", "https://arxiv.org/abs/{id}"),
        ("{title}", "{text}", "{team}", "https://arxiv.org/abs/{id}"),
        ("{title}", "{text}", "{names}", "https://arxiv.org/abs/{id}"),
        ("{title}", "{text}", "{date}", "https://arxiv.org/abs/{id}"),
        ("{date}", "https://arxiv.org/abs/{id}", "{title}", "{text}"),
        ("{title}", "{names}", "https://arxiv.org/abs/{id}", "{text}"),
        ("{title}", "https://arxiv.org/abs/{id}", "{text}"),
        ("{title}", "https://arxiv.org/abs/{id}", "{text}", "https://arxiv.org/abs/{id}", "{team}"),
        ("- {title}", "https://arxiv.org/abs/{id}", "{text}"),
        ("## {title}", "https://arxiv.org/abs/{id}", "{text}"),
        ("## {title}", "{text}", "https://arxiv.org/abs/{id}"),
    ],
)
def test_what_stands_above_an_address_is_no_title_for_that(
    parts: tuple[str, ...], between: str, tmp_path: Path
) -> None:
    assert _found(read_content(tmp_path, _text(between.join(parts) + "\n\n"))) == EXPECTED


@pytest.mark.parametrize(
    "form",
    [
        "# {title}\n\n- arXiv: {id}\n\n## Abstract\n\n{text}\n\n",
        "## {title}\n\narXiv:{id}v2 [cs.CL]\n\n{text}\n\n",
        "## {title}\n\n{text}\n\narXiv:{id}\n\n",
        "arXiv: {id}\n\n## {title}\n\n{text}\n\n",
        "[arXiv](https://arxiv.org/abs/{id})\n\n## {title}\n\n{text}\n\n",
        "## {title}\n\n{text}\n\n[arXiv](https://arxiv.org/abs/{id})\n\n",
        "## {title}\n\n<https://arxiv.org/abs/{id}>\n\n{text}\n\n",
        "## {title}\n\n*{names}*\n\nhttps://arxiv.org/abs/{id}\n\n{text}\n\n",
        "https://arxiv.org/abs/{id}\n\n## {title}\n\n{text}\n\n",
    ],
)
@pytest.mark.parametrize("head", ["", "Papers that I mean to read soon, most of them short.\n\n"], ids=["", "headed"])
def test_ids_below_or_above_headings_are_those_of_their_papers(form: str, head: str, tmp_path: Path) -> None:
    assert _found(read_content(tmp_path, head + _text(form))) == EXPECTED


def test_an_address_that_ends_a_sentence_stays_in_it(tmp_path: Path) -> None:
    texts = [
        f"{text} The long version is at\nhttps://arxiv.org/abs/2401.0000{n}" for n, (_, text, *_) in enumerate(PAPERS)
    ]
    parts = zip(PAPERS, texts, strict=True)
    read = read_content(tmp_path, "".join(f"## {title}\n\n{text}\n\n" for (title, *_), text in parts))
    assert [record.abstract.split()[-1] for record in read.records] == [text.split()[-1] for text in texts]


@pytest.mark.parametrize("missing", [0, 1, 2])
@pytest.mark.parametrize(
    "form",
    ["{title}\narXiv:{id}\n{text}\n\n", "https://arxiv.org/abs/{id}\n{title}\n{text}\n\n"],
    ids=["below", "above"],
)
def test_a_missing_abstract_gives_no_paper_the_id_of_another(form: str, missing: int, tmp_path: Path) -> None:
    papers = [(title, text if n != missing else "", *rest) for n, (title, text, *rest) in enumerate(PAPERS)]
    text = "".join(form.format(title=t, text=a, id=i).replace("\n\n\n", "\n\n") for t, a, _, i in papers)
    assert _found(read_content(tmp_path, text)) == [one for n, one in enumerate(EXPECTED) if n != missing]


def test_addresses_above_papers_lead_below_a_page_s_own_title_too(tmp_path: Path) -> None:
    read = read_content(tmp_path, "Reading List for May\n\n" + _text("https://arxiv.org/abs/{id}\n{title}\n{text}\n\n"))
    assert _found(read)[1:] == EXPECTED[1:]
