"""Pages saved by browsers and exporters, in the shapes in which they were seen, in our own words."""

from __future__ import annotations

import html
import json
from pathlib import Path

from tests.dump_reading import read_content
from tests.rendered_papers import PAPERS
from tests.rendering import feed_entry, page_data, page_markup

TRENDING = """\
# Somebody's notes - Trending Papers

- Source: `raw/trending.html`
- Extraction: `v2` (headings, links; figures require visual review)

## Extracted Text

<a id="part-0"></a>

new

[Subscribe](https://huggingface.co/login?next=%2Fpapers)

# Trending Papers

## by[[picture: none] AK](https://huggingface.co/akhaliq) and the research community

-

-

Submitted by

[picture: none]

some-user

<a id="part-3"></a>

### [Efficient Lanterns for Very Long Nights with
PagedOil](https://huggingface.co/papers/2309.06180)


PagedOil is an algorithm that stores oil in pages and so wastes little of it, which makes lanterns burn longer.


- [picture: none]

- 9 authors

· Published on Sep 12, 2023


[Upvote

76](https://huggingface.co/login?next=%2Fpapers%2F2309.06180)

[GitHub 86.1k](https://github.com/example-lab/oil) [arXiv Page](https://arxiv.org/abs/2309.06180)


[[picture: none]](https://huggingface.co/papers/2609.05415)

Submitted by

[picture: none]

other-user

### [UniWalk: One Model to Walk Them All](https://huggingface.co/papers/2609.05415)


We present one model that walks on two legs, four and six. It is trained once.
It then walks in three simulators, and falls rarely.


[[picture: x] Example University](https://huggingface.co/example-university) · Sep 4


[Upvote

22](https://huggingface.co/login?next=%2Fpapers%2F2609.05415)
"""

SUMMARY_ONLY = """\
# What is a list of papers?
**URL:** https://example.org
**Page Title:** Trending Papers
--------------------

Get trending papers in your email inbox!

## Trending Papers

## by AK and the research community

### SmallDoc: An ultra-compact model for end-to-end
  conversion of documents

SmallDoc is a compact model that converts whole documents of many kinds with few parameters and a new markup.
- 8 authors
[LINK: GitHub 50.8k](https://github.com/example-lab/smalldoc)

### A Title Without Anything

### Continuous Voices

Voice models represent sound by tokens that lose detail.
Yet sound is continuous. We model it as it is. Samples are at
https://example.org/voices
- 5 authors

--------------------
"""

PAPER_PAGE = """\
[Papers](/papers)

arxiv:2512.15603

# Layered Lanterns: Editing Light by Decomposition

Published on Dec 17

·

Submitted by
[![](https://cdn.example.org/a.jpeg)

some-user](/some-user)
on Dec 18

[[ ]

Upvote

34](/login?next=%2Fpapers%2F2512.15603)

Authors:

Ada Byron
,

Karl Weiss

## Abstract

Layered Lanterns takes light apart into layers with one model and so enables independent editing of each of them.

AI-generated summary

Editing light is hard because all of it is fused. We propose Layered Lanterns, a [light model](/papers?q=light)
that takes it apart. Our code is at https://github.com/example-lab/layers

[View arXiv page](https://arxiv.org/abs/2512.15603)
[View PDF](https://arxiv.org/pdf/2512.15603)

### Community

[some-user](/some-user)

Paper submitter
[2 days ago](#6943)

Editing light is hard because all of it is fused. This comment repeats the abstract.

## Models citing this paper 2

#### example-lab/layers

Updated about 15 hours ago
"""


def test_cards_of_a_trending_page(tmp_path: Path) -> None:
    read = read_content(tmp_path, TRENDING)
    assert read.rejected == []
    oil, walk = read.records
    assert oil.title == "Efficient Lanterns for Very Long Nights with PagedOil"
    assert (oil.is_summary, oil.upvotes, oil.date, oil.arxiv_id) == (True, 76, "2023-09-12", "2309.06180")
    assert oil.code_urls == ("https://github.com/example-lab/oil",)
    assert walk.abstract.endswith("It is trained once. It then walks in three simulators, and falls rarely.")
    assert (walk.is_summary, walk.organisation, walk.date) == (False, "Example University", "Sep 4")


def test_headings_without_links_and_facts_right_below_the_abstract(tmp_path: Path) -> None:
    read = read_content(tmp_path, SUMMARY_ONLY)
    assert read.titles == [
        "SmallDoc: An ultra-compact model for end-to-end conversion of documents",
        "Continuous Voices",
    ]
    assert [record.is_summary for record in read.records] == [True, False]
    assert read.records[1].abstract.endswith("Samples are at https://example.org/voices")
    assert [(item.line, item.text) for item in read.rejected] == [(19, "A Title Without Anything")]


def test_a_single_papers_page_gives_the_abstract_and_not_its_summary(tmp_path: Path) -> None:
    read = read_content(tmp_path, PAPER_PAGE)
    (record,) = read.records
    assert record.title == "Layered Lanterns: Editing Light by Decomposition"
    assert record.abstract.startswith(
        "Editing light is hard because all of it is fused. We propose Layered Lanterns, a light"
    )
    assert "comment" not in record.abstract
    assert (record.arxiv_id, record.upvotes, record.date, record.is_summary) == ("2512.15603", 34, "Dec 17", False)


def test_a_page_whose_data_was_read_does_not_repeat_its_cards(tmp_path: Path) -> None:
    read = read_content(tmp_path, page_data(PAPERS))
    assert read.titles == [paper.title for paper in PAPERS]


def test_two_saved_pages_in_one_file_are_both_read(tmp_path: Path) -> None:
    read = read_content(tmp_path, page_data(PAPERS[:2]) + page_markup(PAPERS[2:]))
    assert read.titles == [paper.title for paper in PAPERS]


def test_a_page_cut_off_inside_its_data_gives_the_papers_before(tmp_path: Path) -> None:
    data = html.escape(json.dumps({"dailyPapers": [feed_entry(paper) for paper in PAPERS]}))
    page = f'<!doctype html><html><body><div data-target="DailyPapers" data-props="{data}'
    read = read_content(tmp_path, page[: page.index("1802.08979") + 300])
    assert read.titles == [paper.title for paper in PAPERS[:3]]
    assert [item.reason for item in read.rejected] == ["The JSON breaks off inside this object."]


def test_a_page_without_papers_says_so(tmp_path: Path) -> None:
    read = read_content(tmp_path, "<!doctype html><html><body><p>Nothing here, but a sentence.</p></body></html>")
    assert (read.records, read.file.layout) == ([], "")
    assert [item.reason for item in read.rejected] == ["No paper was found in this file."]
