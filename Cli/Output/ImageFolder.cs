using Interp.Engine.Attribution;
using Interp.Engine.Imaging;

namespace Interp.Cli.Output;

/// <summary>
/// <c>OUT/image/</c>: <c>input.png</c> and a folder for each method, all about one image, one model and one target. Whose they are,
/// <c>input.png</c> says in a comment. A run writes it first, which claims the folder, and then removes the results that are about
/// something else; it looks at it again after each of its own results, and takes back what it wrote where another run has claimed the
/// folder since. In whatever order two runs do this, no result stays beside another's <c>input.png</c>.
/// </summary>
/// <param name="path">The folder.</param>
/// <param name="input">The image.</param>
internal sealed class ImageFolder(string path, NetworkInput input)
{
    private const string Option = "--out";
    internal const string InputName = "input.png";
    private const int Attempts = 3;

    /// <summary>File times may lag behind the clock by a tick of the kernel.</summary>
    private static readonly TimeSpan s_clockStep = TimeSpan.FromMilliseconds(50);

    private byte[]? _claim;

    internal string Path => path;

    internal string Name => System.IO.Path.GetFileName(path);

    /// <summary>What there is of one method, if it is whole and from the same settings.</summary>
    internal SaliencyLine? Existing(AttributionMethod method, OptionValues options, string settings) =>
        Of(ResultName.Of(method.Name, options.Values)) is var folder && folder.Existing(settings) is { } manifest
        ? LineOf(folder, manifest) : null;

    /// <summary>Makes the folder this run's for what a manifest is about, once.</summary>
    /// <returns>What was removed, in words, or null.</returns>
    /// <exception cref="Engine.Common.OutputException">It cannot be written.</exception>
    internal string? Claim(Manifest manifest)
    {
        if (_claim is not null)
        {
            return null;
        }

        _claim = PngChunks.WithComment(PngChunks.Encode(input.Image), CommentOf(manifest));
        DateTime before = DateTime.UtcNow - s_clockStep;
        bool isNew = !IsOurs;
        if (isNew)
        {
            OutputFile.Write(System.IO.Path.Combine(path, InputName), Option, s => s.Write(_claim));
        }

        Manifest[] gone = [.. Others(manifest.Owner)];
        if (isNew)
        {
            RemoveUnfinished(before);
        }

        return gone.Length == 0 ? null
            : $"{Readable.Path(path)} held {string.Join(", ", gone.Select(m => m.Method))} of {Readable.Path(gone[0].Image)}, "
                + $"{TargetWords.Of(gone[0])}, by {gone[0].Model}: removed, since a folder is about one image, one model and one target; "
                + $"another {Option} keeps both";
    }

    /// <summary>Whether <c>input.png</c> is as this run wrote it.</summary>
    internal bool IsOurs => _claim is not null && InputOf(path).AsSpan().SequenceEqual(_claim);

    /// <summary>Whether this run has claimed the folder and another run has done so since.</summary>
    internal bool IsLost => _claim is not null && !IsOurs;

    /// <summary>Writes one method's result into the folder, which has been claimed.</summary>
    /// <param name="manifest">Its manifest, still without files.</param>
    /// <param name="fill">Writes the files and completes the manifest.</param>
    /// <returns>Null if another run has claimed the folder: nothing of the result is left then.</returns>
    internal SaliencyLine? Write(Manifest manifest, Func<ResultFiles, Manifest> fill)
    {
        for (int attempt = 0; attempt < Attempts && IsOurs; attempt++)
        {
            ResultFolder<Manifest> folder = Of(ResultName.Of(manifest.Method, manifest.Options));
            folder.Begin(manifest.Settings);
            Manifest written = fill(folder);
            folder.Finish(written);
            if (!IsOurs)
            {
                folder.Withdraw(written);
                OutputFile.DeleteEmpty(folder.Path);
            }
            else if (folder.IsWhole(written))
            {
                return LineOf(folder, written);
            }
        }

        return null;
    }

    /// <summary>Whether a result stands as it was written, beside the <c>input.png</c> that belongs to it.</summary>
    internal static bool Holds(SaliencyLine line) =>
        PngChunks.HasComment(InputOf(System.IO.Path.GetDirectoryName(line.Folder)!), CommentOf(line.Manifest))
        && new ResultFolder<Manifest>(line.Folder, CliJson.Strict.Manifest).IsWhole(line.Manifest);

    private static string CommentOf(Manifest manifest) => $"Interp {manifest.Owner}";

    private static byte[] InputOf(string path)
    {
        try
        {
            return File.ReadAllBytes(System.IO.Path.Combine(path, InputName));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private ResultFolder<Manifest> Of(string name) => new(System.IO.Path.Combine(path, name), CliJson.Strict.Manifest);

    private SaliencyLine LineOf(ResultFolder<Manifest> folder, Manifest manifest) =>
        new(input.Path, Name, folder.Path, [.. manifest.Files, ResultFiles.ManifestName], manifest);

    /// <summary>Removes the results of another owner, and gives their manifests.</summary>
    private IEnumerable<Manifest> Others(string owner)
    {
        foreach (string below in Directory.GetDirectories(path).Order(StringComparer.Ordinal))
        {
            ResultFolder<Manifest> folder = Of(System.IO.Path.GetFileName(below));
            if (folder.Found() is { } found && found.Owner != owner)
            {
                folder.Remove(found);
                OutputFile.DeleteEmpty(below);
                yield return found;
            }
        }
    }

    /// <summary>Removes what a run left that was killed: files in methods' folders without a manifest, older than this run's
    /// claim.</summary>
    private void RemoveUnfinished(DateTime before)
    {
        foreach (string below in Directory.GetDirectories(path).Where(d => ResultName.IsOne(System.IO.Path.GetFileName(d))))
        {
            if (Of(System.IO.Path.GetFileName(below)).Found() is not null)
            {
                continue;
            }

            string[] files = [.. Directory.GetFiles(below, "*.png"), .. Directory.GetFiles(below, "*.npy")];
            foreach (string file in files.Where(f => File.GetLastWriteTimeUtc(f) < before))
            {
                OutputFile.Delete(file, Option);
            }

            OutputFile.DeleteEmpty(below);
        }
    }
}
