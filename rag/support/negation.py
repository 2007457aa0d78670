"""Negations that a sentence has and the abstract has not, or that it has lost: "extends to" for "does not extend to".

A negation may well be said in other words ("is missing", "remains frozen"), so a rule speaks only where the words that
are denied are the abstract's own, and where nothing else in the place that differs could say the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile, zip_longest

from rag.support.alignment import Alignment, align
from rag.support.polarity import Flip, has_opposite
from rag.support.words import Word, plain_text, stems_of, word_set, words_of

_FOLLOWED = 0.5  # share of a sentence's words that stand in the quote in their order, for a comparison word by word
_SHARED = 0.6  # share of its content words that the quote knows, for one in other words
_NEAR = 3  # words
_LONGEST = 14  # content words of a sentence that may have lost a negation in other words; longer ones say other things
_DENIALS = 2  # in a sentence of the abstract, at most; of more it is not clear which was lost
_HEAD = 4  # words behind a negation among which the one that it denies is looked for

_NEGATORS = word_set(
    """
    not no never none cannot without neither nor hardly barely rarely seldom unable fail fails failed failing rather
    instead unlike lack lacks lacking
    """
)
# Beside these the "not" says another thing: "not only", "not every", "no longer than", "neither ... nor".
_OTHERWISE = word_set(
    "only just merely simply necessarily always every any each all both whether if longer neither nor than"
)
_ASKS = word_set("whether if ask asks examine examines investigate investigates")
# Beginnings of words that deny or limit by themselves.
_SAYS_LESS = (
    *("un", "non", "in", "im", "dis", "lack", "fail", "instead", "rather", "elimin", "remov", "avoid", "free", "only"),
    *(
        "few",
        "little",
        "less",
        "first",
        "drop",
        "omit",
        "skip",
        "bypass",
        "rid",
        "prevent",
        "ignor",
        "struggl",
        "limit",
    ),
    *("away", "absen", "low", "near", "hard", "small", "poor", "obscur", "hid", "spars", "stop", "ceas", "forgo"),
    *("reduc", "minim", "challeng", "difficult", "remain", "still", "too", "contrary", "whether", "if", "question"),
    *("examin", "investigat", "ask", "may", "might", "could", "can", "seem", "not", "even", "all", "some", "most"),
    *("many", "usual", "often", "typical", "collaps", "frozen", "missing"),
)
_NEGATION = re.compile(r"\b(?:not|cannot|never|no|none)\b|n't\b", re.IGNORECASE)
_NO_PLAIN_DENIAL = re.compile(
    r"\bnot\s(?:just|necessarily|always|merely|simply|all)\b|\bno\s(?:longer|less|fewer|more|matter)\b"
    r"|\b(?:without|neither|nor|fail\w*|unable|except|but|unless|than|whether|only|before)\b",
    re.IGNORECASE,
)
# What can say "not" in other words, in the sentence of the abstract that a denial is compared with.
_DENIES = re.compile(
    r"""
    \b(?: not | no | never | none | cannot | without | neither | nor | un\w{4,} | non-?\w+ | im(?:possib|pract)\w*
        | in(?:feas|suff|accur|abil|capab|eff|tract)\w* | (?:fail|lack|absen|eliminat|remov|avoid|bypass|discard|drop
        | few|limit|struggl|difficult|challeng|fall|ignor|overlook|neglect|prevent|obviat|reduc|independen|deficien
        | poor|negligib|preserv|maintain|hinder|weak|skip|replac|spars|missing|frozen|freez|outperform|oppos)\w*
        | whether | (?:ask|question|examin|investigat)\w*
        | instead | rather | unlike | self-\w+ | \w+-free | free | only | little | first | largest | hardly | rarely
        | barely | seldom | hard | short | irrespective | regardless | agnostic | away | beyond | zero | less | worse
        | minimal | lossless | comparable | same | open | remains | yet | forgo | too | constant )\b | n't\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
# The same in a sentence that may have lost a denial; it may speak of the fault in other words, too.
_SPEAKS_OF_IT = re.compile(rf"{_DENIES.pattern} | \b(?:address|issue|problem)\w* | \b(?:while|despite|although|whether"
                           r"|lower|fewer|at\smost)\b", re.VERBOSE | re.IGNORECASE)  # fmt: skip
