using System.Diagnostics;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Xml.Linq;
using Interp.Tests.Support;

namespace Interp.Tests.Packages;

/// <summary>
/// The packages that <c>scripts/pack</c> makes, in a temporary folder, and what a user does with them there. Packages named Interp come
/// from that
/// folder alone, others from the machine's package cache, where the build of these tests put them; so no registry is asked. What is
/// restored goes to
/// a cache of its own: the user's would serve yesterday's packages of the same version.
/// </summary>
internal sealed class PackageFeed : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    internal PackageFeed()
    {
        Run(Repository.PathOf("scripts", "pack"), Packages);
        string cache = Run("dotnet", "nuget", "locals", "global-packages", "--list").Split(": ", 2)[1].Trim();
        File.WriteAllText(Configuration, $"""
            <configuration>
              <packageSources>
                <clear />
                <add key="interp" value="{Packages}" />
                <add key="others" value="{cache}" />
              </packageSources>
              <fallbackPackageFolders><clear /></fallbackPackageFolders>
              <auditSources><clear /></auditSources>
              <packageSourceMapping>
                <clear />
                <packageSource key="interp"><package pattern="Interp" /><package pattern="Interp.*" /></packageSource>
                <packageSource key="others"><package pattern="*" /></packageSource>
              </packageSourceMapping>
            </configuration>
            """);
        Environment["NUGET_PACKAGES"] = this["cache"];
    }

    internal string Packages => this["packages"];

    private string Configuration => this["nuget.config"];

    private Dictionary<string, string> Environment { get; } = new()
    {
        // The wrapper of an installed tool looks for .NET there; servers that outlive a build would outlive the tests.
        ["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..")),
        ["MSBUILDDISABLENODEREUSE"] = "1",
        ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0",
        ["DOTNET_NOLOGO"] = "1",
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
    };

    internal string this[params string[] parts] => _folder[parts];

    public void Dispose() => _folder.Dispose();

    /// <summary>The one package of that id and kind; its version is between the id and the extension.</summary>
    internal string PathOf(string id, string extension = "nupkg") =>
        Directory.GetFiles(Packages, $"{id}.*.{extension}").Single(f => char.IsAsciiDigit(Path.GetFileName(f)[id.Length + 1]));

    internal string VersionOf(string id) => Path.GetFileNameWithoutExtension(PathOf(id))[(id.Length + 1)..];

    /// <summary>The files in a package, with their contents.</summary>
    internal Dictionary<string, byte[]> Read(string id, string extension = "nupkg")
    {
        using ZipArchive archive = ZipFile.OpenRead(PathOf(id, extension));
        return archive.Entries.ToDictionary(e => e.FullName, e =>
        {
            using Stream stream = e.Open();
            var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            return bytes.ToArray();
        });
    }

    /// <summary>What a package says of itself.</summary>
    internal XElement Metadata(string id)
    {
        XElement nuspec = XElement.Load(new MemoryStream(Read(id)[$"{id}.nuspec"]));
        foreach (XElement element in nuspec.DescendantsAndSelf())
        {
            element.Name = element.Name.LocalName;
        }

        return nuspec.Element("metadata")!;
    }

    /// <summary>Runs a program in the folder and gives what it wrote to standard output; it must succeed.</summary>
    internal string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = _folder.Root };
        foreach ((string name, string value) in Environment)
        {
            start.Environment[name] = value;
        }

        (int code, string output, string error) = Shell.Run(start);
        Assert.AreEqual(0, code, $"{program} {string.Join(' ', arguments)}\n{output}\n{error}");
        return output;
    }
}
