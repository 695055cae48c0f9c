using Interp.Engine.Functions;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Tests.Support;
using Interp.Weights.Raw;

namespace Interp.Tests.Weights.Raw;

/// <summary>Every layer as <c>model.json</c> holds it.</summary>
[TestClass]
public sealed class LayerJsonTests
{
    [TestMethod]
    public void Layers_WrittenAndRead_AreTheSame()
    {
        Layer[] layers =
        [
            .. FunctionCases.All.Values.Select(f => Activation.Of(f)),
            .. new[] { LayerNets.Foreign(ActivationFunctions.ELU), LayerNets.ConvNext() }.SelectMany(n => n.Nodes).Select(n => n.Layer)
                .Where(l => l is not Input),
            new Upsample(1.5, 2), new Upsample(1, 1, new Size2(3, 4), SampleGrid.HalfPixel, NearestRounding.HalfUp),
            new Pad2d(Size2.Square(1), Size2.Square(-1), PadMode.Replicate), new Pad2d(default, Size2.Square(2), Value: -0.5),
            new Extremum(Least: true), new GroupNorm(4, 4, 1e-5),
        ];

        RawDocument read = RawJson.Read(RawJson.Write(Document(layers)));

        CollectionAssert.AreEqual(layers, read.Architecture.Select(n => n.Layer).ToArray());
    }

    /// <summary>Functions of before there were parameters are written as ever.</summary>
    [TestMethod]
    public void Activation_WithoutParameters_IsWrittenAsBefore()
    {
        string json = System.Text.Encoding.UTF8.GetString(RawJson.Write(Document([Activation.Of(ActivationFunctions.SiLU)])));

        Assert.MatchesRegex("""\{\s*"kind": "activation",\s*"function": "silu"\s*\}""", json);
        Assert.AreEqual(1.0 / 6, new Activation("hardsigmoid").F.Coefficients.A, "as in older folders");
    }

    private static RawDocument Document(Layer[] layers) => new(
        RawFormat.Version, "layers", 32, RawPreprocessing.Of(Preprocessing.ImageNet),
        [.. layers.Select((layer, i) => new RawNode($"{i}", layer, ["input"], []))], ["one"], []);
}
