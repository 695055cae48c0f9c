using Interp.Cli.Output;
using Interp.Engine.Examples;

namespace Interp.Cli.Examples;

/// <summary>How far a search has come.</summary>
/// <param name="Units">What was found of each channel.</param>
/// <param name="Images">Images that were looked at.</param>
/// <param name="NextFile">The file that comes next, or is being worked on.</param>
/// <param name="NextPart">The input in it that comes next.</param>
/// <param name="FilesRead">Files that gave an image.</param>
internal sealed record ExampleProgress(IReadOnlyList<UnitExamples> Units, long Images = 0, int NextFile = 0, int NextPart = 0,
    int FilesRead = 0)
{
    /// <summary>Files so far that could not be read.</summary>
    internal int Skipped => Images > 0 ? NextFile + 1 - FilesRead : 0;

    internal ExampleProgress After(ReadImage image) => this with
    {
        Images = Images + 1,
        NextFile = image.File,
        NextPart = image.Part + 1,
        FilesRead = FilesRead + (Images == 0 || image.File > NextFile ? 1 : 0),
    };

    /// <summary>What a stopped search of the same settings left, or null.</summary>
    internal static ExampleProgress? Read(string path, string settings, UnitChoice choice) =>
        Stored.Read(path, ExampleJson.Embedded.ProgressFile) is { } file && file.Settings == settings
        ? new ExampleProgress([.. file.Units.Select(u => UnitExamples.Of(u, choice.Count, choice.Rank))], file.Images, file.NextFile,
        file.NextPart, file.FilesRead)
        : null;

    /// <summary>Writes what the next run needs to go on.</summary>
    internal void Write(string path, string settings) => Stored.Write(
        path, UnitFlags.OutName, new ProgressFile(settings, Images, NextFile, NextPart, FilesRead, [.. Units.Select(u => u.Snapshot)]),
        ExampleJson.Embedded.ProgressFile);
}

/// <summary>An <see cref="ExampleProgress"/> in a file.</summary>
internal sealed record ProgressFile(string Settings, long Images, int NextFile, int NextPart, int FilesRead,
    IReadOnlyList<UnitSnapshot> Units);
