"""A language model of two layers with random weights in llama.cpp's format: nonsense, but over the real protocol."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import gguf
import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

WIDTH, LAYERS, HEADS, HIDDEN = 32, 2, 4, 64
CONTEXT = 4096  # tokens
TEMPLATE = "{% for m in messages %}{{ m['role'] }}: {{ m['content'] }}\n{% endfor %}assistant:"
SPECIAL = ["<s>", "</s>"]


def write_model(path: Path) -> None:
    """Write the model."""
    vocabulary, merges = _byte_pairs()
    tokens = sorted(vocabulary, key=vocabulary.__getitem__)
    writer = gguf.GGUFWriter(str(path), "llama")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(HIDDEN)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(tokens)
    kinds = gguf.TokenType
    writer.add_token_types([kinds.CONTROL if token in SPECIAL else kinds.NORMAL for token in tokens])
    writer.add_token_merges(merges)
    writer.add_bos_token_id(vocabulary["<s>"])
    writer.add_eos_token_id(vocabulary["</s>"])
    writer.add_chat_template(TEMPLATE)
    for name, weights in _weights(len(tokens)).items():
        writer.add_tensor(f"{name}.weight", weights)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _byte_pairs() -> tuple[dict[str, int], list[str]]:
    """A byte-level vocabulary learnt from one sentence, and its merges."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=400,
        special_tokens=SPECIAL,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(["the paper says that the method needs less memory than the other"] * 20, trainer)
    merges: list[Any] = json.loads(tokenizer.to_str())["model"]["merges"]
    return tokenizer.get_vocab(), [merge if isinstance(merge, str) else " ".join(merge) for merge in merges]


def _weights(vocabulary: int) -> dict[str, NDArray[np.float32]]:
    random = np.random.default_rng(7)

    def matrix(rows: int, columns: int) -> NDArray[np.float32]:
        return (random.standard_normal((rows, columns)) * 0.2).astype(np.float32)

    ones = np.ones(WIDTH, dtype=np.float32)
    weights = {"token_embd": matrix(vocabulary, WIDTH), "output": matrix(vocabulary, WIDTH), "output_norm": ones}
    for layer in range(LAYERS):
        block = f"blk.{layer}"
        weights |= {f"{block}.{name}": matrix(WIDTH, WIDTH) for name in ("attn_q", "attn_k", "attn_v", "attn_output")}
        weights |= {f"{block}.{name}": matrix(HIDDEN, WIDTH) for name in ("ffn_gate", "ffn_up")}
        weights |= {f"{block}.ffn_down": matrix(WIDTH, HIDDEN)}
        weights |= {f"{block}.{name}": ones for name in ("attn_norm", "ffn_norm")}
    return weights
