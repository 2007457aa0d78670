"""Names for topics: the words and pairs of words that tell a topic's papers from all others.

Class-based tf-idf (Grootendorst 2022, https://arxiv.org/abs/2203.05794), with two changes. The share of a topic's
papers that hold a term takes the place of its count, so that one paper that repeats a word names nothing. And it is
weighed by the logarithm of how much larger that share is than everywhere, so that words which all papers hold name
nothing either.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from rag.corpus import Paper

_WORD = re.compile(r"[^\W\d_](?:[\w-]*\w)?|\d[Dd]\b")
_TERMS = 3  # in a name
_IN_TITLE = 2.0  # what a term in the title counts, against 1 for one in the abstract
_PAIR = 1.6  # what a pair of words counts more than a single one: it says more
_RAREST = 0.04  # share of a topic's papers that hold a term, at least
_TELLING = 2.0  # times as frequent in the topic as everywhere, where there are enough such terms
_FEWEST = 2  # papers that hold it, at least, where there are as many


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


_LINKS = _listed(
    """a about above across after again against al all allow allows along already also although among an and any are
    around article as at au aux avec be became because been before being below best better between beyond both but
    by can cannot ce cet cette comme could dans de del der des die do does doing du due during each either el en
    es est et etc even every few finally first for from fur further furthermore für given gives good had has have
    having he hence her here high higher highly his how however i if ii in instead into is ist it its itself just
    la large largely larger las le least les less let like los low lower many may might mit more moreover most
    much multiple must namely nearly need needs no nor not notre nous novel now of often on once one only ont onto
    or other others our out over own par para per por pour que qui rather recent recently same se second several
    she should significant significantly similar since single small smaller so some sont still strong strongly
    such sur than that the their them then there thereby these they this those three through throughout thus to
    together too toward towards two un una und under une until up upon us use used uses using various very via von
    was we well were what when where whether which while who whose why will with within without would yet you your
    zu"""
)
_OF_EVERY_PAPER = _listed(
    """abstract accuracy achieve achieves achieving additionally address addresses addressing aim aims analysis
    analyze applications applied apply approach approaches art available based baseline baselines benchmark
    benchmarks capabilities capability capable challenge challenges challenging code com common compare compared
    comparison comprehensive consistently contribution contributions current data dataset datasets demonstrate
    demonstrated demonstrates demonstrating design designed develop developed diverse effective effectively
    effectiveness efficiency efficient efficiently empirical enable enables enabling enhance enhanced enhances
    enhancing ensure evaluate evaluated evaluation evaluations existing experiment experimental experiments
    explore extensive fact feature features find findings focus framework frameworks future gap general
    generalization github http https human idea impact important improve improved improvement improvements
    improves improving include including information input introduce introduced introduces introducing investigate
    issue issues key knowledge lack large-scale lead leading leads learn learned learning leverage leveraging
    limitation limitations limited make makes making mechanism method methods metric metrics model modeling models
    module novel number obtain org outperform outperforming outperforms output overall paper papers parameter
    parameters particular perform performance performances performed pipeline popular potential present presented
    presents previous prior problem problems process processes produce promising propose proposed proposes provide
    provided provides providing publicly quality question range real real-world reduce reduces reducing release
    released report require required requires research result resulting results scale set sets setting settings
    show showed showing shown shows simple solution solutions source specific specifically state-of-the-art step
    strategies strategy studies study substantial substantially success system systems task tasks technique
    techniques term terms test testing time total traditional train trained training understand understanding
    unified unique use users utilize utilizing variety way ways widely work works world www year years"""
)
_SAY_NOTHING = _LINKS | _OF_EVERY_PAPER
# These say nothing by themselves, but end names of things: "reinforcement learning".
_ENDS = _listed("learning model models training understanding data")


def name_topics(papers: Sequence[Paper], topics: Sequence[int], *, wanted: int) -> list[tuple[str, ...]]:
    """The terms of each topic 0 ... `wanted` - 1, the most telling first, at most three; `topics` is each paper's.

    Terms are spelt as the papers mostly spell them. A topic whose papers share no word has none.
    """
    weights: list[Counter[str]] = [Counter() for _ in range(wanted)]
    holders: list[Counter[str]] = [Counter() for _ in range(wanted)]
    spelt: list[dict[str, Counter[str]]] = [{} for _ in range(wanted)]
    sizes = Counter(topics)
    for paper, topic in zip(papers, topics, strict=True):
        terms = dict.fromkeys(_terms(paper.abstract, spelt[topic]), 1.0)
        terms.update(dict.fromkeys(_terms(paper.title, spelt[topic]), _IN_TITLE))
        weights[topic].update(terms)
        holders[topic].update(terms.keys())
    everywhere = Counter[str]()
    for each in weights:
        everywhere.update(each)
    return [
        _name(_shared(weights[topic], holders[topic], sizes[topic]), spelt[topic], everywhere, len(papers))
        for topic in range(wanted)
    ]


def _shared(weights: Mapping[str, float], holders: Mapping[str, int], size: int) -> dict[str, float]:
    """What the terms weigh that enough of a topic's papers hold, divided by how many papers it has."""
    fewest = max(min(_FEWEST, size), _RAREST * size)
    return {term: weight / size for term, weight in weights.items() if holders[term] >= fewest}


