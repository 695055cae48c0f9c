using System.Text.Json;
using Interp.Cli.Tables.Reading;
using Interp.Engine.Common;

namespace Interp.Cli.Tables;

/// <summary>What the user said of a table; null and empty where nothing was said.</summary>
internal sealed record TableRequest
{
    /// <summary>The recipe.</summary>
    public TableRecipe? Recipe { get; init; }

    public string? Each { get; init; }

    public IReadOnlyList<FieldName>? Rows { get; init; }

    public IReadOnlyList<FieldName>? Columns { get; init; }

    public IReadOnlyList<CellSpec>? Head { get; init; }

    public IReadOnlyList<CellSpec>? Cells { get; init; }

    public string? Sort { get; init; }

    /// <summary>Which entries are wanted: the values of fields, in the order that rows and columns are to have.</summary>
    public IReadOnlyList<(string Field, string[] Values)> Where { get; init; } = [];

    /// <summary>How many rows at most.</summary>
    public int? Count { get; init; }

    /// <summary>Significant digits of numbers, or null for all that there are.</summary>
    public int? Digits { get; init; }

    public string? Title { get; init; }
}

/// <summary>A field whose values are the rows' or columns', and what stands over it.</summary>
internal sealed record FieldName(string Field, string Title)
{
    /// <summary>Fields with commas between, each with <c>=TITLE</c> behind it where it is to be called otherwise.</summary>
    internal static IReadOnlyList<FieldName> Parse(string? text) =>
    [
        .. (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(t => t.Split('=', 2)).Select(p => new FieldName(p[0], p[^1])),
    ];
}

/// <summary>A table as it is made: what was said, and what was guessed of the rest.</summary>
internal sealed record TablePlan(
    string Title, IReadOnlyList<FoundResult> Results, string Each, IReadOnlyList<FieldName> Rows, IReadOnlyList<FieldName> Columns,
    IReadOnlyList<CellSpec> Head, IReadOnlyList<CellSpec> Cells, string Sort)
{
    /// <summary>Completes a request by what the results are.</summary>
    /// <param name="request">What the user said.</param>
    /// <param name="results">All that was found.</param>
    /// <param name="note">Told of every guess.</param>
    /// <exception cref="InputException">A recipe is about other results, or nothing can be guessed.</exception>
    internal static TablePlan Of(TableRequest request, IReadOnlyList<FoundResult> results, Action<string> note)
    {
        bool isWhole = request.Rows is not null && request.Cells is not null;
        TableRecipe? recipe = request.Recipe ?? (isWhole ? null : Guess(results, note));
        IReadOnlyList<FoundResult> own = recipe is null ? results : [.. results.Where(r => r.Kind.Name == recipe.Kind)];
        if (own.Count == 0)
        {
            throw new InputException($"--recipe {recipe!.Name} is about results of '{recipe.Kind}', found: {Kinds(results)}");
        }

        bool keeps = request.Rows is null && recipe is not null;
        var plan = new TablePlan(
            request.Title ?? TitleOf(request, recipe),
            own,
            request.Each ?? recipe?.Each ?? EntrySource.Manifests,
            request.Rows ?? FieldName.Parse(recipe!.Rows),
            request.Columns ?? (keeps ? FieldName.Parse(recipe!.Columns) : []),
            request.Head ?? (keeps && request.Each is null ? Cells("--head", recipe!.Head) : []),
            request.Cells ?? Cells("--cell", recipe!.Cells),
            request.Sort ?? (keeps && request.Each is null ? recipe!.Sort : ""));
        return request.Each is null ? plan with { Each = plan.FirstSource() }
            : EntrySource.Names(own).Contains(request.Each) ? plan
            : throw new InputException(
                $"--each '{request.Each}': expected one of {string.Join(", ", EntrySource.Names(own).Take(20))}");

        static IReadOnlyList<CellSpec> Cells(string option, string text) => text.Length == 0 ? [] : CellSpec.Parse(option, [text]);
    }

    /// <summary>The fields that entries must have.</summary>
    internal IEnumerable<string> Fields => [.. Rows.Select(r => r.Field), .. Columns.Select(c => c.Field)];

    private static string TitleOf(TableRequest request, TableRecipe? recipe) =>
        request.Rows is null ? recipe!.Title : string.Join(" × ", request.Rows.Concat(request.Columns ?? []).Select(f => f.Title));

    /// <summary>What most results are of decides.</summary>
    private static TableRecipe Guess(IReadOnlyList<FoundResult> results, Action<string> note)
    {
        TableRecipe recipe = results.GroupBy(r => r.Kind.Name).OrderByDescending(g => g.Count())
            .SelectMany(g => TableRecipe.All.Where(r => r.Kind == g.Key)
                .OrderByDescending(r => r.Name == "classes" && g.Count(IsOfClass) * 2 > g.Count()).Take(1)).FirstOrDefault()
            ?? throw new InputException(
                $"there is no recipe for such results ({Kinds(results)}): give --rows and --cell; --fields lists what there is");
        string others = results.All(r => r.Kind.Name == recipe.Kind) ? "" : $"; found {Kinds(results)}, of which these are taken";
        note($"guessed: --recipe {recipe.Name}, which is {recipe.Options}{others}");
        return recipe;
    }

    private static bool IsOfClass(FoundResult r) => FieldPath.Find(r.Manifest, "class") is { ValueKind: JsonValueKind.Number };

    /// <summary>How many results there are of each command.</summary>
    internal static string Kinds(IReadOnlyList<FoundResult> results) => string.Join(
        ", ", results.GroupBy(r => r.Kind.Name).Select(g => $"{g.Count()} {(g.Count() == 1 ? "result" : "results")} of {g.Key}"));

    /// <summary>The first source some entry of which has all the fields: the manifests, a list in them, a table beside them.</summary>
    private string FirstSource()
    {
        string[] wanted = [
            .. Fields, .. Head.Concat(Cells).Where(c => c.Kind != CellKind.Image && !c.Field.Contains('*')).SelectMany(c => c.Fields)];
        return ((string[])[Each, .. EntrySource.Names(Results)]).Distinct()
            .FirstOrDefault(source => EntrySource.Read([.. Results.DistinctBy(r => r.Kind)], source, _ => { }).Take(100)
                .Any(e => wanted.All(e.Has))) ?? Each;
    }
}
