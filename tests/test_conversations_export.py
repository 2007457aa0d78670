"""Exports are read back by parsers of others: nothing is lost, nothing breaks out of its field."""

from __future__ import annotations

import re

import pytest
import rispy  # type: ignore[import-untyped]  # it ships no py.typed
from bibtexparser.entrypoint import parse_string
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.corpus import Paper, paper_key
from rag.export import as_bibtex, as_ris
from rag.export.papers import citation_key, name_parts


def made(title: str, **facts: object) -> Paper:
    """A paper of this title."""
    return Paper(paper_key(title), title, "It says little.\nIt says it twice.", **facts)  # type: ignore[arg-type]  # by name


LANTERN = made(
    "LanternNet: Routing 50% of {deep} Tokens & More in $O(n^2)$",
    authors=("Ada B. Byron", "Karl van der Weide", "王伟", "Sand and Sea Lab", "Lin, Mei"),
    date="2024-10-07",
    arxiv_id="2410.05434",
    url="https://example.org/a_b?c=d%20e#f",
)
BARE = made("Count Your Tokens")


def test_bibtex_holds_what_is_known_and_no_more() -> None:
    library = parse_string(as_bibtex([LANTERN, BARE]))
    assert not library.failed_blocks
    lantern, bare = library.entries
    fields = {name: each.value for name, each in lantern.fields_dict.items()}
    assert fields == {
        "title": r"{LanternNet}: Routing 50\% of \textbraceleft{}deep\textbraceright{} Tokens \& More in $O(n^2)$",
        "author": "Byron, Ada B. and van der Weide, Karl and {王伟} and Lab, Sand {and} Sea and Lin, Mei",
        "year": "2024",
        "month": "oct",
        "eprint": "2410.05434",
        "archiveprefix": "arXiv",
        "url": r"https://example.org/a_b?c=d\%20e\#f",
    }
    assert lantern.key == f"byron2024lanternnet-{LANTERN.paper_id[:6]}"
    assert list(bare.fields_dict) == ["title"]


def test_ris_holds_what_is_known_and_no_more() -> None:
    lantern, bare = rispy.loads(as_ris([LANTERN, BARE]))
    assert lantern["title"] == LANTERN.title
    assert lantern["authors"] == ["Byron, Ada B.", "van der Weide, Karl", "王伟", "Lab, Sand and Sea", "Lin, Mei"]
    assert (lantern["year"], lantern["date"]) == ("2024", "2024/10/07/")
    assert lantern["urls"] == [LANTERN.url]
    assert lantern["accession_number"] == "arXiv:2410.05434"
    assert lantern["abstract"] == "It says little. It says it twice."
    assert set(bare) == {"type_of_reference", "id", "title", "abstract"}


def test_without_papers_there_is_nothing() -> None:
    assert (as_bibtex([]), as_ris([])) == ("", "")


@pytest.mark.parametrize(
    ("arxiv_id", "year", "category"),
    [("2106.09685", "2021", None), ("cs/0112017", "2001", "cs"), ("hep-th/9901001", "1999", "hep-th")],
)
def test_an_arxiv_id_tells_the_year_where_no_date_does(arxiv_id: str, year: str, category: str | None) -> None:
    (entry,) = parse_string(as_bibtex([made("Notes", arxiv_id=arxiv_id)])).entries
    assert entry["year"] == year
    assert entry["eprint"] == arxiv_id
    assert entry.get("primaryclass") is None if category is None else entry["primaryclass"] == category


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Ada Byron", ("Byron", "Ada", "")),
        ("Ludwig van Beethoven", ("van Beethoven", "Ludwig", "")),
        ("Martin King Jr.", ("King", "Martin", "Jr.")),
        ("Martin King, Jr.", ("King", "Martin", "Jr.")),
        ("King, Martin, Jr.", ("King", "Martin", "Jr.")),
        ("King, Jr., Martin", ("King", "Martin", "Jr.")),
        ("King Jr., Martin", ("King", "Martin", "Jr.")),
        ("King, Jr.", ("King Jr.", "", "")),
        ("Byron, Ada", ("Byron", "Ada", "")),
        ("Byron,", ("Byron", "", "")),
        (",", (",", "", "")),
        ("Aristotle", ("Aristotle", "", "")),
        ("王伟", ("王伟", "", "")),
        ("van Gogh", ("Gogh", "van", "")),
        ("Byron, A., King, M., Lin, M.", ("Byron, A., King, M., Lin, M.", "", "")),
        ("李 明", ("李 明", "", "")),
        ("李, 明", ("李", "明", "")),
        ("Byron, Ada, PhD", ("Byron, Ada, PhD", "", "")),
    ],
)
def test_names_have_three_parts(name: str, parts: tuple[str, str, str]) -> None:
    assert name_parts(name) == parts


