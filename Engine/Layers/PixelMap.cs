namespace Interp.Engine.Layers;

/// <summary>A layer each of whose output pixels is one of its input's, or a constant: that row and that column.</summary>
internal interface IPixelLayer
{
    /// <summary>The constant.</summary>
    double Outside { get; }

    /// <summary>Which pixels those are, for an input of a size.</summary>
    PixelMap At(int height, int width);
}

/// <summary>Where output pixels come from.</summary>
/// <param name="Rows">The input row of each output row; −1 for none.</param>
/// <param name="Columns">The input column of each output column; −1 for none.</param>
internal sealed record PixelMap(int[] Rows, int[] Columns)
{
    /// <summary>The outputs of each input along one axis: those of input i stand at First[i] … First[i + 1] − 1 of At, ascending.</summary>
    internal static (int[] First, int[] At) Readers(int[] sources, int inputs)
    {
        var first = new int[inputs + 1];
        foreach (int source in sources.Where(s => s >= 0))
        {
            first[source + 1]++;
        }

        for (int i = 0; i < inputs; i++)
        {
            first[i + 1] += first[i];
        }

        int[] at = [.. Enumerable.Range(0, sources.Length).Where(i => sources[i] >= 0).OrderBy(i => sources[i])];
        return (first, at);
    }
}
