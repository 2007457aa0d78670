"""Dumps as people and tools really save them: what is a paper is found, what is none is said to be none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.layouts.foreign import foreign_format
from ingest.layouts.json_feed import without_comments
from ingest.layouts.markdown import plain
from ingest.parse import find_dumps, read_dump
from ingest.record import Record, Rejected
from rag.commands.shapes import write_json

TITLE = "Kettle: Sparse Attention That Cools Down"
ABSTRACT = (
    "Attention is costly on long texts. We let it cool down with distance and keep 98% of the quality "
    "at a third of the cost."
)
OTHER = "Which Seeds Grow?"
OTHER_ABSTRACT = (
    "We follow forty random seeds through pretraining. Nine of them never recover from the first thousand steps."
)


# As packers write them: a licence, and all of the program on one line.
STEPS = 'function(e,t){if(e&&t){n.push(e.tag());r=(t,n)=>{for(;;)t.go()};s["a"]=1}return e===t}(this,{}),'


def _read(folder: Path, content: str) -> tuple[list[Record], list[Rejected]]:
    (folder / "dump").write_text(content, encoding="utf-8")
    (file,) = find_dumps([str(folder / "dump")])
    items = list(read_dump(file))
    return [one for one in items if isinstance(one, Record)], [one for one in items if isinstance(one, Rejected)]


def _pairs(records: list[Record]) -> list[tuple[str, str]]:
    return [(record.title, record.abstract) for record in records]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (f"TY  - JOUR\nTI  - {TITLE}\nAB  - {ABSTRACT}\nER  - \n", "RIS"),
        (f"PMID- 12345\nTI  - {TITLE}\nAB  - {ABSTRACT}\n", "PubMed"),
        (f"%0 Journal Article\n%T {TITLE}\n%X {ABSTRACT}\n", "EndNote"),
        (f"{{\\rtf1\\ansi \\b {TITLE}\\b0\\par\n{ABSTRACT}\\par\n}}", "RTF"),
        (f"From: someone\nSubject: papers\nMIME-Version: 1.0\n\n{TITLE}\n\n{ABSTRACT}\n", "MHTML"),
        ("2026-01-02 10:00:00 INFO the server starts\n2026-01-02 10:00:01 WARN the disk is full\n" * 5, "log"),
        ("import os\n\ndef main():\n    print('hello')\n\nif __name__ == '__main__':\n    main()\n", "program"),
    ],
)
def test_other_formats_are_refused_by_name(content: str, says: str, tmp_path: Path) -> None:
    records, rejected = _read(tmp_path, content)
    assert records == []
    assert [says in one.reason for one in rejected] == [True]


@pytest.mark.parametrize(
    "content",
    [
        "/*! lantern v3.6.0 | (c) The lantern authors and other people | example.org/licence */\n!" + STEPS * 40,
        f'"use strict";(self.packedChunk=self.packedChunk||[]).push([[42],{{7:{STEPS * 40}}}]);',
        f"(()=>{{{STEPS * 40}}})();\n//# sourceMappingURL=lantern.js.map\n",
        f"import{{a as e}}from'./b.js';{STEPS * 40}\n### Help {{a}}\n\nThe help that this program shows is text.\n",
    ],
)
def test_scripts_of_a_saved_page_are_no_dumps(content: str, tmp_path: Path) -> None:
    records, (refused,) = _read(tmp_path, content)
    assert records == []
    assert "program" in refused.reason
    (tmp_path / "dump").rename(tmp_path / "lantern(1)")
    (file,) = find_dumps([str(tmp_path)])
    list(read_dump(file))
    assert not file.layout, "an ingest passes over what has no layout and was not named"


@pytest.mark.parametrize(
    "abstract",
    [
        "Free() and Malloc() are two functions: free() forgets.",
        "We map x => y and [code]() and [data]() follow.",
        "a || b",
    ],
)
def test_a_little_code_in_an_abstract_makes_no_program_of_it(abstract: str, tmp_path: Path) -> None:
    for form in ("{t}\n\n{a}\n", "### {t}\n\n{a}\n"):
        records, rejected = _read(tmp_path, form.format(t=TITLE, a=f"{ABSTRACT} {abstract} {OTHER_ABSTRACT}"))
        assert ([record.title for record in records], rejected) == ([TITLE], [])


@pytest.mark.parametrize(
    "form", ["{t}\n\n{a}\n\n{o}\n\n{b}\n", "{t}\n{a}\n{o}\n{b}\n", "From: Noise to Signal\n\n{a}\n\n{o}\n\n{b}"]
)
def test_copied_text_is_never_taken_for_another_format(form: str) -> None:
    assert not foreign_format(form.format(t=TITLE, a=ABSTRACT, o=OTHER, b=OTHER_ABSTRACT))


def test_json_with_comments_is_read(tmp_path: Path) -> None:
    entries = [{"paper": {"id": "2601.00001", "title": TITLE, "summary": "See https://a.example//b. " + ABSTRACT}}]
    text = json.dumps(entries, indent=1).replace('"paper": {', '"paper": { // the best one\n /* of\n them */')
    records, rejected = _read(tmp_path, f"// saved by hand\n/* on\n Monday */\n{text}\n")
    assert _pairs(records) == [(TITLE, "See https://a.example//b. " + ABSTRACT)]
    assert rejected == []


def test_comments_go_and_lines_stay() -> None:
    lines = ["# first", '{"a": "# no // comment /* here */", // yes', "/* over", "two */ 1}"]
    assert list(without_comments(lines)) == ["\n", '{"a": "# no // comment /* here */", \n', "\n", " 1}\n"]


def test_numbers_of_any_length_in_json_do_no_harm(tmp_path: Path) -> None:
    line = f'{{"title": "{TITLE}", "abstract": "{ABSTRACT}", "upvotes": {"9" * 6000}}}'
    for content in (line, f"[{line}]", f'{{"papers": [{line}]}}'):
        _read(tmp_path, content)  # read or rejected, never an exception


def test_upvotes_that_stand_before_the_titles(tmp_path: Path) -> None:
    cards = [(74, "2601.00001", TITLE, ABSTRACT), (3, "2601.00002", OTHER, OTHER_ABSTRACT)]
    text = "".join(
        f"[-] {votes}\n\n{title}\n\nhttps://huggingface.co/papers/{number}\n\n{abstract}\n\n"
        f"https://huggingface.co/papers/{number}\n\n·\n\nJan 5, 2026\n\nhttps://huggingface.co/login?next=%2Fpapers%2F{number}\n\n"
        for votes, number, title, abstract in cards
    )
    records, _ = _read(tmp_path, text)
    assert [(one.upvotes, one.date) for one in records] == [(74, "2026-01-05"), (3, "2026-01-05")]


def test_upvotes_that_stand_behind_the_abstracts(tmp_path: Path) -> None:
    cards = [(74, TITLE, ABSTRACT), (3, OTHER, OTHER_ABSTRACT)]
    text = "".join(f"### {title}\n\n{abstract}\n\nUpvote {votes}\n\n" for votes, title, abstract in cards)
    records, _ = _read(tmp_path, text)
    assert [one.upvotes for one in records] == [74, 3]


def test_labelled_facts_of_notes_are_facts(tmp_path: Path) -> None:
    notes = (
        f"# Reading list\n\n## {TITLE}\n\n**Authors:** Ada Byron, Max Moth\n\n"
        "**arXiv:** https://arxiv.org/abs/2601.00001\n\n"
        f"**Code:** https://github.com/moth/kettle\n\n**Published:** 2026-01-05\n\n"
        f"**Tags**: attention\n\n**Abstract:** {ABSTRACT}\n"
    )
    (record,), _ = _read(tmp_path, notes)
    assert _pairs([record]) == [(TITLE, ABSTRACT)]
    assert record.authors == ("Ada Byron", "Max Moth")
    assert (record.arxiv_id, record.date) == ("2601.00001", "2026-01-05")
    assert record.code_urls == ("https://github.com/moth/kettle",)


def test_a_page_of_titles_alone_gives_no_papers(tmp_path: Path) -> None:
    titles = [TITLE, OTHER, "Small Models Read Large Tables", "Learning to Fold Maps by Touch"]
    records, rejected = _read(tmp_path, "\n\n".join(f"{number}\n\n{title}" for number, title in enumerate(titles)))
    assert records == []
    assert [one.text for one in rejected] == titles


def test_the_page_of_one_paper_as_html(tmp_path: Path) -> None:
    page = (
        f"<html><body><h1>{TITLE}</h1><p>Ada Byron</p><h2>Abstract</h2><p>{ABSTRACT}</p>"
        "<h2>Community</h2><p>Log in to comment</p></body></html>"
    )
    records, _ = _read(tmp_path, page)
    assert _pairs(records) == [(TITLE, ABSTRACT)]


def test_any_other_html_page_gives_none(tmp_path: Path) -> None:
    records, rejected = _read(tmp_path, f"<html><body><h1>Welcome</h1><p>{ABSTRACT}</p></body></html>")
    assert (records, len(rejected)) == ([], 1)


def test_an_arxiv_mail(tmp_path: Path) -> None:
    mail = "\n".join(
        f"\\\\\narXiv:2601.0000{number}\nDate: Mon, 5 Jan 2026 08:00:00 GMT   (51kb)\n\nTitle: {title}\n"
        f"Authors: Ada Byron\nCategories: cs.LG\nComments: 9 pages\n\\\\\n  {abstract}\n"
        f"\\\\ ( https://arxiv.org/abs/2601.0000{number} ,  51kb)\n{'-' * 78}"
        for number, (title, abstract) in enumerate([(TITLE, ABSTRACT), (OTHER, OTHER_ABSTRACT)], 1)
    )
    records, _ = _read(tmp_path, mail)
    assert _pairs(records) == [(TITLE, ABSTRACT), (OTHER, OTHER_ABSTRACT)]


@pytest.mark.parametrize("blank", ["\n\n", "\n"])
def test_what_belongs_to_an_abstract_is_never_a_title(blank: str, tmp_path: Path) -> None:
    listed = (
        f"{ABSTRACT} Three things matter:\n\n- a short run;\n\n- a fresh test set;\n\n- a licence to copy.\n\nNo more."
    )
    linked = f"{OTHER_ABSTRACT}\n\nProject page: https://seeds.example.org\n\nCode: https://github.com/seeds/forty"
    text = blank.join([TITLE, *listed.split("\n\n"), OTHER, *linked.split("\n\n")])
    records, rejected = _read(tmp_path, text)
    assert [(one.title, one.abstract.split()) for one in records] == [(TITLE, listed.split()), (OTHER, linked.split())]
    assert rejected == []


@pytest.mark.parametrize(
    "names",
    [
        "Ada Byron, Max Moth",
        "A. Byron, M. de la Cruz and Li Wei",
        "Ada Byron; Max Moth*; Jörg Weiß",
        "Ada Byron1, Max Moth1,2, Li Wei3,*",
        "Jan van der Berg2,3, Li Wei3 and Max Moth12",
        ", ".join(["Ada Byron12"] * 30),
        ", ".join(["Ada Byron12"] * 60),
    ],
)
def test_an_author_line_is_no_title(names: str, tmp_path: Path) -> None:
    records, _ = _read(tmp_path, "\n\n".join([TITLE, names, ABSTRACT, OTHER, names, OTHER_ABSTRACT]))
    assert _pairs(records) == [(TITLE, ABSTRACT), (OTHER, OTHER_ABSTRACT)]


def test_a_titles_last_word_on_a_line_of_its_own(tmp_path: Path) -> None:
    text = (
        f"{OTHER}\n{OTHER_ABSTRACT[:63]}\n{OTHER_ABSTRACT[64:]}\n"
        "Kettle: Attention on Long Texts That Cools Down with the\nDistance\n"
        "Attention is costly on long texts. We let it cool down with\ndistance and keep 98% of the quality.\n"
    )
    records, _ = _read(tmp_path, text)
    assert records[-1].title == "Kettle: Attention on Long Texts That Cools Down with the Distance"


@pytest.mark.parametrize("blank", ["\n\n", "\n"])
def test_two_titles_in_a_row_cost_the_first_one_alone(blank: str, tmp_path: Path) -> None:
    text = blank.join([TITLE, ABSTRACT, "Small Models Read Large Tables", OTHER, OTHER_ABSTRACT])
    records, rejected = _read(tmp_path, text)
    assert _pairs(records) == [(TITLE, ABSTRACT), (OTHER, OTHER_ABSTRACT)]
    assert [one.text for one in rejected] == ["Small Models Read Large Tables"]


def test_a_markdown_table(tmp_path: Path) -> None:
    rows = f"| Title | Abstract |\n| :--- | ---: |\n| {TITLE} | {ABSTRACT} |\n| {OTHER} | {OTHER_ABSTRACT} |\n"
    records, rejected = _read(tmp_path, rows)
    assert _pairs(records) == [(TITLE, ABSTRACT), (OTHER, OTHER_ABSTRACT)]
    assert rejected == []


def test_what_pictures_are_called_is_furniture(tmp_path: Path) -> None:
    first = f"{TITLE}\n{ABSTRACT}\nmoth's avatar\n2 authors\n\n"
    text = f"{first}{OTHER}\n{OTHER_ABSTRACT}\nbyron's profile picture\n1 author\n"
    records, _ = _read(tmp_path, text)
    assert _pairs(records) == [(TITLE, ABSTRACT), (OTHER, OTHER_ABSTRACT)]


def test_furniture_split_over_lines_or_glued_together(tmp_path: Path) -> None:
    pairs = f"{TITLE}\n\n{ABSTRACT}\n\n{OTHER}\n\n{OTHER_ABSTRACT}"
    split = "Get trending papers\nin your email inbox!\n\nSubscribe\n\nby\n\nAK\n\nand the research\ncommunity\n\n"
    glued = "newGet trending papers in your email inbox once a day!Get trending papers in your email inbox!Subscribe"
    for furniture in (split, glued):
        records, rejected = _read(tmp_path, furniture + pairs)
        assert _pairs(records) == [(TITLE, ABSTRACT), (OTHER, OTHER_ABSTRACT)]
        assert rejected == []


def test_a_list_with_a_whole_paper_an_item(tmp_path: Path) -> None:
    items = [(1, TITLE, ABSTRACT), (2, OTHER, OTHER_ABSTRACT)]
    text = "".join(f"- **[{t}](https://arxiv.org/abs/2601.0000{n})** - {a}\n" for n, t, a in items)
    records, _ = _read(tmp_path, f"# Good papers\n\n{text}")
    assert _pairs(records) == [(TITLE, ABSTRACT), (OTHER, OTHER_ABSTRACT)]
    assert [one.arxiv_id for one in records] == ["2601.00001", "2601.00002"]


@pytest.mark.parametrize(
    "above",
    [
        "---\ndate created: 2026-01-05\nog:type: page\ntitle: Daily Papers,\n  Weekly Papers\n# by hand\n"
        "tags: [\n  papers\n]\n\naliases:\n- daily\n...\n",
        '---\ntitle: "Daily Papers"\nauthor:\n  - "[[AK]]"\ndescription: "Your daily dose"\n---\n',
        "Title: Daily Papers\n\nURL Source: https://a.example/papers\n\nPublished Time: Mon, 5 Jan 2026\n\n"
        "Markdown Content:\nDaily Papers\n======\n\n",
    ],
)
def test_what_clipping_tools_write_above_a_page_is_no_paper(above: str, tmp_path: Path) -> None:
    records, rejected = _read(tmp_path, f"{above}{TITLE}\n\n{ABSTRACT}\n\n{OTHER}\n\n{OTHER_ABSTRACT}\n")
    assert _pairs(records) == [(TITLE, ABSTRACT), (OTHER, OTHER_ABSTRACT)]
    assert rejected == []
    assert records[0].line == above.count("\n") + 1


@pytest.mark.parametrize(
    "form",
    [
        "---\n{t}\n\n{a}\n\n---\n{o}\n\n{b}\n",
        "---\n\n{t}\n{a}\n---\n\n{o}\n{b}\n---\n",
        "---\n## {t}\n\n{a}\n\n---\n## {o}\n\n{b}\n",
        "---\nTitle: {t}\nAbstract: {a}\n---\nTitle: {o}\nAbstract: {b}\n",
        "---\n\n---\n{t}\n\n{a}\n\n{o}\n\n{b}\n",
    ],
)
def test_a_rule_before_each_paper_costs_none(form: str, tmp_path: Path) -> None:
    records, rejected = _read(tmp_path, form.format(t=TITLE, a=ABSTRACT, o=OTHER, b=OTHER_ABSTRACT))
    assert _pairs(records) == [(TITLE, ABSTRACT), (OTHER, OTHER_ABSTRACT)]
    assert rejected == []


@pytest.mark.parametrize("head", ["<head><title>Papers</title></head><body>", "<head><title>Papers</title><body>"])
@pytest.mark.parametrize("more", ["", "<meta charset=utf-8><script>let a = 1</script><noscript>Papers</noscript>"])
def test_a_head_may_have_no_end(head: str, more: str, tmp_path: Path) -> None:
    card = f'<h3><a href="/papers/2601.00001">{TITLE}</a></h3><p>{ABSTRACT}</p>'
    for start in (head, head.replace("<body>", "")):
        records, rejected = _read(tmp_path, f"<!doctype html><html>{start.replace('<title>', more + '<title>')}{card}")
        assert (_pairs(records), rejected) == ([(TITLE, ABSTRACT)], [])


def test_a_run_of_comments_is_read_once(tmp_path: Path) -> None:
    card = f'<div><h3><a href="/papers/2601.00001">{TITLE}</a></h3><p>{ABSTRACT}</p></div>'
    records, _ = _read(tmp_path, "<!-- made by hand -->\n" * 60 + card)  # each taken in two ways, this would never end
    assert _pairs(records) == [(TITLE, ABSTRACT)]


def test_a_run_of_backslashes_is_read_once() -> None:
    many = "\\" * 40_000  # squared, this would take minutes
    assert plain(f"{many}a") == "\\" * 20_000 + "a"
    assert plain("a\\\nb") == "a\nb"


def test_an_object_stays_one_line_to_every_reader(capsys: pytest.CaptureFixture[str]) -> None:
    value = {"title": "a\u2028b\u2029c\x85d é"}
    write_json(value)
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line) == value
    assert "é" in line


def test_a_string_without_an_end_is_read_once() -> None:
    endless = '[{"a": "' + '\\"' * 400_000  # squared, this would take an hour
    assert "".join(without_comments([endless])) == f"{endless}\n"
