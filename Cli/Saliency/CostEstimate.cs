using Interp.Cli.Output;
using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Evidence;

namespace Interp.Cli.Saliency;

/// <summary>About how many passes through the network an image costs, forward and backward counted alike.</summary>
/// <param name="Methods">The cost of each method.</param>
internal sealed record CostEstimate(IReadOnlyList<MethodCost> Methods)
{
    /// <summary>How many passes are over so soon that nobody needs to be told.</summary>
    private const int WorthSaying = 100;

    /// <summary>Everything together.</summary>
    internal long All => Methods.Sum(m => m.All);

    /// <summary>The estimate for an image.</summary>
    /// <param name="requests">The methods with their requests; the targets need not be those that will be explained.</param>
    /// <param name="evidence">What is measured of each map, or null.</param>
    internal static CostEstimate Of(IReadOnlyList<(AttributionMethod Method, AttributionRequest Request)> requests,
        EvidenceBoard? evidence) =>
        new([.. requests.Select((r, i) =>
        {
            Work work = Estimate(r.Method, r.Request);
            long map = work.Forward + work.Backward;
            EvidenceCost extra = evidence?.CostOf(isFirst: i == 0) ?? default;
            return new MethodCost(r.Method.Name, map, extra.Forward + (extra.Attributions * map));
        })]);

    /// <summary>A method that cannot say it will say why when it is asked for its map.</summary>
    private static Work Estimate(AttributionMethod method, AttributionRequest request)
    {
        try
        {
            return method.EstimatedWork(request);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return new Work(1, 1);
        }
    }

    /// <summary>The cost of all files in words, or null where it is small: said before the work starts.</summary>
    internal string? Words(int files)
    {
        if (All * files <= WorthSaying)
        {
            return null;
        }

        long evidence = Methods.Sum(m => m.Evidence);
        MethodCost most = Methods.MaxBy(m => m.All)!;
        return $"about {Readable.Count(All * files)} passes through the network"
            + (files > 1 ? $", {Readable.Count(All)} for each of {files} files" : "")
            + (Methods.Count > 1 ? $"; most for {most.Name}: {Readable.Count(most.All)}" : "")
            + (evidence > 0 ? $"; {Readable.Count(evidence * files)} of all for evidence, which --evidence false leaves out" : "");
    }
}

/// <param name="Name">The method.</param>
/// <param name="Map">Passes for its map.</param>
/// <param name="Evidence">Passes for the map's evidence.</param>
internal sealed record MethodCost(string Name, long Map, long Evidence)
{
    internal long All => Map + Evidence;
}
