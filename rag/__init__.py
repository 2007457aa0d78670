"""AskPapers: questions answered from a corpus of paper abstracts. Start reading at `rag/answer.py`."""
