using System.Globalization;
using Interp.Cli.Output;
using Interp.Weights;

namespace Interp.Cli;

/// <summary><c>convert --list</c>: torchvision's weight files, which can be had by name.</summary>
internal static class PretrainedList
{
    internal static int Write(Invocation run)
    {
        if (run.Json)
        {
            run.WriteJson([.. PretrainedWeights.All.Select(PretrainedLine.Of)], CliJson.Pretty.IReadOnlyListPretrainedLine);
            return ExitCodes.Done;
        }

        var table = new TextTable("name", "top-1#", "parameters#", "size#", "images", "file");
        foreach (PretrainedLine p in PretrainedWeights.All.Select(PretrainedLine.Of))
        {
            string top1 = p.Top1?.ToString("f1", CultureInfo.InvariantCulture) ?? "-";
            string images = $"{p.Resize}/{p.Crop} {p.Interpolation}";
            table.Add(p.Name, top1, Readable.Count(p.Parameters), Readable.Size(sizeof(float) * p.Parameters), images, p.File);
        }

        run.Write(table);
        run.Note("size is that of float32 values; images: shorter side/middle in pixels, filter");
        return ExitCodes.Done;
    }
}
