using Interp.Engine.Common;
using Interp.Engine.Imaging;

namespace Interp.Engine.Attribution.Gradients;

/// <summary>A distribution of images: random colours, or the images of a folder with equal chances.</summary>
internal sealed class Background
{
    /// <summary>The name of the distribution of random colours.</summary>
    public const string Noise = "noise";

    private readonly GradientRun _run;
    private readonly IReadOnlyList<string>? _files;

    /// <param name="run">Whose network and seed are used.</param>
    /// <param name="source"><see cref="Noise"/>, or a folder or file.</param>
    /// <exception cref="InputException">
    /// There is no such folder, no image in it, or one of a kind that cannot be read: the distribution is all of them.
    /// </exception>
    public Background(GradientRun run, string source)
    {
        _run = run;
        ImageList? list = source == Noise ? null : ImageList.Of(source);
        _files = list?.Unread is { } unread ? throw new InputException($"option 'background': {unread}") : list?.Files;
    }

    /// <summary>The draws of these numbers, <c>[C,H,W]</c> each.</summary>
    /// <exception cref="InputException">A file cannot be read, or has not the explained image's size.</exception>
    public IEnumerable<float[]> Draw(int first, int count) =>
        Enumerable.Range(first, count).Select(i => _files is null ? _run.Start(Baseline.Noise, i) : Read(i, _files));

    private float[] Read(int draw, IReadOnlyList<string> files)
    {
        AttributionRequest request = _run.Request;
        string file = files[(int)(RandomStream.Baseline.For(request, draw).Uniform(0) * files.Count)];
        NetworkInput drawn = NetworkInput.Read(file, request.Network, request.Cancel)[0];
        (RgbImage found, RgbImage expected) = (drawn.Image, request.Input.Image);
        return (found.Height, found.Width) == (expected.Height, expected.Width)
            ? drawn.Tensor
            : throw new InputException(
            $"option 'background': {file} is {found.Height}x{found.Width}, expected {expected.Height}x{expected.Width} as the explained "
            + "image");
    }
}
