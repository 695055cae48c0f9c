using Interp.Engine.Attribution;
using Interp.Engine.Evidence;
using Interp.Engine.Examples;
using Interp.Engine.Imaging;
using Interp.Engine.Tensors;
using Interp.Engine.Training;

namespace Interp.Cli.Influence;

/// <summary>The images of a page: the one that was asked about, and the training images shown, each beside the map of where the head sees
/// the class that was asked about.</summary>
/// <param name="run">The command's run.</param>
/// <param name="context">Network and head.</param>
internal sealed class InfluencePictures(Invocation run, HeadContext context)
{
    internal const string TestName = "test.png", TestMapName = "test-map.png";
    private const int Side = 176;
    private readonly LayerRun _layer = new(context.Explainer, context.Layer);

    /// <summary>Whether the layer has maps that show places.</summary>
    private bool HasMaps => context.Network.OwnShapes[context.Layer.Id].HasMaps;

    /// <summary>Writes the images, and names them in the manifest.</summary>
    internal void Write(Question question, QuestionManifest manifest, Action<string, Action<Stream>> add, out QuestionManifest named)
    {
        int target = question.Test.Label;
        Add(question.Asked.Read(context.Network, run.Cancel), target, TestName, TestMapName, add);
        named = manifest with
        {
            Helpful = [.. manifest.Helpful.Select((line, i) => Named(line, $"helpful-{i + 1}"))],
            Harmful = [.. manifest.Harmful.Select((line, i) => Named(line, $"harmful-{i + 1}"))],
        };

        InfluenceLine Named(InfluenceLine line, string name)
        {
            NetworkInput input = NetworkInput.Read(line.TrainImage, context.Network, run.Cancel)[0];
            Add(input, target, $"{name}.png", $"{name}-map.png", add);
            return line with { Picture = $"{name}.png", Map = HasMaps ? $"{name}-map.png" : null };
        }
    }

    /// <summary>A training image as the network sees it, in a square.</summary>
    internal RgbImage Picture(int image) => Square(NetworkInput.Read(context.Set.Images[image].Path, context.Network, run.Cancel)[0].Image);

    private void Add(NetworkInput input, int target, string picture, string map, Action<string, Action<Stream>> add)
    {
        RgbImage square = Square(input.Image);
        add(picture, s => ImageFile.WritePng(s, square));
        if (!HasMaps)
        {
            return;
        }

        (Shape shape, float[] values) = _layer.Activations([input], run.Cancel);
        float[] place = HeadMap.Positive(context.Problem.Head, target, shape, values, (input.Image.Height, input.Image.Width));
        RgbImage overlay = AttributionImages.Render(place, AttributionKind.Map, input.Image, new ImageOptions()).Images
            .First(i => i.Name == "overlay").Image;
        RgbImage drawn = Square(overlay);
        add(map, s => ImageFile.WritePng(s, drawn));
    }

    private static RgbImage Square(RgbImage image) => ExampleImages.Cut(image, new PixelBox(0, 0, image.Width, image.Height), Side);
}
