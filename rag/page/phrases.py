"""What questions are made of: names that papers give their systems, and noun phrases as they write them.

No part of speech is known here. A phrase ends where punctuation or one of the closed words below stands, and where
that is not certain there is none: a question that is not asked hurts nobody, a broken one does.
"""

from __future__ import annotations

import re

from rag.corpus import Paper
from rag.sentences import split_sentences


def words(text: str) -> frozenset[str]:
    """The words of a list that is written as a text."""
    return frozenset(text.split())


FUNCTION_WORDS = words(
    """a about across all an and any are as at be beyond by can do does for from has how i if in into is it its let
    more new no not of on or our out over should than that the their them this through to toward towards under up via
    vs was we what when where which who why will with without you your"""
)
# Where a phrase ends: prepositions, conjunctions, helping verbs, and verbs that abstracts put behind a noun.
_ENDS = FUNCTION_WORDS | words(
    """after against although among around because been before being between both but could despite during either
    even had have having however including instead like may might most must nor only per rather relative respectively
    since so such then there these they those though thus unlike until upon versus were whereas whether while whose
    within would yet achieves achieve allows allow compared consists demonstrates enables enable exhibits gives leads
    leading makes making offers outperforms outperform provides reduces remain remains requires require requiring
    respectively shows show suffer suffers uses use using yields simultaneously significantly respectively"""
)
# A phrase that begins so points at something that was said before.
_POINTS = words(
    """this these those that such our their its his her it they we other another same above former latter said each
    every several many most some various different certain following proposed resulting two three four both all one
    first second last further additional overall own corresponding respective"""
)
# Words that name nothing: a phrase of these alone is no subject of a question.
_GENERIC = words(
    """ability accuracy accurate advanced algorithm algorithms analysis application applications approach approaches
    area areas aspect aspects baseline baselines benchmark benchmarks best capabilities capability case cases challenge
    challenges choice classical common complex computation conventional cost costs current data dataset datasets deep
    design development different downstream effective efficiency efficient existing experiments field framework
    frameworks general goal good high improvement information issue issues key knowledge large learning level
    limitations low main many mechanism method methodology methods metrics model modeling models new novel number
    numerous open paper papers performance popular practical practice previous prior problem problems process progress
    quality real recent related research researchers result results scenario scenarios setting settings simple
    single small solution solutions speed standard state-of-the-art strategies strategy strong structure studies study
    success such system systems task tasks technique techniques test time tool tools traditional training type types
    understanding use various way ways work works vanilla naive""",
)
_PIECE = r"[^\W_][\w@+./'’-]*"
_STOPS = frozenset(["", *".,;:()"])
NUMBER = r"\d(?:[\d.,]{0,20}\d)?"

OURS = re.compile(
    r"\b(?:our|we|it|its|this|the proposed|the resulting)\b", re.IGNORECASE
)  # a sentence about the paper's own work
_READ = 3_000  # characters of an abstract
# Names of kinds of things, hardware and companies, which stand at the same places.
NO_DATA = re.compile(
    r"(?:LLM|MLLM|VLM|LVLM|DNN|CNN|GNN|RNN|MLP|SSM|LSTM|MoE|GAN|ViT|GPU|CPU|TPU|FPGA|NPU|RL|AI|NLP|API|KV|CoT|SFT|PPO"
    r"|DPO|GRPO|RLHF|RLVR|RAG|LoRA|PEFT|QA|VQA|BERT|GPT|LLaMA|Llama|Qwen|DeepSeek|Mistral|Gemini|Claude|OpenAI|NVIDIA"
    r"|PyTorch|TensorFlow|JAX|GitHub|HuggingFace|ResNet|Transformer|RTX|A100|H100|V100|SOTA|FLOP|INT|FP|BF|W\d|T5|PTQ"
    r"|QAT|NAS|PDE|ODE|SGD|Adam|iPhone|Pixel|AMD|ARM|RISC|HPC)[\w.+-]*"
)

_TITLE_NAME = re.compile(r"^([A-Z][\w.+-]*): +\S.{11,}$")
_INTRODUCED = re.compile(
    r"\b(?:propos|introduc|present|develop|call|nam|term|dub|releas|build|creat)\w*\s+"
    r"(?:(?:a|an|the|our)\s+)?(?:(?:novel|new)\s+)?((?:[A-Z][\w+-]*[A-Z0-9]|[A-Z]+[a-z]+[A-Z])[\w+-]*)(?=[\s,;:.(])"
)
_TRAINED = re.compile(
    r"\b(?:train\w*|call\w*|nam\w+|dub\w*|introduc\w+|present\w*|propos\w+|the result) (?:the )?([A-Z][a-z]+)\b"
)
_IS_A = re.compile(r"(?:^|[.] )([A-Z][\w+-]+) (?:is|are) an? ")
_LONGEST_NAME = 24


