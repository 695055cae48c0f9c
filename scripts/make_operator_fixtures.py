#!/usr/bin/env python3
"""Writes ONNX's own test cases of the operators that Interp evaluates on constants into Tests/Fixtures/graphs/onnx_nodes.json.gz: nodes,
attributes, inputs and expected outputs, of at most 7000 elements a case.

Needs onnx and its test data: apt install python3-onnx libonnx-testdata; /usr/bin/python3 scripts/make_operator_fixtures.py
"""

import base64
import glob
import gzip
import json
import os

import numpy
import onnx
from onnx import AttributeProto, TensorProto, numpy_helper

DATA = "/usr/share/libonnx-testdata/data/node"
OUT = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "Tests", "Fixtures", "graphs", "onnx_nodes.json.gz")
LIMIT = 7000
OPERATORS = set(
    """Identity Reshape Flatten Squeeze Unsqueeze Transpose DepthToSpace SpaceToDepth Slice Split Concat Compress Gather GatherElements
    GatherND Where Trilu Expand Tile Pad Resize Constant ConstantOfShape Range EyeLike Shape Size Dropout Abs Neg Sign Reciprocal Sqrt Exp
    Log Sin Cos Tanh Erf Sigmoid Softplus Relu LeakyRelu Clip Floor Ceil Round Not IsNaN IsInf Add Sub Mul Div Mod Pow Equal Less
    LessOrEqual Greater GreaterOrEqual And Or Xor Min Max Sum Mean Cast CastLike DequantizeLinear ReduceSum ReduceMean ReduceProd ReduceMax
    ReduceMin ReduceL1 ReduceL2 ReduceSumSquare ReduceLogSum ReduceLogSumExp ArgMax ArgMin TopK CumSum MatMul Gemm Einsum OneHot NonZero
    ScatterElements ScatterND""".split()
)


def tensor(proto):
    """A tensor's type, shape and bytes; bfloat16 as its upper half of float32."""
    name = TensorProto.DataType.Name(proto.data_type).lower()
    name = {"float": "float32", "double": "float64"}.get(name, name)
    values = numpy_helper.to_array(proto)
    if name == "string":
        raise ValueError("text")
    if name == "bfloat16":
        values = (values.astype(numpy.float32).view(numpy.uint32) >> 16).astype(numpy.uint16)
    data = base64.b64encode(numpy.ascontiguousarray(values).tobytes()).decode()
    return {"type": name, "shape": list(proto.dims), "data": data}


def attribute(a):
    """An attribute as {kind: value}."""
    kinds = {
        AttributeProto.INT: ("int", lambda: a.i),
        AttributeProto.FLOAT: ("float", lambda: a.f),
        AttributeProto.STRING: ("string", lambda: a.s.decode()),
        AttributeProto.INTS: ("ints", lambda: list(a.ints)),
        AttributeProto.FLOATS: ("floats", lambda: list(a.floats)),
        AttributeProto.TENSOR: ("tensor", lambda: tensor(a.t)),
    }
    kind, value = kinds[a.type]
    return {kind: value()}


def case(folder):
    """One case, or None where it is not of the operators, or too large."""
    model = onnx.load(os.path.join(folder, "model.onnx"))
    graph = model.graph
    if any(n.op_type not in OPERATORS for n in graph.node) or model.opset_import[0].version < 13:
        return None
    if any(not v.type.HasField("tensor_type") for v in [*graph.input, *graph.output]):
        return None

    def values(kind, names):
        protos = []
        for k in range(len(names)):
            proto = TensorProto()
            with open(os.path.join(folder, "test_data_set_0", f"{kind}_{k}.pb"), "rb") as file:
                proto.ParseFromString(file.read())
            protos.append(proto)
        return protos

    inputs, outputs = values("input", graph.input), values("output", graph.output)
    if sum(int(numpy.prod(p.dims, dtype=numpy.int64)) for p in [*inputs, *outputs]) > LIMIT:
        return None
    constants = {v.name: tensor(p) for v, p in zip(graph.input, inputs)}
    nodes = []
    for index, node in enumerate(graph.node):
        attributes, names = {a.name: attribute(a) for a in node.attribute}, list(node.input)
        if node.op_type.startswith("Reduce") and "axes" in attributes:
            # An attribute before opset 18, an input since.
            axes = numpy.array(attributes.pop("axes")["ints"], numpy.int64)
            names.append(f"axes_{index}")
            constants[names[-1]] = tensor(numpy_helper.from_array(axes))
        nodes.append({"op": node.op_type, "inputs": names, "outputs": list(node.output), "attributes": attributes})
    return {
        "name": os.path.basename(folder)[5:],
        "nodes": nodes,
        "inputs": constants,
        "outputs": {v.name: tensor(p) for v, p in zip(graph.output, outputs)},
    }


def main():
    """Writes all cases, compressed without a time."""
    cases = []
    for folder in sorted(glob.glob(os.path.join(DATA, "*"))):
        try:
            cases.append(case(folder))
        except ValueError:
            print("left out, of text:", os.path.basename(folder))
    cases = [c for c in cases if c]
    text = json.dumps({"origin": f"ONNX {onnx.__version__}, node tests, Apache-2.0", "cases": cases}, separators=(",", ":"))
    os.makedirs(os.path.dirname(OUT), exist_ok=True)
    with open(OUT, "wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write(text.encode())
    print(len(cases), "cases,", os.path.getsize(OUT), "bytes")


main()
