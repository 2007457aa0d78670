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
SITE_LINES = (*_ARXIV, *_SEMANTIC_SCHOLAR)
