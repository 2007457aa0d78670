"""The embedder that the settings ask for: the bundled model (`rag/minilm.py`) or an endpoint's."""

from __future__ import annotations

from rag.embedder import Embedder
from rag.errors import SettingsError
from rag.redaction import without_user
from rag.settings import Settings


def open_embedder(settings: Settings) -> Embedder:
    """The endpoint's embedder where EMBED_MODEL names one, else the bundled model.

    Raises SettingsError where the endpoint is only half described.
    """
    if settings.embed_model:
        from rag.endpoint_embedder import EndpointEmbedder

        return EndpointEmbedder.from_settings(settings)
    if settings.embed_base_url:
        raise SettingsError(
            f"EMBED_BASE_URL is {without_user(settings.embed_base_url)}, but EMBED_MODEL is empty.",
            hint="Set EMBED_MODEL to a model of that server, or clear EMBED_BASE_URL to use the bundled model.",
        )
    from rag.minilm import bundled_embedder

    return bundled_embedder()
