namespace Interp.Engine.Attribution.Perturbation;

/// <summary>Options that several methods share.</summary>
internal static class PerturbationOptions
{
    /// <summary>What takes the place of pixels that are left out.</summary>
    internal static MethodOption<Baseline> Fill { get; } =
        Baseline.Option("fill", "what takes the place of pixels left out", Baseline.Mean, Baseline.Black, Baseline.Grey, Baseline.Blur);

    /// <summary>Number of superpixels.</summary>
    internal static MethodOption<int> Segments { get; } =
        MethodOption.Whole("segments", "about how many superpixels the image is cut into (SLIC)", 50, 2, 1000);

    /// <summary>SLIC's m.</summary>
    internal static MethodOption<double> Compactness { get; } =
        MethodOption.Real("compactness", "how much a superpixel's shape counts: low follows colours, high makes squares", 10, 0.1, 1000);

    /// <summary>How many random inputs are run; every method has its own unit and standard.</summary>
    internal static MethodOption<int> Samples(string summary, int standard) =>
        MethodOption.Whole("samples", summary, standard, 1, 1_000_000);

    /// <summary>Cells of a grid over the image.</summary>
    internal static MethodOption<int> Cells(int most) =>
        MethodOption.Whole("cells", "cells along each side of the grid over the image", 8, 1, most);

    /// <summary>The split-half correlation at which sampling ends early.</summary>
    internal static MethodOption<double> StopAt { get; } = MethodOption.Real(
        "stop-at", "stop once the maps of two halves of the samples correlate by this much, twice in turn; 0: never", 0, 0, 1);
}
