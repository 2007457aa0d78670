"""ingest/layouts/references.py: links by number, and several pages in one file, each with numbers of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.dump_reading import read_content

TEXT_BROWSER = """\
# Web source

- URL: https://huggingface.co/papers?q=lanterns
- Title: [[logo] Hugging Face][1]

```text
[[logo] Hugging Face][1]
* [ Models ][2]
* * Website
    * [ Tasks][9]
* [Log In][27]
new

[Subscribe][29]

# Daily Papers

## by[AK][30] and the research community
* Daily
* Weekly

Jun 29
[
-
][31]

### [Lanterns at Night: Is It Really Dark if All You Need Is Light? Towards Genuinely Difficult Problems of
Lighting][32]

[

Lanterns often struggle in long nights, and existing ones force a trade-off between light (>99%) and oil [0, 1). We
show that this need not be so.

The second paragraph says it again.

][33]
[
* 3 authors
][34]
·
May 30 [ 6][39]
[
65
][35]

### [Oil Technical Report][36]

[

This report presents Oil, which burns for a long time, and tells how it was made.

][37]
[[x] Example Lab][38]
·
Mar 13 [ 3][68]
[
1
][69]

### [A Title at the End][70]

[

Recent advances in large lanterns have made them brighter, but the text of this abstract
was cut

[Content truncated]
```
"""

LYNX = """\
   #[1]alternate

   [2]Hugging Face
     * [3]Models
   new
   [4]Subscribe

Daily Papers

by [5]AK and the research community

     * (BUTTON) Daily

   [10](BUTTON) 74

[11]Lanterns for Very Long Nights in Very Dark
Cities

   [12]Lanterns often struggle in long nights. We show that
   they need not.
   [13]
     * 2 authors

   ·
   Oct 7, 2024

References

   Visible links:
   1. https://huggingface.co/
  10. https://huggingface.co/login?next=%2Fpapers%2F2410.05434
  11. https://huggingface.co/papers/2410.05434
  12. https://huggingface.co/papers/2410.05434
"""

PAPERS = [
    ("Lanterns for Very Long Nights", "We keep lanterns burning for whole nights, and say how little oil that needs."),
    ("Choirs That Tune Themselves", "We let forty choirs sing without a leader, and measure how fast they agree."),
    ("Bees in the Rain", "We count how many bees fly while it rains, and find that wind matters more than water."),
]


def _address(number: int) -> str:
    return f"https://huggingface.co/papers/2410.0000{number}"


def _text_browser(*numbers: int, first: int = 1, head: str = "References\n\n   Visible links:") -> str:
    """A page as lynx prints it: other links up to `first`, a paper for each number, and where all links lead."""
    lines = [f"   [{number}]Page {number}" for number in range(1, first)]
    links = [f"{number:4d}. https://example.org/{number}" for number in range(1, first)]
    for place, number in enumerate(numbers, first):
        title, abstract = PAPERS[number]
        lines += ["", f"[{place}]{title}", "", f"   {abstract}", "", "   Oct 7, 2024"]
        links.append(f"{place:4d}. {_address(number)}")
    return "\n".join([*lines, "", head, *links, ""])


def _markdown(*numbers: int, first: int = 1, mark: str = "[{}]: ", after_each: bool = False) -> str:
    """The same as Markdown with reference links; `after_each`: each paper's address stands right below it."""
    lines, links = (
        ["# Daily Papers", ""],
        [f"{mark.format(number)}https://example.org/{number}" for number in range(1, first)],
    )
    for place, number in enumerate(numbers, first):
        title, abstract = PAPERS[number]
        link = mark.format(place) + _address(number)
        lines += [f"### [{title}][{place}]", "", abstract, "", *([link, ""] if after_each else [])]
        links += [] if after_each else [link]
    return "\n".join([*lines, *links, ""])


def _found(folder: Path, content: str) -> list[tuple[str, str | None]]:
    read = read_content(folder, content)
    assert read.file.layout == "Markdown with reference links"
    assert read.rejected == []
    assert [record.abstract for record in read.records] == [
        abstract for title, abstract in PAPERS if title in read.titles
    ]
    return [(record.title, record.url) for record in read.records]


ALL = [(title, _address(number)) for number, (title, _) in enumerate(PAPERS)]


