"""The embedder over an endpoint: cuts, sends in batches, checks what comes back, and says what went wrong.

The SDK is imported at the first text, not before (1.3 s).
"""

from __future__ import annotations

import logging
import re
import threading
import weakref
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np

from rag.embedder import EmbedderIdentity, FloatMatrix
from rag.endpoint_embedder import faults
from rag.endpoint_embedder.cutting import count_tokens, cut_text
from rag.endpoint_embedder.habits import habits_of
from rag.errors import EmbedderError, SettingsError
from rag.redaction import without_user
from rag.settings import Settings

if TYPE_CHECKING:
    from openai import OpenAI

logger = logging.getLogger(__name__)

OPENAI_URL = "https://api.openai.com/v1"
BATCH = 32  # texts a request, at first; a server that refuses so many gets fewer
CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 180.0  # a local server may have to load the model first
SMALLEST_WINDOW = 64  # tokens besides the prefix; a model that reads less is of no use here
_LOOPBACK = re.compile(r"localhost|.*\.localhost|127\..*|::1")


class _RefusedError(Exception):
    """The server refuses a request for what is in it."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(said)
        self.status = status
        self.said = said


class EndpointEmbedder:
    """An embedding model behind an OpenAI-compatible endpoint. Threads may share it."""

    def __init__(
        self, base_url: str, model: str, *, api_key: str = "", retries: int = 2, timeout: float = ANSWER_SECONDS
    ) -> None:
        """Nothing is contacted yet. `retries` is for what may pass (rate limit, dropped connection, status 5xx)."""
        self._urls = [base_url] if re.search(r"/v\d+\w*$", base_url) else [base_url, f"{base_url}/v1"]
        self._configured_url = without_user(base_url)
        self._model = model
        self._key = api_key
        self._retries = retries
        self._timeout = timeout
        self._habits = habits_of(model)
        self._window = self._habits.window
        self._batch = BATCH
        self._dimension = 0
        self._client: OpenAI | None = None
        self._lock = threading.Lock()

    @classmethod
    def from_settings(cls, settings: Settings) -> EndpointEmbedder:
        """The endpoint that EMBED_BASE_URL and EMBED_MODEL name; OpenAI's own without an address.

        Raises SettingsError where OpenAI is meant and there is no key.
        """
        key = settings.embed_api_key.get_secret_value()
        if not settings.embed_base_url and not key:
            raise SettingsError(
                f"EMBED_MODEL is {settings.embed_model}, but neither EMBED_BASE_URL nor EMBED_API_KEY is set.",
                hint="Set EMBED_BASE_URL to the server that has the model, or EMBED_API_KEY for OpenAI itself.",
            )
        return cls(settings.embed_base_url or OPENAI_URL, settings.embed_model, api_key=key)

    @property
    def identity(self) -> EmbedderIdentity:
        """The dimension is 0 until the first answer."""
        return EmbedderIdentity(
            model=self._model,
            fingerprint=f"endpoint:{self._configured_url}:{self._model}",
            dimension=self._dimension,
            query_prefix=self._habits.query_prefix,
            document_prefix=self._habits.document_prefix,
        )

    def embed_documents(self, texts: Sequence[str]) -> FloatMatrix:
        """See `Embedder`."""
        return self._embed(texts, self._habits.document_prefix)

    def embed_queries(self, texts: Sequence[str]) -> FloatMatrix:
        """See `Embedder`."""
        return self._embed(texts, self._habits.query_prefix)

    def _embed(self, texts: Sequence[str], prefix: str) -> FloatMatrix:
        if not texts:
            return np.empty((0, self._dimension), np.float32)
        while True:
            room = max(self._window - count_tokens(prefix), SMALLEST_WINDOW)
            pieces = [cut_text(_sendable(text), room=room) for text in texts]
            try:
                vectors = self._embed_pieces([prefix + piece for cut in pieces for piece in cut])
            except _RefusedError as refusal:
                if not faults.is_too_long(refusal.status, refusal.said) or self._window // 2 < SMALLEST_WINDOW:
                    raise faults.from_status(refusal.status, refusal.said, self._place) from refusal
                self._window //= 2
                logger.info("%s reads less than expected: windows of %s tokens from now on", self._model, self._window)
            else:
                return _pool(vectors, pieces)

    def _embed_pieces(self, pieces: Sequence[str]) -> FloatMatrix:
        rows: list[FloatMatrix] = []
        done = 0
        while done < len(pieces):
            batch = pieces[done : done + self._batch]
            try:
                rows.append(self._request(batch))
            except _RefusedError:
                # Some servers limit the texts or the tokens of a request, each in words of its own.
                if len(batch) == 1:
                    raise
                self._batch = max(1, len(batch) // 2)
                logger.info("the endpoint refused %s texts at once: %s from now on", len(batch), self._batch)
            else:
                done += len(batch)
        return np.concatenate(rows)

    def _request(self, texts: Sequence[str]) -> FloatMatrix:
        """One batch. Raises _RefusedError for what a smaller batch or shorter texts may mend, else EmbedderError."""
        import openai

        try:
            url, client = self._connected()
        except Exception as error:  # the boundary to the transport, which has an exception of its own for odd addresses
            raise faults.from_exception(error, self._place, self._timeout) from error
        try:
            # "float", because some servers do not know the SDK's default, base64.
            answer = client.embeddings.create(model=self._model, input=list(texts), encoding_format="float")
        except openai.APIStatusError as error:
            said = faults.message_in(error.body) or error.message
            if faults.is_misplaced(error.status_code, said) and self._turn_from(url):
                return self._request(texts)
            if 300 <= error.status_code < 400:
                raise faults.redirected(self._place, error.response.headers.get("location", "")) from error
            if faults.may_pass_if_smaller(error.status_code, said):
                raise _RefusedError(error.status_code, said) from error
            raise faults.from_status(error.status_code, said, self._place) from error
        except (openai.OpenAIError, OSError, ValueError) as error:
            raise faults.from_exception(error, self._place, self._timeout) from error
        return self._checked(answer, len(texts))

    def _checked(self, answer: object, count: int) -> FloatMatrix:
        """The answer's vectors at unit length, in the order of the texts."""
        entries = getattr(answer, "data", None)
        if not isinstance(entries, list) or not entries:
            raise faults.not_embeddings(self._place)
        if len(entries) != count:
            raise self._unusable(f"returned {len(entries)} embeddings for {count} texts")
        places = [getattr(entry, "index", None) for entry in entries]
        if sorted(place for place in places if isinstance(place, int)) == list(range(count)):
            entries = [entry for _, entry in sorted(zip(places, entries, strict=True), key=lambda pair: pair[0] or 0)]
        try:
            vectors = np.array([entry.embedding for entry in entries], np.float32)
        except (AttributeError, TypeError, ValueError) as error:
            raise faults.not_embeddings(self._place) from error
        if vectors.ndim != 2 or vectors.shape[1] == 0:
            raise faults.not_embeddings(self._place)
        with self._lock:
            if self._dimension not in (0, vectors.shape[1]):
                raise self._unusable(f"returned {vectors.shape[1]} dimensions after {self._dimension} before")
            self._dimension = vectors.shape[1]
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        if not np.isfinite(norms).all() or not norms.all():
            raise self._unusable("returned an embedding that is no direction (NaN, infinite or all zeros)")
        return np.asarray(vectors / norms, np.float32)

    def _unusable(self, problem: str) -> EmbedderError:
        return EmbedderError(
            f"{self._place.shown} {problem}, from the model {self._model}.",
            hint="Check that the server runs one embedding model under that name; its own log tells more.",
        )

    @property
    def _place(self) -> faults.Place:
        return faults.Place(self._urls[0], self._model, self._key)

    def _connected(self) -> tuple[str, OpenAI]:
        with self._lock:
            if self._client is None:
                self._client = self._connect()
            return self._urls[0], self._client

    def _connect(self) -> OpenAI:
        import openai

        timeout = openai.Timeout(self._timeout, connect=CONNECT_SECONDS)
        # The SDK would add these from the environment, whoever the server is.
        left_out: dict[str, Any] = {"OpenAI-Organization": openai.Omit(), "OpenAI-Project": openai.Omit()}
        on_this_machine = _LOOPBACK.fullmatch(urlsplit(self._urls[0]).hostname or "") is not None
        client = openai.OpenAI(
            base_url=self._urls[0],
            api_key=self._key or "none",  # the SDK insists on one
            max_retries=self._retries,
            timeout=timeout,
            default_headers=left_out,
            http_client=openai.DefaultHttpxClient(
                timeout=timeout,
                trust_env=not on_this_machine,
                follow_redirects=False,  # they would carry the texts to a server that nobody named
            ),
        )
        weakref.finalize(self, client.close)
        return client

    def _turn_from(self, url: str) -> bool:
        """Turn from `url` to the one with /v1, which the configured one may lack; False where there is none left."""
        with self._lock:
            if self._urls[0] != url:  # another thread has turned
                return True
            if len(self._urls) == 1:
                return False
            self._urls.pop(0)
            self._client = None
            return True


def _sendable(text: str) -> str:
    """Text that servers take: no lone surrogates, and not empty, which some refuse."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return whole if whole.strip() else "."


def _pool(vectors: FloatMatrix, pieces: Sequence[Sequence[str]]) -> FloatMatrix:
    """One unit-length row a text: the mean of its pieces' vectors, weighted by their lengths."""
    pooled = np.empty((len(pieces), vectors.shape[1]), np.float32)
    first = 0
    for row, cut in enumerate(pieces):
        own = vectors[first : first + len(cut)]
        first += len(cut)
        mean = own[0] if len(cut) == 1 else np.average(own, axis=0, weights=[len(piece) for piece in cut])
        pooled[row] = mean / max(float(np.linalg.norm(mean)), 1e-12)
    return pooled
