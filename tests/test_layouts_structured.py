"""JSON, JSON lines, tables and BibTeX: the good records are kept, the bad ones listed with their line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.dump_reading import read_content
from tests.rendered_papers import PAPERS
from tests.rendering import feed_entry

ONE = {"title": "Paths in Cities", "abstract": "We study how walkers choose paths."}
TWO = {"title": "Kernel Fusion", "summary": "A compiler fuses kernels.", "year": 2020, "id": 17}


def test_json_lines_with_bad_lines_between(tmp_path: Path) -> None:
    lines = [
        json.dumps(ONE),
        "{bad",
        "",
        json.dumps(TWO),
        json.dumps({"title": "Nothing Else"}),
        json.dumps({"abstract": "A text alone."}),
        json.dumps([1, 2]),
        '"text"',
        json.dumps({"paper": {"title": "Inside", "summary": "An entry of the feed on a line."}}),
    ]
    read = read_content(tmp_path, "\n".join(lines))
    assert read.file.layout == "JSONL"
    assert [(record.title, record.line) for record in read.records] == [
        ("Paths in Cities", 1),
        ("Kernel Fusion", 4),
        ("Inside", 9),
    ]
    assert (read.records[1].date, read.records[1].external_id, read.records[1].arxiv_id) == ("2020", "17", None)
    assert [item.line for item in read.rejected] == [2, 5, 6, 7, 8]
    assert read.rejected[0].reason.startswith("This line is no JSON")
    assert read.rejected[1].reason == "A title without an abstract."


def test_the_fields_of_the_contract(tmp_path: Path) -> None:
    record = {
        **ONE,
        "id": "2410.05434v2",
        "url": "javascript:alert(1)",
        "authors": [{"name": "Ada Byron"}, "Karl Weiss", {"first": "Mei", "last": "Lin"}],
        "date": "2024-10-07T12:00:00Z",
        "upvotes": "1.2k",
        "githubRepo": "https://github.com/example-lab/paths/tree/main",
    }
    (read,) = read_content(tmp_path, json.dumps(record) + "\n").records
    assert (read.external_id, read.arxiv_id, read.url) == (
        "2410.05434",
        "2410.05434",
        "https://huggingface.co/papers/2410.05434",  # upvotes are counted on the papers page alone
    )
    assert read.authors == ("Ada Byron", "Karl Weiss", "Mei Lin")
    assert (read.date, read.upvotes) == ("2024-10-07", 1200)
    assert read.code_urls == ("https://github.com/example-lab/paths",)


@pytest.mark.parametrize(
    "document",
    [
        [ONE, TWO],
        {"date": "2024-01-01", "papers": [ONE, TWO]},
        {"2024-01-01": [{"paper": ONE}], "2024-01-02": [{"paper": TWO}]},
        {"title": "A list of papers", "data": {"items": [ONE, TWO]}},
        [[ONE], [TWO]],
    ],
)
def test_json_documents_of_many_shapes(document: object, tmp_path: Path) -> None:
    for indent in (None, 2):
        read = read_content(tmp_path, json.dumps(document, indent=indent))
        assert read.titles == ["Paths in Cities", "Kernel Fusion"]
        assert read.rejected == []


@pytest.mark.parametrize(
    "form",
    [
        "[\n{0},\n{1}\n]\n",
        "[{0},\n{1}]\n",
        "[\n{0}\n,\n{1}\n]",
        '{{"papers": [\n{0},\n{1}\n]}}',
        "// kept by hand\n[\n{0},\n{1}\n]\n",
        "{0},\n{1}\n",
        "{0},\n{1},\n",
    ],
)
@pytest.mark.parametrize("more", [{}, {"categories": "cs.CL", "update_date": "2024-10-07"}])
def test_a_list_with_a_paper_on_each_line_is_read_whole(form: str, more: dict[str, str], tmp_path: Path) -> None:
    read = read_content(tmp_path, form.format(json.dumps({**ONE, **more}), json.dumps({**TWO, **more})))
    assert read.titles == ["Paths in Cities", "Kernel Fusion"]
    assert read.rejected == []


def test_a_list_inside_a_program_gives_its_lines(tmp_path: Path) -> None:
    read = read_content(tmp_path, f"papers = [\n{json.dumps(ONE)},\n{json.dumps(TWO)},\n]\n")
    assert read.titles == ["Paths in Cities", "Kernel Fusion"]
    assert [item.line for item in read.rejected] == [1, 4]


def test_json_lines_may_begin_with_a_bad_one(tmp_path: Path) -> None:
    read = read_content(tmp_path, f'{{"title": "Torn Off", "abst\n{json.dumps(ONE)}\n')
    assert read.file.layout == "JSONL"
    assert (read.titles, [item.line for item in read.rejected]) == (["Paths in Cities"], [1])


@pytest.mark.parametrize(
    "document",
    [
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": "My papers",
            "description": "Read.",
            "items": [ONE, TWO],
        },
        {"slug": "a/b", "title": "To read", "summary": "For the autumn.", "data": {"items": [{"paper": ONE}, TWO]}},
        {"rss": {"channel": {"title": "New papers", "description": "Of today.", "item": [ONE, TWO]}}},
        {"title": "By name", "description": "Of today.", "papers": {"paths": ONE, "fusion": TWO}},
    ],
)
def test_what_a_list_of_papers_is_called_is_no_paper(document: object, tmp_path: Path) -> None:
    for indent in (None, 2):
        read = read_content(tmp_path, json.dumps(document, indent=indent))
        assert read.titles == ["Paths in Cities", "Kernel Fusion"]
        assert read.rejected == []


def test_values_that_are_wrapped_are_read(tmp_path: Path) -> None:
    wrapped = {"content": {name: {"value": value} for name, value in {**ONE, "authors": ["Ada Byron"]}.items()}}
    (record,) = read_content(tmp_path, json.dumps({"notes": [{"id": "x1", **wrapped}]})).records
    assert (record.title, record.abstract, record.authors) == (*ONE.values(), ("Ada Byron",))


def test_an_inverted_index_is_read_as_the_text_that_it_was_made_of(tmp_path: Path) -> None:
    index: dict[str, list[int]] = {}
    for place, word in enumerate(ONE["abstract"].split()):
        index.setdefault(word, []).append(place)
    people = [{"author_position": "first", "author": {"id": "A1", "display_name": "Ada Byron"}}]
    work = {"title": ONE["title"], "abstract_inverted_index": index, "authorships": people}
    (record,) = read_content(tmp_path, json.dumps({"meta": {"count": 1}, "results": [work]}, indent=1)).records
    assert (record.title, record.abstract, record.authors) == (*ONE.values(), ("Ada Byron",))


@pytest.mark.parametrize("named", ["content_text", "content_html"])
def test_a_feed_whose_items_have_a_content_alone(named: str, tmp_path: Path) -> None:
    text = ONE["abstract"] if named == "content_text" else f"<p>{ONE['abstract']}</p>"
    item = {"id": "https://example.org/1", "url": "https://example.org/1", "title": ONE["title"], named: text}
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "My papers",
        "description": "Read.",
        "items": [{**item, "date_published": "2024-05-21T10:00:00Z", "authors": [{"name": "Ada Byron"}]}],
    }
    (record,) = read_content(tmp_path, json.dumps(feed, indent=1)).records
    assert (record.title, record.abstract, record.url) == (*ONE.values(), "https://example.org/1")
    assert (record.date, record.authors) == ("2024-05-21", ("Ada Byron",))


@pytest.mark.parametrize("before", [{}, {"authors": [{"name": "Ada Byron"}]}, {"id": "to-read", "title": None}])
def test_a_list_with_a_title_may_break_off(before: dict[str, object], tmp_path: Path) -> None:
    listed = {"title": "To read", "description": "For the autumn.", **before, "items": [ONE, TWO, ONE]}
    document = json.dumps({name: value for name, value in listed.items() if value})
    read = read_content(tmp_path, document[:-30])
    assert read.titles == ["Paths in Cities", "Kernel Fusion"]
    assert [item.reason for item in read.rejected] == ["The JSON breaks off inside this object."]


def test_a_damaged_paper_does_not_give_those_it_is_related_to(tmp_path: Path) -> None:
    damaged = json.dumps({"id": 3, **TWO, "related": [ONE]}).replace('"year": 2020', '"year" 2020')
    read = read_content(tmp_path, f"[{damaged}, {json.dumps(TWO)}]")
    assert (read.titles, len(read.rejected)) == (["Kernel Fusion"], 1)


@pytest.mark.parametrize(
    "more",
    [
        {"journal": {"title": "Letters", "description": "A journal of letters."}},
        {"grants": [{"title": "For Walkers"}]},
        {"id": "2410.05434", "related": [ONE]},
        {"doi": "10.1000/182", "related": [ONE]},
        {"abstract": "A compiler fuses kernels; it needs no rules.", "related": [ONE]},
    ],
)
def test_what_a_paper_names_beside_itself_is_not_read_instead(more: dict[str, object], tmp_path: Path) -> None:
    read = read_content(tmp_path, json.dumps([{**TWO, **more}]))
    assert (read.titles, read.rejected) == (["Kernel Fusion"], [])


def test_a_damaged_entry_costs_itself_alone(tmp_path: Path) -> None:
    entries = json.dumps([feed_entry(paper) for paper in PAPERS])
    read = read_content(tmp_path, entries.replace('"title": "Do Small', '"title" "Do Small', 1))
    assert read.titles == [paper.title for paper in PAPERS if not paper.title.startswith("Do Small")]
    assert len(read.rejected) == 1


def test_a_feed_that_breaks_off_gives_the_entries_before(tmp_path: Path) -> None:
    for document in (
        json.dumps([feed_entry(paper) for paper in PAPERS]),
        json.dumps({"dailyPapers": [feed_entry(p) for p in PAPERS]}),
    ):
        read = read_content(tmp_path, document[: document.index("1802.08979")])
        assert read.titles == [paper.title for paper in PAPERS[:3]]
        assert [item.reason for item in read.rejected] == ["The JSON breaks off inside this object."]


def test_objects_larger_than_the_buffer_are_looked_into(tmp_path: Path) -> None:
    padding = [{"note": "x" * 1000}] * 6000
    read = read_content(tmp_path, json.dumps({"other": padding, "papers": [ONE, TWO]}))
    assert read.titles == ["Paths in Cities", "Kernel Fusion"]


def test_json_without_papers_is_no_dump(tmp_path: Path) -> None:
    read = read_content(tmp_path, json.dumps({"name": "something", "version": [1, 2, 3]}))
    assert (read.records, read.file.layout) == ([], "")
    assert len(read.rejected) == 1


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_tables_with_quotes_line_ends_and_bad_rows(delimiter: str, tmp_path: Path) -> None:
    rows = [
        ["id", "Title", "Authors", "Abstract"],
        ["1", "Paths in Cities", '"Ada Byron; Karl Weiss"', '"We study\nhow walkers ""choose"" paths."'],
        ["2", "Short Row"],
        ["3", "No Abstract", "", ""],
        ["4", "Kernel Fusion", "", '"A compiler, a tab\tand more; it fuses | kernels."'],
    ]
    read = read_content(tmp_path, "".join(delimiter.join(row) + "\n" for row in rows))
    assert read.file.layout == "CSV/TSV"
    assert read.titles == ["Paths in Cities", "Kernel Fusion"]
    assert read.records[0].abstract == 'We study how walkers "choose" paths.'
    assert read.records[0].authors == ("Ada Byron", "Karl Weiss")
    assert [(item.line, item.reason) for item in read.rejected] == [
        (4, "This row has 2 cells, the header has 4."),
        (5, "A title without an abstract."),
    ]


@pytest.mark.parametrize("second", ["title,abstract", "\ufeffTitle,Abstract", "abstract,title,id"])
def test_a_table_joined_to_another_brings_its_papers_and_not_its_header(second: str, tmp_path: Path) -> None:
    row = {"title": "Two", "abstract": "We fuse.", "id": "7"}
    cells = [row[name] for name in second.strip("\ufeff").lower().split(",")]
    read = read_content(tmp_path, f"title,abstract\nOne,We walk.\n{second}\n{','.join(cells)}\n")
    found = [(record.title, record.abstract) for record in read.records]
    assert (found, read.rejected) == ([("One", "We walk."), ("Two", "We fuse.")], [])


def test_tab_separated_texts_may_hold_quotation_marks(tmp_path: Path) -> None:
    read = read_content(
        tmp_path, 'sep=\t\ntitle\tsummary\nPaths\t"Walkers" choose. We study them.\nKernels\tThey "fuse".\n'
    )
    assert [record.abstract for record in read.records] == ['"Walkers" choose. We study them.', 'They "fuse".']


BIBTEX = r"""
% a comment with @article{nothing
@comment{this is left out}
@string{venue = "Some Venue"}
@string{jul = "July"}

@inproceedings{byron-weiss-2023-paths,
    title = "{P}aths in {\'E}vora: Schr{\"o}dinger's {\textquotedblleft}Walk{\textquotedblright}",
    author = "Byron, Ada  and
      Weiss, Karl",
    booktitle = venue # ", Part " # 2,
    month = jul,
    year = "2023",
    url = "https://example.org/2023.paths.1",
    abstract = "We study \textit{how} walkers choose paths, at a cost of $O(n^{2})$ {--} and
      say {"}why{"} in 50{\%} of cases.",
}
@article{broken, title = {No End of Braces {, abstract = {Lost.},
@misc{weiss2024, author = {Karl Weiss}, title = {Kernel Fusion}, eprint = {2410.05434}, archivePrefix = {arXiv},
  year = 2024, month = 10, day = {7}, doi = {10.1000/182}, abstract = {A compiler fuses kernels.}}
@book{noabstract, title = {A Title Alone}}
"""


def test_bibtex_entries(tmp_path: Path) -> None:
    read = read_content(tmp_path, BIBTEX)
    assert read.file.layout == "BibTeX"
    paths, kernels = read.records
    assert paths.title == "Paths in Évora: Schrödinger's “Walk”"
    assert paths.authors == ("Ada Byron", "Karl Weiss")
    assert (paths.date, paths.url, paths.external_id) == (
        "2023-07",
        "https://example.org/2023.paths.1",
        "byron-weiss-2023-paths",
    )
    assert (
        paths.abstract == 'We study how walkers choose paths, at a cost of $O(n^{2})$ -- and say "why" in 50% of cases.'
    )
    assert (kernels.title, kernels.arxiv_id, kernels.date) == ("Kernel Fusion", "2410.05434", "2024-10-07")
    assert kernels.url == "https://doi.org/10.1000/182"
    assert [item.reason for item in read.rejected] == [
        "This entry is damaged or breaks off.",
        "A title without an abstract.",
    ]


@pytest.mark.parametrize("between", ["", " ", ", ", "\ufeff", "\n\ufeff", "\n", "\n% and then\n"])
@pytest.mark.parametrize("line_end", [" ", "\n  "])
def test_an_entry_may_begin_where_another_ends(between: str, line_end: str, tmp_path: Path) -> None:
    entry = "@article{{{0},{2}title = {{{1}}},{2}abstract = {{We fuse {{K}}ernels.}}{2}}}"
    titles = ["Paths in Cities", "Kernel Fusion", "Remembering by Replay"]
    read = read_content(tmp_path, between.join(entry.format(f"key{n}", t, line_end) for n, t in enumerate(titles)))
    assert (read.titles, read.rejected) == (titles, [])
    assert [record.external_id for record in read.records] == ["key0", "key1", "key2"]


def test_an_abstract_may_print_an_entry(tmp_path: Path) -> None:
    (record,) = read_content(
        tmp_path, "@article{a, title = {Paths}, abstract = {Write {\\tt x} @misc{this} or {that}.}}\n"
    ).records
    assert record.abstract.endswith("@miscthis or that.")
