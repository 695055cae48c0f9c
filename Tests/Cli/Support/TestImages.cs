using Interp.Engine.Common;
using Interp.Engine.Imaging;
using Interp.Engine.Tensors;

namespace Interp.Tests.Cli.Support;

/// <summary>Input files with random content.</summary>
internal static class TestImages
{
    /// <summary>A PNG of 40×36 pixels.</summary>
    public static string WritePng(string path, ulong seed = 0)
    {
        var rng = new Rng(seed);
        byte[] pixels = [.. Enumerable.Range(0, 40 * 36 * 3).Select(i => (byte)(256 * rng.Uniform((ulong)i)))];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using FileStream file = File.Create(path);
        ImageFile.WritePng(file, new RgbImage(40, 36, pixels));
        return path;
    }

    /// <summary>Several of them, each with content of its own: <c>00.png</c>, <c>01.png</c> and so on.</summary>
    public static void WritePngs(string folder, int count)
    {
        for (int i = 0; i < count; i++)
        {
            WritePng(Path.Combine(folder, $"{i:00}.png"), (ulong)i);
        }
    }

    /// <summary>A tensor in network units.</summary>
    public static string WriteNpy(string path, params int[] shape)
    {
        var rng = new Rng(3);
        var dims = new Shape(shape);
        using FileStream file = File.Create(path);
        Npy.Write(file, dims, [.. Enumerable.Range(0, (int)dims.Count).Select(i => (float)rng.Gaussian((ulong)i))]);
        return path;
    }
}
