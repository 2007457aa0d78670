"""all-MiniLM-L6-v2: what it computes, how its weights become int8, and the ONNX graph of the outcome."""
