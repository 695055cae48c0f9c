using Interp.Engine.Attribution;
using Interp.Engine.Attribution.Cam;
using Interp.Engine.Attribution.Gradients;
using Interp.Engine.Backends;
using Interp.Engine.Common;
using Interp.Engine.Cpu;
using Interp.Engine.Functions;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Layers;
using Interp.Engine.Rules;
using Interp.Engine.Tensors;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Attribution.Matrix;

/// <summary>
/// Every method on every shape of network that users have, for every kind of target: the values are finite, the method's own promise holds
/// (<see cref="MethodAxioms"/>), and the CPU agrees with the float64 reference, at any batch.
/// </summary>
[TestClass]
public sealed class MethodMatrixTests
{
    /// <summary>Sums of float32 in up to nineteen layers, 1e-6 each, and differences of scores that are much alike.</summary>
    private const double Tolerance = 1e-4;

    /// <summary>Options that make methods quick; each applies where a method has it.</summary>
    private static readonly (string Option, Func<int, int> Value)[] s_quick =
        [("samples", _ => 4), ("steps", _ => 4), ("channels", _ => 3), ("segments", _ => 5), ("cells", _ => 3),
            ("window", side => side / 3), ("stride", side => side / 3),
            ("regions", _ => 1), ("passes", _ => 20)];

    public static IEnumerable<object[]> Networks => MatrixNetwork.All.Select(n => new object[] { n.Name });

    public static IEnumerable<object[]> NetworksAndTargets =>
        MatrixNetwork.All.SelectMany(n => MatrixTargets.All.Keys.Select(t => new object[] { n.Name, t }));

    [TestMethod]
    [DynamicData(nameof(NetworksAndTargets))]
    public void Explain_AllMethods_AreFiniteAndKeepTheirPromise(string shape, string target)
    {
        MatrixNetwork row = MatrixNetwork.Find(shape);
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(row.Make(), backend);
        AttributionRequest? question = Question(row, explainer, target);
        if (question is null)
        {
            return;
        }

        Each(question, _ => [], (method, request) =>
        {
            AttributionResult result = method.Explain(request);
            Assert.AreEqual(result.Shape.Count, result.Values.Length, "number of values");
            Assert.IsTrue(result.Values.All(float.IsFinite), "every value is finite");
            Assert.IsTrue(result.Values.Any(v => v != 0) || result.Diagnosis.Length > 0, "an empty map is explained");
            MethodAxioms.All[method.Name](new MatrixAnswer(request, result));
        });
    }

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Explain_AllMethods_AgreeWithTheReferenceAtAnyBatch(string shape)
    {
        MatrixNetwork row = MatrixNetwork.Find(shape);
        Network network = row.Make();
        using var cpu = new CpuBackend(new CpuOptions { Threads = 2, Convolution = ConvChoice.Direct });
        using var reference = new DecidedReference(cpu);
        using var one = new Explainer(network, cpu, new ExplainerOptions { Batch = 1 });
        using var several = new Explainer(network, cpu, new ExplainerOptions { Batch = 4 });
        using var exact = new Explainer(network, reference, new ExplainerOptions { Batch = 4 });
        AttributionRequest question = Question(row, several, network.Classes > 0 ? "logit" : "channel of an output without classes")!;

        Each(question, MethodTolerance.WithoutTies, (method, request) =>
        {
            float[] found = method.Explain(request).Values;
            TensorAssert.SameBits(found, method.Explain(request with { Explainer = one }).Values, "one image at a time");
            AttributionResult expected = method.Explain(request with { Explainer = exact });
            TensorAssert.RelativeL2(
                expected.Values, found, MethodTolerance.Of(expected, Tolerance), "float32 sums, and differences of scores much alike");
        });
    }