_DENIED = re.compile(
    r"\b(?:not|never|cannot|without|unable\sto|fail(?:s|ed|ing)?\sto|lack(?:s|ing)?(?:\sof)?|no)\b|n't\b", re.IGNORECASE
)
_NOT_QUITE = re.compile(
    r"\bnot\s(?:only|just|necessarily|always|merely|simply)|\bno\s(?:longer|less|fewer|more)|\bmore\sthan\b",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(r"[,;:()]|\sbut\s")


def turned_negation(sentence: str, quote: str, quotes: Sequence[str]) -> Flip | None:
    """The negation that `sentence` adds to `quote` or leaves out of it; `quotes`: all sentences of the abstract."""
    return _word_by_word(align(sentence, quote)) or _added(sentence, quote, quotes) or _lost(sentence, quote, quotes)


def _word_by_word(alignment: Alignment) -> Flip | None:
    """Between words that are equal, a negation on one side alone, right before them."""
    stretches = alignment.stretches
    if alignment.followed < _FOLLOWED:
        return None
    last = max((place for place, stretch in enumerate(stretches) if stretch.is_equal), default=0)
    found: list[Flip] = []
    if any(
        _ASKS & {word.text.casefold() for word in (*stretch.ours, *stretch.theirs)}
        for stretch in stretches
        if not stretch.is_equal
    ):
        return None
    for place, stretch in enumerate(stretches[:last]):
        added, lost = (sum(map(_negates, side)) for side in (stretch.ours, stretch.theirs))
        if stretch.is_equal or (added + lost) % 2 == 0:
            continue
        if not stretch.ours and not _ends_in_negation(stretch.theirs):
            continue  # a phrase that is left out with its own negation
        equal = stretches[place + 1]
        beside = {word.text.casefold() for word in (*stretch.ours, *stretch.theirs, *equal.ours[:1])}
        is_rather = "rather" in beside  # whose "than" compares nothing
        if beside & (_OTHERWISE - {"than"} if is_rather else _OTHERWISE) or not _is_plain(stretch.ours, stretch.theirs):
            return None
        behind = stretches[place + 2] if place + 2 < len(stretches) else None
        if (
            behind
            and len(equal.ours) <= _NEAR
            and (_content(behind.ours) or (place + 2 < last and _content(behind.theirs)))
        ):
            return None  # what is denied is another thing
        found.append(Flip(_shown(stretch.ours, equal.ours), _shown(stretch.theirs, equal.theirs), is_close=True))
    return found[0] if len(found) % 2 else None


def _is_plain(ours: Sequence[Word], theirs: Sequence[Word]) -> bool:
    """Whether both sides differ in the negation alone, or the abstract's side in words that cannot stand for it."""
    if _content(ours) == _content(theirs):
        return True
    if _content(ours):
        return False
    if any(map(_negates, ours)):
        return not any(
            has_opposite(word.text)
            or word.text.casefold().startswith(_SAYS_LESS)
            or word.text.casefold().endswith(("less", "free"))
            for word in theirs
        )
    return _ends_in_negation(theirs)


def _ends_in_negation(words: Sequence[Word]) -> bool:
    """Whether no word of weight stands behind the last negation."""
    tail = [word for word in words if _negates(word) or word.is_content]
    return bool(tail) and _negates(tail[-1])


def _added(sentence: str, quote: str, quotes: Sequence[str]) -> Flip | None:
    """A negation before a word of the abstract's, which denies nothing in the sentence that has the others, too."""
    plain, text = plain_text(sentence), plain_text(quote)
    negations = list(_NEGATION.finditer(plain))
    if len(negations) != 1 or _NO_PLAIN_DENIAL.search(plain) or _DENIES.search(text):
        return None
    behind = [word for word in words_of(plain[negations[0].end() :]) if word.is_word][:_HEAD]
    head = next((word for word in behind if word.is_content), None)
    stated = head and _known(head, text)
    ours = stems_of(_NEGATION.sub(" ", plain))
    if not head or not stated or len(ours) < 2 or _share(ours, stems_of(text)) < _SHARED:
        return None
    if any(_DENIED.search(other) and _overlap(other, ours) >= _SHARED for other in map(plain_text, quotes)):
        return None
    return Flip(plain[negations[0].start() : negations[0].end() + head.end], stated)


def _lost(sentence: str, quote: str, quotes: Sequence[str]) -> Flip | None:
    """What the abstract denies, said in the same words by a sentence that denies nothing."""
    plain, text = plain_text(sentence), plain_text(quote)
    denials = list(_DENIED.finditer(text))
    if not 1 <= len(denials) <= _DENIALS or _SPEAKS_OF_IT.search(plain) or _NOT_QUITE.search(text):
        return None
    ours = stems_of(plain)
    if not 2 <= len(ours) <= _LONGEST or _share(ours, stems_of(text)) < _SHARED:
        return None
    if any(
        other != text and not _DENIED.search(other) and _overlap(other, ours) >= _SHARED
        for other in map(plain_text, quotes)
    ):
        return None
    for denial, following in zip_longest(denials, denials[1:]):
        clause = _CLAUSE_END.split(text[denial.end() : following.start() if following else None])[0]
        denied = stems_of(clause)
        if len(denied) < 2 or _share(denied, ours) < 0.5:
            continue
        for word in words_of(clause):
            if word.is_content and (said := _known(word, plain)):
                return Flip(said, text[denial.start() : denial.end() + word.end])
    return None


def _negates(word: Word) -> bool:
    low = word.text.casefold()
    return low in _NEGATORS or low.endswith("n't")


def _content(words: Sequence[Word]) -> list[str]:
    return [word.stem for word in words if word.is_content and not _negates(word)]


def _shown(words: Sequence[Word], equal: Sequence[Word]) -> str:
    """From the negation to the first word of weight behind it."""
    start = next((place for place, word in enumerate(words) if _negates(word)), len(words))
    start = max(0, start - 1) if start < len(words) and start and not words[start - 1].is_content else start
    little = list(takewhile(lambda word: not word.is_content, equal))
    return " ".join(word.text for word in (*words[start:], *equal[: len(little) + 1]))


def _known(word: Word, text: str) -> str:
    """The word of `text` that is the same but for its ending, or ""."""
    return next((other.text for other in words_of(text) if _is_same(word.stem, other.stem)), "")


def _is_same(stem: str, other: str) -> bool:
    return stem == other or (len(stem) > 4 < len(other) and stem[:5] == other[:5])


def _share(stems: frozenset[str], known: frozenset[str]) -> float:
    return sum(any(_is_same(stem, other) for other in known) for stem in stems) / len(stems)


def _overlap(text: str, stems: frozenset[str]) -> float:
    return len(stems_of(text) & stems) / len(stems)
