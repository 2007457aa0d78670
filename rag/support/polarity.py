"""Which way a sentence points: more or less, faster or slower, always or at times, who beats whom."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from rag.support.number_words import HALVING, MULTIPLES, PARTS, SCALES, SMALL, TENS
from rag.support.words import Word, plain_text, stem, stems_of, word_set, words_of

_NEGATIONS = re.compile(
    r"\b(?:not|no|never|none|neither|nor|without|cannot|can't|n't|doesn't|don't|isn't|aren't|won't|fail(?:s|ed|ing)?\sto"
    r"|unable|lacks?|lacking|hardly|barely|rarely|nothing|free\sof|devoid|instead\sof|rather\sthan|eliminat\w+|unlike"
    r"|impossible|unnecessary|far\sfrom|fall(?:s|ing)?\sshort|absence|un(?:needed|changed|affected|solved))\b",
    re.IGNORECASE,
)
# Opposites, each side a family of words that point the same way; stems are compared.
_OPPOSITES = """
more greater higher larger bigger increase increases increased increasing raise raises grow grows gain gains rise :
    less fewer lower smaller decrease decreases decreased decreasing reduce reduces reduced reduction drop drops
    fall shrink shrinks cut cuts decline
faster quicker sooner speed speedup accelerate accelerates acceleration speeds : slower slow slows slowdown later
    delay decelerate
better improve improves improved improving improvement enhance enhances enhanced boost boosts outperform outperforms
    exceed exceeds surpass surpasses beat beats superior win wins : worse worsen worsens degrade degrades degraded
    degradation deteriorate harm harms hurt hurts underperform underperforms inferior impair impairs lag lags
best strongest : worst weakest
strong stronger robust : weak weaker fragile brittle
easy easier simple simpler simplify : hard harder difficult complex complicated challenging intractable
cheap cheaper inexpensive : expensive costly costlier
stable stabilize stabilizes stability : unstable destabilize instability diverge
accurate accuracy correct : inaccurate incorrect wrong
necessary required needed requires need : unnecessary redundant optional superfluous
possible able feasible capable : impossible unable infeasible incapable
success succeed succeeds successful successfully : fail fails failure failed unsuccessful
sufficient enough suffice suffices adequate : insufficient inadequate
efficient efficiently : inefficient inefficiently
convex : nonconvex non-convex
supervised : unsupervised self-supervised
linear linearly : quadratic quadratically cubic exponential exponentially
polynomial polylogarithmic : exponential
overestimate overestimates overestimation : underestimate underestimates underestimation
encourage encourages promote promotes enable enables allow allows facilitate : discourage prevent prevents suppress
    suppresses hinder hinders inhibit inhibits block
include includes included keep keeps retain retains preserve preserves : exclude excludes remove removes removed
    discard discards drop eliminate eliminates
offline : online
static : dynamic
dense : sparse
positive positively : negative negatively
large big : small tiny
long longer : short shorter
explicit explicitly : implicit implicitly
open open-source public publicly : closed proprietary private
agree agrees consistent consistently match matches : disagree disagrees inconsistent contradict contradicts
known : unknown
discrete : continuous
synchronous : asynchronous
symmetric : asymmetric
unlimited : limited
always : never
"""
# Words that share a stem with one of the table, but say another thing: "the costs" are not "costly", "limits" not
# "limited", a "block" of a network hinders nothing, and everything has its "challenges".
_OTHER_WORDS = word_set(
    """
    challenge challenges cost costs complexity complexities dynamics limit limits limiting largely close closely
    correction corrections block blocks weakly weakness weaknesses density opens opening openings requirement
    requirements
    """
)
# Before a word these tell that it is said of another thing, or of what is done away with.
_OF_ANOTHER = re.compile(
    r"\b(?:than|compar\w+|versus|vs|over|unlike|instead|replac\w+|existing|prior|previous|traditional|conventional|often"
    r"|typically|address\w*|mitigat\w*|overcom\w*|avoid\w*|prevent\w*|reduc\w*|without|however|challeng\w*|limit\w*"
    r"|suffer\w*|struggl\w*|fail\w*|eliminat\w*|solv\w*|tackl\w*|alleviat\w*)\b",
    re.IGNORECASE,
)
# Those that compare two amounts: who says "reduces" of a text that has "more" beside the same word speaks of another
# thing seven times in eight, who says "more" where it has "reduces" does not.
_COMPARING = word_set("more greater higher larger bigger less fewer lower smaller")
_BEFORE = 4  # words before a word that may turn it round
_BESIDE = 5  # words to each side of a word among which one must be shared, that both may speak of one thing
_SWEEPING = re.compile(
    r"""
    \b(?:always|never|invariably|in\s(?:all|every)\scases?|without\sexception|guarantees?|ensures?|certain(?:ly)?
        |definitely|complete(?:ly)?|entirely|altogether|fully|removes?\sthe\sneed|no\slonger|every|all|whatever|proves\sthat
        |(?<=for\s)any|(?<=of\s)any|(?<=on\s)any|(?<=in\s)any)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
