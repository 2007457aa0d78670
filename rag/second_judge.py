"""A language model asked whether papers carry sentences, after our own check: a second judge, where that is wished.

Its answer is text of others. Only lines of one form count, each statement's once; anything else leaves the check's own
verdict as it is. Among the statements are two of ours: a sentence copied from a paper, and one that no paper holds. A
model that does not tell these apart, because it is too small or because a paper gave it orders, is not heard at all.

How both verdicts become one: what the check found letter by letter stays (a number that disagrees, a foreign name, a
copied sentence). Else YES lifts a doubt by one step, NO raises one by one step, PARTLY makes "supported" "partial".
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from rag.corpus import VERDICTS, Opinion, Paper, Says, SecondJudge, Verdict
from rag.endpoint import ChatModel
from rag.hostile import is_planted
from rag.prompts import judge_prompt, prompt_tokens, quoted
from rag.sentences import split_sentences
from rag.short_reply import short_reply

_LINE = re.compile(
    r"[\s*#>-]{0,6}S\s?(\d{1,3})[*`]{0,2}\s?(?:\[[^\]]{0,40}\])?\s?[:.)=-][\s*`]{0,4}(YES|NO|PARTLY)\b[*`]{0,2}(.*)",
    re.IGNORECASE,
)
_UNDECIDED = re.compile(r"[\s,]*(?:or\b|[/|])\s*(?:YES|NO|PARTLY)\b", re.IGNORECASE)
_SAYS: dict[str, Says] = {"yes": "yes", "no": "no", "partly": "partly"}
_STRAY = 2  # other lines, such as a greeting, that do not make an answer nonsense
_BATCHES = 3  # requests for one answer, at most
_ANSWER_SHARE = 5  # a fifth of the context is kept for what the model thinks and says,
_LONGEST_ANSWER = 2048  # but no more than these tokens
_LONGEST_REASON = 120  # characters
_WORDS_OF_A_COPY = range(6, 45)

# Stated by no abstract: what a judge has to deny. Which one is asked hangs on the statements, as does its place.
_DENIED = (
    "The whole study was carried out aboard a sailing boat on the Baltic Sea in 1931.",
    "All measurements were made by hand with a brass sextant lent by a lighthouse keeper.",
    "The authors paid every participant with eleven jars of heather honey.",
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence without markers, the papers that it cites, and what the check says of it."""

    sentence: str
    papers: tuple[Paper, ...]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class SecondReading:
    """What came of asking a model: each claim's verdict now, in the order of the claims, and who said what."""

    verdicts: tuple[Verdict, ...]
    opinions: tuple[Opinion | None, ...]
    judge: SecondJudge | None  # None where there was nothing to ask


@dataclass(frozen=True, slots=True)
class _Statement:
    text: str
    papers: tuple[Paper, ...]
    claim: int | None  # its place among the claims; None for those of ours
    must_be: Says | None = None


def read_again(claims: Sequence[Claim], model: ChatModel, *, seconds: float) -> SecondReading:
    """Ask `model` about those claims on which the check may be mistaken, for `seconds` at most in all.

    One request where they fit its context together. Whatever goes wrong there leaves the verdicts as they are.
    """
    ends = time.monotonic() + seconds
    open_ones = [place for place, claim in enumerate(claims) if not claim.verdict.certain and claim.papers]
    said: dict[int, tuple[Says, str]] = {}
    failed: list[str] = []
    batches = list(_batches(claims, open_ones, model.context_window))
    if open_ones and not batches:
        failed.append("the cited papers do not fit its context")
    for statements in batches[:_BATCHES]:
        left = ends - time.monotonic()
        if left <= 0:
            failed.append("it took too long")
            break
        answer = _ask(statements, model, left)
        found = parse_answer(answer, len(statements))
        if found is None:
            failed.append("it gave no verdicts that could be read")
        elif any(one.must_be and (n not in found or found[n][0] != one.must_be) for n, one in enumerate(statements, 1)):
            failed.append("it could not tell a copied sentence from a made-up one")
        else:
            said |= {one.claim: found[n] for n, one in enumerate(statements, 1) if one.claim is not None and n in found}
    if batches and not said and not failed:
        failed.append("it gave no verdicts that could be read")
    opinions = [
        Opinion(*said[place], before=claim.verdict.support) if place in said else None
        for place, claim in enumerate(claims)
    ]
    verdicts = [
        combine(claim, opinion, model.name) if opinion else claim.verdict
        for claim, opinion in zip(claims, opinions, strict=True)
    ]
    judge = SecondJudge(model.name, len(open_ones), len(said), _note(model.name, failed, said)) if open_ones else None
    return SecondReading(tuple(verdicts), tuple(opinions), judge)


def _note(name: str, failed: Sequence[str], said: Collection[int]) -> str:
    """What went wrong, and what counts now; "" where nothing did."""
    if not failed:
        return ""
    some, these = ("for some sentences ", "for these ") if said else ("", "")
    return f"{name} was asked as second judge, but {some}{failed[0]}; {these}the check alone counts."


