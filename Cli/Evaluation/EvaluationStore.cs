using System.Text;
using System.Text.Json;
using Interp.Cli.Output;
using Interp.Engine.Common;

namespace Interp.Cli.Evaluation;

/// <summary>
/// The results of <c>evaluate</c> in a folder, <c>evaluation.json</c>, <c>evaluation.csv</c> and <c>comparisons.csv</c>, always whole. Rows
/// of an earlier run
/// whose key is
/// still the same need not be measured again; they stay in the files until the run is complete, which then hold its own rows alone. The
/// rows of a file are of one
/// model and one set of settings: those of another go when the first row is written.
/// </summary>
internal sealed class EvaluationStore
{
    private const string Option = "--out";
    private readonly string _json;
    private readonly string _csv;
    private readonly string _comparisons;
    private readonly EvaluationFile? _found;
    private readonly Dictionary<string, EvaluationRow> _earlier;
    private readonly List<EvaluationRow> _rows = [];
    private (DateTime, long) _stamp;

    /// <exception cref="InputException">The folder holds an <c>evaluation.json</c> of something else.</exception>
    internal EvaluationStore(string folder)
    {
        OutputFile.CreateFolder(folder, Option);
        (_json, _csv) = (Path.Combine(folder, "evaluation.json"), Path.Combine(folder, "evaluation.csv"));
        (_comparisons, Page) = (Path.Combine(folder, "comparisons.csv"), Path.Combine(folder, "evaluation.html"));
        (_found, _stamp) = (Read(), Stamp());
        _earlier = (_found?.Rows ?? []).GroupBy(r => r.Key).ToDictionary(g => g.Key, g => g.First());
    }

    /// <summary>The rows of this run.</summary>
    internal IReadOnlyList<EvaluationRow> Rows => _rows;

    /// <summary>How many of them were measured in an earlier run.</summary>
    internal int Reused { get; private set; }

    /// <summary>The folder's files in the form in which they are read.</summary>
    internal IEnumerable<string> Files => [_csv, _comparisons, _json, Page];

    /// <summary>Where the page of the results goes.</summary>
    internal string Page { get; }

    /// <summary>Leaves out the earlier rows if they are of another model or other settings; says so in words then.</summary>
    /// <param name="own">What this run's results are made with.</param>
    internal string? Begin(EvaluationFile own)
    {
        if (_earlier.Count == 0 || IsAbout(_found!, own))
        {
            return null;
        }

        int rows = _earlier.Count;
        _earlier.Clear();
        string what = _found!.ModelHash == own.ModelHash ? "other settings" : $"model {_found.Model}";
        return $"{Readable.Path(_json)} held {rows} rows of {what}: they are replaced; another {Option} keeps both";
    }

    /// <summary>Whether there is a row already.</summary>
    internal bool Holds(string key) => _earlier.ContainsKey(key) || _rows.Any(r => r.Key == key);

    /// <summary>Takes over an earlier row if there is one.</summary>
    internal void Reuse(string key)
    {
        if (_earlier.Remove(key, out EvaluationRow? row))
        {
            _rows.Add(row);
            Reused++;
        }
    }

    /// <summary>Adds a row; an earlier one about the same image and method goes, since the image's content was another.</summary>
    internal void Add(EvaluationRow row)
    {
        _rows.Add(row);
        foreach (string key in _earlier.Values.Where(r => (r.Image, r.Method) == (row.Image, row.Method)).Select(r => r.Key).ToArray())
        {
            _earlier.Remove(key);
        }
    }

    /// <summary>Writes the rows, and at the end the comparisons, unless another run has put results of another model or other settings in
    /// their place.</summary>
    /// <param name="file">What goes into the JSON file apart from rows and means.</param>
    /// <param name="complete">Whether rows of earlier runs are no longer wanted.</param>
    /// <param name="last">Whether the run is over, so that its methods are compared.</param>
    /// <exception cref="OutputException">A file cannot be written, or is another run's by now.</exception>
    internal EvaluationFile Save(EvaluationFile file, bool complete, bool last)
    {
        EvaluationRow[] rows = complete ? [.. _rows] : [.. _rows, .. _earlier.Values];
        Check(file);
        file = file with { Rows = rows, Methods = MethodSummary.Of(_rows), Comparisons = last ? ComparedMethods.Of(_rows) : [] };
        Stored.Write(_json, Option, file, EvaluationJson.Pretty.EvaluationFile);
        _stamp = Stamp();
        OutputFile.Write(_csv, Option, s => s.Write(Encoding.UTF8.GetBytes(Csv(rows))));
        if (last)
        {
            OutputFile.Write(_comparisons, Option, s => s.Write(Encoding.UTF8.GetBytes(ComparedMethods.Csv(file.Comparisons))));
        }

        return file;
    }

    /// <summary>Looks whether the file is still as this run left it, or at least about the same; called before each write and at the
    /// end.</summary>
    internal void Check(EvaluationFile own)
    {
        if (Stamp() != _stamp && Read() is { } there && !IsAbout(there, own))
        {
            throw ResultFiles.Disturbed(_json);
        }
    }

    private static string Csv(EvaluationRow[] rows)
    {
        string[] columns = [.. rows.SelectMany(r => r.Values.Keys).Distinct()];
        var table = new CsvTable();
        table.Add(["image", "method", "class", "label", "top_class", "probability", .. columns, "verdicts"]);
        foreach (EvaluationRow r in rows)
        {
            table.Add([r.Image, r.Method, $"{r.Class}", r.Label, $"{r.TopClass}", CsvTable.Number(r.Probability),
                .. columns.Select(c => CsvTable.Number(r.Values.GetValueOrDefault(c, double.NaN))), string.Join(' ', r.Verdicts.Keys)]);
        }

        return table.ToString();
    }

    private (DateTime Written, long Length) Stamp() =>
        new FileInfo(_json) is { Exists: true } file ? (file.LastWriteTimeUtc, file.Length) : default;

    private static bool IsAbout(EvaluationFile file, EvaluationFile own) =>
        file.ModelHash == own.ModelHash && file.Settings.Count == own.Settings.Count
        && file.Settings.All(s => own.Settings.GetValueOrDefault(s.Key) == s.Value);

    /// <summary>What stands in the file; null if there is none, or one that a full disk or a crash has left empty.</summary>
    private EvaluationFile? Read()
    {
        if (!File.Exists(_json) || new FileInfo(_json).Length == 0)
        {
            return null;
        }

        try
        {
            using FileStream stream = File.OpenRead(_json);
            return JsonSerializer.Deserialize(stream, EvaluationJson.Strict.EvaluationFile);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new InputException(
                $"{_json}: not the result of an earlier 'evaluate': {e.Message.ReplaceLineEndings(" ")}; delete it or choose another "
                + $"{Option}", e);
        }
    }
}
