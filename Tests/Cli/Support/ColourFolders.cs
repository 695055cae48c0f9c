using Interp.Engine.Common;
using Interp.Engine.Imaging;
using Interp.Tests.Support;

namespace Interp.Tests.Cli.Support;

/// <summary>Folders of images that a small network tells apart by their colours: <c>blue</c>, ImageNet's tabby in green,
/// <c>red</c>.</summary>
internal static class ColourFolders
{
    public static readonly string[] Classes = ["blue", "n02123045", "red"];

    /// <summary>Writes some images of each class.</summary>
    public static void Write(TemporaryFolder scratch, string folder, int each, ulong seed)
    {
        for (int c = 0; c < Classes.Length; c++)
        {
            for (int i = 0; i < each; i++)
            {
                WriteOne(scratch[folder, Classes[c], $"{i}.png"], c, seed + (ulong)i);
            }
        }
    }

    /// <summary>Writes one image in a class's colour.</summary>
    public static string WriteOne(string path, int c, ulong seed)
    {
        var rng = new Rng(seed, (ulong)c);
        int colour = 2 - c;
        byte[] pixels = [.. Enumerable.Range(0, 40 * 36 * 3).Select(k =>
            (byte)((100 * rng.Uniform((ulong)k)) + (k % 3 == colour ? 150 : 0)))];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        ImageFile.WritePng(path, new RgbImage(40, 36, pixels));
        return path;
    }
}