def _terms(text: str, spelt: dict[str, Counter[str]]) -> Iterator[str]:
    """Words and pairs of neighbouring words that may name something, folded; how they are written goes to `spelt`."""
    before: re.Match[str] | None = None
    for found in _WORD.finditer(text):
        small = found[0].lower()
        word = _folded(small)
        says_nothing = (
            small in _SAY_NOTHING
            or word in _SAY_NOTHING
            or (len(small) < 3 and not found[0][:2].isupper())
            or len(small) < 2
        )
        if before and text[before.end() : found.start()] in {" ", "-"} and (not says_nothing or small in _ENDS):
            pair = f"{_folded(before[0].lower())} {word}"
            spelt.setdefault(pair, Counter())[text[before.start() : found.end()]] += 1
            yield pair
        if not says_nothing:
            spelt.setdefault(word, Counter())[found[0]] += 1
            yield word
        before = None if says_nothing else found


def _folded(small: str) -> str:
    """The singular for a plural, where that is certain."""
    if len(small) > 4 and small.endswith("ies"):
        return f"{small[:-3]}y"
    return small[:-1] if len(small) > 3 and small.endswith("s") and not small.endswith(("ss", "is", "us")) else small


def _name(
    shares: Mapping[str, float], spelt: Mapping[str, Counter[str]], everywhere: Mapping[str, float], papers: int
) -> tuple[str, ...]:
    lifts = {term: share * papers / everywhere[term] for term, share in shares.items()}
    scores = {term: shares[term] * math.log(lifts[term] + 1e-9) * (_PAIR if " " in term else 1.0) for term in shares}
    chosen: list[str] = []
    for term in sorted(scores, key=lambda each: (lifts[each] < _TELLING, -scores[each], each)):
        words = set(term.split())
        if (lifts[term] > 1.1 or not chosen) and not any(words & set(other.split()) for other in chosen):
            chosen.append(term)
        if len(chosen) == _TERMS:
            break
    return tuple(_spelling(spelt[term]) for term in chosen)


def _spelling(ways: Counter[str]) -> str:
    """As it is mostly written inside a sentence; with capitals only where that is the rule, as in LLM or LoRA."""
    small = sum(count for way, count in ways.items() if way.islower())
    if 4 * small >= sum(ways.values()):
        return max((way for way in ways if way.islower()), key=lambda way: (ways[way], way))
    best = max(ways, key=lambda way: (ways[way], way))
    return best if any(letter.isupper() for word in re.split(r"[\s-]", best) for letter in word[1:]) else best.lower()
