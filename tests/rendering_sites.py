"""Pages of papers as arXiv and the ACL Anthology write their HTML, with papers in our own words."""

from __future__ import annotations

import html
from collections.abc import Sequence
from datetime import date as date_class

from tests.rendered_papers import Made


def arxiv_listing(papers: Sequence[Made]) -> str:
    """arXiv's list of new submissions (https://arxiv.org/list/cs.LG/new)."""
    entries = []
    for number, p in enumerate(papers, 1):
        names = ",\n".join(
            f'<a href="https://arxiv.org/search/cs?searchtype=author&amp;query={name.split()[-1]}">{name}</a>'
            for name in p.authors
        )
        entries.append(f"""
    <dt>
      <a name='item{number}'>[{number}]</a>
      <a href ="/abs/{p.arxiv_id}" title="Abstract" id="{p.arxiv_id}">
        arXiv:{p.arxiv_id}
      </a>
        [<a href="/pdf/{p.arxiv_id}" title="Download PDF" id="pdf-{p.arxiv_id}">pdf</a>,
        <a href="https://arxiv.org/html/{p.arxiv_id}v1" title="View HTML">html</a>,
        <a href="/format/{p.arxiv_id}" title="Other formats">other</a>]
    </dt>
    <dd>
      <div class='meta'>
        <div class='list-title mathjax'><span class='descriptor'>Title:</span>
          {html.escape(p.title)}
        </div>
        <div class='list-authors'>{names}</div>
        <div class='list-comments mathjax'><span class='descriptor'>Comments:</span>
          12 pages, 4 figures. We thank the people who lent their lanterns for so many nights of the long experiment.
        </div>
        <div class='list-subjects'><span class='descriptor'>Subjects:</span>
          <span class="primary-subject">Machine Learning (cs.LG)</span>; Computation and Language (cs.CL)
        </div>
        <p class='mathjax'>
          {html.escape(p.abstract).replace("https://github.com/example-lab/lantern", _hidden(p.code))}
        </p>
      </div>
    </dd>""")
    return f"""<!DOCTYPE html>
<html lang="en">
<head>  <title>Machine Learning </title>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="canonical" href="https://arxiv.org/list/cs.LG/new"/></head>
<body class="with-cu-identity">
<div class="header-breadcrumbs"><a href="/"><img src="logo.svg" alt="arxiv logo"/></a> <span>&gt;</span> cs.LG</div>
<div class="search-block level-right"><form class="level-item mini-search" method="GET" action="/search">
<p class="help"><a href="https://info.arxiv.org/help">Help</a> | <a href="/search/advanced">Advanced Search</a></p>
</form></div>
<div id="content"><div id='dlpage'>
<h1>Machine Learning</h1>
<ul><li><a href="#item0">New submissions</a></li><li><a href="#item3">Cross-lists</a></li></ul>
<p>See <a id="recent-cs" href="/list/cs.LG/recent">recent</a> articles</p>
<h3>Showing new listings for Monday, 23 November 2026</h3>
<div class='paging'>Total of {len(papers)} entries </div>
<dl id='articles'>
  <h3>New submissions (showing {len(papers)} of {len(papers)} entries)</h3>
{"".join(entries)}
</dl></div></div>
<footer><div class="columns"><p>About arXiv, which is a service that is kept up by people at a university, and by
many others who pay for it each year, so that nobody who reads has to.</p></div></footer>
</body></html>
"""


def _hidden(code: str) -> str:
    return f'<a href="{code}" rel="external noopener nofollow" class="link-external link-https">this https URL</a>'


