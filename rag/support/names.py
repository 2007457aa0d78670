"""Names and rare words of a sentence: does the cited text know them, in full, in short or in another spelling?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise

from rag.support.words import STOP_WORDS, Word, plain_text, stem, stems_of, word_set, words_of

# What everybody writes either way; an abstract's own short forms are found by their initials.
_EXPANSIONS = dict(
    line.split(": ")
    for line in """
ai: artificial intelligence
ml: machine learning
nlp: natural language processing
rl: reinforcement learning
llm: large language model
lm: language model
vlm: vision language model
mllm: multimodal large language model
cnn: convolutional neural network
gnn: graph neural network
rnn: recurrent neural network
dnn: deep neural network
lstm: long short term memory
bleu: bilingual evaluation understudy
nn: neural network
gan: generative adversarial network
sgd: stochastic gradient descent
rag: retrieval augmented generation
qa: question answering
sft: supervised fine tuning
rlhf: reinforcement learning from human feedback
moe: mixture of experts
vit: vision transformer
ssm: state space model
pde: partial differential equation
gpu: graphics processing unit
cot: chain of thought
icl: in context learning
ood: out of distribution
sota: state of the art
peft: parameter efficient fine tuning
mcts: monte carlo tree search
dpo: direct preference optimization
nmt: neural machine translation
mt: machine translation
asr: automatic speech recognition
tts: text to speech
ner: named entity recognition
kg: knowledge graph
mlp: multi layer perceptron
ar: autoregressive
3d: three dimensional
2d: two dimensional
ui: user interface
gui: graphical user interface
api: application programming interface
uav: unmanned aerial vehicle
mri: magnetic resonance imaging
cpu: processor
fps: frames per second
kv: key value
""".strip().splitlines()
)
_ORDINARY_CAPITALS = word_set(
    """
    english chinese german french spanish japanese arabic russian korean italian bayesian gaussian markov hessian
    fourier euclidean lipschitz ai ml monday january march april june july august september october november december
    """
)
# "256 H100s" are GPUs, and NVIDIA's.
_GRAPHICS_CARD = re.compile(r"\b(?:[AHBVPL]\d0{1,2}S?|T4|L4|G[HB]200|RTX|GeForce|NVIDIA|GPU)(?:s\b|\b)")
_CARD_WORDS = ("gpu", "nvidia")
_SPLIT = re.compile(r"[-/.@_+]+")
_PARTS = re.compile(r"[-/@_+]+|(?<!\d)\.|\.(?!\d)")  # "v0.2" stays whole
_NOT_LETTERS = re.compile(r"[\W_]+")
_DIGIT = re.compile(r"\d")
_RUN = re.compile(r"[A-Za-z\d\u00c0-\u024f]+|[^\W_]")  # of a script without blanks, each sign
# Where a name may begin inside a run, "8xA100" and "mIoU", and where one may end: "ResNet50" knows "ResNet",
# and "FinchMath" knows "Finch"; but "AdamW" is no "Adam".
_BEGINNING_INSIDE = re.compile(r"(?<=\dx)(?=[A-Z])|(?<=^[a-z])(?=[A-Z])")
_ENDING_INSIDE = re.compile(r"(?<=[A-Za-z])(?=\d)|(?<=[a-z])(?=[A-Z][a-z]{2})")
_LABEL = 6  # words and signs of a label before a colon or a dash, at most
_COPIED = 0.6  # share of a sentence's words that stand in the quote in the same order


@lru_cache(maxsize=2_048)
def names_in(sentence: str) -> tuple[Word, ...]:
    """Words that name one particular thing: inner capitals, digits in a word, capitals not at the beginning."""
    found: list[Word] = []
    words = words_of(plain_text(sentence))
    label = _label_end(words)
    first = True
    for index, word in enumerate(words):
        if not word.is_word:
            first = first or word.text in ".:?!" or index == label > 0
            continue
        if looks_like_name(word.text, first=first or index < label) and not _in_formula(words, index):
            found.append(word)
        first = False
    return tuple(found)


def _label_end(words: tuple[Word, ...]) -> int:
    """Where the label before a sentence ends: "Memory Requirements: it needs less"; capitals say nothing there."""
    for index, word in enumerate(words[: _LABEL + 1]):
        if word.text == ":" or (word.text == "-" and index):
            return index
        if word.text in ".,;?!":
            return 0
    return 0


def looks_like_name(text: str, *, first: bool) -> bool:
    """True for "GSM8K", "MathQA-Python", "signSGD", "Hyperband"; not for "The", "We", "2D-based" or plain numbers."""
    letters = [letter for letter in text if letter.isalpha()]
    if text.casefold() in STOP_WORDS:
        return False
    if len(letters) < 2:
        return bool(re.fullmatch(r"[A-Z]\d+", text))  # "T4", "A100"
    parts = [part for part in _SPLIT.split(text) if part]
    if any(_is_name_part(part, first=first and index == 0) for index, part in enumerate(parts)):
        return text.casefold() not in _ORDINARY_CAPITALS
    return False


def _is_name_part(part: str, *, first: bool) -> bool:
    if len(part) < 2 or part.casefold() in STOP_WORDS:
        return False
    if any(letter.isupper() for letter in part[1:]):
        return True
    if part[0].isupper() and not first:
        return True
    return part[0].isalpha() and any(letter.isdigit() for letter in part)


def _in_formula(words: tuple[Word, ...], index: int) -> bool:
    """True between brackets or beside signs of mathematics: "O(N log n)"."""
    before = words[index - 1].text if index else ""
    after = words[index + 1].text if index + 1 < len(words) else ""
    if before and before in "^_=<>":
        return True
    if after and after in "^=<>":
        return True
    return before == "(" and after == ")" and len(words[index].text) < 3


def unknown_names(sentence: str, title: str, abstract: str) -> tuple[str, ...]:
    """The names of `sentence` that neither title nor abstract knows, in any of their usual spellings."""
    text = f"{title}. {abstract}"
    unknown = [word for word in names_in(sentence) if not knows_name(word.text, text)]
    return tuple(dict.fromkeys(word.text for word in unknown if not _knows_with_neighbour(word, sentence, text)))


def _knows_with_neighbour(name: Word, sentence: str, text: str) -> bool:
    """True for both words of "Human Eval" where the text has "HumanEval"."""
    words = words_of(plain_text(sentence))
    return any(
        name in (first, second)
        and first.end + 1 == second.start
        and _known(text).holds(_bare(first.text + second.text))
        for first, second in pairwise(words)
    )


def exchanged_names(sentence: str, quote: str) -> tuple[tuple[str, str], ...]:
    """Names that stand where the quote has another one, in a sentence that otherwise follows it word for word."""
    ours = [word for word in words_of(plain_text(sentence)) if word.is_word]
    theirs = [word for word in words_of(plain_text(quote)) if word.is_word]
    matcher = SequenceMatcher(None, [word.stem for word in ours], [word.stem for word in theirs], autojunk=False)
    steps = matcher.get_opcodes()
    if sum(end - start for kind, start, end, _, _ in steps if kind == "equal") < _COPIED * len(ours):
        return ()
    our_stems, their_stems = {word.stem for word in ours}, {word.stem for word in theirs}
    exchanged = []
    for kind, start, end, other_start, other_end in steps:
        if kind != "replace" or end - start != other_end - other_start:
            continue
        for index, other_index in zip(range(start, end), range(other_start, other_end), strict=True):
            word, other = ours[index], theirs[other_index]
            both_names = looks_like_name(word.text, first=not index) and looks_like_name(
                other.text, first=not other_index
            )
            if both_names and word.stem not in their_stems and other.stem not in our_stems:
                exchanged.append((word.text, other.text))
    return tuple(exchanged)


def knows_name(name: str, text: str) -> bool:
    """True where `text` has the name, its plural, its parts, its long form, or the short form of it."""
    known = _known(text)
    bare = _bare(name)
    if known.holds(bare) or known.holds(bare.removesuffix("s")) or stem(name) in known.stems:
        return True
    single = bare.removesuffix("s") if len(bare) > 3 else bare
    if bare in known.shorts or single in known.shorts:
        return True
    if single in _CARD_WORDS and _GRAPHICS_CARD.search(text):
        return True
    expansion = _EXPANSIONS.get(bare) or _EXPANSIONS.get(single)
    if expansion and re.search(rf"{re.escape(single.upper())}s?\b", text):  # "GAN" for "StyleGAN", "AI" for "XAI"
        return True
    if expansion and all(_known_stem(part, known.stems) for part in expansion.split() if part not in STOP_WORDS):
        return True
    parts = [part for part in _PARTS.split(name) if len(part) > 1 or part.isdigit()]
    return sum(len(part) > 1 for part in parts) > 1 and all(
        knows_name(part, text) for part in parts if looks_like_name(part, first=False) or _DIGIT.search(part)
    )


def _bare(name: str) -> str:
    return _NOT_LETTERS.sub("", name.casefold())


def _known_stem(word: str, stems: frozenset[str]) -> bool:
    wanted = stem(word)
    return any(wanted == known or (len(wanted) > 4 and known.startswith(wanted[:5])) for known in stems)


@dataclass(frozen=True, slots=True)
class _Known:
    """What a text knows."""

    squeezed: str  # the text without blanks and signs
    starts: frozenset[int]  # where words begin in it
    ends: frozenset[int]
    stems: frozenset[str]
    shorts: frozenset[str]  # the initials of its runs of two to six words

    def holds(self, bare: str) -> bool:
        """Whether a name stands in the text, as one word or as several; not in the middle of one, as PPO in support."""
        place = self.squeezed.find(bare) if bare else -1
        while place >= 0:
            end = place + len(bare)
            if place in self.starts and (end in self.ends or (self.squeezed[end] == "s" and end + 1 in self.ends)):
                return True
            place = self.squeezed.find(bare, place + 1)
        return False


@lru_cache(maxsize=256)
def _known(text: str) -> _Known:
    plain = plain_text(text)
    squeezed = ""
    starts: set[int] = set()
    ends: set[int] = set()
    for run in _RUN.findall(plain):
        place = len(squeezed)
        starts.update([place, *(place + inner.start() for inner in _BEGINNING_INSIDE.finditer(run))])
        ends.update(place + inner.start() for inner in _ENDING_INSIDE.finditer(run))
        squeezed += run.casefold()
        ends.add(len(squeezed))
    shorts: set[str] = set()
    for keep_small in (True, False):
        letters = [
            part[0].casefold()
            for word in words_of(plain)
            if word.is_word and (keep_small or word.text.casefold() not in STOP_WORDS)
            for part in _SPLIT.split(word.text)
            if part
        ]
        for length in range(2, 7):
            shorts.update("".join(letters[index : index + length]) for index in range(len(letters) - length + 1))
    long_enough = frozenset(short for short in shorts if len(short) > 2 or short in ("qa", "mt"))
    return _Known(squeezed, frozenset(starts), frozenset(ends), stems_of(plain), long_enough)
