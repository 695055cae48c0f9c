using Interp.Cli.Output;

namespace Interp.Cli.Reporting;

/// <summary>What a report's script reads: everything but images and maps.</summary>
internal sealed record ReportDocument
{
    /// <summary>The program's version.</summary>
    public string Version { get; init; } = Manifest.ProgramVersion;

    public required string Model { get; init; }

    public required string ModelHash { get; init; }

    /// <summary>How the model's logits become probabilities.</summary>
    public required string Activation { get; init; }

    /// <summary>What was explained of every image.</summary>
    public required string Target { get; init; }

    public required ulong Seed { get; init; }

    public required string Backend { get; init; }

    /// <summary>Everything that evidence depends on.</summary>
    public required IReadOnlyList<string> Evidence { get; init; }

    /// <summary>The numbers that were measured.</summary>
    public required IReadOnlyList<ReportColumn> Columns { get; init; }

    public required IReadOnlyList<ReportColors> Colormaps { get; init; }

    public required IReadOnlyList<ReportMethod> Methods { get; init; }

    public required IReadOnlyList<ReportImage> Images { get; init; }

    public required IReadOnlyList<ReportMap> Maps { get; init; }

    /// <summary>All files of the report.</summary>
    public required IReadOnlyList<ReportFile> Pages { get; init; }

    /// <summary>Which of them this is.</summary>
    public required int Page { get; init; }
}

internal sealed record ReportColumn(string Name, string Title, string Better);

/// <param name="Name">A colour map.</param>
/// <param name="Colors">Its 256 colours, six hexadecimal digits each.</param>
internal sealed record ReportColors(string Name, string Colors);

internal sealed record ReportMethod(string Name, string Title, string Family, string Summary, string Paper);

internal sealed record ReportImage(string Name, string Path, string Hash, string Target, int? Class, IReadOnlyList<PredictedClass> Top);

/// <param name="File">A file beside this one.</param>
/// <param name="Images">Which images it holds, in words.</param>
internal sealed record ReportFile(string File, string Images);

/// <param name="Id">The element that holds the values.</param>
/// <param name="Image">Index of the image.</param>
/// <param name="Method">Index of the method.</param>
/// <param name="Look">How it is drawn unless told otherwise: <c>signed</c>, <c>strength</c> (of a signed value) or <c>map</c>.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Step">See <see cref="MapCode"/>, as the next ones.</param>
/// <param name="Low">The least value, if above 0.</param>
/// <param name="Max">The largest size of a value.</param>
/// <param name="Clip">The 99th percentile.</param>
/// <param name="Manifest">Where it came from.</param>
internal sealed record ReportMap(
    string Id, int Image, int Method, string Look, int Width, int Height, double Step, double Low, double Max, double Clip,
    Manifest Manifest);
