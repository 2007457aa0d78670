"""The pages of single papers, copied whole: what their sites print around the paper is no paper."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.dump_reading import read_content

PAPERS = [
    (
        "Weathervanes: Steering Crawlers With Stale Maps",
        "Crawlers follow maps that are days old. We ask how stale a map may be before it misleads, and let 40 crawlers "
        "run on maps of one to thirty days. Up to nine days nothing is lost; then each day costs 2% of the pages.",
        ["Ada Byron", "Mei Lin"],
        "2403.01234",
    ),
    (
        "What do tuners hear that spectra do not show?",
        "Piano tuners stop before the spectrum is flat. In 61 tunings by four tuners the partials were left sharp by "
        "the same amount each time. Listeners preferred these tunings to flat ones in 70 of 100 trials.",
        ["Ola Nordmann", "Ruth Adeyemi", "Jan Vos"],
        "2403.02345",
    ),
    (
        "A Ledger of Lost Gloves and What Became of Them",
        "Gloves are lost in pairs less often than chance would have it. We kept a ledger of 1,204 gloves on one tram "
        "line for three winters. The left ones come back sooner, and nobody among the drivers could say why.",
        ["Pia Holm", "Ines Duarte"],
        "math/0309136",
    ),
]
ABOVE = """Skip to main content
Cornell University

We gratefully acknowledge support from the Simons Foundation, member institutions, and all contributors.
Donate
arxiv logo > cs > arXiv:{id}

Help | Advanced Search

Computer Science > Machine Learning
"""
BELOW = """Focus to learn more
Submission history
From: Ada Byron [view email]
[v1] Tue, 5 Mar 2024 17:59:59 UTC (1,204 KB)

Access Paper:
View PDF
HTML (experimental)
TeX Source
view license
Current browse context:
cs.LG
< prev   |   next >
new | recent | 2024-03
Change to browse by:
cs
cs.AI
References & Citations
NASA ADS
Google Scholar
Semantic Scholar
Export BibTeX Citation
Bookmark
Bibliographic Tools
Bibliographic and Citation Tools
Bibliographic Explorer Toggle
Bibliographic Explorer (What is the Explorer?)
Connected Papers Toggle
Connected Papers (What is Connected Papers?)
scite.ai Toggle
scite Smart Citations (What are Smart Citations?)
Code, Data, Media
Demos
Related Papers
About arXivLabs
Which authors of this paper are endorsers? | Disable MathJax (What is MathJax?)
About
Help
Contact
Subscribe
Copyright
Privacy Policy
Web Accessibility Assistance
arXiv Operational Status
Get status notifications via email or slack
"""
PAPER = """arXiv:{id} (cs)
[Submitted on {day} Mar 2024 (v1), last revised 9 Apr 2024 (this version, v2)]
{label[0]}{title}
{label[1]}{names}
View PDF
HTML (experimental)
{label[2]}{text}
Comments:\t12 pages, 3 figures
Subjects:\tMachine Learning (cs.LG); Artificial Intelligence (cs.AI)
Cite as:\tarXiv:{id} [cs.LG]
 \t(or arXiv:{id}v2 [cs.LG] for this version)
