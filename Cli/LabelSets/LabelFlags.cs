using System.CommandLine;
using Interp.Engine.LabelSets;

namespace Interp.Cli.LabelSets;

/// <summary>How labels are read where files leave a choice.</summary>
internal static class LabelFlags
{
    internal static readonly Option<string> Images = TypedOption.Text(
        "--images", "Folder of the labels' images, where they are not inside the folder of the labels", "DIR");

    internal static readonly Option<string> PolygonRule = TypedOption.Choice(
        "--polygon-rule", "Outlines count from pixels' edges, as COCO's, or go through their centres", "edge", "edge", "centre");

    internal static LabelOptions Read(Invocation run) => new()
    {
        Images = run.Get(Images),
        Polygons = Enum.Parse<Engine.LabelSets.PolygonRule>(run.Get(PolygonRule), ignoreCase: true),
    };
}
