"""Which lines of a saved page are the page's own furniture, and not a title or an abstract.

Furniture is told apart by its words alone, wherever it stands. A line is *certain* furniture (nobody writes it in an
abstract) or *likely* furniture (a single word, a count, a date), which hard-wrapped text may also hold.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from ingest.layouts.facts import read_count, read_date
from ingest.layouts.site_lines import LONG_SITE_LINES, SITE_LINES

Furniture = Literal["certain", "likely", ""]

_NEWSLETTER = (
    r"get (?:the )?(?:trending|daily|latest|top)? ?papers in your (?:e-?mail )?inbox"
    r"(?: (?:once a day|every day|daily|weekly))?[!.]?"
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_CURATED = r"(?:by ?)?a ?k(?: ?[(@][^)]*\)?)? and the research community"
_COUNTED = r"\d[\d.,]*k? (?:upvotes?|likes?|stars?|comments?|reposts?|votes?|views?|replies|shares)"
GENERATED = re.compile(r"ai[- ]generated summary", re.IGNORECASE)  # stands above a model's summary
_CERTAIN = re.compile(
    r"(?:"
    + "|".join(
        (
            _NEWSLETTER,
            _CURATED,
            r"and the research(?: community)?",
            r"get trending papers",  # split over lines
            r"(?:papers )?in your e-?mail inbox(?: \(?once a day\)?)?[!.]*",
            r"\(?once a day\)?[!.]*",
            r"by ?ak",
            r"(?:daily|weekly|monthly|trending)(?:[ /|·,•]*(?:daily|weekly|monthly|trending|papers))+",
            r"(?:daily|weekly|monthly|trending|top|latest|featured) papers(?: (?:-|–|\||·) hugging ?face)?",
            r"trending papers ranked by github stars activity",
            r"hugging ?face(?:'s|’s)? logo(?: hugging ?face)?",
            r"hugging ?face(?: pro)?",
            r".{1,40}(?:'|’)s? (?:avatar|profile picture|profile image)",
            r"#\d+ paper of the (?:day|week|month)",
            r"thumbnail (?:for|of)\b.{1,300}",
            rf"{_COUNTED}(?: ?[·|,•] ?{_COUNTED})*",
            r"\d{1,2} [a-z]{3,9} \d{4} \(modified: .*",
            r"(?:[\w.+-]+|\{[^{}]*\})@[\w-]+(?:\.[\w-]+)+",
            r"on .{5,80} wrote:",
            r"-* ?(?:original|forwarded) message ?-*:?|begin forwarded message:",
            r"upload images, audio,? and videos by dragging .*",
            r"slide \d+(?: of \d+)?",
            r"submitted by(?: @?[\w.-]+(?: [\w.-]+){0,3})?",
            rf"(?:· ?)?(?:(?:published|submitted|updated|posted)(?: on)?|on) {_MONTH}\.? \d{{1,2}}(?:,? \d{{4}})?",
            r"(?:· ?)?(?:published|submitted|updated|posted) on",
            r"\[?(?:[-x ]\]? ?)?(?:▲|👍|⬆️?)? ?upvoted?s? ?[\d.,]*k?(?: \+\d+)?\]?",
            r"\d+ (?:authors?|items|reply)",
            r"· \d+ authors?",
            r"\+ ?\d+(?: authors?| more)?",
            r"(?:github|gitlab|code|stars?|⭐️?|★) ?\d[\d.,]*k?(?: stars?)?",
            r"(?:view |open )?arxiv(?: page| link| abstract)?(?: ?\(.*\))?",
            r"view (?:on )?(?:arxiv|pdf|paper|page|code|html|all|more)(?: page| \(.*\))?",
            r"(?:project|paper|github|home) ?page",
            r"papers ?with ?code",
            r"(?:add|save) to (?:collection|library|list)s?",
            GENERATED.pattern,
            r"(?:models|datasets|spaces|collections) (?:citing|including|linking) this paper ?\d*",
            r"no (?:model|dataset|space|collection)s? (?:linking|including) this paper",
            r"cite arxiv\.org/\S+ in a .{5,40} to link it from this page\.?",
            r"(?:team|inference|storage|enterprise) (?:& )?(?:enterprise|providers|endpoints|buckets|support)",
            r"buckets ?new",
            r"search (?:models|papers|datasets)(?:,? [\w ]++){0,4}(?:\.\.\.|…)?",
            r"log ?in(?: or| /| \|)? ?(?:to )?(?:sign ?up|register|comment)?(?: to (?:comment|vote|upvote|continue))?",
            r"sign ?(?:in|up)(?: (?:or|/|\|) (?:log|sign) ?(?:in|up))?(?: (?:to|with) [\w ]{1,30})?",
            r"(?:skip|jump|go|back) to (?:main )?(?:content|top|navigation|search)",
            r"(?:accept|reject|manage|allow|decline|only)(?: all| necessary| essential)? cookies",
            r"cookies? (?:policy|settings|preferences|notice)",
            r"(?:we|this (?:site|website|page)) uses? cookies\b.{0,200}",
            r"by (?:continuing|using) (?:to use )?(?:this|our) (?:site|website).{0,200}",
            r"(?:privacy|terms)(?: policy| of (?:service|use)| ?(?:&|and) ?(?:terms|privacy))",
            r"(?:©|\(c\) ?\d{4}|copyright (?:©|\(c\)|\d{4})).{0,80}",
            r"all rights reserved\.?",
            r"system theme|dark mode|light mode|toggle (?:theme|navigation|menu|dark mode)",
            r"(?:load|show|read|see|view|learn) (?:more|less|all)(?: papers| results)?\.{0,3}",
            r"(?:previous|next|first|last)(?: (?:page|day|week|month))?(?: ?+(?:[|·/] ?| )?(?:previous|next))+",
            r"(?:previous|next) (?:page|day|week|month|papers)",
            r"page \d+(?: of \d+)?",
            r"\d+ ?(?:-|–|to) ?\d+ of \d[\d,]*(?: results| papers)?",
            r"showing .{1,40}(?:results|papers|entries)(?: for .{1,100})?\.?",
            r"(?:about )?[\d,]+ (?:results|papers)(?: found)?",
            r"sort(?:ed)? by:?.{0,30}",
            r"filters?(?: by \w+)?(?: ?\(\d+\))?",
            r"(?:copy|share)(?: link| citation| bibtex)?(?: to clipboard)?",
            r"(?:click|tap) (?:here )?to (?:expand|collapse|enlarge|zoom|view|see|show|hide|read|open|close|copy|"
            r"download|play|load|(?:up)?vote|subscribe|sign|log|learn|continue)\b[^:]{0,30}",  # a title's colon is none
            r"loading ?(?:\.\.\.|…)?",
            r"advertisement|sponsored",
            # What opens and closes a letter
            r"(?:hi|hello|hey|dear|hallo|liebe)(?: [^\W\d_]+){0,3}[,!]",
            r"(?:(?:kind |best |warm )?regards|best wishes|best|cheers|thanks|thank you)[,!]",
            # What a browser prints above and below each page
            r"(?:\d+ of \d+\s+)?\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4},? \d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?: ?[ap]\.?m\.?)?"
            r"(?:\s.*)?",
            r"https?://\S+\s+\d+/\d+",
            # arXiv's lists
            r"showing new listings for .*",
            r"total of \d+ entries.*",
            r"showing up to \d+ entries per page.*",
            r"(?:new|cross|replacement) submissions(?: \(showing .*\))?",
            r"cross-lists|replacements|see recent articles",
            r"submitted .{1,60}; originally announced .*",
            *SITE_LINES,
            r"\[?content truncated\]?\.{0,3}",
        )
    )
    + r")",
    re.IGNORECASE,
)
# Single words: only where they stand capitalised as the page prints them, for a wrapped line may end in "models".
_LIKELY = frozenset(
    re.split(
        r",\s+",
        """new, New, NEW, Subscribe, AK, by, byAK, By, Daily, Weekly, Monthly, Trending, Papers, Models, Datasets,
        Spaces, Buckets, Docs, Enterprise, Pricing, Website, Website:, Tasks, HuggingChat, Collections,
        Languages, Organizations, Community, Blog, Posts, Learn, Discord, Forum, GitHub, Github, GitLab,
        Solutions, Company, TOS, Privacy, About, Careers, Jobs, Press, Contact, Home, Menu, Close, Search,
        Submit, Upvote, Upvoted, Previous, Next, Authors, Authors:, Abstract, Abstract:, ABSTRACT, Summary,
        arXiv, PDF, HTML, Code, Project, Paper, Bookmark, Share, Follow, Reply, Comment, Comments, Likes,
        Light, Dark, Login, Register, Help, Feedback, Settings, Profile, Notifications, Logout, Today,
        Yesterday, today, yesterday, Sponsored, Dismiss, OK, Save, Saved, Cite, Newsletter, Contact us,
        About us, Terms, Status, Changelog, Explore, Topics, Twitter, X, LinkedIn, YouTube, RSS, API, Upgrade,
        Social, Greatest, Everyone, Revisions, BibTeX, Bibtex, Donate, Copyright, Demos, cs, math, stat, eess,
        Edit, Preview, EditPreview, Image, Video, Thumbnail, Paper submitter, Paper author, See translation""",
    )
)
_MARKS = re.compile(r"[\W_]*")
_AGO = re.compile(
    r"(?:about |over |almost )?(?:an?|\d+) (?:second|minute|hour|day|week|month|year)s? ago|just now", re.IGNORECASE
)
_NO_WORDS = re.compile(r"(?:[\W_]*\d[\d.,]*[kKmM]?(?![^\W\d_])){1,4}[\W_]*")
_COUNT_LINE = re.compile(r"\[?[-–—x ]?\]? ?\d[\d.,]* ?[kKmM]?|\[[-–— ]?\](?: [-–—])?|\[\d+\]|\]\[\d+\]|\]\([^)]*\)")
_BUTTON = re.compile(r"^(?:\(BUTTON\)|\[ ?\]|\[x\]) ?")  # as lynx and Markdown print what can be pressed
_PARTS = re.compile(r"[·|•]")
_ATOM = (
    r"(?:github|gitlab|arxiv(?: page)?|upvoted?|view (?:pdf|arxiv page|paper page)|pdf|project page|paper page|"
    r"add to collection|papers? with code)"
)
_SEVERAL = re.compile(rf"(?:{_ATOM}\s*(?:[\d.,]+k?\s*)?){{2,}}", re.IGNORECASE)  # several labels on one line
_GLUED = re.compile(
    rf"new(?=get [a-z ]*papers in)|{_NEWSLETTER}|{_CURATED}|(?:daily ?){{0,1}}weekly ?monthly|subscribe", re.IGNORECASE
)


def furniture(line: str) -> Furniture:
    """Whether a stripped line is page furniture: "certain", "likely", or "" for text."""
    if line.startswith(LONG_SITE_LINES):
        return "certain"
    return "" if len(line) > 260 else _judge(line)


@lru_cache(maxsize=8192)  # pages repeat their furniture
def _judge(line: str) -> Furniture:
    if _MARKS.fullmatch(line) or _COUNT_LINE.fullmatch(line) or line in _LIKELY:
        return "likely"
    if len(line) <= 40:
        bare = line.strip("·•*-–| ")
        if _NO_WORDS.fullmatch(line):
            return "likely"
        if read_date(bare) is not None or read_count(bare) is not None or bare in _LIKELY or _AGO.fullmatch(bare):
            return "likely"
    bare = _BUTTON.sub("", line.strip("·•*-–| "))
    if _CERTAIN.fullmatch(bare) or _SEVERAL.fullmatch(bare):
        return "certain"
    parts = _PARTS.split(bare) if "·" in bare or "|" in bare or "•" in bare else []
    return "certain" if len(parts) > 1 and all(furniture(part.strip()) for part in parts) else ""


def unglue(line: str, *, after_furniture: bool) -> str:
    """The line without furniture that was glued to its beginning ("SubscribeA Title").

    Only where a new word clearly begins after it; a blank in between counts only right after other furniture.
    """
    while found := _GLUED.match(line):
        rest = line[found.end() :]
        name = found[0].lower()
        if name == "subscribe":
            word = rest.split(" ", 2)[1] if rest[:1] == " " and after_furniture else ""
            begins = rest[:1].isupper() or rest[:1].isdigit() or any(c.isupper() or c.isdigit() for c in word)
            if not begins or found[0] != "Subscribe":
                return line
        elif not rest.strip():
            return line
        line, after_furniture = rest.strip(), True
    return line
