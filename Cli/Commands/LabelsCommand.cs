using System.CommandLine;
using System.Text;
using Interp.Cli.Help;
using Interp.Cli.LabelSets;
using Interp.Cli.Output;
using Interp.Engine.Imaging;
using Interp.Engine.LabelSets;

namespace Interp.Cli.Commands;

/// <summary><c>labels</c>: what is in a folder of images with labels, and what is wrong with it.</summary>
internal static class LabelsCommand
{
    private const int RemarksShown = 3;
    private const string OutName = "--out";

    private static readonly Argument<string> s_folder = new("DIR")
    {
        Description = "Folder of images and their labels; 'patterns' for the built-in images",
    };

    private static readonly Option<string?> s_layout = new("--layout")
    {
        Description = "How images and labels lie in it [default: seen from its files]",
        HelpName = "LAYOUT",
    };

    private static readonly Option<string> s_out = TypedOption.Text(
        OutName, "Folder for a sheet of six images with outlines, and the concepts as a table", "DIR");

    internal static Command Create(CliContext context) =>
        new ProgramCommand("labels", "Check a folder of images with labels: its layout, concepts and problems", context, Run)
    {
        Headings.Arguments,
        s_folder,
        "How labels are read",
        s_layout,
        LabelFlags.Images,
        LabelFlags.PolygonRule,
        Headings.Output,
        s_out,
        SharedOptions.Json,
        SharedOptions.Threads,
    }.WithExamples("coco/", "coco/ --layout coco-panoptic --out out");

    private static int Run(Invocation run)
    {
        LabelSet set = LabelLayouts.Open(run.Get(s_folder), run.Get(s_layout), LabelFlags.Read(run));
        if (run.Get(s_out) is { } folder)
        {
            OutputFile.CreateFolder(folder, OutName);
        }

        foreach (string remark in run.Json ? [] : set.Remarks)
        {
            run.Note(remark);
        }

        LabelSurvey survey = run.Progress("reading").Run(report => LabelSurvey.Of(
            set, run.Get(SharedOptions.Threads), (name, done) => report(name, done, set.Count), run.Cancel));
        foreach ((_, string line) in survey.Problems)
        {
            run.Fail(new Engine.Common.InputException(line));
        }

        foreach ((int index, string line) in survey.Remarks.Take(RemarksShown))
        {
            run.Note($"{set.NameOf(index)}: {line}");
        }

        if (survey.Remarks.Length > RemarksShown)
        {
            run.Note($"{survey.Remarks.Length - RemarksShown} more images have such remarks; --json lists them");
        }

        var summary = LabelsSummary.Of(set, survey, run.Get(LabelFlags.PolygonRule));
        Show(run, summary);
        if (run.Get(s_out) is { } place)
        {
            Write(run, set, survey, summary, place);
        }

        return survey.Problems.Length > 0 ? ExitCodes.Usage : ExitCodes.Done;
    }

    private static void Show(Invocation run, LabelsSummary summary)
    {
        if (run.Json)
        {
            run.WriteJson(summary, LabelsJson.Pretty.LabelsSummary);
            return;
        }

        run.Write(summary.Table());
        run.WriteLine(summary.Total());
    }

    private static void Write(Invocation run, LabelSet set, LabelSurvey survey, LabelsSummary summary, string folder)
    {
        int[] chosen = LabelSheet.Choose(set.Count, survey.Problems.Select(p => p.Index).ToHashSet());
        if (chosen.Length > 0)
        {
            RgbImage sheet = LabelSheet.Draw(set, [.. chosen.Select(i => set.Read(i, run.Cancel))]);
            OutputFile.Write(Path.Combine(folder, "sheet.png"), OutName, s => ImageFile.WritePng(s, sheet));
        }

        OutputFile.Write(Path.Combine(folder, "concepts.csv"), OutName, s => s.Write(Encoding.UTF8.GetBytes(summary.Csv())));
        Stored.Write(Path.Combine(folder, "labels.json"), OutName, summary, LabelsJson.Pretty.LabelsSummary);
        if (!run.Json)
        {
            run.WriteLine($"{Readable.Path(folder)}: {(chosen.Length > 0 ? "sheet.png, " : "")}concepts.csv, labels.json");
        }
    }
}