def name_of_system(paper: Paper) -> str:
    """The name of what the paper makes: before the colon of its title, or where its abstract introduces it.

    Empty where there is none, and where the abstract hardly uses it: such a name means nothing to a reader.
    """
    found = _TITLE_NAME.match(paper.title) or _INTRODUCED.search(paper.abstract)
    word = None if found else _TRAINED.search(paper.abstract) or _IS_A.search(paper.abstract)
    if word and _times(word[1], paper.abstract) > 1 and word[1].lower() not in paper.abstract:
        found = word  # a word that stands there with a capital alone is a name
    name = found[1].rstrip(".-") if found else ""
    if not 2 < len(name) <= _LONGEST_NAME:
        return ""
    unlike_a_word = any(sign.isupper() or sign.isdigit() for sign in name[1:])
    return name if _times(name, paper.abstract) >= (1 if unlike_a_word else 2) else ""


def is_about(name: str, sentence: str) -> bool:
    """Whether a sentence speaks of the system of this name, or of "our method"."""
    return bool(_times(name, sentence) or OURS.search(sentence))


def sentences_of(paper: Paper) -> list[str]:
    """The sentences of the abstract, in order."""
    return [sentence.text for sentence in split_sentences(paper.abstract[:_READ])]


def _times(name: str, text: str) -> int:
    return len(re.findall(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text))


def phrase_at(text: str, *, most: int = 5, generic: bool = False) -> str:
    """The noun phrase that the text begins with, without "a" or "an"; "" where none certainly ends there.

    `generic`: whether a phrase such as "training time" will do, which names nothing alone.
    """
    article, text = _without_article(text)
    found: list[str] = []
    rest = text
    while match := re.match(rf"\s*({_PIECE})", rest):
        word = match[1].rstrip(".'’")
        if word.casefold() in _ENDS:
            break
        found.append(word)
        rest = rest[match.start(1) + len(word) :]
        if rest[:1] in _STOPS:
            break
    else:
        if rest.lstrip()[:1] not in _STOPS:
            return ""  # a sign that is no part of a phrase
    return article + " ".join(found) if _is_phrase(found, most, generic=generic) else ""


def _without_article(text: str) -> tuple[str, str]:
    """`the ` or nothing, and the text without its article."""
    found = re.match(r"\s*(?:(the)|an?)\s+", text, re.IGNORECASE)
    return ("the " if found and found[1] else "", text[found.end() :] if found else text.strip())


def _is_phrase(found: list[str], most: int, *, generic: bool) -> bool:
    if not found or len(found) > most or found[0].casefold() in _POINTS or found[0].endswith(("'s", "’s")):
        return False
    if found[-1].casefold().endswith("ly") or re.fullmatch(NUMBER + r"\w{0,2}", found[-1]):
        return False
    return generic or any(word.casefold() not in _GENERIC and not word[0].isdigit() for word in found)


def phrase_before(text: str, *, most: int = 6) -> str:
    """The whole text as a noun phrase without "a" or "an"; "" where it is more or less than that."""
    article, text = _without_article(text)
    text = text.strip()
    parts = [part for part in text.partition(" of ")[::2] if part]
    if not parts or len(text.split()) > most:
        return ""
    bare = [_without_article(part)[1] for part in parts]
    if any(phrase_at(part, most=most, generic=True) != part for part in bare):
        return ""
    return article + text if any(phrase_at(part, most=most) for part in bare) else ""


def lower_first(text: str) -> str:
    """A phrase from the beginning of a sentence as it stands inside of one: names and abbreviations stay."""
    first, blank, rest = text.partition(" ")
    is_name = any(sign.isupper() or sign.isdigit() for sign in first[1:]) or len(first) == 1
    return text if is_name else first.lower() + blank + rest


def as_in_text(title: str, abstract: str) -> str:
    """A part of a title as it would stand in a sentence: small letters except for what the abstract writes large."""
    return re.sub(r"[^\W_][\w+.]*", lambda word: _usual(word[0], abstract), title)


def _usual(word: str, abstract: str) -> str:
    small = word.lower()
    if word == small or any(sign.isupper() or sign.isdigit() for sign in word[1:]):
        return word
    inside = re.findall(rf"(?<=[^\W_.] )\b{re.escape(small)}\b", abstract, re.IGNORECASE)
    return word if inside and all(each == word for each in inside) else small


def is_plural(phrase: str) -> bool:
    """Whether the phrase names several things, as far as its last letters tell."""
    head = phrase.split(" of ")[0]
    return head.endswith("s") and not head.endswith(("ss", "is", "us", "ics"))


def stands_alone(phrase: str) -> bool:
    """Whether a phrase without article is a subject: several things, or something that is not counted."""
    mass = re.search(r"(?:ing|ion|ment|[ae]nce|ity|ness|sis|[hst]ics|flow|learning)$", phrase)
    return (is_plural(phrase) or bool(mass)) and not re.search(
        r"['’]s\b|^(?:novel|complex|general|fundamental) ", phrase
    )
