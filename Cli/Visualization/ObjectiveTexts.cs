using Interp.Engine.Visualization;
using Interp.Engine.Visualization.Objectives;

namespace Interp.Cli.Visualization;

/// <summary>Reads objectives that are written as text.</summary>
internal static class ObjectiveTexts
{
    internal static Func<string, Objective> Reader(Visualizer visualizer, VisualizationOptions options) => text =>
        ObjectiveParser.Parse(text, visualizer.Network);
}
