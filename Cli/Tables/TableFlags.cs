using System.CommandLine;
using Interp.Cli.Tables.Formats;
using Interp.Engine.Common;

namespace Interp.Cli.Tables;

/// <summary>The options of <c>table</c>.</summary>
internal static class TableFlags
{
    internal static readonly Argument<string[]> Folders = new("FOLDER")
    {
        Description = "Folders with results, as the --out of any command",
        Arity = ArgumentArity.OneOrMore,
    };

    internal static readonly Option<string> Recipe = TypedOption.Text(
        "--recipe", "A table that is often wanted, such as methods, units, classes [default: by the results]", "NAME");

    internal static readonly Option<string> Each = TypedOption.Text(
        "--each", "What has an entry: 'manifest', a list in it, a table beside it [default: what has the fields]", "SOURCE");

    internal static readonly Option<string> Rows = TypedOption.Text(
        "--rows", "The fields whose values are the rows; FIELD=TITLE renames one", "FIELD[,FIELD...]");

    internal static readonly Option<string> Columns = TypedOption.Text(
        "--columns", "The fields whose values are the columns; without, each cell is a column", "FIELD[,FIELD...]");

    internal static readonly Option<string[]> Cell = Cells(
        "--cell", "What cells show: image:overlay, number:score, text:top1=TITLE, \"text:{low} to {high}\"");

    internal static readonly Option<string[]> Head = Cells("--head", "The same for cells that stand once in a row, before the columns");

    internal static readonly Option<string[]> Where = new("--where")
    {
        Description = "Only entries with these values, in this order",
        HelpName = "FIELD=VALUE[,VALUE...]",
        AllowMultipleArgumentsPerToken = false,
    };

    internal static readonly Option<string> Sort = TypedOption.Text(
        "--sort", "The field that orders the rows; FIELD:down from the greatest", "FIELD[:down]");

    internal static readonly Option<int?> Count = TypedOption.OptionalWhole("--count", "How many rows at most", 1, 1_000_000);

    internal static readonly Option<int?> Digits = TypedOption.OptionalWhole(
        "--digits", "Significant digits [default: all that the results have]; never of CSV and JSON", 1, 17);

    internal static readonly Option<bool> Fields = TypedOption.Switch(
        "--fields", "Print the fields that the results have instead of a table");

    internal static readonly Option<string> Format = TypedOption.Text(
        "--format", "What is written [default: by --out, else html]", $"{string.Join('|', TableFormat.All.Names)}[,...]");

    internal static readonly Option<string> Out = new("--out")
    {
        Description = "File, or folder for 'table.html' and so on",
        HelpName = "FILE|DIR",
        DefaultValueFactory = _ => "out",
    };

    internal static readonly Option<string> Title = TypedOption.Text("--title", "The table's heading", "TEXT");

    internal static readonly Option<int> Side = TypedOption.Whole(
        "--side", "The longer side of images in HTML and PNG, in pixels", 160, 16, 2048);

    internal static readonly Option<int?> Tiles = TypedOption.OptionalWhole(
        "--tiles", "Set so many rows beside each other, each as a tile; not of CSV and JSON", 1, 100);

    internal static readonly Option<bool> Copies = TypedOption.Switch(
        "--copy-images", "Copy the images of a Markdown table beside it, instead of naming them where they lie");

    /// <summary>The values that were given.</summary>
    internal static TableRequest Read(Invocation run) => new()
    {
        Recipe = run.Get(Recipe) is { } name ? TableRecipe.All.Find(name) : null,
        Each = run.Get(Each),
        Rows = Named(run, Rows),
        Columns = Named(run, Columns),
        Head = run.IsGiven(Head) ? CellSpec.Parse(Head.Name, run.Get(Head)) : null,
        Cells = run.IsGiven(Cell) ? CellSpec.Parse(Cell.Name, run.Get(Cell)) : null,
        Where = [.. (run.Get(Where) ?? []).Select(One)],
        Sort = run.Get(Sort),
        Count = run.Get(Count),
        Digits = run.Get(Digits),
        Title = run.Get(Title),
    };

    /// <summary>The files to write, by format.</summary>
    internal static IReadOnlyList<(TableFormat Format, string File)> Files(Invocation run)
    {
        string place = run.Get(Out), ending = Path.GetExtension(place).TrimStart('.');
        bool isFile = !Directory.Exists(place) && Find(ending) is not null;
        string[] names = (run.Get(Format) ?? (isFile ? ending : TableFormat.All[0].Name)).Split(
            ',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        TableFormat[] formats = [.. names.Select(n => Find(n)
            ?? throw new InputException($"{Format.Name} '{n}': expected one of {string.Join(", ", TableFormat.All.Names)}")).Distinct()];
        return [.. formats.Select(f => (f, isFile ? Path.ChangeExtension(place, f.Name) : Path.Combine(place, $"table.{f.Name}")))];
    }

    private static TableFormat? Find(string name) =>
        TableFormat.All.FirstOrDefault(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static IReadOnlyList<FieldName>? Named(Invocation run, Option<string> option) =>
        !run.IsGiven(option) ? null : FieldName.Parse(run.Get(option)) is { Count: > 0 } fields ? fields
        : throw new InputException($"{option.Name} '{run.Get(option)}': expected names of fields with commas between; --fields lists them");

    private static (string, string[]) One(string text) =>
        text.IndexOf('=', StringComparison.Ordinal) is > 0 and var mark && mark + 1 < text.Length
        ? (text[..mark], text[(mark + 1)..].Split(',', StringSplitOptions.TrimEntries))
        : throw new InputException($"{Where.Name} '{text}': expected FIELD=VALUE[,VALUE...], such as method=gradcam,lrp");

    private static Option<string[]> Cells(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "CELL[,CELL...]",
        AllowMultipleArgumentsPerToken = false,
    };
}
