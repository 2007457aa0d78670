"""Feeds: Atom and RSS as arXiv, journals and PubMed write them, damaged ones, and XML that is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.dump_reading import ReadDump, read_content

FERRY = "Ferry: Carrying Gradients Across Slow Links"
FERRY_ABSTRACT = (
    "Training over slow links waits for gradients. We send only those with a loss < 2 & keep 99% of the accuracy at a "
    "twentieth of the traffic."
)
MOSS = "Do Moss Cameras Need Colour?"
MOSS_ABSTRACT = "Moss is classified in colour. We take the colour away and find that texture is enough for 31 species."
ESCAPED = FERRY_ABSTRACT.replace("&", "&amp;").replace("<", "&lt;")

ENTRY = (
    "  <entry>\n    <id>http://arxiv.org/abs/{0}v2</id>\n    <updated>2024-06-09T17:59:00Z</updated>\n"
    "    <published>2024-05-21T17:59:00Z</published>\n    <title>{1}</title>\n    <summary>  {2}\n</summary>\n"
    "    <author><name>Ines Okafor</name><arxiv:affiliation>Lab of Links</arxiv:affiliation></author>\n"
    '    <author><name>Tom Brandt</name></author>\n    <link title="pdf" href="http://arxiv.org/pdf/{0}v2" '
    'rel="related"/>\n    <link href="http://arxiv.org/abs/{0}v2" rel="alternate"/>\n  </entry>\n'
)
FIRST = ENTRY.format("2405.01234", FERRY.replace("Across", "Across\n  "), ESCAPED.replace(" at ", "\nat "))
SECOND = ENTRY.format("2406.04321", MOSS, MOSS_ABSTRACT)
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
    "  <title>ArXiv Query: links</title><id>http://arxiv.org/api/x</id>\n"
)
RSS = (
    '<?xml version="1.0" encoding="ISO-8859-1"?>\n<rss xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0">'
    "<channel><title>New papers</title><description>Of today.</description>"
)


def _pairs(read: ReadDump) -> list[tuple[str, str]]:
    return [(record.title, record.abstract) for record in read.records]


@pytest.mark.parametrize("before", ["", "\ufeff", "This XML file does not appear to have any style information.\n"])
def test_what_arxiv_answers(before: str, tmp_path: Path) -> None:
    read = read_content(tmp_path, f"{before}{HEAD}{FIRST}{SECOND}</feed>\n")
    assert (read.file.layout, read.rejected) == ("Atom/RSS feed", [])
    assert _pairs(read) == [(FERRY, FERRY_ABSTRACT), (MOSS, MOSS_ABSTRACT)]
    ferry, moss = read.records
    assert (ferry.arxiv_id, ferry.external_id, ferry.date) == ("2405.01234", "2405.01234", "2024-05-21")
    assert (ferry.url, ferry.authors) == ("http://arxiv.org/abs/2405.01234v2", ("Ines Okafor", "Tom Brandt"))
    assert moss.line - ferry.line == FIRST.count("\n")


@pytest.mark.parametrize(
    "item",
    [
        "<item><title>{0}</title><link>https://arxiv.org/abs/2405.01234</link><description>arXiv:2405.01234v1 Announce "
        "Type: new \nAbstract: {1}</description><guid>oai:arXiv.org:2405.01234v1</guid><pubDate>Tue, 21 May 2024 "
        "00:00:00 -0400</pubDate><dc:creator>Ines Okafor, Tom Brandt</dc:creator></item>",
        '<item rdf:about="http://arxiv.org/abs/2405.01234"><title>{0}. (arXiv:2405.01234v1 [cs.LG])</title>'
        "<link>http://arxiv.org/abs/2405.01234</link><description>&lt;p&gt;{2}&lt;/p&gt;</description><dc:date>"
        "2024-05-21</dc:date><dc:creator>&lt;a href=&quot;x&quot;&gt;Ines Okafor&lt;/a&gt;, "
        "&lt;a href=&quot;y&quot;&gt;Tom Brandt&lt;/a&gt;</dc:creator></item>",
        "<item><title><![CDATA[{0}]]></title><media:title>A picture</media:title><link>https://arxiv.org/abs/2405.01234"
        "</link><description><![CDATA[<p>J Links. 2024 May 21.</p><p>ABSTRACT</p><p>Training over slow ...]]>"
        "</description><content:encoded><![CDATA[<div><p>J Links. 2024 May 21. doi: 10.1/1.</p><p><b>ABSTRACT</b></p>"
        "<p>{2}</p><p>PMID:<a href='z'>1</a> | DOI:2</p></div>]]></content:encoded><dc:creator>Ines Okafor</dc:creator>"
        "<dc:creator>Tom Brandt</dc:creator><pubDate>Tue, 21 May 2024 06:00:00 -0400</pubDate></item>",
        '<entry><title type="html">{0}</title><link href="https://arxiv.org/abs/2405.01234"/><published>2024-05-21'
        '</published><summary type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>{1}</p></div></summary>'
        "<author><name>Ines Okafor</name><email>i@example.org</email></author><author><name>Tom Brandt</name></author>"
        "</entry>",
    ],
    ids=["arXiv", "arXiv's former", "PubMed", "with XHTML"],
)
def test_feeds_of_many_makers(item: str, tmp_path: Path) -> None:
    as_html = ESCAPED if "CDATA" in item else ESCAPED.replace("&", "&amp;")
    read = read_content(tmp_path, RSS + item.format(FERRY, ESCAPED, as_html) + "</channel></rss>")
    (record,) = read.records
    assert ((record.title, record.abstract), read.rejected) == ((FERRY, FERRY_ABSTRACT), [])
    assert (record.arxiv_id, record.date, record.authors) == ("2405.01234", "2024-05-21", ("Ines Okafor", "Tom Brandt"))


def test_what_a_blog_adds_to_its_posts_is_no_abstract(tmp_path: Path) -> None:
    more = f'<p>{MOSS_ABSTRACT}</p>\n<p>The post <a href="x">{MOSS}</a> appeared first on <a href="y">Moss</a>.</p>'
    item = f"<item><title>{MOSS}</title><description><![CDATA[<p>Moss is [&#8230;]</p>]]></description>"
    read = read_content(tmp_path, f"{RSS}{item}<content:encoded><![CDATA[{more}]]></content:encoded></item>")
    assert _pairs(read) == [(MOSS, MOSS_ABSTRACT)]


def test_feeds_as_people_keep_them(tmp_path: Path) -> None:
    sloppy = SECOND.replace("classified in", "classified &ndash; R&D says &ndash; <![CDATA[as <item> ]]>in\x0b")
    read = read_content(tmp_path, f"{HEAD}{FIRST}</feed>\n{RSS}{sloppy}</channel></rss>")
    assert read.rejected == []
    assert _pairs(read) == [
        (FERRY, FERRY_ABSTRACT),
        (MOSS, MOSS_ABSTRACT.replace("classified in", "classified – R&D says – as <item> in")),
    ]


@pytest.mark.parametrize("damage", ["</summary>", "</title>", "</entry>"])
def test_damage_costs_the_entry_that_it_is_in(damage: str, tmp_path: Path) -> None:
    broken = FIRST.replace(damage, "", 1)
    read = read_content(tmp_path, f"{HEAD}{SECOND}{broken}{SECOND}</feed>")
    assert read.titles == [MOSS, MOSS]
    (refused,) = read.rejected
    assert refused.reason.startswith("This entry of the feed is damaged:")
    assert refused.line == read.records[0].line + SECOND.count("\n")


def test_a_feed_that_breaks_off_gives_the_entries_before(tmp_path: Path) -> None:
    read = read_content(tmp_path, f"{HEAD}{FIRST}{SECOND[:200]}")
    assert read.titles == [FERRY]
    assert [refused.reason for refused in read.rejected] == ["The feed breaks off inside this entry."]


def test_entries_are_found_across_the_pieces_of_a_large_feed(tmp_path: Path) -> None:
    long = [ENTRY.format("2405.01234", f"{FERRY} {number}", ESCAPED * 20) for number in range(900)]
    read = read_content(tmp_path, f"{HEAD}{''.join(long)}</feed>")
    assert (read.titles, read.rejected) == ([f"{FERRY} {number}" for number in range(900)], [])
    assert {after.line - before.line for before, after in zip(read.records, read.records[1:], strict=False)} == {12}


def test_no_entity_is_ever_declared(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("nobody may read this", encoding="utf-8")
    grown = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    kinds = f'<!DOCTYPE feed [<!ENTITY a0 "ha ">{grown}<!ENTITY file SYSTEM "{secret.as_uri()}">]>'
    hostile = SECOND.replace("Moss is", "&a11; &file; Moss is")
    read = read_content(tmp_path, HEAD.replace("<feed", f"{kinds}<feed") + hostile + f"<entry>{kinds}</entry></feed>")
    assert [record.abstract for record in read.records] == [f"&a11; &file; {MOSS_ABSTRACT}"]
    assert len(read.rejected) == 1


def test_an_error_that_arxiv_answers_is_no_paper(tmp_path: Path) -> None:
    said = "<id>http://arxiv.org/api/errors#incorrect</id><title>Error</title><summary>incorrect id</summary>"
    read = read_content(tmp_path, f"{HEAD}<entry>{said}</entry></feed>")
    assert (read.records, [refused.text for refused in read.rejected]) == ([], ["incorrect id"])


@pytest.mark.parametrize(
    "content",
    [
        '<?xml version="1.0"?>\n<PubmedArticleSet><PubmedArticle><Article><ArticleTitle>{0}</ArticleTitle><Abstract>'
        "<AbstractText>{1}</AbstractText></Abstract></Article></PubmedArticle></PubmedArticleSet>",
        "<xml><records><record><titles><title>{0}</title></titles>\n<abstract>{1}</abstract></record></records></xml>",
        '<?xml version="1.0"?>\n<!-- kept -->\n<papers>\n<title>{0}</title>\n\n<text>{1}</text>\n</papers>\n',
    ],
)
def test_other_xml_is_refused_by_name(content: str, tmp_path: Path) -> None:
    read = read_content(tmp_path, content.format(MOSS, MOSS_ABSTRACT))
    assert (read.records, read.file.layout) == ([], "")
    assert ["XML that is not read" in refused.reason for refused in read.rejected] == [True]
