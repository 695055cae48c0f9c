using Interp.Cli.Output;

namespace Interp.Cli.Examples;

/// <summary>What <c>unit</c> prints when it is done.</summary>
internal static class UnitSummary
{
    private const int Classes = 3;

    internal static void Show(Invocation run, string folder, UnitManifest manifest)
    {
        TopImagesManifest examples = manifest.Examples;
        if (run.Json)
        {
            run.WriteJson(manifest, ExampleJson.Pretty.UnitManifest);
        }
        else
        {
            UnitLine unit = examples.Units[0];
            StatisticsLine s = unit.Statistics;
            var table = new TextTable("what", "found");
            table.Add("unit", manifest.Unit);
            if (unit.Label is { } label)
            {
                table.Add("stands for", label.Words);
            }

            table.Add("images", $"{examples.Images}, active in {Readable.Percent(s.ActiveShare)}");
            table.Add("largest activation", $"{Readable.Number(s.Maximum)}, median {Readable.Number(s.Quantiles["0.5"])}");
            table.Add("most exciting", string.Join(", ", unit.Most.Take(Classes).Select(e => Path.GetFileName(e.Image))));
            if (manifest.Optimized is { } optimized)
            {
                table.Add("optimised image",
                    $"{Readable.Number(optimized.Extreme)}{(optimized.ExtremeRatio is { } r ? $", {r:0.00} times the best photo" : "")}");
            }

            if (manifest.Removal is { } removal)
            {
                table.Add(
                    "without it",
                    $"{removal.Changed} of {removal.Images} images get another {removal.Answer}; "
                        + $"the top class's probability changes by {Readable.Percent(-removal.TopDrop)} on average");
                table.Add("speaks for",
                    string.Join(", ", removal.Fallen.Take(Classes).Select(c => $"{c.Class} {TargetWords.Short(c.Label)}")));
            }

            table.Add("page", Readable.Path(Path.Combine(folder, UnitJob.PageName)));
            run.Write(table);
        }

        if (manifest.RemovalProblem is { } problem)
        {
            run.Note($"its removal cannot be measured: {problem}");
        }

        if (!examples.Complete)
        {
            run.Note($"partial: this is about the first {examples.Images} images of {examples.Listed} files");
        }
    }
}
