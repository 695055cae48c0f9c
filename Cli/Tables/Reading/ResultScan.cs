using System.Text.Json;
using System.Text.Unicode;
using Interp.Cli.Output;
using Interp.Engine.Common;

namespace Interp.Cli.Tables.Reading;

/// <summary>
/// Finds the results below folders that are not trusted. Links are not followed; depth, numbers and sizes are bounded. A manifest that
/// cannot be read is one line, and the others go on.
/// </summary>
internal sealed class ResultScan(Invocation run)
{
    private const int Deepest = 16, MostFolders = 100_000, MostResults = 20_000, DeepestJson = 32, MostLines = 10;
    private const long MostBytes = 512L << 20;

    /// <summary>Files that hold a result: the manifest of a folder, and results that are a file of their own.</summary>
    private static readonly string[] s_names = [ResultFiles.ManifestName, "evaluation.json", "robustness.json", "transfer.json"];

    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly List<FoundResult> _found = [];
    private readonly List<string> _foreign = [], _links = [];
    private string _named = "";
    private int _broken, _folders;
    private long _bytes;

    /// <summary>The command's exit code by what was found.</summary>
    internal int ExitCode => _broken > 0 ? ExitCodes.Usage : ExitCodes.Done;

    /// <summary>All results below some folders, in the order of their paths.</summary>
    /// <exception cref="InputException">A folder is missing or too large, or there is no result at all.</exception>
    internal IReadOnlyList<FoundResult> Find(IReadOnlyList<string> folders)
    {
        foreach (string folder in folders)
        {
            if (!Directory.Exists(folder))
            {
                throw new InputException(File.Exists(folder)
                    ? $"{folder}: is a file, expected a folder with results; name the folder that it lies in"
                    : $"{folder}: no such folder");
            }

            string root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
            _named = folders.Count > 1 ? folder : "";
            Search(root, root, 0);
        }

        Remark(_foreign, "no result of this program, left out");
        Remark(_links, "a link, not followed");
        if (_broken > MostLines)
        {
            run.Note($"{_broken - MostLines} more results cannot be read");
        }

        return _found.Count > 0 ? _found
            : throw new InputException($"{string.Join(", ", folders.Select(Readable.Path))}: no result in it: expected folders with "
                + $"{ResultFiles.ManifestName}, as 'saliency', 'visualize' or 'dissect' write them; name the --out of such a run");
    }

    private void Search(string root, string folder, int depth)
    {
        run.Cancel.ThrowIfCancellationRequested();
        if (!_seen.Add(folder))
        {
            return;
        }

        if (depth > Deepest || ++_folders > MostFolders)
        {
            throw new InputException($"{folder}: expected at most {Deepest} folders in each other and {MostFolders} in all; name fewer");
        }

        try
        {
            foreach (string name in s_names.Where(n => File.Exists(Path.Combine(folder, n))))
            {
                Add(root, Path.Combine(folder, name));
            }

            foreach (string below in Directory.GetDirectories(folder).Order(NaturalOrder.Instance))
            {
                if (InsideFolder.IsLink(below))
                {
                    _links.Add(below);
                }
                else
                {
                    Search(root, below, depth + 1);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Fail(folder, $"cannot be read: {e.Message}");
        }
    }

    private void Add(string root, string file)
    {
        if (InsideFolder.IsLink(file))
        {
            _links.Add(file);
            return;
        }

        if (InsideFolder.Find(root, root, file) is null)
        {
            Fail(file, $"expected a manifest of 1 byte to {Readable.Size(InsideFolder.MostBytes)}, found "
                + $"{Readable.Size(new FileInfo(file).Length)}; remove it or make the result again");
            return;
        }

        byte[]? bytes = InsideFolder.Bytes(file, null);
        _bytes += bytes?.Length ?? 0;
        if (_bytes > MostBytes || _found.Count >= MostResults)
        {
            throw new InputException(
                $"{file}: expected at most {MostResults} results and {Readable.Size(MostBytes)} of manifests; name fewer folders");
        }

        if (bytes is null)
        {
            Fail(file, "cannot be read");
        }
        else if (Parse(bytes, out string problem) is not { } manifest)
        {
            Fail(file, $"is no manifest: {problem}; make the result again or remove it");
        }
        else if (IsOurs(manifest))
        {
            _found.Add(new FoundResult(root, file, manifest, _named));
        }
        else
        {
            _foreign.Add(file);
        }
    }

    /// <summary>A manifest's JSON, every text of which can be read; null and the problem of any other.</summary>
    private static JsonElement? Parse(byte[] bytes, out string problem)
    {
        problem = "";
        try
        {
            if (!Utf8.IsValid(bytes))
            {
                problem = "expected UTF-8";
                return null;
            }

            var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = DeepestJson });
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                {
                    _ = reader.GetString(); // Half of a surrogate pair is found here, and not later.
                }
            }

            return JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = DeepestJson, AllowDuplicateProperties = false })
                .RootElement;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            problem = $"expected JSON, found {e.Message.Split('.')[0].ReplaceLineEndings(" ")}";
            return null;
        }
    }

    /// <summary>Whether this program wrote it: its version, and what the result depends on or which model it is about.</summary>
    private static bool IsOurs(JsonElement manifest) => manifest.ValueKind == JsonValueKind.Object
        && ((HasText(manifest, "version") && (HasText(manifest, "settings") || HasText(manifest, "model_hash")))
            || ResultKind.Of(manifest) != ResultKind.Other);

    private static bool HasText(JsonElement manifest, string field) =>
        manifest.TryGetProperty(field, out JsonElement value) && value.ValueKind == JsonValueKind.String;

    private void Fail(string path, string problem)
    {
        if (++_broken <= MostLines)
        {
            run.Fail(new InputException($"{Readable.Path(path)}: {problem}"));
        }
    }

    private void Remark(List<string> files, string words)
    {
        if (files.Count > 0)
        {
            run.Note($"{Readable.Path(files[0])}{(files.Count > 1 ? $" and {files.Count - 1} more" : "")}: {words}");
        }
    }
}
