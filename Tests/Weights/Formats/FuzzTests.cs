using Interp.Engine.Common;
using Interp.Engine.Models;
using Interp.Weights.Architectures;
using Interp.Weights.Checkpoints;
using Interp.Weights.Formats;
using Interp.Weights.Plans;

namespace Interp.Tests.Weights.Formats;

/// <summary>
/// Damaged files: each either reads or is refused with a <see cref="ModelException"/> of one line, soon and within memory in proportion to
/// its size. The damage is the same in every run.
/// </summary>
[TestClass]
public class FuzzTests
{
    private const int MutantsPerFile = 800;
    private const int CheckpointMutants = 150;

    /// <summary>
    /// What opening may allocate whatever the file holds: the buffers of 16 and 64 KiB, the end of a zip file, the message. And for each
    /// byte of the file: up to 60 bytes while the pickle is read, 16 for the values as float64 (elements are at most twice the bytes).
    /// </summary>
    private const long FixedBytes = 1 << 20;
    private const long BytesPerByte = 100;

    public static IEnumerable<object[]> Files => Fixtures.Expected.Keys.Select(f => new object[] { f });

    [TestMethod]
    [DataRow("plain-zip.pth")]
    [DataRow("plain-legacy.pth")]
    [DataRow("plain.safetensors")]
    public void Open_TruncatedAtEveryLength_IsRefused(string file)
    {
        byte[] content = Fixtures.BytesOf(file);
        using var scratch = new ScratchFile(content);
        var files = new DamagedFiles(FixedBytes, BytesPerByte);
        for (int length = 0; length < content.Length; length++)
        {
            Assert.IsFalse(files.Reads(scratch, content.AsSpan(0, length), ReadsWhole), $"{file} cut to {length} bytes was read");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Files))]
    public void Open_Mutants_ReadOrAreRefused(string file)
    {
        byte[] content = Fixtures.BytesOf(file);
        byte[][] others = [.. Fixtures.Expected.Keys.Select(Fixtures.BytesOf)];
        var random = new Random(file.Length * 7919);
        using var scratch = new ScratchFile(content);
        var files = new DamagedFiles(FixedBytes, BytesPerByte);
        for (int i = 0; i < MutantsPerFile; i++)
        {
            files.Reads(scratch, Damage.Mutate(content, others, random), ReadsWhole);
        }

        files.RequireBothEnds();
    }

    [TestMethod]
    public void Plan_MutatedCheckpoints_PlanOrAreRefused()
    {
        string[] files = Directory.GetFiles(Path.GetDirectoryName(Fixtures.PathOf("networks/networks.json"))!, "*.pth");
        byte[][] contents = [.. files.Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
        var random = new Random(11);
        using var scratch = new ScratchFile(contents[0]);
        int planned = 0;
        for (int i = 0; i < contents.Length * CheckpointMutants; i++)
        {
            scratch.Write(Damage.Mutate(contents[i % contents.Length], contents, random));
            planned += Plans(scratch.Path) ? 1 : 0;
        }

        Assert.IsInRange(1, contents.Length * CheckpointMutants - 1, planned);
    }

    /// <summary>Finds the network in a file, plans it, and computes what is made of several tensors.</summary>
    private static bool Plans(string path)
    {
        try
        {
            using WeightSource source = WeightFormats.Open(path);
            var weights = new NetworkWeights(source, null);
            ModelPlan plan = ArchitectureCatalog.Plan(weights.Entries);
            plan.Classes("m", Preprocessing.ImageNet);
            foreach (TensorRecipe recipe in plan.Nodes.SelectMany(n => n.Tensors))
            {
                recipe.Read(weights, 0, new double[Math.Min(recipe.Shape.Count, 1000)]);
            }

            return true;
        }
        catch (ModelException e)
        {
            Assert.DoesNotContain('\n', e.Message);
            return false;
        }
    }

    /// <summary>Reads all of a file.</summary>
    private static bool ReadsWhole(string path)
    {
        using WeightSource source = WeightFormats.Open(path);
        foreach (WeightEntry entry in source.Entries)
        {
            try
            {
                source.Read(entry);
            }
            catch (ModelException e) when (e.Message.Contains("cannot be read", StringComparison.Ordinal))
            {
                // A complex tensor, say: the others are read all the same.
            }
        }

        return true;
    }
}
