"""Words that ask nothing of the papers: a greeting, thanks, and what one can ask here.

The whole question has to be made of them: "Hello, what is dropout?" asks for papers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.corpus import Turn

_THIS = r"(?:(?:this|the) (?:tool|app|application|assistant|page|site|website|program|system|thing|bot|chat)|askpapers)"
_GREETING = (
    r"(?:hi|hello|hey|hallo|hola|bonjour|ciao|greetings|good (?:morning|afternoon|evening|day|night)|welcome"
    r"|how are you(?: doing)?(?: today)?|nice to meet you)(?: there| all| everyone| again| askpapers)?"
)
_THANKS = (
    r"(?:(?:many )?thanks|thank you|thx|cheers|danke|merci|gracias)(?: so| very)?(?: much)?(?: a lot| again| anyway)?"
    r"(?: for (?:your|the|this) (?:help|answers?))?"
)
_REPLY = (
    r"(?:ok|okay|yes|no|yep|nope|great|cool|nice|perfect|wonderful|awesome|got it|i see|understood|(?:good)?bye|see you"
    r"|very good|good)"
)
_ABOUT_THE_TOOL = (
    rf"(?:help(?: me)?(?: please)?|i need help|what can (?:you|{_THIS}) (?:do|answer)(?: for me)?"
    r"|what can i ask(?: you)?(?: here)?"
    r"|what (?:kinds?|sorts?|types?) of questions? (?:can|may|should) (?:i ask|you answer|be asked)(?: you)?(?: here)?"
    rf"|how (?:do|can|should) (?:i|we) use (?:you|{_THIS})|how does {_THIS} work|how do you work"
    rf"|(?:who|what) (?:are you|is {_THIS})|what is your name|who (?:made|built|created|trained) you"
    rf"|(?:which|what) (?:language )?model (?:are you|do you use|is behind {_THIS})"
    r"|are you (?:an? )?(?:ai|bot|chatbot|robot|human|person|chatgpt|gpt 4|real|there))"
)
_SMALL_TALK = re.compile(
    rf"(?:(?:{_GREETING}|{_THANKS}|{_REPLY}|{_ABOUT_THE_TOOL})(?: and| then| please)?(?: |$))+", re.IGNORECASE
)
_BEFORE = re.compile(rf"\s*(?:(?:{_GREETING}|{_THANKS}|okay|ok)\s*[,.!:;]+\s*)+(?=\w)", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_CONTRACTED = re.compile(r"(?<=\w)['’]s\b", re.IGNORECASE)


def is_small_talk(question: str) -> bool:
    """Whether nothing in the question asks for anything of the papers."""
    line = " ".join(_WORD.findall(_CONTRACTED.sub(" is", question)))
    return _SMALL_TALK.fullmatch(line) is not None


def without_greeting(question: str) -> str:
    """The question without "Hello," before it; small talk alone stays."""
    found = None if is_small_talk(question) else _BEFORE.match(question)
    return question[found.end() :] if found else question


def without_small_talk(history: Sequence[Turn]) -> tuple[Turn, ...]:
    """The turns without such questions and the answers to them: what follows leans on what was said before."""
    kept: list[Turn] = []
    skips = False
    for turn in history:
        if turn.role == "user":
            skips = is_small_talk(turn.content)
        if not skips:
            kept.append(turn)
    return tuple(kept)
