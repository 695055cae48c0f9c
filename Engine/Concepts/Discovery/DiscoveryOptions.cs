using Interp.Engine.Common;

namespace Interp.Engine.Concepts.Discovery;

/// <summary>How a class's concepts are looked for.</summary>
public sealed record DiscoveryOptions
{
    /// <summary>r, how many concepts.</summary>
    public int Components { get; init; } = 10;

    /// <summary>Side of a crop in pixels of the network's input; null for 2/7 of its shorter side, 64 of 224.</summary>
    public int? Patch { get; init; }

    /// <summary>n of the Sobol design: n·(r + 1) runs of the layers behind for each image and set of directions.</summary>
    public int Samples { get; init; } = 32;

    /// <summary>Sets of r random directions that are put through the same, to say what chance gives; 0 for none.</summary>
    public int RandomSets { get; init; } = 3;

    /// <summary>Random orders that deletion and insertion are compared with, for each image; at least 1.</summary>
    public int RandomOrders { get; init; } = 20;

    /// <summary>How often the images are cut into halves to see whether both have the same concepts; at least 1.</summary>
    public int Splits { get; init; } = 5;

    /// <summary>The seed of all draws.</summary>
    public ulong Seed { get; init; }

    /// <summary>Threads that compute beside the network; 0 for one per core.</summary>
    public int Threads { get; init; }

    /// <summary>Images whose activations are held at once.</summary>
    public int Batch { get; init; } = 8;

    /// <summary>The most bytes that the concepts' maps on all images may take.</summary>
    public long MemoryLimit { get; init; } = long.MaxValue;

    internal ParallelOptions Parallel(CancellationToken cancel) => ThreadLimit.Of(Threads, cancel);

    /// <summary>The side of a crop for inputs of a size.</summary>
    internal int PatchFor(int height, int width) => Patch ?? Math.Max(1, (int)Math.Round(2 * Math.Min(height, width) / 7.0));

    /// <exception cref="InputException">An option is out of its range.</exception>
    internal void Check()
    {
        Require("components", Components, 2);
        Require("samples", Samples, 2);
        Require("random-sets", RandomSets, 0);
        Require("random-orders", RandomOrders, 1);
        Require("splits", Splits, 1);
        Require("batch", Batch, 1);
        Require("patch", Patch ?? 1, 1);
    }

    private static void Require(string name, int value, int least)
    {
        if (value < least)
        {
            throw new InputException($"option '{name}' {value}: expected at least {least}");
        }
    }
}
