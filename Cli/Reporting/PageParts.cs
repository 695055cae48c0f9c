using System.Net;
using Interp.Cli.Output;
using Interp.Engine.Imaging;

namespace Interp.Cli.Reporting;

/// <summary>What pages are put together from.</summary>
internal static class PageParts
{
    /// <summary>Text in which nothing is markup; nothing where there is none.</summary>
    internal static string Html(string? text) => WebUtility.HtmlEncode(text) ?? "";

    /// <summary>The address of an image that lies in the page itself.</summary>
    internal static string Data(RgbImage image) => Data(PngChunks.Encode(image));

    /// <summary>The same of a PNG file's bytes.</summary>
    internal static string Data(byte[] png) => $"data:image/png;base64,{Convert.ToBase64String(png)}";
}
