using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Cpu;
using Interp.Engine.Evidence;
using Interp.Engine.Evidence.Baselines;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Evidence;

[TestClass]
public sealed class EvidenceBoardTests
{
    private static readonly Network Net = TinyNets.Vgg();
    private static readonly NetworkInput Image = Requests.RandomInput(32, 1);
    private static readonly PixelBox Box = new(8, 8, 24, 24);
    private static readonly EvidenceOptions Few =
        new() { CurveSteps = 6, SensitivitySamples = 2, InfidelitySamples = 5, RoadPercentiles = [20, 80], RandomizationStages = 2 };

    [TestMethod]
    [DataRow("vgg")]
    [DataRow("resnet18")]
    [DataRow("mobilenet_v3_small")]
    public void AllMetrics_AtAnyNumberOfThreads_GiveTheSameBits(string name)
    {
        Network network = name == "vgg" ? Net : TorchvisionGolden.Load(name);
        NetworkInput image = Requests.RandomInput(network.Preprocessing.InputSize, 1);
        double[] one = All(1), four = All(4);

        CollectionAssert.AreEqual(one, four);
        Assert.HasCount(EvidenceCatalog.All.Sum(m => m.Columns.Count), one);
        Assert.IsTrue(one.All(double.IsFinite), string.Join(' ', one));

        double[] All(int threads)
        {
            using var backend = new CpuBackend(new CpuOptions { Threads = threads });
            using var explainer = new Explainer(network, backend);
            EvidenceRequest request = EvidenceCases.Of(explainer, image, AttributionCatalog.All.Find("guided"), new ClassTarget(2));
            return [.. new EvidenceBoard(EvidenceCatalog.All, Few).Measure(request.Question, request.Map, [Box]).Findings.SelectMany(
                f => f.Values)];
        }
    }

    [TestMethod]
    public void Metrics_HaveUniqueColumnsAndSayWhatTheyCost()
    {
        string[] columns = [.. EvidenceCatalog.All.SelectMany(m => m.Columns).Select(c => c.Name)];

        CollectionAssert.AllItemsAreUnique(columns);
        foreach (EvidenceMetric metric in EvidenceCatalog.All)
        {
            using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
            using var explainer = new Explainer(Net, backend, new ExplainerOptions { Batch = 1 });
            EvidenceRequest request = EvidenceCases.Of(
                explainer, Image, AttributionCatalog.All.Find("vanilla"), new ClassTarget(2)) with { Options = Few, Boxes = [Box] };
            Work before = explainer.Work;
            metric.Measure(request);
            EvidenceCost cost = metric.Cost(Few);
            if (metric.Name != "randomization")
            {
                Work work = explainer.Work - before;
                long least = metric.Name == "infidelity" ? 1 : cost.Forward; // Its passes are counted by the share that is computed.
                Assert.IsTrue(work.Forward >= least && work.Forward <= cost.Forward + cost.Attributions,
                    $"{metric.Name}: {work.Forward}, an attribution may share a forward pass");
                Assert.AreEqual(cost.Attributions, work.Backward, metric.Name);
            }
        }
    }

    [TestMethod]
    public void Baselines_AreMeasuredOncePerImageAndTarget()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using var explainer = new Explainer(Net, backend, new ExplainerOptions { Batch = 1 });
        var board = new EvidenceBoard([.. EvidenceCatalog.All.Where(m => m.Name == "deletion")], Few);
        EvidenceRequest request = EvidenceCases.Of(explainer, Image, AttributionCatalog.All.Find("vanilla"), new ClassTarget(2));

        long[] passes = [.. Enumerable.Range(0, 3).Select(i => Passes(i < 2 ? new ClassTarget(2) : new ClassTarget(3)))];

        Assert.AreEqual(5, passes[1], "a curve of seven points, of which the image and the mean colour are known");
        Assert.AreEqual(passes[0], passes[2], "another target has its own baselines");
        Assert.AreEqual(2 + (5 * 5), passes[0], "curves of the edge detector and of three draws of blocks too");

