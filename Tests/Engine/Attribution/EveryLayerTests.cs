using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Attribution;

/// <summary>
/// Every method with a unit of every layer as its target, and with every layer as its <c>--layer</c>: finite values, or one line that says
/// what is wrong.
/// </summary>
[TestClass]
public sealed class EveryLayerTests
{
    private static readonly (string Option, string Value)[] s_quick =
        [("samples", "3"), ("steps", "3"), ("channels", "3"), ("window", "9"), ("stride", "9"), ("segments", "4"), ("cells", "3"),
            ("passes", "40")];

    public static IEnumerable<object[]> Methods => AttributionCatalog.All.Names.Select(n => new object[] { n });

    public static IEnumerable<object[]> Blocks => LayerNets.Blocks.Keys.Select(n => new object[] { n });

    public static IEnumerable<object[]> MethodsWithALayer =>
        AttributionCatalog.All.Where(m => m.Options.Any(o => o.Name == "layer")).Select(m => new object[] { m.Name });

    [TestMethod]
    [DynamicData(nameof(Methods))]
    public void UnitOfAnyLayer_GivesAMapOrAnAnswer(string name) => All(TinyNets.Vgg(poolTo: 2), (explainer, node) =>
        [Explain(explainer, name, new UnitTarget(node, 0))]);

    [TestMethod]
    [DynamicData(nameof(Methods))]
    public void UnitOfAnyLayerOfABranchingNetwork_GivesAMapOrAnAnswer(string name) => All(TinyNets.Diamond(), (explainer, node) =>
        [Explain(explainer, name, new UnitTarget(node, 0))]);

    [TestMethod]
    [DynamicData(nameof(Blocks))]
    public void UnitOfAnyLayerOfABlock_GivesAMapOrAnAnswer(string name)
    {
        foreach (AttributionMethod method in AttributionCatalog.All)
        {
            All(LayerNets.Blocks[name](), (explainer, node) => [Explain(explainer, method.Name, new UnitTarget(node, 0))]);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Blocks))]
    public void AnyLayerOfABlock_GivesAMapOrAnAnswer(string name)
    {
        foreach (AttributionMethod method in AttributionCatalog.All.Where(m => m.Options.Any(o => o.Name == "layer")))
        {
            All(LayerNets.Blocks[name](), (explainer, node) => [Explain(explainer, method.Name, new ClassTarget(1), node)]);
        }
    }

    [TestMethod]
    [DynamicData(nameof(MethodsWithALayer))]
    public void AnyLayer_GivesAMapOrAnAnswer(string name) => All(TinyNets.Vgg(poolTo: 2), (explainer, node) =>
        [Explain(explainer, name, new ClassTarget(1), node), Explain(explainer, name, new UnitTarget(node, 0), node)]);

    [TestMethod]
    public void ExcitationBackprop_UnitOfTheImage_SaysWhatItNeeds()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(TinyNets.Vgg(), backend);

        foreach (string layer in (string[])["auto", "pool1"])
        {
            AttributionRequest request = Requests.Of(
                explainer, "excitation-backprop", new UnitTarget(explainer.Network.Input, 0), "layer", layer);

            InputException e = Assert.ThrowsExactly<InputException>(
                () => AttributionCatalog.All.Find("excitation-backprop").Explain(request));

            Assert.Contains("channel input:0 is the image itself", e.Message);
        }
    }

    private static void All(Network network, Func<Explainer, Node, string?[]> explain)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(network, backend);

        string[] problems = [
            .. network.Nodes.SelectMany(n => explain(explainer, n).Where(p => p is not null).Select(p => $"{n.Name}: {p}"))];

        Assert.IsEmpty(problems, string.Join('\n', problems));
    }

    /// <summary>What is wrong, or null.</summary>
    private static string? Explain(Explainer explainer, string name, Target target, Node? layer = null)
    {
        AttributionMethod method = AttributionCatalog.All.Find(name);
        IEnumerable<(string, string)> options = layer is null ? s_quick : [.. s_quick, ("layer", layer.Name)];
        try
        {
            AttributionResult result = method.Explain(Requests.Of(
                explainer, method, target,
                [.. options.Where(o => method.Options.Any(m => m.Name == o.Item1)).SelectMany(o => (string[])[o.Item1, o.Item2])]));
            return result.Values.All(float.IsFinite) ? null : "values that are not finite";
        }
        catch (InputException e)
        {
            return e.Message.Length > 0 && !e.Message.Contains('\n', StringComparison.Ordinal) ? null : e.Message;
        }
        catch (Exception e) when (e is not InterpException)
        {
            return $"{e.GetType().Name}: {e.Message}";
        }
    }
}
