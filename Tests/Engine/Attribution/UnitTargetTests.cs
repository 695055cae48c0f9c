using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Attribution;

[TestClass]
public sealed class UnitTargetTests
{
    private static readonly Network Net = TinyNets.Vgg();
    private static readonly Shape TwoRows = new(2, 2, 2, 2);
    private static readonly float[] Activation = [.. Enumerable.Range(0, 16).Select(i => (float)i)];

    [TestMethod]
    public void Channel_IsTheMeanOfItsMap()
    {
        var unit = new UnitTarget(Net.Find("relu0_0"), 1);

        CollectionAssert.AreEqual((double[])[5.5, 13.5], unit.Scores(Activation, TwoRows));
        CollectionAssert.AreEqual((float[])[0, 0, 0, 0, .25f, .25f, .25f, .25f, 0, 0, 0, 0, .25f, .25f, .25f, .25f],
            unit.Gradient(Activation, TwoRows));
    }

    [TestMethod]
    public void Neuron_IsOneValue()
    {
        var unit = new UnitTarget(Net.Find("relu0_0"), 1, (1, 0));

        CollectionAssert.AreEqual((double[])[6, 14], unit.Scores(Activation, TwoRows));
        Assert.AreEqual(1, unit.Gradient(Activation, TwoRows)[6]);
        Assert.AreEqual(2, unit.Gradient(Activation, TwoRows).Sum());
    }

    [TestMethod]
    public void LayerWithoutMap_IsTheValueOfTheIndex() =>
        CollectionAssert.AreEqual((double[])[3, 7], new UnitTarget(Net.Find("fc0"), 3).Scores([0, 1, 2, 3, 4, 5, 6, 7], new Shape(2, 4)));

    [TestMethod]
    public void Parse_KnownForms_NamesTheUnit()
    {
        Assert.AreEqual(new UnitTarget(Net.Find("conv1_0"), 16), UnitTarget.Parse("conv1_0:16", Net));
        Assert.AreEqual(new UnitTarget(Net.Find("conv1_0"), 3, (7, 15)), UnitTarget.Parse("conv1_0:3,7,15", Net));
        Assert.AreEqual(new UnitTarget(Net.Find("fc0"), 18), UnitTarget.Parse("fc0:18", Net));
    }

    [TestMethod]
    [DataRow("conv1_0")]
    [DataRow(":3")]
    [DataRow("conv1_0:1,2")]
    [DataRow("conv1_0:-1")]
    [DataRow("conv1_0:17")]
    [DataRow("conv1_0:3,16,0")]
    [DataRow("fc0:1,0,0")]
    [DataRow("nowhere:1")]
    public void Parse_UnitThatIsNotThere_Throws(string text) => Assert.ThrowsExactly<InputException>(() => UnitTarget.Parse(text, Net));
}
