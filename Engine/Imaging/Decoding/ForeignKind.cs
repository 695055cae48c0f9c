using System.Text;

namespace Interp.Engine.Imaging.Decoding;

/// <summary>
/// A kind of file that cannot be read as an image: how it is known, and what to do about it. A new kind is one line in the table.
/// </summary>
/// <param name="Name">What it is, after "a" or "an": "WebP".</param>
/// <param name="IsImage">Whether somebody who says "the images in this folder" means it.</param>
/// <param name="Extensions">Its usual extensions, separated by spaces.</param>
/// <param name="Advice">What to do; {0} stands for the file and {1} for a PNG beside it.</param>
/// <param name="Starts">
/// How its content begins, each character a byte and '?' any byte; what begins with '&lt;' is markup, looked for behind blanks and an XML
/// declaration, in any case.
/// </param>
internal sealed record ForeignKind(string Name, bool IsImage, string Extensions, string Advice, params string[] Starts)
{
    /// <summary>How many bytes of a file tell its kind.</summary>
    public const int HeadLength = 4096;

    private const string Convert = "convert it to PNG: magick {0} {1}", Unpack = "unpack it first";

    private static readonly ForeignKind[] s_all =
    [
        new("WebP", true, ".webp", Convert, "RIFF????WEBP"),
        new("AVIF", true, ".avif .avifs", Convert, "????ftypavif", "????ftypavis", "????ftypmif1????avif", "????ftypmif1????????avif"),
        new("HEIC", true, ".heic .heif .heics .hif", Convert,
            "????ftypheic", "????ftypheix", "????ftypheim", "????ftypheis", "????ftyphevc", "????ftyphevx", "????ftypmif1", "????ftypmsf1"),
        new("camera raw", true, ".cr2 .cr3 .nef .arw .dng .raf .orf .rw2 .pef .srw", "develop it to PNG: darktable-cli {0} {1}",
            "II*\0????CR", "????ftypcrx", "FUJIFILMCCD-RAW", "IIRO", "IIU\0"),
        new("TIFF", true, ".tif .tiff .btf", Convert, "II*\0", "MM\0*", "II+\0", "MM\0+"),
        new("JPEG XL", true, ".jxl", "convert it to PNG: djxl {0} {1}", "\u00FF\n", "\0\0\0\fJXL "),
        new("JPEG 2000", true, ".jp2 .j2k .j2c .jpf .jpx", Convert, "\0\0\0\fjP  ", "\u00FFO\u00FFQ"),
        new("JPEG XR", true, ".jxr .wdp .hdp", Convert, "II\u00BC"),
        new("DICOM", true, ".dcm .dicom", "save it as PNG with a DICOM viewer, where window and level are chosen", Skip(128) + "DICM"),
        new("NIfTI", true, ".nii .nii.gz", "save one of its slices as PNG", Skip(344) + "n+1\0", Skip(344) + "ni1\0"),
        new("SVG", true, ".svg .svgz", "draw it as PNG: magick -density 192 {0} {1}", "<svg", "<!doctype svg"),
        new("ICO", true, ".ico .cur", "save one of its sizes as PNG", "\0\0\u0001\0", "\0\0\u0002\0\u0001\0"),
        new("OpenEXR", true, ".exr", Convert, "v/1\u0001"),
        new("Radiance HDR", true, ".hdr .pic", Convert, "#?RADIANCE", "#?RGBE"),
        new("Netpbm", true, ".pbm .pgm .ppm .pnm .pam .pfm", Convert, [.. "1234567Ff".SelectMany(c => new[] { $"P{c}\n", $"P{c} " })]),
        new("QOI", true, ".qoi", Convert, "qoif"),
        new("PCX", true, ".pcx", Convert, "\n\u0005\u0001\b"),
        new("DDS", true, ".dds", Convert, "DDS "),
        new("GIMP XCF", true, ".xcf", "export it as PNG", "gimp xcf"),
        new("PSB", true, ".psb", "save it as PNG", "8BPS\0\u0002"),

        new("PDF", false, ".pdf", "draw its first page: pdftoppm -png -singlefile {0} page", "%PDF-"),
        new("PostScript", false, ".ps .eps", "draw it as PNG: magick -density 192 {0} {1}", "%!PS", "\u00C5\u00D0\u00D3\u00C6"),
        new("a video", false, ".mp4 .mov .m4v .mkv .webm .avi .mpg", "take one of its frames: ffmpeg -i {0} -frames:v 1 {1}",
            "????ftyp", "????moov", "????mdat", "\u001AE\u00DF\u00A3", "RIFF????AVI ", "\0\0\u0001\u00BA"),
        new("a web page", false, ".html .htm", "the download went wrong: fetch the file itself", "<!doctype html", "<html"),
        new("a Git LFS pointer", false, "", "run 'git lfs pull' to fetch the file itself", "version https://git-lfs"),
        new("gzip", false, ".gz", Unpack, "\u001F\u008B"),
        new("a zip archive", false, ".zip", Unpack, "PK\u0003\u0004"),
        new("bzip2", false, ".bz2", Unpack, "BZh"),
        new("xz", false, ".xz", Unpack, "\u00FD7zXZ"),
        new("zstd", false, ".zst", Unpack, "(\u00B5/\u00FD"),
        new("a 7-Zip archive", false, ".7z", Unpack, "7z\u00BC\u00AF"),
        new("a RAR archive", false, ".rar", Unpack, "Rar!"),
        new("a tar archive", false, ".tar", Unpack, Skip(257) + "ustar"),
        new("a NumPy array", false, ".npy", "rename it to end in .npy if it is a tensor in network units", "\u0093NUMPY"),
        new("HDF5", false, ".h5 .hdf5", "save its images as PNG", "\u0089HDF"),
        new("what macOS notes about another file", false, "", "leave it out", "\0\u0005\u0016\u0007"),
    ];

