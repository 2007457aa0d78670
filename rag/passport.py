"""What an index was made with. Vectors of one model say nothing beside vectors of another."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from rag.embedder import EmbedderIdentity
from rag.errors import DamagedStoreError, IndexMismatchError


@dataclass(frozen=True, slots=True)
class Passport:
    """The origin of a generation's vectors. Rows have unit length, so that a dot product is the cosine."""

    identity: EmbedderIdentity
    chunking: str  # name of the rule that cut the papers, see ingest/chunk.py
    papers: int
    chunks: int
    created: str  # ISO time, UTC, of the first generation with these embeddings

    def check(self, wanted: EmbedderIdentity) -> None:
        """Raise IndexMismatchError where the settings ask for other embeddings than the index holds."""
        mine = self.identity
        same = (
            mine.fingerprint == wanted.fingerprint
            and mine.query_prefix == wanted.query_prefix
            and mine.document_prefix == wanted.document_prefix
            and (not wanted.dimension or mine.dimension == wanted.dimension)  # 0: an endpoint not asked yet
        )
        if same:
            return
        anew = "`python -m ingest --rebuild` to embed all papers anew; the old index stays in use until that is done."
        if mine.model == wanted.model:
            raise IndexMismatchError(
                f"The index was made with another version of the embeddings of {mine.model}.", hint=f"Run {anew}"
            )
        raise IndexMismatchError(
            f"The index was made with the embeddings of {mine.model}, but the settings ask for {wanted.model}.",
            hint=f"Set EMBED_BASE_URL and EMBED_MODEL back to what it was made with, or run {anew}",
        )

    def as_json(self) -> str:
        """The form in which the catalogue keeps it."""
        return json.dumps(asdict(self), ensure_ascii=False)


def read_passport(text: str) -> Passport:
    """The passport from its JSON form. Raises DamagedStoreError where it is none."""
    try:
        fields = json.loads(text)
        return Passport(**{**fields, "identity": EmbedderIdentity(**fields["identity"])})
    except (ValueError, KeyError, TypeError) as error:
        raise DamagedStoreError(
            "The index's passport cannot be read.", hint="Run `python -m ingest --rebuild`."
        ) from error
