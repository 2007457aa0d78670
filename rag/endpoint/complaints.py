"""What a server says beside an error: its words in any of the usual shapes, and its headers."""

from __future__ import annotations

import json


def body_text(error: BaseException) -> str:
    """What the server said about an error status: the message inside its JSON, else the beginning of its text."""
    body = getattr(error, "body", None)
    if body is None:
        return str(getattr(error, "message", error))
    return message_in(body)


def message_in(body: object) -> str:
    """The words inside an error's JSON, in any of the usual shapes."""
    if isinstance(body, str):
        try:
            return message_in(json.loads(body))
        except ValueError:
            return body
    if isinstance(body, dict):
        for name in ("error", "message", "detail", "msg"):
            if body.get(name):
                return message_in(body[name])
        return json.dumps(body)
    if isinstance(body, list):
        return "; ".join(
            f"{message_in(item)} {'.'.join(map(str, item.get('loc', [])))}" if isinstance(item, dict) else str(item)
            for item in body
        )
    return str(body)


def header(error: BaseException, name: str) -> str:
    """A header of the answer that an error is about; "" where there is none."""
    return str(getattr(getattr(error, "response", None), "headers", {}).get(name, ""))
