"""What a raw response of the SDK holds beside the text, where it holds it. Servers fill the fields as they like."""

from __future__ import annotations

from typing import Any


def message_text(raw: Any) -> str:
    """The text of a whole message, which some servers send as an event in place of a delta; "" where there is none."""
    message = getattr(_first_choice(raw), "message", None)
    return str(message.get("content") or "") if isinstance(message, dict) else ""


def refusal(raw: Any) -> str:
    """The words of a refusal, which OpenAI sends beside the text; "" where there are none."""
    choice = _first_choice(raw)
    said = getattr(choice, "message", None) or getattr(choice, "delta", None)
    return str(getattr(said, "refusal", None) or "")


def about(raw: Any) -> dict[str, Any]:
    """Finish reason and token counts as fields of a Piece, None where they are missing or something else."""
    usage = getattr(raw, "usage", None)
    reason = getattr(_first_choice(raw), "finish_reason", None)
    if isinstance(reason, dict):
        reason = reason.get("type")
    return {
        "finish_reason": reason if isinstance(reason, str) else None,
        "prompt_tokens": _count(getattr(usage, "prompt_tokens", None)),
        "completion_tokens": _count(getattr(usage, "completion_tokens", None)),
    }


def _first_choice(raw: Any) -> Any:
    """What a raw response offers; None where it has nothing but token counts, for example."""
    return next(iter(getattr(raw, "choices", None) or []), None)


def _count(tokens: object) -> int | None:
    return tokens if isinstance(tokens, int) and tokens >= 0 else None
