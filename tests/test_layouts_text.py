"""Text copied from pages: whatever stands between, before or instead of titles and abstracts, pairs never shift."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.layouts.furniture import furniture, unglue
from ingest.layouts.titles import is_names, title_likeness
from tests.dump_reading import read_content

TITLES = ["Paths of Least Resistance in Cities", "Kernel Fusion Without Rules", "Remembering by Replay"]
ABSTRACTS = [
    "We study how walkers choose paths in dense cities. A model with three terms predicts most turns.",
    "This paper presents a compiler that fuses small kernels. It is twice as fast on four devices.",
    "Large models forget early facts when trained on new ones. We replay a few stored examples.",
]
PAIRS = list(zip(TITLES, ABSTRACTS, strict=True))
ORPHAN = "An Orphan Title Without Any Text"


def _blank(*parts: str) -> str:
    return "\n\n".join(parts) + "\n"


def _compact(*parts: str) -> str:
    return "\n".join(parts) + "\n"


both = pytest.mark.parametrize("join", [_blank, _compact], ids=["blank-line", "compact"])


@both
@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_a_title_without_an_abstract_is_listed_and_shifts_nothing(join, place, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    parts = [part for pair in PAIRS for part in pair]
    parts.insert(2 * place, ORPHAN)
    read = read_content(tmp_path, join(*parts))
    assert [(record.title, record.abstract) for record in read.records] == PAIRS
    assert [item.text for item in read.rejected] == [ORPHAN]
    assert read.rejected[0].line == 1 + 2 * place * (2 if join is _blank else 1)
    assert read.rejected[0].reason == "A title without an abstract."


@both
def test_a_text_without_a_title_at_the_start_is_listed(join, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    read = read_content(tmp_path, join(ABSTRACTS[2], *PAIRS[0], *PAIRS[1]))
    assert read.titles == TITLES[:2]
    assert [item.reason for item in read.rejected] == ["A text without a title."]


@both
def test_a_last_abstract_that_is_cut_off_is_kept(join, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    text = join(*(part for pair in PAIRS for part in pair))
    read = read_content(tmp_path, text[: -len("We replay a few stored examples.\n") + 12])
    assert read.titles == TITLES
    assert read.records[2].abstract == "Large models forget early facts when trained on new ones. We replay a"


@both
def test_titles_may_ask_or_shout_and_abstracts_be_short(join, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    pairs = [
        ("Is Attention All You Need?", ABSTRACTS[0]),
        ("Stop Training So Long!", ABSTRACTS[1]),
        ("A Very Long Title About Almost Nothing That Goes On for the Sake of Being Long", "We do little."),
        ("What, Why and How?", "Nobody knows."),
        ("Are we there yet? Models of past tense", ABSTRACTS[2]),
    ]
    read = read_content(tmp_path, join(*(part for pair in pairs for part in pair)))
    assert [(record.title, record.abstract) for record in read.records] == pairs
    assert read.rejected == []


def test_abstracts_of_several_paragraphs_stay_whole(tmp_path: Path) -> None:
    more = ["Results hold in ten cities. They fail in one.", "Code: https://github.com/example-lab/paths"]
    read = read_content(tmp_path, _blank(*PAIRS[0], *more, *PAIRS[1]))
    assert read.titles == TITLES[:2]
    assert read.records[0].abstract == "\n\n".join([ABSTRACTS[0], *more])
    assert read.records[0].code_urls == ("https://github.com/example-lab/paths",)


def test_chinese_texts_are_paired(tmp_path: Path) -> None:
    pairs = [
        ("面向城市路径的预测模型", "本文研究行人在密集城市中如何选择路径。三项模型可以预测大多数转弯。"),
        ("基于重放的持续学习", "我们提出一种方法，重放少量样本，以减少遗忘。实验表明该方法有效。"),
    ]
    for join in (_blank, _compact):
        read = read_content(tmp_path, join(*(part for pair in pairs for part in pair)))
        assert [(record.title, record.abstract) for record in read.records] == pairs


def test_wrapped_lines_are_joined_and_hyphens_kept(tmp_path: Path) -> None:
    text = (
        "Accelerating Inference in the Browser on Very Diverse Devices through\nKernel Search\n\n"
        "This paper presents a search that finds good kernels for browsers. It is self-\n"
        "supervised and needs no rules. On four devices it halves the time of infer-\n"
        "ence, and inference is what people wait for.\n"
    )
    (record,) = read_content(tmp_path, text).records
    assert record.title == "Accelerating Inference in the Browser on Very Diverse Devices through Kernel Search"
    assert "It is self-supervised and" in record.abstract  # a hyphen that belongs there
    assert "the time of inference, and" in record.abstract  # one that the text shows to be a line's end
    assert "\n" not in record.abstract


@pytest.mark.parametrize(
    "head",
    [
        "new\n\nGet trending papers in your email inbox!\n\nSubscribe",
        "Get trending papers in your email inbox once a day!\nGet trending papers in your email inbox!\nSubscribe",
        "Get trending papers in your email inbox!Subscribe",
        "new\n\nGet trending papers in your email inbox!\n\nSubscribe ",
        "new\n\nbyAK and the research community",
    ],
)
def test_furniture_glued_to_the_first_title_is_taken_off(head: str, tmp_path: Path) -> None:
    read = read_content(tmp_path, head + _blank(*PAIRS[0], *PAIRS[1]))
    assert read.titles == TITLES[:2]
    assert read.rejected == []


def test_furniture_between_papers_leaves_no_trace(tmp_path: Path) -> None:
    page = ["new", "Get trending papers in your email inbox!", "Subscribe", "by", "AK", "and the research community"]
    page += ["May 8", "Daily", "Weekly", "Monthly", "Daily / Weekly / Monthly", "Trending Papers"]
    site = ["Models", "Datasets", "Spaces", "Posts", "Docs", "Enterprise", "Pricing", "Log In", "Sign Up", "* Tasks"]
    read = read_content(
        tmp_path, _blank(*page, *PAIRS[0], *site, *PAIRS[1], "Previous", "Next", *page, *PAIRS[2], *site)
    )
    assert [(record.title, record.abstract) for record in read.records] == PAIRS
    assert read.rejected == []


@pytest.mark.parametrize(
    "card",
    [
        "Submitted by\nuser-{n}\n\n11{n}\n\n{title}\n\n{abstract}\n\nExample University\n·\nPublished on Oct {n}, 2026"
        "\n\nUpvote\n{n}\nGitHub\n13{n}\narXiv Page\n\n",
        "Submitted by user-{n}\n{title}\n{abstract}\n{n} authors · Published on Oct {n}, 2026\nUpvote {n}\n"
        "GitHub 13{n} arXiv Page\n",
        "11{n}\n{title}\n{abstract}\n·4 authors\n·\nOct {n}, 2026\n3\n",
        "[-] {n}\n\n{title}\n\n{abstract}\n\nGoogle DeepMind\n\n·\n\nOct {n}, 2026\n\n",
    ],
)
def test_cards_copied_from_the_browser(card: str, tmp_path: Path) -> None:
    text = "".join(card.format(n=n, title=title, abstract=text) for n, (title, text) in enumerate(PAIRS, 1))
    read = read_content(tmp_path, text)
    assert [(record.title, record.abstract) for record in read.records] == PAIRS
    assert [record.date for record in read.records] == ["2026-10-01", "2026-10-02", "2026-10-03"]


def test_labels_numbers_and_emphasis_are_understood(tmp_path: Path) -> None:
    labelled = "".join(f"Title: {title}\nAuthors: Ada Byron, Karl Weiss\nAbstract: {text}\n\n" for title, text in PAIRS)
    numbered = "".join(f"{number}. {title}\n{text}\n\n" for number, (title, text) in enumerate(PAIRS, 1))
    bold = "".join(f"**{title}**\n\n{text}\n\n" for title, text in PAIRS)
    headed = "".join(f"{title}\n\nAbstract\n\n{text}\n\n" for title, text in PAIRS)
    for text in (labelled, numbered, bold, headed):
        read = read_content(tmp_path, text)
        assert [(record.title, record.abstract) for record in read.records] == PAIRS
    assert read_content(tmp_path, labelled).records[0].authors == ("Ada Byron", "Karl Weiss")


@pytest.mark.parametrize(
    "card",
    [
        "{title}\nhttps://huggingface.co/papers/2410.0543{n}\n{abstract}\n\n",
        "https://huggingface.co/papers/2410.0543{n}\n{title}\n{abstract}\n\n",
        "{title}\n{abstract}\nhttps://arxiv.org/abs/2410.0543{n}v2\nhttps://github.com/example-lab/code{n}\n\n",
    ],
)
def test_an_address_stays_with_its_paper_wherever_it_stands(card: str, tmp_path: Path) -> None:
    text = "".join(card.format(n=n, title=title, abstract=text) for n, (title, text) in enumerate(PAIRS, 1))
    read = read_content(tmp_path, text)
    assert [(record.title, record.abstract) for record in read.records] == PAIRS
    assert [record.arxiv_id for record in read.records] == ["2410.05431", "2410.05432", "2410.05433"]
    if "github" in card:
        assert read.records[1].code_urls == ("https://github.com/example-lab/code2",)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Get trending papers in your email inbox once a day!", "certain"),
        ("byAK and the research community", "certain"),
        ("Submitted by some-user", "certain"),
        ("4 authors · Published on Oct 4, 2026", "certain"),
        ("GitHub 3.29k arXiv Page", "certain"),
        ("We use cookies to make this site better.", "certain"),
        ("May 8", "likely"),
        ("[-] 74", "likely"),
        ("][35]", "likely"),
        ("3.29k", "likely"),
        ("2 days ago", "likely"),
        ("Click to expand", "certain"),
        ("Tap here to view the whole figure", "certain"),
        ("Search models, datasets, users...", "certain"),
        ("Previous | Next", "certain"),
        ("Click to Move: Controlling Video Generation with Sparse Motion", ""),
        ("Click to Read: Eye Movements of Skimmers", ""),
        ("Tap to Type on Any Surface", ""),
        ("Copyright Violations and Large Language Models", ""),
        ("Search for Structure", ""),
        ("Filtered Corpus Training", ""),
        ("Sources of Transfer in Tagging", ""),
        ("models", ""),
        ("Hyperagents", ""),
    ],
)
def test_furniture_is_told_by_its_words(line: str, kind: str) -> None:
    assert furniture(line) == kind


@pytest.mark.parametrize("repeated", ["pdf ", "previous ", "a ", "daily ", "submitted by ", "view pdf 3k "])
@pytest.mark.parametrize("before", ["", "next ", "search models "])
def test_words_of_furniture_in_a_row_are_judged_at_once(repeated: str, before: str) -> None:
    line = before + repeated * ((250 - len(before)) // len(repeated)) + "!x"  # all ways tried, years would not do
    assert furniture(line) == ""


def test_a_title_that_begins_with_a_furniture_word_keeps_it() -> None:
    assert unglue("Subscribe to Me: On Feeds", after_furniture=False) == "Subscribe to Me: On Feeds"
    assert unglue("Subscribers and Streams", after_furniture=True) == "Subscribers and Streams"


def test_titles_look_unlike_abstracts() -> None:
    assert title_likeness("nnFold: Folding Without Tears") > 2 > -2 > title_likeness("We do little.")
    assert title_likeness(ABSTRACTS[0]) < -5


def test_a_line_that_is_nearly_a_list_of_authors_is_judged_at_once() -> None:
    names = ", ".join(["Ada Byron12"] * 40)  # its numbers tried in all ways, years would not do
    assert is_names(names)
    assert not is_names(f"{names}, 12")
