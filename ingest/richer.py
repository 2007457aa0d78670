"""Of two values for one fact of a paper, which is kept: the richer one, whichever came first, or a correction."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.layouts.facts import arxiv_id as read_arxiv_id
from ingest.layouts.titles import ends_sentence
from rag.corpus import Paper

COMPARABLE_LENGTH = 0.8  # a newer abstract may be this much shorter than the one it replaces

_LETTERS = re.compile(r"[\W_]+")
_CUT = re.compile(r"[\s.…]+$")
_DAMAGE = re.compile(r"\s[,.;)]|\(\s|[a-z]\.[A-Z][a-z]|\b\d+(?:\.\d+)?times\b|\bfrac\b|[a-z]\{|\\[a-z]")


def richer(known: Paper, given: Paper, *, newer: bool) -> Paper:
    """The known paper with what the given one has better. `newer`: as `ingest.merge.merge` has it."""
    merged = replace(
        known,
        title=_richer_title(known.title, given.title),
        external_id=_better_id(known.external_id, given.external_id),
        arxiv_id=_smaller(known.arxiv_id, given.arxiv_id),
        url=_better_url(known.url, given.url),
        organisation=_longer(known.organisation, given.organisation),
        date=_better_date(known.date, given.date),
        authors=max(known.authors, given.authors, key=lambda names: (len(names), names)),
        upvotes=max((count for count in (known.upvotes, given.upvotes) if count is not None), default=None),
        code_urls=_all_addresses(known.code_urls, given.code_urls),
    )
    if _replaces(known, given, newer=newer):
        return replace(merged, abstract=given.abstract, is_summary=given.is_summary)
    return merged


def corrected(known: Paper, given: Paper) -> Paper:
    """The known paper with all that the given one says instead, where it does not only say less."""
    merged = replace(
        known,
        title=known.title if given.title.endswith(("…", "...")) else given.title,
        external_id=given.external_id or known.external_id,
        arxiv_id=given.arxiv_id or known.arxiv_id,
        url=given.url or known.url,
        organisation=given.organisation or known.organisation,
        date=given.date if _says_other_date(known.date, given.date) else known.date,
        authors=given.authors or known.authors,
        upvotes=known.upvotes if given.upvotes is None else given.upvotes,
        code_urls=given.code_urls or known.code_urls,
    )
    broken_off = _is_cut(given.abstract, known.abstract) and not ends_sentence(given.abstract)
    if not given.abstract or broken_off or (given.is_summary and not known.is_summary):
        return merged
    return replace(merged, abstract=given.abstract, is_summary=given.is_summary)


def _says_other_date(known: str | None, given: str | None) -> bool:
    """Whether a date is given that is not the known one, less exact."""
    return given is not None and (known is None or (given[:4].isdigit() and not known.startswith(given)))


# --- texts


def letters_of(text: str) -> str:
    """A text's letters and digits alone, case folded."""
    return _LETTERS.sub("", text.casefold())


def words_of(text: str) -> list[str]:
    """A text's words, case folded."""
    words = _LETTERS.sub(" ", text.casefold()).split()
    if len(words) < len(text) / 15:  # a script without blanks: pairs of characters
        letters = letters_of(text)
        return [letters[place : place + 2] for place in range(len(letters) - 1)]
    return words


def share_of(one: Sequence[str], other: Sequence[str]) -> float:
    """The share, in [0, 1], of the words of the shorter one that the other has."""
    first, second = set(one), set(other)
    return len(first & second) / (min(len(first), len(second)) or 1)


# --- values


def _replaces(known: Paper, given: Paper, *, newer: bool) -> bool:
    """Whether the given abstract takes the known one's place."""
    if given.abstract == known.abstract or not given.abstract:
        return False
    if given.is_summary != known.is_summary:
        return known.is_summary
    old, new = letters_of(known.abstract), letters_of(given.abstract)
    if old == new:  # one text, damaged differently
        return _soundness(given.abstract) > _soundness(known.abstract)
    if _is_cut(known.abstract, given.abstract):
        return True
    if _is_cut(given.abstract, known.abstract):
        return False
    if newer and not given.is_summary and len(new) >= COMPARABLE_LENGTH * len(old):
        return True
    alike = share_of(words_of(known.abstract), words_of(given.abstract)) >= 0.9
    if alike and abs(len(old) - len(new)) < 0.05 * len(old):
        return _soundness(given.abstract) > _soundness(known.abstract)
    return (len(new), given.abstract) > (len(old), known.abstract)


def _soundness(text: str) -> tuple[int, int, int, str]:
    return -len(_DAMAGE.findall(text)), len(letters_of(text)), len(text.split()), text


def _is_cut(one: str, other: str) -> bool:
    """Whether `one` is `other` broken off."""
    start = letters_of(_CUT.sub("", one))
    return len(start) < len(letters_of(other)) and letters_of(other).startswith(start)


def _richer_title(known: str, given: str) -> str:
    """Of two spellings the fuller one: a title that was cut off, or lost its hyphens, loses."""
    if known == given:
        return known
    return max(known, given, key=lambda title: (-len(_DAMAGE.findall(title)), len(title), title))


def _better_id(known: str | None, given: str | None) -> str | None:
    """An arXiv id before any other; of two the smaller, so that the order of dumps does not matter."""
    ids = [identifier for identifier in (known, given) if identifier]
    return min(ids, key=lambda identifier: (read_arxiv_id(identifier) is None, identifier), default=None)


def _better_url(known: str | None, given: str | None) -> str | None:
    """The papers page before arXiv, arXiv before anything else."""

    def order(url: str) -> tuple[int, int, str]:
        place = 0 if "huggingface.co/papers/" in url else 1 if "arxiv.org/" in url else 2
        return place, len(url), url

    return min((url for url in (known, given) if url), key=order, default=None)


def _better_date(known: str | None, given: str | None) -> str | None:
    """The more exact date; of two equally exact ones the earlier, for pages show when they listed a paper as well."""

    def order(date: str) -> tuple[bool, int, str]:
        return not date[:4].isdigit(), -len(date), date

    return min((date for date in (known, given) if date), key=order, default=None)


def _smaller(known: str | None, given: str | None) -> str | None:
    return min((value for value in (known, given) if value), default=None)


def _longer(known: str | None, given: str | None) -> str | None:
    return max((value for value in (known, given) if value), key=lambda value: (len(value), value), default=None)


def _all_addresses(known: tuple[str, ...], given: tuple[str, ...]) -> tuple[str, ...]:
    first: dict[str, str] = {}
    for address in sorted((*known, *given)):
        first.setdefault(address.lower(), address)
    return tuple(first.values())
