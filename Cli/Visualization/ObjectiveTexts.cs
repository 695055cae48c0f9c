using Interp.Engine.Imaging;
using Interp.Engine.Visualization;
using Interp.Engine.Visualization.Objectives;
using Interp.Engine.Visualization.Objectives.Parsing;

namespace Interp.Cli.Visualization;

/// <summary>Reads objectives that are written as text, with the photos that they name.</summary>
internal static class ObjectiveTexts
{
    /// <summary>A reader for images that are optimised with the given options.</summary>
    internal static Func<string, Objective> Reader(Visualizer visualizer, VisualizationOptions options)
    {
        Canvas canvas = visualizer.SizeOf(options) with { Count = 1 };
        var sources = new ObjectiveSources((path, node) => visualizer.Activation(node, canvas, Image(path)), Image);
        return text => ObjectiveParser.Parse(text, visualizer.Network, sources);

        float[] Image(string path) => ImageBytes.ToPlanes(Fit(ImageFile.Read(path), canvas), 1, canvas.Channels);
    }

    /// <summary>The photo's middle at the images' size.</summary>
    private static RgbImage Fit(RgbImage photo, Canvas canvas) =>
        canvas.Height == canvas.Width ? Resampling.ResizeAndCrop(photo, canvas.Height, canvas.Height)
        : Resampling.Resize(photo, canvas.Width, canvas.Height);
}
