using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Models;
using Interp.Engine.Reference;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Attribution;

/// <summary>Networks whose outputs are detectors: one of them, and several independent ones.</summary>
[TestClass]
public sealed class SigmoidNetworkTests
{
    private static readonly Network s_detector = OutputNets.Of(1);

    public static IEnumerable<(string, bool)> MethodsAndTargets =>
        from name in AttributionCatalog.All.Names from probability in (bool[])[false, true] select (name, probability);

    [TestMethod]
    [DynamicData(nameof(MethodsAndTargets))]
    public void EveryMethod_OfADetector_FollowsTheImage(string name, bool probability)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(s_detector, backend);
        AttributionMethod method = AttributionCatalog.All.Find(name);

        AttributionResult one = Explain(1), two = Explain(2);

        foreach (AttributionResult result in (AttributionResult[])[one, two])
        {
            Assert.IsTrue(result.Values.All(float.IsFinite), "every value is finite");
            Assert.AreEqual(Sigma(result.Logit), result.Probability, 1e-15, "float64 rounding");
            Assert.AreEqual(probability ? result.Probability : result.Logit, result.Score, 1e-15);
            Assert.IsEmpty(result.Diagnosis.Where(d =>
                d.Contains("does not change", StringComparison.Ordinal) || d.Contains("empty", StringComparison.Ordinal)));
        }

        CollectionAssert.AreNotEqual(one.Values, two.Values, "two images have two maps");

        AttributionResult Explain(ulong seed)
        {
            string[] brief = [.. method.Options.SelectMany(o => o.Name switch
            {
                "samples" or "segments" => (string[])[o.Name, "12"],
                "steps" => [o.Name, "6"],
                "stride" => [o.Name, "4"],
                _ => [],
            })];
            AttributionRequest request = Requests.Of(explainer, method, new ClassTarget(0, probability), brief);
            return method.Explain(request with { Input = Requests.RandomInput(OutputNets.Size, seed) });
        }
    }

    [TestMethod]
    [DataRow(1, null)]
    [DataRow(3, null)]
    [DataRow(3, 2)]
    public void Vanilla_OfAProbability_IsItsDerivativeByTheImage(int outputs, int? against)
    {
        const double Step = 1e-5;
        Network network = OutputNets.Of(outputs, OutputActivation.Sigmoid);
        using var backend = new ReferenceBackend();
        using var explainer = new Explainer(network, backend);
        AttributionRequest request = Requests.Of(explainer, "vanilla", new ClassTarget(0, Probability: true, Against: against));
        float[] gradient = AttributionCatalog.All.Find("vanilla").Explain(request).Values;
        using var session = new ReferenceSession(network, new SessionOptions { Height = OutputNets.Size, Width = OutputNets.Size });
        double[] x = Array.ConvertAll(request.Input.Tensor, v => (double)v);

        for (int trial = 0; trial < 5; trial++)
        {
            float[] direction = new Gaussian(trial).Values(x.Length);
            double expected = gradient.Zip(direction, (g, d) => (double)g * d).Sum(), scale = Norm(gradient) * Norm(direction);
            double found = (Score(direction, Step) - Score(direction, -Step)) / (2 * Step);
            Assert.AreEqual(expected, found, 1e-6 * scale, "the gradient is rounded to float32 twice; the difference is off by 1e-10");
        }

        double Score(float[] direction, double step)
        {
            session.ForwardExact([.. x.Zip(direction, (a, d) => a + (step * d))]);
            double[] z = session.ActivationExact(network.Output);
            return Sigma(z[0]) - (against is { } a ? Sigma(z[a]) : 0);
        }
    }

    [TestMethod]
    public void Rise_OfIndependentOutputs_WeighsByTheSigmoid()
    {
        // Twins in float64: the same masks through the same network, weighed by 1 / (1 + exp(−z)) written out here.
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(OutputNets.Of(3, OutputActivation.Sigmoid), backend);
        AttributionRequest request = Requests.Of(explainer, "rise", new ClassTarget(1), "samples", "20", "estimator", "plain");
        float[] found = AttributionCatalog.All.Find("rise").Explain(request).Values;
        var masks = new Interp.Engine.Attribution.Perturbation.RiseMasks(0, 7, 0.5, (OutputNets.Size, OutputNets.Size));
        var expected = new double[found.Length];
        for (int i = 0; i < 20; i++)
        {
            var mask = new float[OutputNets.Size * OutputNets.Size];
            masks.Show(i, Enumerable.Repeat(1f, mask.Length).ToArray(), mask);
            double p = Sigma(request.Scores(1, (_, input) => Fill(input, mask))[0]);
            for (int at = 0; at < expected.Length; at++)
            {
                expected[at] += p * mask[at] / (20 * 0.5);
            }
        }

        TensorAssert.RelativeL2(expected, found, 1e-6, "float64 sums, rounded to float32 once");

        void Fill(Span<float> input, float[] mask)
        {
            for (int at = 0; at < input.Length; at++)
            {
                input[at] = request.Input.Tensor[at] * mask[at % mask.Length];
            }
        }
    }

    private static double Sigma(double z) => 1 / (1 + Math.Exp(-z));

    private static double Norm(float[] values) => Math.Sqrt(values.Sum(v => (double)v * v));
}
