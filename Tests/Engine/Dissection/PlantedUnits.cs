using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.LabelSets;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Engine.Tensors;

namespace Interp.Tests.Engine.Dissection;

/// <summary>A network whose units are known, and images that excite them in known places: unit 0 is red, 1 blue, 2 green, 3
/// nothing.</summary>
internal static class PlantedUnits
{
    public const int Size = 32, Images = 10, Side = 8;

    /// <summary>Places of a rectangle of 8×8 by all places.</summary>
    public const double Share = (double)(Side * Side) / (Size * Size);

    public static Network Net { get; } = Make();

    /// <summary>In each image a red square; a blue one of the same size that lies half on it; and green along the top. Red is labelled
    /// <c>red</c>, green <c>top</c>, and twice the green band <c>wide</c>.</summary>
    public static ListedLabels Labels { get; } = With((_, planes) => planes);

    /// <summary>The same, the right half of each red square's label being unknown.</summary>
    public static ListedLabels WithUnknown { get; } = With((i, planes) =>
    [
        new LabelPlane("object", Size, Size, [.. planes[0].Labels.Select((l, at) =>
            l == 0 || at % Size < LeftOf(i) + (Side / 2) ? l : LabelPlane.Void)]),
        .. planes[1..],
    ]);

    /// <summary>The same, the first image having no label of an object.</summary>
    public static ListedLabels WithUnlabelled { get; } = With((i, planes) => i == 0 ? planes[1..] : planes);

    private static ListedLabels With(Func<int, LabelPlane[], LabelPlane[]> change) => new(
        [new Concept("red", "object"), new Concept("top", "place"), new Concept("wide", "size")],
        [.. Enumerable.Range(0, Images).Select(i =>
        {
            (RgbImage image, LabelPlane[] planes) = Image(4 + i, LeftOf(i));
            return ((RgbImage, LabelPlane[])?)(image, change(i, planes));
        })]);

    private static int LeftOf(int image) => 2 + (image * 7 % 12);

    private static Network Make()
    {
        float[] weights = [1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0];
        return new NetworkBuilder(3)
            .Then("colors", new Conv2d(3, 4, Window.Square(1), Bias: false),
                Weight.FromValues("colors.weight", new Shape(4, 3, 1, 1), weights))
            .Then("relu", new ReLU()).Then("pool", new MaxPool2d(Window.Square(2, stride: 2)))
            .Then("mean", new AdaptiveAvgPool2d(Size2.Square(1)))
            .Then("flat", new Flatten())
            .Build("planted", new Preprocessing { ResizeShorterSide = Size, InputSize = Size, Mean = [0, 0, 0], Deviation = [1, 1, 1] });
    }

    private static (RgbImage, LabelPlane[]) Image(int top, int left)
    {
        var pixels = new byte[3 * Size * Size];
        ushort[] red = new ushort[Size * Size], band = new ushort[Size * Size], wide = new ushort[Size * Size];
        for (int y = 0; y < Size; y++)
        {
            for (int x = 0; x < Size; x++)
            {
                int at = (y * Size) + x;
                bool rows = y >= top && y < top + Side;
                bool isRed = rows && x >= left && x < left + Side;
                bool isBlue = rows && x >= left + (Side / 2) && x < left + (Side / 2) + Side;
                (pixels[3 * at], pixels[(3 * at) + 1], pixels[(3 * at) + 2]) =
                    ((byte)(isRed ? 255 : 0), (byte)(y < 2 ? 255 : 0), (byte)(isBlue ? 255 : 0));
                (red[at], band[at], wide[at]) = ((ushort)(isRed ? 1 : 0), (ushort)(y < 2 ? 2 : 0), (ushort)(y < 4 ? 3 : 0));
            }
        }

        return (new RgbImage(Size, Size, pixels), [
            new LabelPlane("object", Size, Size, red), new LabelPlane("place", Size, Size, band),
            new LabelPlane("size", Size, Size, wide)]);
    }
}
