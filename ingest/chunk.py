"""A paper's abstract as chunks of about 110 words, cut between sentences; each is embedded with the title before it.

With the bundled kind of model the best chunk of about that size ranks better than the whole abstract, and nothing is
truncated: 71 % of abstracts are longer than the 256 tokens that such models read.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from rag.corpus import Chunk, Paper
from rag.sentences import split_sentences

CHUNKING = "sentences up to about 110 words, after the title (1)"  # raise the number when the rule changes

_WORDS = 110  # of a chunk, about
_LONGEST = 160  # words; a sentence beyond is cut between words
# Scripts without blanks have no words to count: two of their characters stand for about one word.
_UNIT = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0e7f]{1,2}|[^\s\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0e7f]+"
)


def chunk_paper(paper: Paper) -> list[Chunk]:
    """The paper's chunks in the order of its text: at least one, all of about the same length, none overlapping."""
    pieces = [
        piece
        for sentence in split_sentences(paper.abstract)
        for piece in _short_enough(paper.abstract, sentence.start, sentence.end)
    ]
    if not pieces:
        return [Chunk(f"{paper.paper_id}:0", paper.paper_id, 0, len(paper.abstract))]
    spans = _join([(start, stop, _words(paper.abstract, start, stop)) for start, stop in pieces])
    return [Chunk(f"{paper.paper_id}:{number}", paper.paper_id, *span) for number, span in enumerate(spans)]


def embedding_text(paper: Paper, chunk: Chunk) -> str:
    """What is embedded for a chunk."""
    return f"{paper.title}\n{chunk.passage(paper)}"


def text_key(text: str) -> str:
    """A hash of an embedded text, 16 hexadecimal digits: the same text has the same vector."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _words(text: str, start: int, stop: int) -> int:
    return len(_UNIT.findall(text, start, stop))


def _short_enough(text: str, start: int, stop: int) -> Iterator[tuple[int, int]]:
    """A sentence's span, or several where it is too long: mathematics, lists, text without full stops."""
    if stop - start <= _LONGEST:  # characters: it cannot have more words
        yield start, stop
        return
    units = list(_UNIT.finditer(text, start, stop))
    parts = -(-len(units) // _LONGEST)
    for part in range(parts):
        first, last = len(units) * part // parts, len(units) * (part + 1) // parts - 1
        yield units[first].start(), units[last].end()


def _join(pieces: list[tuple[int, int, int]]) -> list[tuple[int, int]]:
    """Neighbouring (start, stop, words) joined to spans of about the same number of words, without a short rest."""
    left = sum(words for _, _, words in pieces)
    count = max(1, round(left / _WORDS))
    spans: list[tuple[int, int]] = []
    begin, held = pieces[0][0], 0
    for index, (_, stop, words) in enumerate(pieces):
        held += words
        following = pieces[index + 1][2] if index + 1 < len(pieces) else 0
        aim = left / max(1, count - len(spans))
        # Close where the chunk is nearer to its share without the next sentence than with it.
        if not following or (len(spans) + 1 < count and aim - held < held + following - aim):
            spans.append((begin, stop))
            left -= held
            begin, held = (pieces[index + 1][0] if following else stop), 0
    return spans
