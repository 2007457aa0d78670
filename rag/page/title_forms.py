"""Questions made of titles: what a system does, how something is done, by what means, what a word stands for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.corpus import Paper
from rag.page.phrases import as_in_text, is_plural, name_of_system, phrase_before, stands_alone

_COLLECTION = re.compile(r"\b(?:benchmark|dataset|corpus|test suite|leaderboard|collection)\b", re.IGNORECASE)
# What titles begin with -> how it is asked for; each as (base, participle).
_DOES = {
    "Accelerating": ("speed up", "sped up"), "Adapting": ("adapt", "adapted"), "Aligning": ("align", "aligned"),
    "Automating": ("automate", "automated"), "Balancing": ("balance", "balanced"), "Boosting": ("boost", "boosted"),
    "Bridging": ("bridge", "bridged"), "Building": ("build", "built"), "Compressing": ("compress", "compressed"),
    "Controlling": ("control", "controlled"), "Detecting": ("detect", "detected"),
    "Discovering": ("discover", "discovered"), "Distilling": ("distil", "distilled"),
    "Eliminating": ("eliminate", "eliminated"), "Enabling": ("enable", "enabled"),
    "Enhancing": ("improve", "improved"), "Estimating": ("estimate", "estimated"),
    "Evaluating": ("evaluate", "evaluated"), "Generating": ("generate", "generated"),
    "Identifying": ("identify", "identified"), "Improving": ("improve", "improved"),
    "Learning": ("learn", "learned"), "Mitigating": ("mitigate", "mitigated"), "Modeling": ("model", "modelled"),
    "Optimizing": ("optimize", "optimized"), "Predicting": ("predict", "predicted"),
    "Preventing": ("prevent", "prevented"), "Pruning": ("prune", "pruned"), "Quantizing": ("quantize", "quantized"),
    "Reducing": ("reduce", "reduced"), "Scaling": ("scale", "scaled"), "Simplifying": ("simplify", "simplified"),
    "Solving": ("solve", "solved"), "Stabilizing": ("stabilize", "stabilized"), "Teaching": ("teach", "taught"),
    "Training": ("train", "trained"), "Transferring": ("transfer", "transferred"),
    "Unifying": ("unify", "unified"), "Measuring": ("measure", "measured"), "Overcoming": ("overcome", "overcome"),
}  # fmt: skip
_MEANS = re.compile(
    r"\s+(?:via|with|by|through|using|without|under|from|at|across|beyond|into|on|in)\b.*$", re.IGNORECASE
)
# What is more than the name of a thing: another question would be broken by it.
_SENTENCE = re.compile(
    r"[:;?!,()$\\]|\b(?:to|is|are|that|which|and|enhances?|improves?|outperforms?|enables?|helps?|makes?|needs?|beats?"
    r"|matters?)\b|\b(?:trained|learned|guided)$"
)
_VIA = re.compile(r"^(.+?)\s+(via|with|by|through|using)\s+(.+)$", re.IGNORECASE)
_SURVEY = re.compile(r"^(?:an? )?(?:[\w-]+ )?(?:survey|review|overview) (?:of|on) (?:the )?([^:,]+)", re.IGNORECASE)
_HEAD = re.compile(r"^((?:[\w-]+ ){1,4}?[\w-]+)(?: (?:for|via|with|by|through|using|in|from|on|under)\b.*)$")
_BARE_FIRST = re.compile(
    r"(?:efficient|towards?|improved|fast(?:er)?|better|scalable|new|novel|simple|unified|robust|effective|rethinking"
    r"|understanding|revisiting|on|the|an?|how|when|\w+ing|more|beyond|some|are|is|do|can|your|not|all)$",
    re.IGNORECASE,
)
_FOR = re.compile(r"\bfor ([A-Z][^,:?()]{6,60})$", re.IGNORECASE)
_ASKS = re.compile(
    r"^(?:What|Which|How|Why|When|Where|Who|Can|Do|Does|Is|Are|Should|Could|Will) (?!not\b|to\b)[^?:]{12,100}\?",
    re.IGNORECASE,
)


def aims(paper: Paper) -> Iterator[str]:
    """The question that a title asks, or how what it names reaches its aim."""
    title = paper.title.strip()
    head, colon, rest = title.partition(": ")
    if match := _ASKS.match(title):
        yield _as_question(match[0], paper)
        return
    if colon and (match := _ASKS.match(rest)):
        yield _as_question(match[0], paper)
        return
    name = name_of_system(paper)
    aim = rest if colon and name == head else title
    first, _, what = aim.partition(" ")
    forms = _DOES.get(first)
    goal = _goal(_MEANS.sub("", what), paper)
    if name == head and forms and goal:
        yield f"How does {name} {forms[0]} {goal}?"
    elif name == head and _COLLECTION.search(rest):
        yield f"What does {name} measure?" if "enchmark" in rest else f"What does {name} contain?"
    elif name == head and (match := _FOR.search(rest)) and (goal := _goal(_MEANS.sub("", match[1]), paper)):
        yield f"How does {name} help with {goal}?"
    elif not colon and forms and goal and first != "Enabling":
        yield f"How can {goal} be {forms[1]}?"


def means(paper: Paper) -> Iterator[str]:
    """What a title says behind `via` helps with what stands before it."""
    aim = paper.title.partition(": ")[2] or paper.title
    match = _VIA.match(aim.strip())
    if not match:
        return
    means = _goal(_MEANS.sub("", match[3]), paper)
    first, _, what = match[1].partition(" ")
    forms = _DOES.get(first)
    goal = _goal(_MEANS.sub("", what if forms else match[1]), paper)
    if not means or not goal or means.split()[0].endswith("ing"):
        return
    help_ = "do" if is_plural(means) else "does"
    if forms:
        yield f"How {help_} {means} help to {forms[0]} {goal}?"
    elif match[2].lower() in ("via", "through") and not _BARE_FIRST.match(first):
        yield f"How {help_} {means} help with {goal}?"


def meanings(paper: Paper) -> Iterator[str]:
    """What a title without a name begins with."""
    if ":" in paper.title and not paper.title.partition(":")[0].isupper():
        return
    match = _HEAD.match(paper.title)
    if match and not _BARE_FIRST.match(match[1].split()[0]) and not _SURVEY.match(paper.title):
        head = _goal(match[1], paper)
        if head and phrase_before(head) == head and stands_alone(head) and head.lower() in paper.abstract.lower():
            yield f"What {'are' if is_plural(head) else 'is'} {head}?"


def surveys(paper: Paper) -> Iterator[str]:
    """What there is of the things that a survey surveys."""
    match = _SURVEY.match(paper.title) or _SURVEY.match(paper.title.partition(": ")[2])
    what = _goal(_MEANS.sub("", match[1]), paper) if match else ""
    what = re.sub(r" for .*", "", what)
    if what:
        yield f"Which {what} are there?" if is_plural(what) else f"What is known about {what}?"


def _goal(what: str, paper: Paper) -> str:
    what = as_in_text(what.strip(), paper.abstract)
    if not 2 <= len(what.split()) <= 8 or _SENTENCE.search(what):
        return ""
    return "" if re.match(r"(?:the|laws?|rates?|curves|faster|better|more)\b", what, re.IGNORECASE) else what


def _as_question(title: str, paper: Paper) -> str:
    first, blank, rest = title.partition(" ")
    return first + blank + as_in_text(rest, paper.abstract)


def workings(paper: Paper) -> Iterator[str]:
    """How the system works that the paper is named for."""
    name = name_of_system(paper)
    if name and not _COLLECTION.search(paper.title):
        yield f"How does {name} work?"
