"""Training of the cross-encoder that rag/cross_encoder.py runs; `python -m scripts.train_cross_encoder` starts it."""
