using Interp.Cli.Output;

namespace Interp.Cli.Visualization;

/// <summary>What <c>visualize --strip</c> prints when it is done.</summary>
internal static class StripSummary
{
    internal static void Show(Invocation run, StripLine line)
    {
        var table = new TextTable(
            "image", "probability#", "noise#", "read back as", "largest change#", "L2#", "SSIM#", "rose most", "from#", "to#");
        foreach (StripCell c in line.Manifest.Cells)
        {
            table.Add(
                c.Words,
                Readable.Percent(c.Probability),
                c.NoiseProbability is { } noise ? Readable.Percent(noise) : "",
                $"{c.Top.Class} {TargetWords.Short(c.Top.Label)}",
                $"{Math.Round(255 * c.Linf)}/255",
                Readable.Number(c.L2),
                Readable.Number(c.Ssim),
                c.Unit is { } u ? $"{line.Manifest.Layer}:{u.Channel}" : "",
                c.Unit is { } b ? Readable.Number(b.Before) : "",
                c.Unit is { } a ? Readable.Number(a.After) : "");
        }

        run.Write(table);
        run.Note($"the row of all images: {Readable.Path(Path.Combine(line.Folder, StripJob.ImageName))}");
    }
}
