"""Formulas and lines of code that an abstract prints on lines of their own."""

from __future__ import annotations

import re

from ingest.layouts.titles import ends_sentence

_COMMAND = re.compile(r"\\[a-zA-Z]+|\$\$?")  # of LaTeX
_OPERATOR = re.compile(r"(?<=[\w)] )[<>](?= [\w(])|[=≤≥≈≠≡∈∝∼→←↦∑∏∫√∇∂⊗⊕×]|:=|\w\^|\w_\{?\w")
_WORD = re.compile(r"[^\W\d_]{4,}")
_LONGEST = 200  # characters


def is_formula(line: str, before: str) -> bool:
    """Whether a line that follows a text which ends no sentence ("The update is") is a formula, or a line of code."""
    if not before or len(line) > _LONGEST or line.startswith("<") or ends_sentence(before):
        return False
    return bool(_OPERATOR.search(_COMMAND.sub(" = ", line))) and len(_WORD.findall(_COMMAND.sub(" ", line))) <= 1