    /// <summary>The kind that a content is of, or null.</summary>
    public static ForeignKind? OfContent(ReadOnlySpan<byte> head)
    {
        string text = Encoding.Latin1.GetString(head[..Math.Min(head.Length, HeadLength)]);
        string markup = text.TrimStart('\u00EF', '\u00BB', '\u00BF', ' ', '\t', '\r', '\n');
        return s_all.FirstOrDefault(k => k.Starts.Any(s => s[0] == '<' ? IsMarkup(markup, s) : StartsWith(text, s)));
    }

    /// <summary>The kind that a file's name tells, or null.</summary>
    public static ForeignKind? OfName(string path) => s_all.FirstOrDefault(
        k => k.Extensions.Split(' ').Any(e => e.Length > 0 && path.EndsWith(e, StringComparison.OrdinalIgnoreCase)));

    /// <summary>What to do about a file of this kind.</summary>
    public string AdviceFor(string path)
    {
        string png = Path.ChangeExtension(path, ".png");
        png = png == path ? Path.ChangeExtension(path, null) + "-converted.png" : png;
        return string.Format(null, Advice, Quoted(path), Quoted(png));
    }

    private static string Skip(int bytes) => new('?', bytes);

    private static bool StartsWith(string text, string pattern) =>
        text.Length >= pattern.Length && !pattern.Where((c, i) => c != '?' && c != text[i]).Any();

    private static bool IsMarkup(string text, string tag) => text.StartsWith(tag, StringComparison.OrdinalIgnoreCase)
        || (text.StartsWith("<?xml", StringComparison.OrdinalIgnoreCase) && text.Contains(tag, StringComparison.OrdinalIgnoreCase));

    private static string Quoted(string path) =>
        path.All(c => char.IsLetterOrDigit(c) || "/\\.:_-+,".Contains(c, StringComparison.Ordinal)) ? path : $"'{path}'";
}
