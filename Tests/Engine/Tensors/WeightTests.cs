using Interp.Engine.Tensors;

namespace Interp.Tests.Engine.Tensors;

[TestClass]
public sealed class WeightTests
{
    [TestMethod]
    public unsafe void CopyTo_Float16_WidensExactly()
    {
        float[] values = [1, -0.5f, 65504, 6e-8f, 0];
        using var memory = new NativeBuffer(10);
        Half[] halves = Array.ConvertAll(values, v => (Half)v);
        halves.CopyTo(new Span<Half>((void*)memory.Address, 5));
        var weight = new Weight("w", new Shape(5), DType.Float16, memory.Address, memory);

        Assert.AreEqual(10, weight.Bytes);
        CollectionAssert.AreEqual(Array.ConvertAll(halves, h => (float)h), weight.ToArray());
        var middle = new float[2];
        weight.CopyTo(1, middle);
        CollectionAssert.AreEqual(new float[] { -0.5f, 65504 }, middle);
    }

    [TestMethod]
    [DataRow(DType.Float32, "f32", 4)]
    [DataRow(DType.Float16, "f16", 2)]
    public void DType_Name_ParsesBack(DType type, string name, int size)
    {
        Assert.AreEqual(name, type.Name());
        Assert.AreEqual(type, DTypes.Parse(name));
        Assert.AreEqual(size, type.Size());
        Assert.IsNull(DTypes.Parse("f64"));
    }
}
