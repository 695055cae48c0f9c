using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Interp.Engine.Imaging;
using Interp.Tests.Support;

namespace Interp.Tests.Packages;

/// <summary>The NuGet packages as their users have them: made, restored into a new project, installed as a tool, and run.</summary>
[TestClass]
[DoNotParallelize] // It builds, and what it builds is what other tests use.
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed partial class PackageTests
{
    private const int LargestBytes = 35 << 20;

    private static readonly string Photo = Repository.PathOf("Cli", "photos", "chelsea.png");
    private static PackageFeed? s_feed;

    private static PackageFeed Feed => s_feed ??= new PackageFeed();

    [ClassCleanup]
    public static void Clean() => s_feed?.Dispose();

    [TestMethod]
    [DataRow("Interp", "MIT", "Interp.Engine Interp.Models.Vgg16 Interp.Weights")]
    [DataRow("Interp.Engine", "MIT", "StbImageSharp StbImageWriteSharp")]
    [DataRow("Interp.Weights", "MIT", "Interp.Engine")]
    [DataRow("Interp.Cuda", "MIT", "Interp.Engine")]
    [DataRow("Interp.Models.Vgg16", "MIT AND CC-BY-4.0", "")]
    [DataRow("Interp.Tool", "MIT AND CC-BY-4.0", "")]
    public void Package_EachOfThem_SaysWhatItIs(string id, string licence, string needs)
    {
        XElement metadata = Feed.Metadata(id);
        string Text(string name) => metadata.Element(name)?.Value ?? "";
        Assert.AreEqual(licence, Text("license"));
        Assert.AreEqual("README.md", Text("readme"));
        Assert.AreEqual("icon.png", Text("icon"));
        Assert.Contains("saliency", Text("tags"));
        Assert.IsInRange(40, 200, Text("description").Length);
        Assert.AreNotEqual("", Text("copyright"));
        Assert.IsNull(metadata.Element("repository")?.Attribute("url"));
        XElement[] dependencies = [.. metadata.Descendants("dependency")];
        Assert.AreEqual(needs, string.Join(' ', dependencies.Select(d => d.Attribute("id")!.Value).Order(StringComparer.Ordinal)));
        foreach (XElement sibling in dependencies.Where(d => d.Attribute("id")!.Value.StartsWith("Interp", StringComparison.Ordinal)))
        {
            Assert.AreEqual($"[{Feed.VersionOf(sibling.Attribute("id")!.Value)}]", sibling.Attribute("version")!.Value);
        }

        Dictionary<string, byte[]> files = Feed.Read(id);
        CollectionAssert.AreEqual(File.ReadAllBytes(Repository.PathOf("NOTICE")), files["NOTICE"]);
        CollectionAssert.AreEqual(File.ReadAllBytes(Repository.PathOf("LICENSE")), files["LICENSE"]);
        Assert.AreEqual(128, BinaryPrimitives.ReadInt32BigEndian(files["icon.png"].AsSpan(16)), "the icon's width");
        Assert.IsLessThan(LargestBytes, new FileInfo(Feed.PathOf(id)).Length);
        Assert.AreEqual(licence == "MIT" ? 0 : 1, files.Keys.Count(f => f.EndsWith("tensors.bin", StringComparison.Ordinal)),
            "copies of the model");
        foreach ((string name, byte[] bytes) in files)
        {
            Assert.AreEqual(-1, bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Repository.Folder + "/")),
                $"{name} names the folder where it was made");
        }
    }

    [TestMethod]
    [DataRow("Interp.Engine")]
    [DataRow("Interp.Weights")]
    [DataRow("Interp.Cuda")]
    public void Library_EachOfThem_HasDocumentationAndSymbols(string id)
    {
        string path = $"lib/net10.0/{id}";
        Dictionary<string, byte[]> files = Feed.Read(id);
        Assert.Contains($"{path}.xml", files.Keys);
        Assert.Contains("IsAotCompatible", Encoding.UTF8.GetString(files[$"{path}.dll"]));
        Assert.Contains($"{path}.pdb", Feed.Read(id, "snupkg").Keys);
    }

    [TestMethod]
    public void Pages_InANewProject_CompileAndExplainAPhoto()
    {
        string project = Feed["explain"];
        Directory.CreateDirectory(project);
        File.WriteAllText(Path.Combine(project, "explain.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Interp" Version="{Feed.VersionOf("Interp")}" />
                <PackageReference Include="Interp.Cuda" Version="{Feed.VersionOf("Interp.Cuda")}" />
              </ItemGroup>
            </Project>
            """);
        int examples = 0;
        foreach (string page in Directory.EnumerateFiles(Repository.PathOf("scripts", "packages", "readme")))
        {
            string name = Path.GetFileNameWithoutExtension(page);
            foreach (Match example in CSharpBlock().Matches(File.ReadAllText(page)))
            {
                examples++;
                (string usings, string code) = (example.Groups[1].Value, example.Groups[2].Value);
                string text = name == "Interp" ? usings + code
                    : $"{usings} internal static class Page{examples} {{ internal static void Run() {{ {code} }} }}";
                File.WriteAllText(Path.Combine(project, $"{name}.cs"), text);
            }
        }

        Assert.IsGreaterThan(3, examples);
        Feed.Run("dotnet", "build", project, "--configuration", "Release", "--verbosity", "quiet", "-p:UseSharedCompilation=false");

        string said = Feed.Run("dotnet", Path.Combine(project, "bin", "Release", "net10.0", "explain.dll"), Photo);

        Assert.Contains("tabby", said);
        RgbImage overlay = ImageFile.Read(Feed["overlay.png"]);
        Assert.AreEqual((224, 224), (overlay.Width, overlay.Height));
    }

    [TestMethod]
    public void Tool_Installed_FindsItsModelAndExplainsAPhoto()
    {
        string tools = Feed["tools"];
        Feed.Run("dotnet", "tool", "install", "Interp.Tool", "--tool-path", tools, "--configfile", Feed["nuget.config"]);
        string program = Path.Combine(tools, "interp-cli");

        Assert.Contains("vgg16-200", Feed.Run(program, "models"));
        Feed.Run(program, "saliency", Photo, "--method", "guided", "--out", Feed["out"]);

        RgbImage map = ImageFile.Read(Feed["out", "chelsea", "guided", "color.png"]);
        Assert.AreEqual((224, 224), (map.Width, map.Height));
    }

    /// <summary>A C# block of a page: its using directives, and the rest.</summary>
    [GeneratedRegex("```csharp\n((?:using [\\w.]+;\n)*)(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CSharpBlock();
}
