"""What a browser would make of a piece of the page's HTML, and whether all of it is ours."""

from __future__ import annotations

import re
from html.parser import HTMLParser

TAGS_OF_OURS = {
    *("p", "ul", "ol", "li", "strong", "em", "code", "pre", "blockquote", "h2", "h3", "h4", "hr", "br", "div", "table"),
    *("thead", "tbody", "tr", "th", "td", "a", "span", "mark", "details", "summary", "aside", "button", "b"),
    *("i", "sub", "sup"),
}


class Reader(HTMLParser):
    """What a browser would make of a piece of HTML: its tags, their attributes and the text outside of them."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in {"br", "hr"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        """What stands outside of the tags."""
        return "".join(self.words)

    def check(self) -> None:
        """Every tag is closed and one of ours, and nothing in them acts or leads elsewhere than where we lead."""
        assert self.open == []
        assert {tag for tag, _ in self.tags} <= TAGS_OF_OURS
        for _, attributes in self.tags:
            assert not any(name.startswith("on") for name in attributes)
            address = attributes.get("href") or ""
            assert re.match(r"https?://|papers\?paper=[0-9a-f]+$|#turn-\d+-source-\d+$|$", address), address