"""


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("label", [("Title:", "Authors:", "Abstract:"), ("", "", "")])
def test_a_page_of_arxiv_is_the_paper_that_it_is_about(
    label: tuple[str, str, str], whole: bool, count: int, tmp_path: Path
) -> None:
    form = f"{ABOVE}{PAPER}{BELOW}\n" if whole else f"{PAPER}\n"
    text = "".join(
        form.format(id=number, day=n, label=label, title=title, names=", ".join(names), text=text)
        for n, (title, text, names, number) in enumerate(PAPERS[:count], 5)
    )
    read = read_content(tmp_path, text)
    assert [(one.title, one.abstract, list(one.authors), one.arxiv_id) for one in read.records] == PAPERS[:count]
    assert [one.date for one in read.records] == [f"2024-03-0{n}" for n in range(5, 5 + count)]
    assert read.rejected == []


@pytest.mark.parametrize("number", ["{n}. ", "    {n}. ", ""])
def test_arxivs_search_gives_the_id_in_the_line_of_the_lists_number(number: str, tmp_path: Path) -> None:
    text = "Showing 1–3 of 3 results for all: gloves\n\n" + "".join(
        f"{number.format(n=n)}arXiv:{paper} [pdf, ps, other]  cs.LG cs.AI\n\n{title}\n\nAuthors: {', '.join(names)}\n\n"
        f"Abstract: {text} △ Less\n\nSubmitted {n} March, 2024; originally announced March 2024.\n\n"
        for n, (title, text, names, paper) in enumerate(PAPERS, 1)
    )
    read = read_content(tmp_path, text)
    assert [(one.title, one.abstract, list(one.authors), one.arxiv_id) for one in read.records] == PAPERS
    assert [one.date for one in read.records] == ["2024-03-01", "2024-03-02", "2024-03-03"]
    assert read.rejected == []


TLDR = "TL;DR: We look again at what was never in doubt.\n"
FORMS = {
    "OpenReview": "Back to ICLR 2024 Conference\n{title}\nDownload PDF\n{names}\n"
    "Published: 16 Jan 2024, Last Modified: 5 Mar 2024\nICLR 2024 Poster\nEveryone\nRevisions\nBibTeX\nCC BY 4.0\n"
    f"Keywords: maps, gloves\n{TLDR}Abstract: {{text}}\nPrimary Area: general machine learning\n"
    "Submission Number: 12{n}\n\n",
    "anonymous": "{title}\nICLR 2024 Conference Submission48{n} Authors\n16 Sept 2023 (modified: 5 Mar 2024)\n"
    f"Keywords: maps, gloves\n{TLDR}Abstract: {{text}}\nPrimary Area: general machine learning\n\n",
    "ACL": "{title}\n{names}\nAbstract\n{text}\nAnthology ID:2024.emnlp-main.{n}\n"
    "Volume:Proceedings of the Conference\n"
    "Month:March\nYear:2024\nAddress:Trondheim, Norway\nPages:1{n}–120\nDOI:10.1000/2024.{n}\n"
    "Cite (ACL):{names}. 2024. {title}. In Proceedings of the Conference.\n\n",
    "NeurIPS": "{title}\n\nPart of Advances in Neural Information Processing Systems 38 (NeurIPS 2024)\n\n"
    "Bibtex Paper Supplemental\n\nAuthors\n\n{names}\n\nAbstract\n\n{text}\n\nName Change Policy\n\n"
    "Requests for name changes in the electronic proceedings will be accepted with no questions asked. "
    "\n\n",
    "Papers with Code": "{title}\nferry-lab/gloves{n} •  • {n} Mar 2024\n\n{text}\n\n"
    "1,2{n}0\n0.5{n} stars / hour\nPaper\nCode\n\n",
    "PubMed": "{n}. J Small Things. 2024 Mar 1{n};12(3):112-120. doi: 10.1000/jst.{n}.\n\n{title}\n\n"
    "Byron A(1), Lin M(1)(2).\n\nAuthor information:\n(1)Department of Things, Trondheim, Norway.\n"
    "(2)Institute of More, Lisbon, Portugal.\n\n{text}\n\nDOI: 10.1000/jst.{n}\nPMID: 3845{n}112\n\n",
}


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("site", FORMS)
def test_what_other_sites_print_around_a_paper_is_no_paper(site: str, count: int, tmp_path: Path) -> None:
    text = "".join(
        FORMS[site].format(n=n, title=title, names=", ".join(names), text=text)
        for n, (title, text, names, _) in enumerate(PAPERS[:count], 1)
    )
    read = read_content(tmp_path, text)
    assert [(one.title, one.abstract) for one in read.records] == [paper[:2] for paper in PAPERS[:count]]


@pytest.mark.parametrize("form", ["{}\n\n{}\n\n", "Title: {}\nAbstract: {}\n\n"])
def test_words_that_say_that_there_is_no_abstract_are_none(form: str, tmp_path: Path) -> None:
    texts = [PAPERS[0][1], "No abstract available.", PAPERS[2][1]]
    text = "".join(form.format(paper[0], text) for paper, text in zip(PAPERS, texts, strict=True))
    read = read_content(tmp_path, text)
    assert read.titles == [PAPERS[0][0], PAPERS[2][0]]
    assert [one.text for one in read.rejected] == [PAPERS[1][0]]
