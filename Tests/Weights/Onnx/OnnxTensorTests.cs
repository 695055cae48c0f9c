using Interp.Weights.Formats;
using Interp.Weights.Graphs;

namespace Interp.Tests.Weights.Onnx;

/// <summary>Tensors in every form that the format allows, and those that contradict themselves.</summary>
[TestClass]
public class OnnxTensorTests
{
    [TestMethod]
    [DataRow(2, "uint8", new long[] { 0, 255 })]
    [DataRow(3, "int8", new long[] { -128, 127 })]
    [DataRow(4, "uint16", new long[] { 0, 65535 })]
    [DataRow(5, "int16", new long[] { -32768, 32767 })]
    [DataRow(6, "int32", new long[] { int.MinValue, int.MaxValue })]
    [DataRow(7, "int64", new long[] { -(1L << 53), 1L << 53 })]
    [DataRow(9, "bool", new long[] { 0, 1 })]
    [DataRow(12, "uint32", new long[] { 0, uint.MaxValue })]
    [DataRow(13, "uint64", new long[] { 0, 1L << 53 })]
    public void Read_WholeNumbers_PackedAndNot_AreExact(int type, string name, long[] values)
    {
        int field = type == 7 ? 7 : type >= 12 ? 11 : 5;
        foreach (bool packed in new[] { true, false })
        {
            Proto tensor = Model.Tensor("w", type, [2]);
            tensor = packed ? tensor.Packed(field, values) : values.Aggregate(tensor, (t, v) => t.Varint(field, v));
            (string found, double[] read, double last) = Constant(tensor, t => (t.Type.Name, t.Read(), One(t, 1)));
            Assert.AreEqual(name, found);
            CollectionAssert.AreEqual(values.Select(v => (double)v).ToArray(), read);
            Assert.AreEqual((double)values[1], last);
        }
    }

    [TestMethod]
    public void Read_Numbers_OfEveryFloatType()
    {
        double[] expected = [1.5, -0.25];
        CollectionAssert.AreEqual(expected, Values(Model.Floats("w", [2], 1.5f, -0.25f)));
        CollectionAssert.AreEqual(expected, Values(Model.Tensor("w", 1, [2]).Blob(4, Proto.Floats(1.5f, -0.25f))));
        CollectionAssert.AreEqual(expected, Values(Model.Tensor("w", 1, [2]).Fixed32(4, 1.5f).Fixed32(4, -0.25f)));
        CollectionAssert.AreEqual(expected, Values(Model.Tensor("w", 11, [2]).Fixed64(10, 1.5).Fixed64(10, -0.25)));
        CollectionAssert.AreEqual(expected, Values(Model.Tensor("w", 10, [2]).Packed(5, 0x3E00, 0xB400)));
        CollectionAssert.AreEqual(expected, Values(Model.Tensor("w", 10, [2]).Blob(9, [0, 0x3E, 0, 0xB4])));
        CollectionAssert.AreEqual(expected, Values(Model.Tensor("w", 16, [2]).Packed(5, 0x3FC0, 0xBE80)));
        CollectionAssert.AreEqual(expected, Values(Model.Tensor("w", 16, [2]).Blob(9, [0xC0, 0x3F, 0x80, 0xBE])));
        CollectionAssert.AreEqual(Array.Empty<double>(), Values(Model.Tensor("w", 1, [2, 0])));
        CollectionAssert.AreEqual(new double[] { 7 }, Values(Model.Tensor("w", 1, []).Fixed32(4, 7)));
    }

    [TestMethod]
    public void Open_ParametersOfHalfWidth_AreSaidToBeWidened()
    {
        Proto tensor = Model.Tensor("w", 10, [1]).Packed(5, 0x3E00);
        CollectionAssert.Contains(
            Model.Open(Using(Model.Initializer(tensor)), g => g.Assumptions.ToArray()),
            "parameters of type float16 are widened; the network computes in float32");
    }