# Who has a lower or a smaller one may win or lose by it, so such words tell neither.
_BEATS = re.compile(
    r"\b(?:outperform\w*|surpass\w*|exceed\w*|beats?|beating|superior\sto|ahead\sof|improves?\s(?:on|over|upon)"
    r"|(?:better|faster|cheaper|higher|larger|more\s\w+|stronger)\s(?:\w+\s){0,3}than)\b",
    re.IGNORECASE,
)
_LOSES = re.compile(
    r"\b(?:underperform\w*|falls?\sshort\sof|lags?\sbehind|inferior\sto|trails?"
    r"|(?:is|are|was|were)\s(?:\w+ly\s)?(?:outperformed|surpassed|beaten|exceeded)\sby"
    r"|(?<!no\s)(?<!not\s)(?:worse|weaker|slower)\s(?:\w+\s){0,3}than)\b",
    re.IGNORECASE,
)
_AMOUNT = "|".join([*SMALL, *TENS, *SCALES, *MULTIPLES, *HALVING, *(f"{part}s?" for part in PARTS)])
# "more than half", "no less than 2 %", "10 or more": a bound says nothing of the direction.
_BOUND = re.compile(
    rf"""
    (?:\b(?:no|not)\s)?\b(?:more|less|fewer|greater|higher|lower|larger|smaller|bigger|better|worse)\sthan\s
        (?=(?:an?\s|the\s)?(?:about\s|roughly\s)?(?:[~$.]?\d|(?:{_AMOUNT})\b))
    | (?<=[\d%])\sor\s(?:more|less|fewer|higher|lower)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)


Opposites = dict[str, list[tuple[frozenset[str], frozenset[str]]]]


def read_opposites(text: str) -> Opposites:
    """A table as the one above: each word's form, with the words on its side and those on the other."""
    table: dict[str, list[tuple[frozenset[str], frozenset[str]]]] = {}
    for entry in re.sub(r"\n +", " ", text).strip().splitlines():
        left, _, right = entry.partition(":")
        sides = [frozenset(_form(word) for word in side.split()) for side in (left, right)]
        for ours, theirs in (sides, sides[::-1]):
            for word in ours:
                table.setdefault(word, []).append((ours, theirs))
    return table


def _form(word: str) -> str:
    """Comparatives keep their ending: "lower" and "low" are different things here, "reduces" and "reduced" not."""
    low = word.casefold()
    return low if low.endswith(("er", "est")) or len(low) < 5 else stem(low)


_OPPOSITE = read_opposites(_OPPOSITES)


@dataclass(frozen=True, slots=True)
class Flip:
    """What a sentence says the other way round than the text does."""

    said: str
    stated: str
    is_close: bool = False  # the sentence follows the text word by word


def find_flips(sentence: str, evidence: str) -> tuple[Flip, ...]:
    """Words of `sentence` whose opposite stands in `evidence` beside the same words, while they themselves do not.

    A negation before one of the two, but not before the other, turns it round.
    """
    ours, theirs = (words_of(_BOUND.sub("", plain_text(text))) for text in (sentence, evidence))
    flips: list[Flip] = []
    for index, word in enumerate(ours):
        if _OF_ANOTHER.search(_text_before(ours, index)):
            continue
        for same, other in families(word.text):
            if any(points(candidate.text, same) for candidate in theirs):
                continue
            near = [
                candidate.text
                for place, candidate in enumerate(theirs)
                if points(candidate.text, other)
                and (word.text.casefold() in _COMPARING or candidate.text.casefold() not in _COMPARING)
                and not _OF_ANOTHER.search(_text_before(theirs, place))
                and denies_before(theirs, place) == denies_before(ours, index)
                and _neighbours(ours, index) & _neighbours(theirs, place)
            ]
            if near:
                flips.append(Flip(word.text, near[0]))
    return tuple(dict.fromkeys(flips))


def has_opposite(word: str) -> bool:
    """Whether a word is one of those whose opposite is known."""
    return bool(families(word))


def families(word: str, table: Opposites | None = None) -> Sequence[tuple[frozenset[str], frozenset[str]]]:
    """The words that point the same way, and their opposites; in forms that `points` compares."""
    return () if word.casefold() in _OTHER_WORDS else (table or _OPPOSITE).get(_form(word), ())


def points(word: str, family: frozenset[str]) -> bool:
    """Whether a word is one of a family, apart from its ending."""
    return _form(word) in family and word.casefold() not in _OTHER_WORDS


def is_negated(text: str) -> bool:
    """Whether a text says no, and says so an odd number of times."""
    return len(_NEGATIONS.findall(plain_text(text))) % 2 == 1


def denies_before(words: Sequence[Word], index: int) -> bool:
    """Whether a word is negated, by the four words before it."""
    return len(_NEGATIONS.findall(_text_before(words, index))) % 2 == 1


def _text_before(words: Sequence[Word], index: int) -> str:
    return " ".join(word.text for word in words[max(0, index - _BEFORE) : index])


def _neighbours(words: Sequence[Word], index: int) -> frozenset[str]:
    """Stems of the words of weight beside a word, up to the next comma."""
    found: list[str] = []
    for side in (words[index - 1 :: -1] if index else (), words[index + 1 :]):
        beside = list(takewhile(lambda word: word.text not in ",;:()", side))
        found += [word.text for word in beside[:_BESIDE]]
    return stems_of(" ".join(found))


def too_sweeping(sentence: str, abstract: str) -> tuple[str, ...]:
    """Words of `sentence` that allow of no exception and that `abstract` never uses."""
    plain = plain_text(abstract)
    known, stems = plain.casefold(), {word.stem for word in words_of(plain)}  # "ensures" for "ensuring"
    return tuple(
        word
        for word in _SWEEPING.findall(plain_text(sentence))
        if word.casefold() not in known and stem(word) not in stems
    )


def comparison_swapped(sentence: str, evidence: str) -> bool:
    """True where the winner of the one is the loser of the other."""
    ours, theirs = _sides(sentence), _sides(evidence)
    if not ours or not theirs:
        return False
    straight = len(ours[0] & theirs[0]) + len(ours[1] & theirs[1])
    crossed = len(ours[0] & theirs[1]) + len(ours[1] & theirs[0])
    return crossed >= straight + 2


def _sides(text: str) -> tuple[frozenset[str], frozenset[str]] | None:
    """Stems before and behind the word that compares, the winner first; words of both sides are left out."""
    plain = plain_text(text)
    loses = _LOSES.search(plain)
    beats = loses or _BEATS.search(plain)
    if not beats:
        return None
    before = stems_of(plain[max(0, beats.start() - 80) : beats.start()])
    behind = stems_of(plain[beats.end() : beats.end() + 80])
    first, second = before - behind, behind - before
    return (second, first) if loses else (first, second)
