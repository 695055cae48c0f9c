using Interp.Engine.Common;
using Interp.Weights.Formats;

namespace Interp.Tests.Weights.Formats;

/// <summary>A file that is gone when the test is over.</summary>
internal sealed class ScratchFile : IDisposable
{
    /// <summary>What a user can do; every refusal says one.</summary>
    private static readonly string[] NextSteps = ["save", "fetch", "unpack", "git lfs pull", "readable formats: ",
        "the download went wrong"];

    private readonly string _folder = Directory.CreateTempSubdirectory("interp-weights-").FullName;

    internal ScratchFile(byte[] content, string name = "evil.pth")
    {
        Path = System.IO.Path.Combine(_folder, name);
        File.WriteAllBytes(Path, content);
    }

    internal string Path { get; }

    /// <summary>Replaces the file's bytes.</summary>
    internal void Write(ReadOnlySpan<byte> content)
    {
        using FileStream stream = new(Path, FileMode.Create);
        stream.Write(content);
    }

    /// <summary>A file with this content is refused with one line that names the file and holds the given words.</summary>
    internal static string Refuses(byte[] content, params string[] words) => Refuses(content, "evil.pth", words);

    /// <summary>The same for a file of a given name.</summary>
    internal static string Refuses(byte[] content, string name, string[] words)
    {
        using var file = new ScratchFile(content, name);
        string message = Assert.ThrowsExactly<ModelException>(() => WeightFormats.Open(file.Path).Dispose()).Message;
        Assert.StartsWith(file.Path + ": ", message);
        Assert.DoesNotContain('\n', message);
        Assert.IsLessThan(file.Path.Length + 500, message.Length, message);
        Assert.IsTrue(NextSteps.Any(s => message.Contains(s, StringComparison.Ordinal)), $"no next step: {message}");
        foreach (string word in words)
        {
            Assert.Contains(word, message, StringComparison.Ordinal);
        }

        return message;
    }

    public void Dispose() => Directory.Delete(_folder, true);
}