def test_suffixes_and_several_names_in_one_are_written_as_the_formats_read_them() -> None:
    paper = made("Notes", authors=("Martin King Jr.", "Byron, A., Lin, M., Sea, S."))
    assert parse_string(as_bibtex([paper])).entries[0]["author"] == (
        "King, Jr., Martin and {Byron, A., Lin, M., Sea, S.}"
    )
    assert rispy.loads(as_ris([paper]))[0]["authors"] == ["King, Martin, Jr.", "Byron, A., Lin, M., Sea, S."]
    assert citation_key(paper).startswith("kingnotes")
    assert citation_key(made("Notes", authors=paper.authors[1:])).startswith("byronnotes")


@pytest.mark.parametrize(
    "authors",
    [
        ("Ada Byron", "Mei Lin", "et al."),
        ("Ada Byron", "Mei Lin", "others"),
        ("Byron, Ada", "Mei Lin and others"),
        ("Ada Byron", "Mei Lin, et al"),
        ("Ada Byron", "Mei Lin", "and 12 more"),
    ],
)
def test_authors_that_are_not_named_are_nobody(authors: tuple[str, ...]) -> None:
    paper = made("Notes", authors=authors)
    assert parse_string(as_bibtex([paper])).entries[0]["author"] == "Byron, Ada and Lin, Mei and others"
    assert rispy.loads(as_ris([paper]))[0]["authors"] == ["Byron, Ada", "Lin, Mei"]


def test_names_that_only_look_like_more_authors_stay() -> None:
    paper = made("Notes", authors=("Ada Alletal", "Karl Others", "Etal Al"))
    assert rispy.loads(as_ris([paper]))[0]["authors"] == ["Alletal, Ada", "Others, Karl", "Al, Etal"]


def test_nobody_is_the_author_where_only_others_are_said() -> None:
    paper = made("Notes", authors=("et al.",))
    assert "author" not in parse_string(as_bibtex([paper])).entries[0].fields_dict
    assert "authors" not in rispy.loads(as_ris([paper]))[0]
    assert citation_key(paper).startswith("notes-")


def test_prices_are_no_mathematics() -> None:
    (entry,) = parse_string(as_bibtex([made("From $5-$10 to $n^2$")])).entries
    assert entry["title"] == r"From \$5-\$10 to $n^2$"


def test_keys_hang_on_the_paper_alone_and_differ() -> None:
    assert citation_key(LANTERN) == citation_key(made(LANTERN.title, authors=("Ada B. Byron",), date="2024"))
    assert citation_key(made("Count Your Tokens!")) == citation_key(BARE)  # one paper, spelt in two ways
    keys = [citation_key(made(f"Notes on {number}")) for number in range(300)]
    assert len(set(keys)) == len(keys)
    assert all(re.fullmatch(r"[a-z0-9-]+", key) for key in [*keys, citation_key(made("面向街道网格"))])


ANY_LINE = st.text(st.characters(codec="utf-8"), min_size=1, max_size=60)


@settings(max_examples=60, deadline=None)
@given(title=ANY_LINE, author=ANY_LINE, url=st.from_regex(r"https://[a-z]{1,9}/[!-~]{0,30}", fullmatch=True))
def test_no_text_breaks_out_of_its_field(title: str, author: str, url: str) -> None:
    paper = made(title, authors=(author, "Ada Byron"), url=url, date="2024", arxiv_id="2410.05434")
    library = parse_string(as_bibtex([paper, BARE]))
    assert not library.failed_blocks
    assert [entry.key for entry in library.entries] == [citation_key(paper), citation_key(BARE)]
    assert library.entries[0]["eprint"] == "2410.05434"
    assert library.entries[0]["author"].endswith("Byron, Ada")
    assert [record["id"] for record in rispy.loads(as_ris([paper, BARE]))] == [citation_key(paper), citation_key(BARE)]