        long Passes(Target target)
        {
            long before = explainer.Work.Forward;
            board.Measure(request.Question with { Target = target }, request.Map);
            return explainer.Work.Forward - before;
        }
    }

    [TestMethod]
    [DataRow("vgg")]
    [DataRow("densenet121")]
    [DataRow("convnext")]
    public void MapsMeasuredTogether_GiveTheBitsOfEachAlone_InAnyBatch(string name)
    {
        Network network = name == "vgg" ? Net : TorchvisionGolden.Load(name);
        NetworkInput image = Requests.RandomInput(network.Preprocessing.InputSize, 1);
        EvidenceMetric[] metrics = [.. EvidenceCatalog.All.Where(m => m.Cost(Few).Attributions == 0 && m.Name != "infidelity")];
        EvidenceOptions options = Few with { CurveSteps = 0 };
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using var explainer = new Explainer(network, backend);
        EvidenceRequest[] maps = [.. new[] { "vanilla", "gradcam", "grad-x-input" }.Select(m => EvidenceCases.Of(
            explainer, image, AttributionCatalog.All.Find(m), new ClassTarget(2)) with { Boxes = [Box] })];
        MapEvidence[] alone = [.. maps.Select(m => new EvidenceBoard(metrics, options).Measure(m.Question, m.Map, [Box]))];

        foreach (int batch in (int[])[1, 3, 8])
        {
            using var other = new Explainer(network, backend, new ExplainerOptions { Batch = batch });
            var board = new EvidenceBoard(metrics, options);
            IReadOnlyList<MapEvidence> together = board.Measure(
                [.. maps.Select(m => m with { Question = m.Question with { Explainer = other } })]);
            for (int i = 0; i < maps.Length; i++)
            {
                CollectionAssert.AreEqual(
                    alone[i].Findings.SelectMany(f => f.Values).ToArray(), together[i].Findings.SelectMany(f => f.Values).ToArray(),
                    $"{maps[i].Map.Method.Name} at batch {batch}");
                CollectionAssert.AreEqual(alone[i].Verdicts, together[i].Verdicts);
            }

            Assert.AreEqual(together.Sum(t => t.Passes), other.Work.Forward, 1, "each image once, and the image itself for the blocks");
            Assert.IsLessThan(alone.Sum(t => t.Passes), together.Sum(t => t.Passes));
        }
    }

    [TestMethod]
    public void MapsOfSeveralTargets_AreRefused()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(Net, backend);
        EvidenceRequest one = EvidenceCases.Of(explainer, Image, AttributionCatalog.All.Find("vanilla"), new ClassTarget(2));

        Assert.ThrowsExactly<ArgumentException>(() => new EvidenceBoard(EvidenceBoard.Cheap).Measure(
            [one, one with { Question = one.Question with { Target = new ClassTarget(1) } }]));
    }

    [TestMethod]
    public void Verdicts_OnAnEdgeDetector_SayThatItKnowsNothing()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using var explainer = new Explainer(Net, backend);
        EvidenceRequest edges = EvidenceCases.Of(explainer, Image, SobelMap.Instance, new ClassTarget(2));

        MapEvidence evidence = new EvidenceBoard(EvidenceCatalog.All, Few).Measure(edges.Question, edges.Map);

        CollectionAssert.AreEqual(new[] { "class-blind", "weight-blind" }, evidence.Verdicts.Select(v => v.Name).ToArray());
        Assert.StartsWith("this map does not depend on the class", evidence.Verdicts[0].Text);
        Assert.IsFalse(evidence.Findings.Any(f => f.Metric.Name is "pointing" or "box"), "no box is given");
        Assert.IsTrue(double.IsNaN(evidence["pointing"]));
        Assert.AreEqual(1, evidence["random-logit-spearman"], 1e-12);
    }

    [TestMethod]
    public void Verdicts_OnAnEmptyMap_SayThatItIsEmpty()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using var explainer = new Explainer(Net, backend);
        EvidenceRequest empty = EvidenceCases.Of(explainer, Image, new float[32 * 32]);

        MapEvidence evidence = new EvidenceBoard(EvidenceBoard.Cheap, Few).Measure(empty.Question, empty.Map);

        CollectionAssert.AreEqual(new[] { "empty" }, evidence.Verdicts.Select(v => v.Name).ToArray());
    }

    [TestMethod]
    public void Verdicts_OnAMapThatMarksWhatDoesNotMatter_SayThatDeletingItIsHarmless()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(EvidenceCases.Linear(5, 0, 0, 0), backend);
        AttributionMethod vanilla = AttributionCatalog.All.Find("vanilla");
        EvidenceRequest request = EvidenceCases.Of(explainer, EvidenceCases.Image(1, 1, 1, 1), vanilla, new ClassTarget(0));
        var board = new EvidenceBoard([.. EvidenceCatalog.All.Where(m => m.Name == "deletion")], new EvidenceOptions { CurveSteps = 4 });

        MapEvidence last = board.Measure(
            request.Question, EvidenceCases.Answer(request.Question, vanilla, [0, 1, 2, 3]) with { Shape = new(1, 2, 2) });
        MapEvidence first = board.Measure(request.Question, request.Map);

        CollectionAssert.AreEqual(new[] { "harmless" }, last.Verdicts.Select(v => v.Name).ToArray());
        Assert.IsFalse(first.Verdicts.Any(v => v.Name == "harmless"));
    }
}
