using System.Text.RegularExpressions;
using Interp.Tests.Support;

namespace Interp.Tests.Docs;

/// <summary>A page of the documentation: README.md or a file of docs/.</summary>
internal sealed partial class DocPage
{
    private DocPage(string path)
    {
        Path = path;
        Lines = File.ReadAllLines(path);
        string? language = null;
        int start = 0;
        var fences = new List<Fence>();
        var prose = new List<(int, string)>();
        for (int i = 0; i < Lines.Length; i++)
        {
            if (!Lines[i].TrimStart().StartsWith("```", StringComparison.Ordinal))
            {
                if (language is null)
                {
                    prose.Add((i + 1, Lines[i]));
                }
            }
            else if (language is null)
            {
                (language, start) = (Lines[i].Trim()[3..], i + 1);
            }
            else
            {
                fences.Add(new Fence(language, start + 1, Lines[start..i]));
                language = null;
            }
        }

        Assert.IsNull(language, $"{Name}: a code block is not closed");
        (Fences, Prose) = (fences, prose);
    }

    /// <summary>All pages, README.md first.</summary>
    public static IReadOnlyList<DocPage> All { get; } =
        [.. Directory.EnumerateFiles(Repository.PathOf("docs"), "*.md").Order(StringComparer.Ordinal).Prepend(
            Repository.PathOf("README.md")).Select(p => new DocPage(p))];

    public string Path { get; }

    /// <summary>As the repository calls it: <c>docs/saliency.md</c>.</summary>
    public string Name => System.IO.Path.GetRelativePath(Repository.Folder, Path).Replace('\\', '/');

    public string[] Lines { get; }

    public IReadOnlyList<Fence> Fences { get; }

    /// <summary>The lines outside code blocks with their numbers.</summary>
    public IReadOnlyList<(int Number, string Text)> Prose { get; }

    /// <summary>The code spans outside code blocks, with their lines' numbers.</summary>
    public IEnumerable<(int Number, string Text)> Spans =>
        from line in Prose
        from match in CodeSpan().Matches(line.Text)
        select (line.Number, match.Groups[1].Value);

    /// <summary>What links can point at, as GitHub makes it of headings: lower case, hyphens for spaces, no punctuation, -1 for a second
    /// one.</summary>
    public IReadOnlyCollection<string> Anchors
    {
        get
        {
            var anchors = new HashSet<string>(StringComparer.Ordinal);
            foreach ((_, string text) in Prose.Where(l => l.Text.StartsWith('#')))
            {
                string anchor = Punctuation().Replace(text.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-');
                for (int n = 1; !anchors.Add(n == 1 ? anchor : $"{anchor}-{n - 1}"); n++)
                {
                }
            }

            return anchors;
        }
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex CodeSpan();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex Punctuation();

    /// <summary>A code block.</summary>
    /// <param name="Language">What stands behind its opening marks.</param>
    /// <param name="Number">The number of its first line.</param>
    /// <param name="Lines">What is in it.</param>
    public sealed record Fence(string Language, int Number, string[] Lines);
}
