using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Cpu;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Attribution;

[TestClass]
public sealed class EstimatedWorkTests
{
    public static IEnumerable<string> Names => AttributionCatalog.All.Names;

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void EstimatedWork_OfEveryMethod_IsWithinAFactorOfTwo(string name)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(TinyNets.Vgg(), backend);
        AttributionMethod method = AttributionCatalog.All.Find(name);
        string[] fewer = [.. method.Options.Where(o => o.Name is "samples" or "steps").SelectMany(o => (string[])[o.Name, "20"])];
        AttributionRequest request = Requests.Of(explainer, method, new ClassTarget(1), fewer);

        Work estimate = method.EstimatedWork(request), work = method.Explain(request).Work;

        // Passes through parts of the network are not counted in Work, baselines of completeness checks and filled-up batches are not
        // estimated. A search for regions may end before its bound.
        double said = estimate.Forward + estimate.Backward, done = work.Forward + work.Backward;
        Assert.IsLessThanOrEqualTo(Math.Max(2 * said, said + 12), done, $"estimated {estimate}, took {work}");
        if (name is not ("ablationcam" or "lrp" or "deep-taylor" or "excitation-backprop" or "deeplift" or "sufficient"))
        {
            Assert.IsGreaterThanOrEqualTo(0.5 * said, done, $"estimated {estimate}, took {work}");
        }
    }
}
