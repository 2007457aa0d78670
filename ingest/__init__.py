"""Reads dumps, keeps the corpus in step with them, publishes. Start reading at `ingest/__main__.py`."""
