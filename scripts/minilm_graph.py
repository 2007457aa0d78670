"""The BERT graph of all-MiniLM-L6-v2, written with `onnx` alone: as published (float32), or with int8 weights.

Input `input_ids`, int64 (batch, length): texts of one length, without padding, so no mask is needed anywhere.
Output `embedding`, float32 (batch, 384): the mean over all tokens at unit length, as sentence-transformers makes it.
Devlin et al. 2019 (https://arxiv.org/abs/1810.04805) describe the encoder, Wang et al. 2020
(https://arxiv.org/abs/2002.10957) this small one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

LAYERS = 6
HEADS = 12
WIDTH = 384
EPSILON = 1e-12
CONTRIB = "com.microsoft"  # onnxruntime's own operators
# Seven bits: without VNNI instructions a processor adds two products of an unsigned activation and a signed weight in
# 16 bits, and 2 * 255 * 127 does not fit there while 2 * 255 * 63 does. So every processor computes the same sums.
WEIGHT_LIMIT = 63

Weights = Mapping[str, NDArray[np.float32]]
Int8Matrix = NDArray[np.int8]
FloatArray = NDArray[np.float32]


def quantise_columns(weight: FloatArray, *, limit: int) -> tuple[Int8Matrix, FloatArray]:
    """int8 values in [-limit, limit] and one scale per output column, for a weight of shape (in, out)."""
    scale = (np.abs(weight).max(axis=0) / limit).astype(np.float32)
    scale[scale == 0] = 1.0
    return np.rint(weight / scale).astype(np.int8), scale


@dataclass
class _Graph:
    """Nodes and constants while they are being written."""

    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: list[onnx.TensorProto] = field(default_factory=list)

    def constant(self, name: str, value: object) -> str:
        self.constants.append(numpy_helper.from_array(np.array(value, order="C"), name))
        return name

    def node(self, kind: str, inputs: Sequence[str], name: str, *, domain: str = "", **attributes: Any) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [name], name=name, domain=domain, **attributes))
        return name

    def split(self, value: str, names: Sequence[str]) -> None:
        self.nodes.append(helper.make_node("Split", [value], names, axis=-1, num_outputs=len(names)))


def build_graph(weights: Weights, *, quantised: bool) -> onnx.ModelProto:
    """The whole model, from token ids to the unit-length embedding."""
    graph = _Graph()
    hidden = _embeddings(graph, weights, quantised=quantised)
    head_shape = graph.constant("head_shape", np.array([0, 0, HEADS, WIDTH // HEADS], np.int64))
    flat_shape = graph.constant("flat_shape", np.array([0, 0, WIDTH], np.int64))
    temper = graph.constant("query_scale", np.float32((WIDTH // HEADS) ** -0.5))
    for layer in range(LAYERS):
        source = f"encoder.layer.{layer}."
        name = f"layer{layer}."
        attended = _attention(
            graph, weights, hidden, source, name, (head_shape, flat_shape, temper), quantised=quantised
        )
        projected = _linear(
            graph, weights, attended, [f"{source}attention.output.dense"], f"{name}project", quantised=quantised
        )
        hidden = _add_and_norm(graph, weights, projected, hidden, f"{source}attention.output.", f"{name}attended")
        wide = _linear(graph, weights, hidden, [f"{source}intermediate.dense"], f"{name}widen", quantised=quantised)
        wide = graph.node("Gelu", [wide], f"{name}gelu")
        narrow = _linear(graph, weights, wide, [f"{source}output.dense"], f"{name}narrow", quantised=quantised)
        hidden = _add_and_norm(graph, weights, narrow, hidden, f"{source}output.", f"{name}output")
    token_axis = graph.constant("token_axis", np.array([1], np.int64))
    mean = graph.node("ReduceMean", [hidden, token_axis], "mean", keepdims=0)
    graph.node("LpNormalization", [mean], "embedding", axis=-1, p=2)
    return helper.make_model(
        helper.make_graph(
            graph.nodes,
            "all-MiniLM-L6-v2",
            [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "length"])],
            [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["batch", WIDTH])],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", 20), helper.make_opsetid(CONTRIB, 1)],
        ir_version=9,
        producer_name="scripts/build_model.py",
    )


def _embeddings(graph: _Graph, weights: Weights, *, quantised: bool) -> str:
    """Word + position + segment (always the first), then a layer norm."""
    table = weights["embeddings.word_embeddings.weight"]
    if quantised:
        values, scale = quantise_columns(table.T, limit=127)  # a scale per word; nothing is multiplied here, so 8 bits
        rows = graph.node("Gather", [graph.constant("word_values", values.T), "input_ids"], "word_rows")
        rows = graph.node("Cast", [rows], "word_numbers", to=TensorProto.FLOAT)
        scales = graph.node("Gather", [graph.constant("word_scales", scale[:, None]), "input_ids"], "word_scale")
        words = graph.node("Mul", [rows, scales], "words")
    else:
        words = graph.node("Gather", [graph.constant("word_values", table), "input_ids"], "words")
    places = weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
    zero = graph.constant("zero", np.array([0], np.int64))
    shape = graph.node("Shape", ["input_ids"], "shape")
    length = graph.node("Gather", [shape, graph.constant("one", np.array([1], np.int64))], "length_of_text")
    place = graph.node("Slice", [graph.constant("places", places), zero, length, zero], "place")
    total = graph.node("Add", [words, place], "words_at_places")
    return _norm(graph, weights, total, "embeddings.", "embedded")


def _attention(
    graph: _Graph,
    weights: Weights,
    hidden: str,
    source: str,
    name: str,
    shared: tuple[str, str, str],
    *,
    quantised: bool,
) -> str:
    """Scaled dot-product attention over all tokens, in float32; one product makes query, key and value."""
    head_shape, flat_shape, temper = shared
    parts = [f"{source}attention.self.{part}" for part in ("query", "key", "value")]
    joined = _linear(graph, weights, hidden, parts, f"{name}joined", quantised=quantised)
    query, key, value = f"{name}query", f"{name}key", f"{name}value"
    graph.split(joined, [query, key, value])
    heads = {}
    for part, order in ((query, [0, 2, 1, 3]), (key, [0, 2, 3, 1]), (value, [0, 2, 1, 3])):
        shaped = graph.node("Reshape", [part, head_shape], f"{part}.shaped")
        heads[part] = graph.node("Transpose", [shaped], f"{part}.heads", perm=order)
    scaled = graph.node("Mul", [heads[query], temper], f"{name}scaled")
    scores = graph.node("MatMul", [scaled, heads[key]], f"{name}scores")
    shares = graph.node("Softmax", [scores], f"{name}shares", axis=-1)
    mixed = graph.node("MatMul", [shares, heads[value]], f"{name}mixed")
    mixed = graph.node("Transpose", [mixed], f"{name}mixed.tokens", perm=[0, 2, 1, 3])
    return graph.node("Reshape", [mixed, flat_shape], f"{name}mixed.flat")


def _linear(graph: _Graph, weights: Weights, value: str, sources: Sequence[str], name: str, *, quantised: bool) -> str:
    """value @ weight + bias, the outputs of several sources side by side."""
    weight = np.concatenate([weights[f"{source}.weight"] for source in sources]).T
    bias = graph.constant(f"{name}.bias", np.concatenate([weights[f"{source}.bias"] for source in sources]))
    if not quantised:
        product = graph.node("MatMul", [value, graph.constant(f"{name}.weight", weight)], f"{name}.product")
        return graph.node("Add", [product, bias], name)
    values, scale = quantise_columns(weight, limit=WEIGHT_LIMIT)
    inputs = [value, graph.constant(f"{name}.weight", values), graph.constant(f"{name}.scale", scale), "", bias]
    return graph.node("DynamicQuantizeMatMul", inputs, name, domain=CONTRIB)


def _add_and_norm(graph: _Graph, weights: Weights, value: str, residual: str, source: str, name: str) -> str:
    # Two plain operators: onnxruntime's fused SkipLayerNormalization took a third longer for the whole model.
    return _norm(graph, weights, graph.node("Add", [value, residual], f"{name}.sum"), source, name)


def _norm(graph: _Graph, weights: Weights, value: str, source: str, name: str) -> str:
    scale = graph.constant(f"{name}.norm.weight", weights[f"{source}LayerNorm.weight"])
    shift = graph.constant(f"{name}.norm.bias", weights[f"{source}LayerNorm.bias"])
    return graph.node("LayerNormalization", [value, scale, shift], name, axis=-1, epsilon=EPSILON)
