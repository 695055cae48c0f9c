using System.Text;
using Interp.Engine.Common;

namespace Interp.Engine.Attribution.Relevance.Files;

/// <summary>Finds the composite that a user means: by name, in a JSON file, or in the JSON itself, as a manifest holds it.</summary>
internal static class CompositeFile
{
    private const int Most = 256 << 10;

    /// <summary>What a composite is asked for as.</summary>
    public static string Expected { get; } = $"one of {string.Join(", ", Composites.Lrp.Names)}, or a JSON file of rules";

    /// <exception cref="InputException">It is none of them.</exception>
    public static LrpComposite Find(string text)
    {
        if (Composites.Lrp.TryFind(text, out LrpComposite? named))
        {
            return named;
        }

        if (text.TrimStart().StartsWith('{'))
        {
            return CompositeReader.Read(text, "inline");
        }

        return Path.Exists(text)
            ? CompositeReader.Read(InputFile.Read(text, "a JSON file of rules", Content, default), Path.GetFileName(text))
            : throw new InputException($"expected {Expected}; there is no such file");
    }

    private static string Content(Stream file)
    {
        using var reader = new StreamReader(file, Encoding.UTF8);
        var text = new char[Most + 1];
        int length = reader.ReadBlock(text);
        return length <= Most
            ? new string(text, 0, length)
            : throw new InputException($"longer than {Most} characters; expected a JSON file of rules");
    }
}