def combine(claim: Claim, opinion: Opinion, name: str) -> Verdict:
    """The verdict of check and second judge together; see above. `name`: the model's, for the reason."""
    verdict = claim.verdict
    step = VERDICTS.index(verdict.support)
    judge = f"the second judge, {name},"
    why = f": “{opinion.reason}”" if opinion.reason else ""
    if opinion.says == "yes":
        if verdict.support == "supported" or any(_gives_orders(paper) for paper in claim.papers):
            return verdict
        lifted = f"{judge} finds it in the abstract; the check alone had said: {verdict.reason}"
        return replace(verdict, support=VERDICTS[step + 1], reason=lifted)
    if opinion.says == "partly":
        if verdict.support != "supported":
            return verdict
        return replace(verdict, support="partial", reason=f"{judge} finds only a part of it in the abstract{why}")
    if verdict.support == "supported":
        return replace(verdict, support="partial", reason=f"{judge} does not find it in the abstract{why}")
    agreed = f"{verdict.reason}; {judge} does not find it there either{why}"
    return replace(verdict, support="unsupported", reason=agreed)


def parse_answer(text: str, count: int) -> dict[int, tuple[Says, str]] | None:
    """Statement -> what is said of it and why. None for an answer that is not in the form asked for.

    A statement with two different verdicts has none.
    """
    found: dict[int, tuple[Says, str]] = {}
    torn: set[int] = set()
    stray = 0
    for line in filter(None, map(str.strip, text.splitlines())):
        match = _LINE.fullmatch(line)
        if match is None:
            stray += 1
            continue
        number, says, rest = int(match[1]), _SAYS[match[2].casefold()], match[3]
        if not 1 <= number <= count or _UNDECIDED.match(rest):
            return None
        if number in found and found[number][0] != says:
            torn.add(number)
        found.setdefault(number, (says, "" if says == "yes" else _plain(rest)))
    if not found or stray > _STRAY:
        return None
    return {number: one for number, one in found.items() if number not in torn}


def _plain(reason: str) -> str:
    """A model's reason as it may be shown: short, without markup; none where it holds an address or an order."""
    words = " ".join(re.sub(r"[\[\](){}<>*_`#|!\\“”\"]", " ", quoted(reason)).split()).strip(" ,;:.-–—")
    if "://" in words or "www." in words or is_planted(words):
        return ""
    return words if len(words) <= _LONGEST_REASON else words[:_LONGEST_REASON].rsplit(" ", 1)[0] + " ..."


def _batches(claims: Sequence[Claim], places: Sequence[int], context_window: int) -> Iterator[list[_Statement]]:
    """Statements that fit the context together, with ours among them. A claim whose papers never fit is left out."""
    room = context_window - _answer_tokens(context_window)
    batch: list[_Statement] = []
    for place in places:
        claim = claims[place]
        one = _Statement(claim.sentence, tuple(_without_orders(paper) for paper in claim.papers), place)
        if _tokens(_with_ours([*batch, one])) <= room:
            batch.append(one)
            continue
        if batch:
            yield _with_ours(batch)
        batch = [one] if _tokens(_with_ours([one])) <= room else []
    if batch:
        yield _with_ours(batch)


def _ask(statements: Sequence[_Statement], model: ChatModel, seconds: float) -> str:
    messages = judge_prompt([(one.text, one.papers) for one in statements])
    return short_reply(model, messages, max_tokens=_answer_tokens(model.context_window), seconds=seconds)


def _answer_tokens(context_window: int) -> int:
    return min(_LONGEST_ANSWER, context_window // _ANSWER_SHARE)


def _tokens(statements: Sequence[_Statement]) -> int:
    return prompt_tokens(judge_prompt([(one.text, one.papers) for one in statements]))


def _with_ours(statements: Sequence[_Statement]) -> list[_Statement]:
    """The statements with one that must be affirmed and one that must be denied, at places nobody can foresee."""
    digest = hashlib.sha256("\n".join(one.text for one in statements).encode("utf-8", "replace")).digest()
    papers = statements[digest[0] % len(statements)].papers
    mixed = list(statements)
    mixed.insert(digest[1] % (len(mixed) + 1), _Statement(_DENIED[digest[2] % len(_DENIED)], papers[:1], None, "no"))
    copied = _sentence_of(papers[0])
    if copied:
        mixed.insert(digest[3] % (len(mixed) + 1), _Statement(copied, papers[:1], None, "yes"))
    return mixed


def _sentence_of(paper: Paper) -> str:
    whole = (one.text for one in split_sentences(paper.abstract))
    return next((text for text in whole if len(text.split()) in _WORDS_OF_A_COPY), "")


def _without_orders(paper: Paper) -> Paper:
    """The paper without sentences that order a model to do something."""
    if not _gives_orders(paper):
        return paper
    kept = [one.text for one in split_sentences(paper.abstract) if not is_planted(one.text)]
    return replace(paper, abstract=" ".join(kept))


def _gives_orders(paper: Paper) -> bool:
    return any(is_planted(one.text) for one in split_sentences(paper.abstract))
