using System.CommandLine;
using Interp.Cli.Help;
using Interp.Cli.Output;
using Interp.Cli.Tables;
using Interp.Cli.Tables.Formats;
using Interp.Cli.Tables.Reading;

namespace Interp.Cli.Commands;

/// <summary><c>table</c>: a table of results that are there, from their manifests alone.</summary>
internal static class TableCommand
{
    internal static Command Create(CliContext context) =>
        new ProgramCommand("table", "Make a table of results: images by methods, units, classes, concepts", context, Run)
    {
        Headings.Arguments,
        TableFlags.Folders,
        "What the table shows",
        TableFlags.Recipe,
        TableFlags.Rows,
        TableFlags.Columns,
        TableFlags.Cell,
        TableFlags.Head,
        TableFlags.Each,
        TableFlags.Where,
        TableFlags.Sort,
        TableFlags.Count,
        TableFlags.Digits,
        TableFlags.Fields,
        Headings.Output,
        TableFlags.Format,
        TableFlags.Out,
        TableFlags.Title,
        TableFlags.Side,
        TableFlags.Tiles,
        TableFlags.Copies,
        SharedOptions.Json,
    }.WithExamples("out", "out --rows image --columns method --cell image:heatmap",
        "out --recipe units --sort activation_after:down --digits 4");

    private static int Run(Invocation run)
    {
        TableRequest request = TableFlags.Read(run);
        IReadOnlyList<(TableFormat Format, string File)> files = TableFlags.Files(run);
        var scan = new ResultScan(run);
        IReadOnlyList<FoundResult> results = scan.Find(run.Get(TableFlags.Folders));
        if (run.Get(TableFlags.Fields))
        {
            TableSummary.ShowFields(run, results);
            return scan.ExitCode;
        }

        run.NoteIdle(files.All(f => f.Format is not MarkdownTable), "without --format md", TableFlags.Copies);
        TablePlan plan = TablePlan.Of(request, results, run.Note);
        ResultTable table = new TableBuilder(run, request, plan).Build();
        int? tiles = run.Get(TableFlags.Tiles);
        foreach ((TableFormat format, string file) in files)
        {
            var place = new TablePlace(file, run.Get(TableFlags.Side), run.Get(TableFlags.Copies), run.Note);
            ResultTable shown = tiles is { } n && format is not CsvFormat ? table.Tiled(n) : table;
            OutputFile.Write(file, TableFlags.Out.Name, s => format.Write(s, shown, place));
        }

        TableSummary.Show(run, table, plan, [.. files.Select(f => f.File)]);
        return scan.ExitCode;
    }
}
