using Interp.Cli.Tables.Reading;
using Interp.Engine.Common;

namespace Interp.Cli.Tables;

/// <summary>A table that is often wanted, by the options that make it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">The kind of result that it is of.</param>
/// <param name="Title">What it shows, for people: the table's heading.</param>
/// <param name="Rows"><c>--rows</c>.</param>
/// <param name="Cells"><c>--cell</c>.</param>
internal sealed record TableRecipe(string Name, string Kind, string Title, string Rows, string Cells)
{
    /// <summary><c>--columns</c>; empty where each cell is a column of its own.</summary>
    public string Columns { get; init; } = "";

    /// <summary><c>--head</c>.</summary>
    public string Head { get; init; } = "";

    /// <summary><c>--each</c>.</summary>
    public string Each { get; init; } = EntrySource.Manifests;

    /// <summary><c>--sort</c>; empty for the order of the rows' own values.</summary>
    public string Sort { get; init; } = "";

    /// <summary>All recipes; the first of its kind of result is what is guessed.</summary>
    internal static Catalog<TableRecipe> All { get; } = new("recipe", r => r.Name, TableRecipes.List);

    /// <summary>The options as a user would write them.</summary>
    internal string Options => string.Join(' ', new (string Name, string Value)[]
    {
        ("--each", Each == EntrySource.Manifests ? "" : Each), ("--rows", Rows), ("--columns", Columns), ("--head", Head),
        ("--cell", Cells), ("--sort", Sort),
    }.Where(o => o.Value.Length > 0).Select(o => $"{o.Name} {(o.Value.AsSpan().IndexOfAny(" *{,") < 0 ? o.Value : $"\"{o.Value}\"")}"));
}
