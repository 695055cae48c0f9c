namespace Interp.Engine.Imaging;

/// <summary>Reading and writing of picture files.</summary>
public static class ImageFile
{
    /// <summary>Reads a picture as RGB.</summary>
    public static RgbImage Read(string path) => throw new NotImplementedException(path);

    /// <summary>Writes a PNG.</summary>
    public static void WritePng(Stream stream, RgbImage image) => throw new NotImplementedException();

    /// <summary>The picture files meant by a list of files and folders.</summary>
    public static IReadOnlyList<string> List(IEnumerable<string> paths) => throw new NotImplementedException();
}
