"""Lines that the sites of papers print around every paper, whatever the paper is; a part of the page furniture.

Each pattern matches a whole line, in any case of letters.
"""

from __future__ import annotations

_ARCHIVES = (
    r"(?:computer science|mathematics|statistics|physics|quantum physics|mathematical physics|economics|"
    r"quantitative (?:biology|finance)|electrical engineering and systems science|condensed matter|astrophysics|"
    r"high energy physics - \w+|nuclear (?:theory|experiment)|general relativity and quantum cosmology|"
    r"nonlinear sciences)"
)
_CATEGORY = (
    r"(?:cs|math|stat|eess|econ|q-bio|q-fin|cond-mat|astro-ph|physics|nlin)\.[a-z-]{2,17}|quant-ph|gr-qc|math-ph|"
    r"hep-(?:ex|lat|ph|th)|nucl-(?:ex|th)"
)
_ARXIV = (
    r"cornell university",
    r"we gratefully acknowledge support from .{1,200}",
    r"(?:help ?\| ?)?advanced search",
    rf"{_ARCHIVES} > .{{3,60}}",
    r"\[submitted on .{5,120}\]?",
    r"(?:html|tex)(?: \(experimental\)| source)",
    r"view (?:license|a pdf of the paper .*)",
    r"(?:access paper|full-text links|submission history|current browse context|change to browse by):?",
    rf"(?:(?:current browse context|change to browse by):? )?(?:(?:{_CATEGORY}|cs|math|stat|eess)(?: |$))+",
    r"<? ?prev(?:ious)?\s*\|\s*next ?>?",
    r"new\s*\|\s*recent\s*\|.{4,20}",
    r"references ?(?:&|and) ?citations",
    r"nasa ads|google scholar|semantic scholar|inspire hep|bibsonomy logo.*|export bibtex citation",
    r"bibliographic (?:and citation )?tools|recommenders and search tools|related papers",
    r"code, data,? (?:and )?media(?: associated with this article)?",
    r"(?:bibliographic explorer|connected papers|litmaps|scite\.ai|alphaxiv|links to code|dagshub|gotitpub|huggingface|"
    r"sciencecast|replicate|spaces|txyz\.ai|influence flower|core recommender|iarxiv recommender) toggle",
    r"(?=.*\b(\w{3,})\b.*\(.*\b\1)[\w. ]{3,50} \((?-i:What (?:is|are)) [\w. ]{3,40}\?\)",
    r"about arxivlabs|arxivlabs: .{5,80}",
    r"which authors of this paper are endorsers\?.*|disable mathjax.*",
    r"web accessibility assistance|arxiv operational status|get status notifications via .*|focus to learn more",
    r"from: .{2,60} \[view email\]",
    r"\[v\d{1,2}\] \w{3}, \d{1,2} \w{3} \d{4} [\d:]+ \w{3}.*",
)
_SEMANTIC_SCHOLAR = (
    r"skip to (?:search form|main content|account menu)",
    r"search [\d,]+ papers from all fields of science",
    r"fields of study|date range|has pdf|journals & conferences",
)
_PAPERS_WITH_CODE = (
    r"[\w.-]+/[\w.-]+(?:\s*[•·]){1,2}\s*\d{1,2} \w{3} \d{4}",
    r"[\d.,]+ stars? / hour",
    r"subscribe to the pwc newsletter",
)
_OPENREVIEW = (
    r"back to .{3,80} (?:conference|workshop|homepage|submissions?)",
    r"download pdf|cc[ -]by(?:[ -](?:nc|sa|nd))*(?:[ -]\d\.\d)?",
    r".{3,60} (?:conference|workshop) submission ?\d+(?: authors)?",
    r"[\w.-]{2,20} (?:19|20)\d{2} (?:poster|oral|spotlight|conference)",
    r"everyone revisions bibtex.{0,20}",
    r"(?:primary area|submission number): .{1,120}",
)
_PROCEEDINGS = (  # of the ACL and of NeurIPS
    r"(?:volume|month|year|address|pages|publisher|venues?|sig|editors|isbn|issn|doi):(?=\S).{1,200}",
    r"(?:anthology id|bibkey|copy citation|cite \((?:acl|informal)\)):.{0,240}",
    r"bibtex(?: (?:paper|supplemental|abstract|reviews?|metareview|metadata))+",
    r"part of advances in neural information processing systems .{1,80}",
    r"name change policy|use the .report an issue. link to .*",
)
_PUBMED = (
    r"(?:\d{1,4}\. )?.{3,80}\. (?:19|20)\d{2}(?: \w{3}(?: \d{1,2})?)?;\d+(?:\([\w -]{1,12}\))?:[\w-]{1,20}\..{0,120}",
    r"(?:pmid|pmcid|doi): \S.{3,80}",
    r"(?:author information|free (?:pmc )?article):?\.?|conflict of interest statement:.{0,240}",
    r"(?:[^\W\d][\w'’. -]{1,40} \w{1,3}(?:\(\d{1,2}\))+(?:, |\.))+",  # authors, and below them where they work
    r"\(\d{1,2}\)(?=[^\W\d_]).{5,240}",
)
SITE_LINES = (*_ARXIV, *_SEMANTIC_SCHOLAR, *_PAPERS_WITH_CODE, *_OPENREVIEW, *_PROCEEDINGS, *_PUBMED)
# The beginnings of lines as long as an abstract
LONG_SITE_LINES = ("Requests for name changes in the electronic proceedings will be",)