    /// <summary>Methods that hand values down by linear rules: what goes through disjoint sets of a layer's channels adds up to what goes
    /// through the layer, which is all where every path leads through it.</summary>
    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Through_SetsOfChannels_AddUpToTheLayer(string shape)
    {
        MatrixNetwork row = MatrixNetwork.Find(shape);
        Network network = row.Make();
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using var explainer = new Explainer(network, backend);
        AttributionRequest question = Question(row, explainer, network.Classes > 0 ? "logit" : "channel of an output without classes")!;
        Node top = question.Target.NodeIn(network);
        Node[] layers = [.. network.Nodes.Where(n => n.Id > 0 && n.Id < top.Id && GraphPaths.Lead(network, n, top)
            && GraphPaths.Lead(network, network.Input, n) && network.OwnShapes[n.Id][1] > 1)];
        AttributionMethod[] methods = [.. AttributionCatalog.All.Where(m => m.Options.Any(o => o.Name == "through"))];
        Assert.HasCount(4, methods);
        foreach (Node layer in layers.Length == 0 ? [] : new[] { layers[layers.Length / 3], layers[^1] }.Distinct())
        {
            int count = network.OwnShapes[layer.Id][1], half = (count / 2) - 1;
            foreach (AttributionMethod method in methods)
            {
                string what = $"{method.Name} through {layer.Name}";
                try
                {
                    float[] Through(string channels) => method.Explain(question with
                    {
                        Options = method.Configure(new Dictionary<string, string> { ["through"] = channels }),
                    }).Values;
                    float[] all = Through($"{layer.Name}:all"), first = Through($"{layer.Name}:0-{half}");
                    float[] second = Through($"{layer.Name}:{half + 1}-{count - 1}");
                    TensorAssert.RelativeL2(
                        [.. all.Select(v => (double)v)], [.. first.Zip(second, (a, b) => (double)a + b)], Linear(first, second, all), what);
                    if (GraphPaths.AllPass(network, layer, top))
                    {
                        TensorAssert.SameBits(method.Explain(question with { Options = method.Configure() }).Values, all, what);
                    }
                }
                catch (InputException e) when (method.Name == "excitation-backprop")
                {
                    // It ends at a layer of its own choice, which may lie above, or there are no maps.
                    Assert.MatchesRegex("where the method ends, is not below it|maps", e.Message);
                }
            }
        }
    }

    /// <summary>Float32 sums, 1e-5 of what is added up where the two halves cancel.</summary>
    private static double Linear(float[] first, float[] second, float[] all)
    {
        double Size(float[] values) => Math.Sqrt(values.Sum(v => (double)v * v));
        return 1e-5 * Math.Max(1, (Size(first) + Size(second)) / Math.Max(Size(all), 1e-30));
    }

    /// <summary>Runs every method that suits the target, and names all that fail. What does not suit says so in one line.</summary>
    private static void Each(
        AttributionRequest question, Func<AttributionMethod, IEnumerable<(string Option, string Value)>> more,
        Action<AttributionMethod, AttributionRequest> check)
    {
        var failures = new List<string>();
        int side = Math.Min(question.Input.Image.Height, question.Input.Image.Width);
        foreach (AttributionMethod method in AttributionCatalog.All)
        {
            var options = s_quick.Where(q => method.Options.Any(o => o.Name == q.Option))
                .Select(q => (q.Option, Value: $"{q.Value(side)}")).Concat(more(method)).ToDictionary(q => q.Option, q => q.Value);
            AttributionRequest request = question with { Options = method.Configure(options) };
            bool refuses = ReluRuleOption.Of(request.Options) != ReluRules.Vanilla && HasOnlySmoothActivations(question);
            try
            {
                check(method, request);
                Assert.IsFalse(refuses, "there is no ReLU, and nothing says so");
            }
            catch (InputException e) when (e.Message.Contains("maps", StringComparison.Ordinal) && !HasMaps(question))
            {
                // What needs feature maps says so where there are none below the target.
            }
            catch (InputException e) when (refuses && e.Message.Contains("plain gradient", StringComparison.Ordinal))
            {
                Assert.MatchesRegex(".*; (option 'rule-activations' all applies it at .* too|take the method vanilla)$", e.Message);
            }
            catch (Exception e)
            {
                failures.Add($"{method.Name}: {e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")}");
            }
        }

        Assert.IsEmpty(failures, string.Join(Environment.NewLine, failures));
    }

    private static bool HasMaps(AttributionRequest question)
    {
        int top = question.Target.NodeIn(question.Network).Id;
        Shape[] shapes = [.. question.Network.Shapes(1, question.Input.Image.Height, question.Input.Image.Width)];
        return question.Network.Nodes.Any(n => n.Id > 0 && n.Id < top && shapes[n.Id].Rank == 4);
    }

    /// <summary>Whether there are activations on the way to the target, and none to which a rule for ReLUs applies.</summary>
    private static bool HasOnlySmoothActivations(AttributionRequest question)
    {
        Node top = question.Target.NodeIn(question.Network);
        Node[] activations = [.. question.Network.Nodes.Where(n =>
            n.Layer is ReLU or Activation or PReLU && GraphPaths.Lead(question.Network, n, top))];
        return activations.Length > 0
            && !Array.Exists(activations, n =>
                n.Layer is ReLU or PReLU or Activation { F.Role: ActivationRole.Rectifier or ActivationRole.Leaky });
    }

    private static AttributionRequest? Question(MatrixNetwork row, Explainer explainer, string target)
    {
        AttributionMethod any = AttributionCatalog.All.Find("vanilla");
        NetworkInput photo = row.Photo(explainer.Network);
        float[] logits = explainer.Forward(photo, [], CancellationToken.None).Logits();
        return MatrixTargets.All[target](explainer.Network, Array.IndexOf(logits, logits.Max())) is { } found
            ? new AttributionRequest(explainer, photo, found, any.Configure()) : null;
    }
}