def test_a_text_browsers_page_without_its_list_of_links(tmp_path: Path) -> None:
    read = read_content(tmp_path, TEXT_BROWSER)
    assert read.file.layout == "Markdown with reference links"
    assert read.rejected == []
    night, oil, cut = read.records
    assert night.title.endswith("Genuinely Difficult Problems of Lighting")
    assert night.abstract == (
        "Lanterns often struggle in long nights, and existing ones force a trade-off between light (>99%) and oil "
        "[0, 1). We show that this need not be so.\n\nThe second paragraph says it again."
    )
    assert (night.date, night.upvotes, night.organisation) == ("May 30", 0, None)
    assert (oil.date, oil.upvotes, oil.organisation) == ("Mar 13", 65, "Example Lab")
    assert cut.abstract.endswith("was cut")


def test_lynx_prints_numbers_before_links(tmp_path: Path) -> None:
    read = read_content(tmp_path, LYNX)
    (record,) = read.records
    assert (record.title, record.arxiv_id) == ("Lanterns for Very Long Nights in Very Dark Cities", "2410.05434")
    assert record.abstract == "Lanterns often struggle in long nights. We show that they need not."
    assert (record.date, record.upvotes) == ("2024-10-07", 74)
    assert read.rejected == []


@pytest.mark.parametrize("head", ["References\n\n   Visible links:", "References\n"])
def test_pages_of_a_text_browser_in_one_file_are_all_read_each_with_its_own_links(head: str, tmp_path: Path) -> None:
    pages = [_text_browser(0, 1, first=3, head=head), _text_browser(2, first=4, head=head)]
    assert _found(tmp_path, "\n".join(pages)) == ALL
    assert _found(tmp_path, _text_browser(0, 1, 2, first=3, head=head)) == ALL


def test_what_stands_in_a_text_browsers_list_of_links_does_not_end_it(tmp_path: Path) -> None:
    page = _text_browser(0, 1, first=3).replace(
        "   3. ", "   2. javascript:open('a window')\n\n   Hidden links:\n   3. "
    )
    assert _found(tmp_path, page + _text_browser(2, first=3)) == ALL


def test_what_stands_behind_the_last_list_of_links_is_no_papers_text(tmp_path: Path) -> None:
    page = _text_browser(0, 1, 2, first=3).replace("Oct 7, 2024", "")
    assert _found(tmp_path, page + "\nThe script that saved these pages ended here, without any error at all.\n") == ALL


@pytest.mark.parametrize("page", [_markdown, _text_browser])
def test_a_link_to_elsewhere_gets_no_address_of_another_page(page: Callable[..., str], tmp_path: Path) -> None:
    lost = page(2, first=3).replace(_address(2), "https://example.org/elsewhere")
    read = read_content(tmp_path, page(0, 1, first=3) + lost)
    urls = {record.title: record.url for record in read.records}
    assert [urls[title] for title, _ in PAPERS[:2]] == [_address(0), _address(1)]
    assert urls.get(PAPERS[2][0]) != _address(0)


@pytest.mark.parametrize("after_each", [False, True])
def test_markdown_pages_in_one_file_have_each_its_own_links(tmp_path: Path, *, after_each: bool) -> None:
    pages = _markdown(0, 1, first=3, after_each=after_each) + _markdown(2, first=4, after_each=after_each)
    assert _found(tmp_path, pages) == ALL


def test_a_link_may_be_defined_far_from_its_use(tmp_path: Path) -> None:
    used_again = _markdown(0, 1, 2, after_each=True) + f"\nMore of [the first][1]\n\n[40]: {_address(2)}\n"
    assert _found(tmp_path, used_again) == ALL
    *text, first, second, third, _ = _markdown(0, 1, 2).split("\n")
    assert _found(tmp_path, "\n".join([first, second, third, "", *text, ""])) == ALL


@pytest.mark.parametrize("mark", ["1. ", "[1] "])
def test_addresses_numbered_in_a_text_are_no_list_of_links(mark: str, tmp_path: Path) -> None:
    text = _markdown(0, 1, 2)
    assert _found(tmp_path, text.replace(PAPERS[1][1], f"{PAPERS[1][1]}\n\n{mark}https://github.com/a/b")) == ALL
