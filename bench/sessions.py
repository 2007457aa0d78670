"""Sessions of the page without a browser: the web socket that Streamlit's own script opens, and what comes over it.

A session asks by the address (`?q=...`), as a link to a question does, and has its answer when the buttons below it
have come. Drawing in the browser is left out, everything that the server does is in.
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from urllib.parse import urlencode

QUESTIONS = (
    "How can a language model be trained with less memory?",
    "Which methods make attention faster?",
    "How are images generated from text?",
    "What is known about the robustness of classifiers?",
    "How can translation be improved for languages with little data?",
    "Which benchmarks test the reasoning of language models?",
    "How do retrieval and generation work together?",
    "What helps when labels are wrong?",
    "How are speech and text aligned?",
    "Can small models learn from large ones?",
)
_ANSWERED = b"data-copy="  # on the buttons below a whole answer
_PATIENCE = 120.0  # seconds


def answer_times(address: str, *, sessions: int, each: int) -> list[float]:
    """Milliseconds of every answer, of sessions that all ask at the same time, one question after the other.

    Raises TimeoutError where an answer does not come.
    """
    ready = threading.Barrier(sessions)

    def ask_all(number: int) -> list[float]:
        with Session(address) as session:
            ready.wait(_PATIENCE)
            return [session.ask(QUESTIONS[(number * each + turn) % len(QUESTIONS)]) for turn in range(each)]

    with ThreadPoolExecutor(sessions) as threads:
        return [taken for found in threads.map(ask_all, range(sessions)) for taken in found]


class Session:
    """One reader's session, open until it is left."""

    def __init__(self, address: str) -> None:
        """Opens the page at `address` and waits until it has been drawn once."""
        from websockets.sync.client import connect
        from websockets.typing import Subprotocol

        socket = f"{address.replace('http', 'ws', 1)}/_stcore/stream"
        self._open = ExitStack()
        self._socket = self._open.enter_context(connect(socket, subprotocols=[Subprotocol("streamlit")], max_size=None))
        self._run("")

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def ask(self, question: str, *, patience: float = _PATIENCE) -> float:
        """Milliseconds until the whole answer is there. Raises TimeoutError after `patience` seconds."""
        began = time.perf_counter()
        self._run(urlencode({"q": question}), until=_ANSWERED, patience=patience)
        return 1000 * (time.perf_counter() - began)

    def _run(self, query: str, *, until: bytes = b"", patience: float = _PATIENCE) -> None:
        """Run the page; return when these bytes have come, or else when it has been drawn to its end."""
        from streamlit.proto.BackMsg_pb2 import BackMsg
        from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

        wish = BackMsg()
        wish.rerun_script.query_string = query
        self._socket.send(wish.SerializeToString())
        last = time.monotonic() + patience
        while (left := last - time.monotonic()) > 0:
            received = self._socket.recv(left)
            if not isinstance(received, bytes):
                continue
            if until and until in received:
                return
            if not until:
                message = ForwardMsg()
                message.ParseFromString(received)
                if message.WhichOneof("type") == "script_finished":
                    return
        message_to_person = f"no answer within {patience:.0f} seconds"
        raise TimeoutError(message_to_person)
