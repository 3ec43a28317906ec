"""Write ONNX graphs by hand: small, fused for ONNX Runtime, and without torch."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

CONTRIB = "com.microsoft"  # ONNX Runtime's own fused operators
OPSET = 21  # the first with 4-bit tensors
IR_VERSION = 10
# Half of int8: AVX2 adds two products of a byte and a weight in 16 bits, which overflows with larger weights.
WEIGHT_LIMIT = 64
INT8_ACTIVATIONS = 4  # the accuracy level of MatMulNBits that computes in integers


class Graph:
    """A graph under construction. Every method that adds a node gives back the name of its output."""

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._constants: dict[str, onnx.TensorProto] = {}

    def node(self, operator: str, inputs: Sequence[str], output: str, domain: str = "", **attributes: Any) -> str:
        """Add a node with one output."""
        self.split_node(operator, inputs, [output], domain, **attributes)
        return output

    def split_node(
        self, operator: str, inputs: Sequence[str], outputs: Sequence[str], domain: str = "", **attributes: Any
    ) -> None:
        """Add a node with several outputs."""
        self._nodes.append(
            helper.make_node(operator, inputs, outputs, name=f"{outputs[0]}_node", domain=domain, **attributes)
        )

    def constant(self, name: str, values: NDArray[Any] | Sequence[int]) -> str:
        """Add a constant; a sequence of whole numbers becomes int64."""
        array = np.asarray(values, dtype=None if isinstance(values, np.ndarray) else np.int64)
        self._constants[name] = numpy_helper.from_array(np.ascontiguousarray(array), name)
        return name

    def int4_constant(self, name: str, nibbles: NDArray[np.uint8]) -> str:
        """Add a signed 4-bit matrix given as nibbles 0–15 with zero point 8, shape (rows, columns)."""
        flat = (nibbles ^ 8).reshape(-1)  # flipping the top bit turns offset 8 into two's complement
        packed = (flat[0::2] | (flat[1::2] << 4)).tobytes()
        self._constants[name] = helper.make_tensor(name, TensorProto.INT4, nibbles.shape, packed, raw=True)
        return name

    def linear(self, source: str, weights: NDArray[np.float32], bias: NDArray[np.float32] | None, output: str) -> str:
        """source · weights + bias, exact; `weights` has shape (inputs, outputs)."""
        product = self.node("MatMul", [source, self.constant(f"{output}_weights", weights)], f"{output}_product")
        if bias is None:
            return self.node("Identity", [product], output)
        return self.node("Add", [product, self.constant(f"{output}_bias", bias)], output)

    def int8_linear(
        self, source: str, weights: NDArray[np.float32], bias: NDArray[np.float32] | None, output: str
    ) -> str:
        """source · weights + bias in 8-bit integers, one scale per output; `weights` has shape (inputs, outputs).

        The activations share one scale over the whole batch, so a sentence's result depends a little on its batch.
        """
        scale = (np.maximum(np.abs(weights).max(axis=0), 1e-9) / WEIGHT_LIMIT).astype(np.float32)
        rounded = np.rint(weights / scale).astype(np.int8)
        inputs = [source, self.constant(f"{output}_weights", rounded), self.constant(f"{output}_scale", scale)]
        if bias is not None:
            inputs += ["", self.constant(f"{output}_bias", bias)]
        return self.node("DynamicQuantizeMatMul", inputs, output, CONTRIB)

    def int4_linear(self, source: str, scales: NDArray[np.float16], nibbles: NDArray[np.uint8], output: str) -> str:
        """source · weights in the 4-bit blocks of BlockMatrix, unchanged; activations get a scale per block."""
        rows, blocks, block = nibbles.shape
        packed = (nibbles[:, :, 0::2] | (nibbles[:, :, 1::2] << 4)).astype(np.uint8)
        inputs = [
            source,
            self.constant(f"{output}_weights", packed),
            self.constant(f"{output}_scale", scales.astype(np.float32).reshape(-1)),
        ]
        sizes = {"K": blocks * block, "N": rows, "bits": 4, "block_size": block}
        return self.node("MatMulNBits", inputs, output, CONTRIB, accuracy_level=INT8_ACTIVATIONS, **sizes)

    def layer_norm(
        self, source: str, weight: NDArray[np.float32], bias: NDArray[np.float32], epsilon: float, output: str
    ) -> str:
        """Layer normalisation over the last axis."""
        inputs = [source, self.constant(f"{output}_weight", weight), self.constant(f"{output}_shift", bias)]
        return self.node("LayerNormalization", inputs, output, axis=-1, epsilon=epsilon)

    def save(self, path: Path, outputs: dict[str, list[str | int]]) -> None:
        """Check the graph and write it; inputs are always `input_ids` and `attention_mask`, both (batch, length)."""
        inputs = [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"])
            for name in ("input_ids", "attention_mask")
        ]
        results = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in outputs.items()]
        graph = helper.make_graph(self._nodes, path.stem, inputs, results, list(self._constants.values()))
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(CONTRIB, 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION)
        onnx.checker.check_model(model)
        onnx.save(model, str(path))