    [TestMethod]
    public void Open_TensorsThatContradictThemselves_AreRefused()
    {
        RefusesTensor(Model.Tensor("w", 8, [1]).Text(6, "a"), "tensor 'w'", "string");
        RefusesTensor(Model.Tensor("w", 17, [1]).Blob(9, [1]), "float8_e4m3fn");
        RefusesTensor(Model.Tensor("w", 22, [1]).Blob(9, [1]), "int4");
        RefusesTensor(Model.Tensor("w", 14, [1]).Blob(9, new byte[8]), "complex64");
        RefusesTensor(Model.Tensor("w", 0, [1]), "undefined");
        RefusesTensor(Model.Tensor("w", 99, [1]), "number 99");
        RefusesTensor(Model.Tensor("w", -1, [1]), "number -1");
        RefusesTensor(Model.Floats("w", [3], 1, 2), "shape [3]", "8 bytes", "expected 12");
        RefusesTensor(Model.Floats("w", [-1], 1), "shape of [-1]");
        RefusesTensor(Model.Floats("w", [1L << 40, 1L << 40], 1), "which is none");
        RefusesTensor(Model.Floats("w", [1L << 40], 1), "expected 4398046511104");
        RefusesTensor(Model.Floats("w", new long[17], 1), "17 axes");
        RefusesTensor(Model.Tensor("w", 1, [1]), "0 elements, expected 1");
        RefusesTensor(Model.Tensor("w", 1, [1]).Packed(5, 1), "field 5");
        RefusesTensor(Model.Floats("w", [1], 1).Fixed32(4, 1), "twice");
        RefusesTensor(Model.Floats("w", [1], 1).Message(3, new Proto()), "segments");
        RefusesTensor(Model.Floats("w", [1], 1).Varint(14, 2), "data_location of 2");
        RefusesTensor(Model.Floats("w", [1], 1).Message(13, new Proto().Text(1, "location").Text(2, "x")), "external data");
        Errors.Of<Interp.Engine.Common.ModelException>(() => Values(Model.Tensor("w", 2, [1]).Packed(5, 256)), "element 0 is 256", "uint8");
    }

    [TestMethod]
    public void Read_SparseTensor_IsDense()
    {
        foreach (Proto indices in new[] { Model.Integers("", [3], 0, 4, 5), Model.Integers("", [3, 2], 0, 0, 1, 1, 1, 2) })
        {
            Proto sparse = new Proto().Message(
                15, new Proto().Message(1, Model.Floats("w", [3], 1, 2, 3)).Message(2, indices).Packed(3, 2, 3));
            CollectionAssert.AreEqual(new double[] { 1, 0, 0, 0, 2, 3 }, Model.Open(Using(sparse), g => g.Constants["w"].Read()));
            Assert.AreEqual(2, Model.Open(Using(sparse), g => One(g.Constants["w"], 4)));
        }
    }

    [TestMethod]
    public void Open_SparseTensorsThatContradictThemselves_AreRefused()
    {
        RefusesSparse([3, 2], [2], [2, 3], "do not ascend");
        RefusesSparse([3, 3], [2], [2, 3], "do not ascend");
        RefusesSparse([0, 6], [2], [2, 3], "index 6, expected 0 to 5");
        RefusesSparse([-1, 3], [2], [2, 3], "index -1");
        RefusesSparse([0, 1], [1, 2], [2, 3], "do not fit");
        RefusesSparse([0, 1], [2], [1 << 12, 1 << 12], "16777216 elements", "save it as a dense one");
        RefusesSparse([0, 1], [2], [], "lacks");
    }

    private static double One(GraphTensor tensor, long index)
    {
        var value = new double[1];
        tensor.Read(index, value);
        return value[0];
    }

    private static Proto Using(params Proto[] parts) =>
        Model.Of(17, [Model.Input("x", 1, 1), .. parts, Model.Node("Add", "x w", "y"), Model.Output("y")]);

    private static T Constant<T>(Proto tensor, Func<GraphTensor, T> look) =>
        Model.Open(Using(Model.Initializer(tensor)), g => look(g.Constants["w"]));

    private static double[] Values(Proto tensor) => Constant(tensor, t => t.Read());

    private static void RefusesTensor(Proto tensor, params string[] words) => Model.Refuses(Using(Model.Initializer(tensor)), words);

    private static void RefusesSparse(long[] indices, long[] indexShape, long[] shape, params string[] words) => Model.Refuses(
        Using(new Proto().Message(15, new Proto().Message(1, Model.Floats("w", [2], 1, 2))
            .Message(2, Model.Integers("", indexShape, indices)).Packed(3, shape))),
        words);
}
