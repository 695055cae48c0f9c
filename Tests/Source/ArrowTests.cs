using System.Text.RegularExpressions;
using Interp.Tests.Docs;
using Interp.Tests.Support;

namespace Interp.Tests.Source;

/// <summary>
/// Namespaces form layers: each uses those below it, as <c>docs/development.md</c> lists them, and none above it. Read from the
/// <c>using</c> lines and from
/// names that are written in full. What stands at the top of a project, outside of its folders, is above all of them.
/// </summary>
[TestClass]
public sealed partial class ArrowTests
{
    [TestMethod]
    [DataRow("Engine")]
    [DataRow("Weights")]
    [DataRow("Cuda")]
    [DataRow("Cli")]
    public void Namespaces_OfAProject_UseOnlyThoseBelow(string project)
    {
        Dictionary<string, int> levels = Levels(project);
        var wrong = new List<string>();
        int arrows = 0;
        foreach (string file in Directory.EnumerateFiles(Repository.PathOf(project), "*.cs", SearchOption.AllDirectories))
        {
            string[] parts = Path.GetRelativePath(Repository.PathOf(project), file).Split(Path.DirectorySeparatorChar);
            if (parts.Length == 1 || parts[0] is "obj" or "bin")
            {
                continue;
            }

            if (!levels.TryGetValue(parts[0], out int own))
            {
                wrong.Add($"{project}/{parts[0]} stands in no layer: add it to docs/development.md");
                continue;
            }

            foreach (string used in Used(project, File.ReadAllText(file)).Where(u => u != parts[0]))
            {
                arrows++;
                if (!levels.TryGetValue(used, out int level) || level > own)
                {
                    wrong.Add($"{project}/{string.Join('/', parts)} uses {used}, which stands above {parts[0]}");
                }
            }
        }

        Assert.IsGreaterThan(5, arrows, "the arrows are not found");
        Assert.IsEmpty(wrong, string.Join(Environment.NewLine, wrong.Distinct()));
    }

    [TestMethod]
    public void Used_AnyWayOfNaming_IsFound()
    {
        const string Text = """
            using System.Text;
            using Interp.Engine.Graph;
            using Interp.Engine.Attribution.Cam;
            using static Interp.Engine.Layers.Window;
            using Other = Interp.Engine.Cpu.CpuBackend;
            // using Interp.Engine.Evidence;
            namespace Interp.Engine.Rules;
            /// <see cref="Interp.Engine.Visualization.Visualizer"/>
            class A { Interp.Engine.Imaging.RgbImage x; }
            """;
        CollectionAssert.AreEquivalent(new[] { "Graph", "Attribution", "Layers", "Cpu", "Imaging" }, Used("Engine", Text).ToArray());
    }

    /// <summary>The folders of the project that a file names.</summary>
    private static IEnumerable<string> Used(string project, string text) =>
        text.Split('\n').Where(l => !l.StartsWith("namespace ", StringComparison.Ordinal)).Select(l => Comment().Replace(l, ""))
            .SelectMany(l => Regex.Matches(l, $@"\bInterp\.{project}\.([A-Z]\w*)").Select(m => m.Groups[1].Value)).Distinct();

    /// <summary>Each folder's layer, from the list in the documentation: <c>Engine: Common &lt; Tensors &lt; Layers, Graph …</c>.</summary>
    private static Dictionary<string, int> Levels(string project)
    {
        DocPage page = DocPage.All.Single(p => p.Name.EndsWith("development.md", StringComparison.Ordinal));
        string[] lines = [
            .. page.Lines.SkipWhile(l => l != "## Layers").SkipWhile(l => !l.StartsWith("```", StringComparison.Ordinal)).Skip(1)
            .TakeWhile(l => l != "```")];
        string list = string.Join(
            ' ', lines.SkipWhile(l => !l.StartsWith($"{project}:", StringComparison.Ordinal)).TakeWhile(
            (l, i) => i == 0 || l.StartsWith(' ')));
        Assert.IsNotEmpty(list, $"docs/development.md lists no layers of {project}");
        return list[(project.Length + 1)..].Split('<').SelectMany((names, level) => names.Split(',').Select(n => (Name: n.Trim(), level)))
            .ToDictionary(n => n.Name, n => n.level);
    }

    [GeneratedRegex("//.*")]
    private static partial Regex Comment();
}