def arxiv_search(papers: Sequence[Made]) -> str:
    """A page of arXiv's search results, with the abstract cut and whole."""
    results = []
    for p in papers:
        names = ", \n".join(f'<a href="/search/?searchtype=author&amp;query={name}">{name}</a>' for name in p.authors)
        abstract = html.escape(p.abstract)
        results.append(f"""
    <li class="arxiv-result">
    <div class="is-marginless">
      <p class="list-title is-inline-block"><a href="https://arxiv.org/abs/{p.arxiv_id}">arXiv:{p.arxiv_id}</a>
        <span>&nbsp;[<a href="https://arxiv.org/pdf/{p.arxiv_id}">pdf</a>,
        <a href="https://arxiv.org/format/{p.arxiv_id}">other</a>]&nbsp;</span>
      </p>
      <div class="tags is-inline-block">
        <span class="tag is-small is-link tooltip is-tooltip-top" data-tooltip="Machine Learning">cs.LG</span>
      </div>
    </div>
    <p class="title is-5 mathjax">
        {html.escape(p.title)}
    </p>
    <p class="authors">
      <span class="has-text-black-bis has-text-weight-semibold">Authors:</span>
      {names}
    </p>
    <p class="abstract mathjax">
      <span class="has-text-black-bis has-text-weight-semibold">Abstract</span>:
      <span class="abstract-short has-text-grey-dark mathjax" id="{p.arxiv_id}v1-abstract-short"
        style="display: inline;">&hellip;{abstract[:40]}&hellip;
        <a class="is-size-7" style="white-space: nowrap;" onclick="show()">&#9661; More</a></span>
      <span class="abstract-full has-text-grey-dark mathjax" id="{p.arxiv_id}v1-abstract-full" style="display: none;">
        {abstract.replace(" layers ", ' <span class="search-hit mathjax">layers</span> ')}
        <a class="is-size-7" style="white-space: nowrap;" onclick="hide()">&#9651; Less</a></span>
    </p>
    <p class="is-size-7"><span class="has-text-black-bis has-text-weight-semibold">Submitted</span>
      {_printed(p.date, 3)};
      <span class="has-text-black-bis has-text-weight-semibold">v1</span> submitted {_printed(p.date)};
      <span class="has-text-black-bis has-text-weight-semibold">originally announced</span> {_printed(p.date)[2:]}.
    </p>
    <p class="comments is-size-7">
      <span class="has-text-black-bis has-text-weight-semibold">Comments:</span>
      <span class="has-text-grey-dark mathjax">12 pages, 4 figures</span>
    </p>
    </li>""")
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"/><title>Search | arXiv e-print repository</title>
<script type="text/x-mathjax-config">MathJax.Hub.Config({{}});</script></head>
<body><main class="container" id="main-container">
<div class="level is-marginless"><h1 class="title is-clearfix">Showing 1&ndash;{len(papers)} of {len(papers)} results
for all: lanterns</h1></div>
<ol class="breathe-horizontal" start="1">{"".join(results)}
</ol></main>
<footer><p>A sentence below the list, which is long enough to be taken for prose, and belongs to no paper.</p></footer>
</body></html>
"""


def _printed(date: str, later: int = 0) -> str:
    year, month, day = date.split("-")
    name = date_class(int(year), int(month), 1).strftime("%B")
    return f"{min(int(day) + later, 28)} {name}, {year}"


def arxiv_abstract(p: Made) -> str:
    """The page of one paper on arXiv."""
    turned = [f"{name.split()[-1]}, {' '.join(name.split()[:-1])}" for name in p.authors]
    people = "".join(f'<meta name="citation_author" content="{name}" />' for name in turned)
    links = ", ".join(f'<a href="/search/cs?query={name}" rel="nofollow">{name}</a>' for name in p.authors)
    date = p.date.replace("-", "/")
    return f"""<!DOCTYPE html>
<html lang="en">
<head>  <title>[{p.arxiv_id}] {html.escape(p.title)}</title>
<link rel="canonical" href="https://arxiv.org/abs/{p.arxiv_id}"/>
<meta name="description" content="Abstract page for arXiv paper {p.arxiv_id}: {html.escape(p.title)}">
<meta property="og:type" content="website" />
<meta property="og:url" content="https://arxiv.org/abs/{p.arxiv_id}v2" />
<meta property="og:title" content="{html.escape(p.title)}" />
<meta property="og:description" content="{html.escape(p.abstract)[:60]}..."/>
<meta name="citation_title" content="{html.escape(p.title)}" />{people}
<meta name="citation_date" content="{date}" /><meta name="citation_online_date" content="2026/01/02" />
<meta name="citation_pdf_url" content="https://arxiv.org/pdf/{p.arxiv_id}" />
<meta name="citation_arxiv_id" content="{p.arxiv_id}" />
<meta name="citation_abstract" content="{html.escape(p.abstract)}" /></head>
<body class="with-cu-identity"><div id="content-inner"><div id="abs" class="abs">
<div class="dateline">[Submitted on {_printed(p.date)}]</div>
<h1 class="title mathjax"><span class="descriptor">Title:</span>{html.escape(p.title)}</h1>
<div class="authors"><span class="descriptor">Authors:</span>{links}</div>
<blockquote class="abstract mathjax"><span class="descriptor">Abstract:</span>{html.escape(p.abstract)}</blockquote>
<h2>Recommenders and Search Tools</h2><p>arXivLabs is a framework that lets people share new features here.</p>
</div></div></body></html>
"""


def acl_page(p: Made) -> str:
    """The page of one paper in the ACL Anthology, whose metadata has no abstract."""
    people = "".join(f'<meta content="{name}" name=citation_author>' for name in p.authors)
    year, month, _ = p.date.split("-")
    return f"""<!doctype html><html lang=en-us><head><meta charset=utf-8>
<title>{html.escape(p.title)} - ACL Anthology</title>
<meta content="{html.escape(p.title)}" name=citation_title>{people}
<meta content="Proceedings of the Meeting on Made-Up Things" name=citation_conference_title>
<meta content="{year}/{month}" name=citation_publication_date>
<meta content="https://aclanthology.org/2024.made-long.7.pdf" name=citation_pdf_url>
<meta content="10.18653/v1/2024.made-long.7" name=citation_doi>
<meta property="og:title" content="{html.escape(p.title)}">
<meta property="og:url" content="https://aclanthology.org/2024.made-long.7">
<meta property="og:description" content="{", ".join(p.authors)}. Proceedings of the Meeting on Made-Up Things. {year}.">
<link rel=canonical href=https://aclanthology.org/2024.made-long.7></head><body>
<div id=main-container class=container><section id=main><h2 id=title><a href=#>{html.escape(p.title)}</a></h2>
<p class=lead><a href=/people/a/>{"</a>, <a href=/people/b/>".join(p.authors)}</a></p><hr>
<div class="card bg-light mb-2 mb-lg-3"><div class="card-body acl-abstract"><h5 class=card-title>Abstract</h5>
<span>{html.escape(p.abstract)}</span></div></div>
<dl><dt>Anthology ID:</dt><dd>2024.made-long.7</dd><dt>Volume:</dt><dd><a href=/v/>Proceedings</a></dd></dl>
</section></div></body></html>
"""
